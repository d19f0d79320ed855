//! Exchanges held against the document.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result};
use jsonschema::Validator;
use serde_json::Value;

use crate::breach::{self, Breach};
use crate::document::{Answer, Document, Operation};
use crate::errata;
use crate::erratum::{self, Erratum, ErratumCheck};
use crate::filter::Filter;
use crate::schema;

/// The place where the document is looked for when `CONNECT_OPENAPI` names none.
const DOCUMENT: &str = "../shared/connect/openapi-37.0.yml";

/// The pointer under which a missing `Content-Range` is reported.
const CONTENT_RANGE: &str = "header Content-Range";

/// One request that was answered, as far as the contract cares.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path below `/public/v1`; a query and a trailing slash are left aside.
    pub path: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// The `Content-Type` of the answer; parameters such as the charset are left aside.
    pub content_type: Option<&'a str>,
    /// The `Content-Range` of the answer, which the document promises for most lists. It is the
    /// only header that is checked: the document also lists `Connect-Localization` among the
    /// headers of answers, where it means one of the request.
    pub content_range: Option<&'a str>,
    /// The whole body of the answer.
    pub body: &'a [u8],
}

/// An exchange that keeps to the contract.
#[derive(Debug)]
pub struct ValidExchange {
    /// The operation it was an example of, such as `GET /requests/{id}`.
    pub operation: String,
    /// Whether the document describes the body at all; it leaves quite a few open.
    pub body_described: bool,
    /// The errata without which it would not have passed, in the order of the table.
    pub errata: Vec<&'static Erratum>,
}

/// A place where an exchange and the document disagree, and no erratum explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation, by its path template: `GET /requests/{id}`.
    pub operation: String,
    /// The status of the answer.
    pub status: u16,
    /// The JSON pointer to the place in the body; empty for the answer as a whole.
    pub pointer: String,
    /// The thing that the document wants there.
    pub wanted: String,
    /// The thing that was there instead.
    pub found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, status, pointer, wanted, found } = self;
        write!(f, "{operation} {status} {pointer}: the document wants {wanted}, found {found}")
    }
}

/// The document, ready to judge exchanges, with a count of the errata that were needed.
pub struct Contract {
    document: Document,
    validators: Mutex<HashMap<(String, u16), Arc<Validator>>>,
    errata: Vec<ErratumCheck>,
}

