//! What a worker says of the parameters of a draft.

use std::collections::BTreeMap;

use connect_processor::Findings;
use serde::Deserialize;
use serde_json::Value;

/// What a worker answers to a question about a draft: what it says of parameters, by their ids.
#[derive(Deserialize)]
pub(crate) struct WrittenFindings {
    findings: BTreeMap<String, WrittenFinding>,
}

/// What it says of one parameter.
#[derive(Deserialize)]
struct WrittenFinding {
    error: Option<String>,
    structured_error: Option<Value>,
    value: Option<String>,
    structured_value: Option<Value>,
    required: Option<bool>,
    hidden: Option<bool>,
    readonly: Option<bool>,
    choices: Option<Vec<(String, String)>>,
}

impl From<WrittenFindings> for Findings {
    fn from(written: WrittenFindings) -> Self {
        written.findings.into_iter().fold(Self::default(), |all, (id, it)| it.add_to(all, &id))
    }
}

impl WrittenFinding {
    fn add_to(self, all: Findings, id: &str) -> Findings {
        let all = self.error.into_iter().fold(all, |all, words| all.error(id, words));
        let all =
            self.structured_error.into_iter().fold(all, |all, it| all.structured_error(id, it));
        let all = self.value.into_iter().fold(all, |all, value| all.value(id, value));
        let all =
            self.structured_value.into_iter().fold(all, |all, it| all.structured_value(id, it));
        let all = self.required.into_iter().fold(all, |all, is| all.required(id, is));
        let all = self.hidden.into_iter().fold(all, |all, is| all.hidden(id, is));
        let all = self.readonly.into_iter().fold(all, |all, is| all.readonly(id, is));
        self.choices.iter().fold(all, |all, choices| {
            let choices = choices.iter().map(|(value, label)| (value.as_str(), label.as_str()));
            all.choices(id, choices)
        })
    }
}
