//! A page for somebody who does not see it: Chromium's own accessibility tree, as text.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Browser;

/// Roles that people move by, or act with.
const SHOWN: [&str; 29] = [
    "alert",
    "banner",
    "button",
    "checkbox",
    "columnheader",
    "combobox",
    "complementary",
    "contentinfo",
    "date",
    "dialog",
    "form",
    "group",
    "heading",
    "link",
    "main",
    "menuitem",
    "navigation",
    "option",
    "radio",
    "region",
    "search",
    "searchbox",
    "spinbutton",
    "status",
    "switch",
    "tab",
    "table",
    "textbox",
    "time",
];
/// Chromium's own controls inside a field are its business.
const LEAVES: [&str; 1] = ["date"];
/// States worth a word when they are on.
const STATES: [&str; 6] = ["checked", "disabled", "expanded", "pressed", "required", "selected"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    node_id: String,
    #[serde(default)]
    ignored: bool,
    #[serde(default)]
    role: Value,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    properties: Vec<Property>,
    #[serde(default)]
    child_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Property {
    name: String,
    value: Value,
}

impl Browser {
    /// Roles and names of the page's landmarks, headings, links, buttons, fields and table
    /// headers, indented as they contain each other. Ids, times and numbers are left out, so that
    /// two worlds with the same story look the same.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn outline(&self) -> Result<String> {
        let tree = self.devtools("Accessibility.getFullAXTree", json!({})).await?;
        let nodes: Vec<Node> = serde_json::from_value(tree["nodes"].clone())?;
        let root = nodes.first().context("a page has an accessibility tree")?.node_id.clone();
        let nodes = nodes.into_iter().map(|node| (node.node_id.clone(), node)).collect();
        let mut outline = String::new();
        write(&nodes, &root, 0, &mut outline);
        Ok(outline)
    }
}

fn write(nodes: &HashMap<String, Node>, id: &str, depth: usize, outline: &mut String) {
    let Some(node) = nodes.get(id) else { return };
    // A form without a name is a landmark to some versions of Chromium, and to others none.
    let is_plain_form = node.role() == "form" && node.name().is_empty();
    let is_shown = !node.ignored && SHOWN.contains(&node.role()) && !is_plain_form;
    if is_shown {
        outline.push_str(&format!("{:depth$}{}\n", "", node.line(), depth = depth * 2));
    }
    if LEAVES.contains(&node.role()) {
        return;
    }
    for child in &node.child_ids {
        write(nodes, child, depth + usize::from(is_shown), outline);
    }
}

impl Node {
    fn role(&self) -> &str {
        match self.role["value"].as_str().unwrap_or_default() {
            "Time" => "time",
            "Date" | "DateTime" | "InputTime" => "date",
            role => role,
        }
    }

    /// Returns its name; some versions of Chromium leave blanks around it.
    fn name(&self) -> &str {
        self.name["value"].as_str().unwrap_or_default().trim()
    }

    fn line(&self) -> String {
        let mut line = self.role().to_owned();
        if let Some(level) = self.property("level").and_then(Value::as_i64) {
            line.push_str(&format!(" {level}"));
        }
        let name = without_numbers(self.name());
        if !name.is_empty() {
            line.push_str(&format!(" {name:?}"));
        }
        for state in STATES.into_iter().filter(|state| self.is(state)) {
            line.push_str(&format!(" {state}"));
        }
        line
    }

    fn property(&self, name: &str) -> Option<&Value> {
        let property = self.properties.iter().find(|property| property.name == name)?;
        property.value.get("value")
    }

    fn is(&self, state: &str) -> bool {
        self.property(state).is_some_and(|value| *value == json!(true) || *value == "true")
    }
}

/// Turns `PR-1234-5678-001` into `PR-…`, `25 of 100` into `… of …`.
fn without_numbers(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for piece in text.split_inclusive(|letter: char| !letter.is_ascii_digit()) {
        let number = piece.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let rest = &piece[number.len()..];
        if !number.is_empty() && !kept.ends_with("…-") {
            kept.push('…');
        } else if !number.is_empty() {
            kept.pop();
        }
        kept.push_str(rest);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn two_worlds_look_the_same() {
        let texts = ["PR-1234-5678-001", "25 of 100", "MPN-A", "AS-1 is done", "Home", "3"];
        let shown = texts.map(without_numbers).join("\n");
        insta::assert_snapshot!(shown, @"
        PR-…
        … of …
        MPN-A
        AS-… is done
        Home
        …
        ");
    }
}