impl Contract {
    /// Returns the contract of this process, read at the first call. The document is the file that
    /// `$CONNECT_OPENAPI` names or, when that is not set, one that lies beside the workspace;
    /// `None` when there is none. Whoever gets `None` should say loudly that the contract was not
    /// checked.
    ///
    /// # Errors
    ///
    /// When the file that `$CONNECT_OPENAPI` names, or the one that is there, cannot be read.
    pub fn load() -> Result<Option<&'static Self>> {
        static LOADED: OnceLock<Option<Contract>> = OnceLock::new();
        if let Some(contract) = LOADED.get() {
            return Ok(contract.as_ref());
        }
        let contract = Self::read()?;
        Ok(LOADED.get_or_init(|| contract).as_ref())
    }

    pub(crate) fn read() -> Result<Option<Self>> {
        let document = find_document().map(|path| Document::read(&path)).transpose()?;
        document.map(Self::new).transpose()
    }

    fn new(document: Document) -> Result<Self> {
        let errata = errata::all().map(ErratumCheck::new).collect::<Result<_>>()?;
        Ok(Self { document, validators: Mutex::default(), errata })
    }

    /// Holds one exchange against the document.
    ///
    /// # Errors
    ///
    /// Every place where they disagree and no erratum explains it.
    pub fn check(&self, exchange: &Exchange<'_>) -> Result<ValidExchange, Vec<Violation>> {
        let path = bare(exchange.path);
        let Some(operation) = self.document.operation(exchange.method, path) else {
            let unlisted = format!("{} {path}", exchange.method);
            return self.verdict(&unlisted, exchange, false, self.unlisted(exchange));
        };
        let answer = operation.answer(exchange.status);
        let breaches = match &answer {
            Some(answer) => self.breaches(&operation.name, exchange, answer),
            None => self.undocumented(&operation, exchange),
        };
        let described = answer.is_none_or(|answer| answer.schema.is_some());
        self.verdict(&operation.name, exchange, described, breaches)
    }

    /// Returns every operation of the document: its method in capitals, and its path with the
    /// places of ids as `{…}`.
    pub fn operations(&self) -> impl Iterator<Item = (String, &str)> {
        self.document.operations()
    }

    /// Returns the filters of the list at a path; none when the document has no such list.
    pub fn filters(&self, path: &str) -> Vec<Filter> {
        let operation = self.document.operation("GET", path);
        operation.map(|operation| Filter::all_of(&operation)).unwrap_or_default()
    }

    /// Returns the errata that no exchange has needed yet: an erratum nothing needs is one too
    /// many.
    pub fn unused_errata(&self) -> Vec<&'static Erratum> {
        let unused = self.errata.iter().filter(|applied| applied.uses() == 0);
        unused.map(|applied| applied.erratum).collect()
    }

    /// Returns the errata as a Markdown table.
    pub fn errata_markdown() -> String {
        erratum::markdown(errata::all())
    }

    /// Returns the places where an answer that the document describes breaks the description.
    fn breaches(&self, name: &str, exchange: &Exchange<'_>, answer: &Answer<'_>) -> Vec<Breach> {
        let mut breaches = Vec::new();
        if answer.content_range && exchange.content_range.is_none() {
            breaches.push(Breach::missing(CONTENT_RANGE));
        }
        let found = essence(exchange.content_type);
        match (answer.content_type, answer.schema) {
            (Some(wanted), _) if Some(wanted) != found => {
                breaches.push(Breach::content_type(wanted, found));
            }
            (Some("application/json"), Some(schema)) => {
                let key = (name.to_owned(), exchange.status);
                breaches.extend(self.body_breaches(key, schema, exchange.body));
            }
            (None, _) if exchange.status == 204 && !exchange.body.is_empty() => {
                breaches.push(Breach::body_of_204(exchange.body.len()));
            }
            _ => {}
        }
        breaches
    }

    /// Judges the answer to a call that the document does not list. It may only say so: 401 without
    /// a key, 404 for the path, 405 for the method.
    fn unlisted(&self, exchange: &Exchange<'_>) -> Vec<Breach> {
        match exchange.status {
            401 | 404 | 405 => self.error_breaches(exchange.body),
            _ => vec![Breach::unlisted()],
        }
    }

    /// Judges an answer whose status the document does not list. If an erratum admits it, the body
    /// of an error still has to be the general one, and another the operation's own.
    fn undocumented(&self, operation: &Operation<'_>, exchange: &Exchange<'_>) -> Vec<Breach> {
        let mut breaches = vec![Breach::undocumented(exchange.status)];
        match exchange.status {
            400..500 => breaches.extend(self.error_breaches(exchange.body)),
            200..300 => {
                let listed = [200, 201].into_iter().find_map(|status| operation.answer(status));
                let listed = listed.iter();
                breaches.extend(listed.flat_map(|it| self.breaches(&operation.name, exchange, it)));
            }
            _ => {}
        }
        breaches
    }

    fn error_breaches(&self, body: &[u8]) -> Vec<Breach> {
        let Some(schema) = self.document.error_body() else { return Vec::new() };
        self.body_breaches(("any error".to_owned(), 400), schema, body)
    }

    fn body_breaches(&self, key: (String, u16), schema: &Value, body: &[u8]) -> Vec<Breach> {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return vec![Breach::not_json()];
        };
        match self.validator(key, schema) {
            Ok(validator) => breach::of(&validator, &body),
            Err(error) => vec![Breach::unusable(&error)],
        }
    }

    fn validator(&self, key: (String, u16), schema: &Value) -> Result<Arc<Validator>> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(&key) {
            return Ok(validator.clone());
        }
        let schema = schema::from_openapi(&self.document, schema);
        let validator = jsonschema::draft202012::new(&schema);
        let validator = Arc::new(validator.context("the document has a schema of no sense")?);
        validators.insert(key, validator.clone());
        Ok(validator)
    }

    /// Sets the breaches that errata explain aside; what is left are violations.
    fn verdict(
        &self,
        operation: &str,
        exchange: &Exchange<'_>,
        body_described: bool,
        breaches: Vec<Breach>,
    ) -> Result<ValidExchange, Vec<Violation>> {
        let mut needed = BTreeSet::new();
        let mut violations = Vec::new();
        for breach in breaches {
            match self.errata.iter().position(|erratum| erratum.explains(operation, &breach)) {
                Some(place) => {
                    needed.insert(place);
                }
                None => violations.push(violation(operation, exchange, breach)),
            }
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        let needed: Vec<&ErratumCheck> =
            needed.iter().filter_map(|place| self.errata.get(*place)).collect();
        needed.iter().for_each(|applied| applied.count_use());
        let errata = needed.iter().map(|applied| applied.erratum).collect();
        Ok(ValidExchange { operation: operation.to_owned(), body_described, errata })
    }
}

fn find_document() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CONNECT_OPENAPI") {
        return Some(path.into());
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(DOCUMENT);
    path.exists().then_some(path)
}

/// Returns a path without its query and the slash at its end.
fn bare(path: &str) -> &str {
    match path.split('?').next().unwrap_or_default().trim_end_matches('/') {
        "" => "/",
        path => path,
    }
}

fn essence(content_type: Option<&str>) -> Option<&str> {
    content_type.and_then(|value| value.split(';').next()).map(str::trim)
}

fn violation(operation: &str, exchange: &Exchange<'_>, breach: Breach) -> Violation {
    Violation {
        operation: operation.to_owned(),
        status: exchange.status,
        pointer: breach.pointer,
        wanted: breach.wanted,
        found: breach.found,
    }
}
