//! The OpenAPI document: which operation a path belongs to, and what it may answer.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// The document with its path templates taken apart.
pub(super) struct Document {
    root: Value,
    templates: Vec<Template>,
}

struct Template {
    path: String,
    segments: Vec<Option<String>>,
}

/// One method of one path template.
pub(super) struct Operation<'a> {
    /// Method and template, such as `GET /requests/{id}`.
    pub(super) name: String,
    document: &'a Document,
    path: &'a Value,
    operation: &'a Value,
}

/// The description of one status of an operation.
pub(super) struct Answer<'a> {
    /// `None` when it promises no body, or says nothing of it.
    pub(super) content_type: Option<&'a str>,
    /// `None` when any body will do.
    pub(super) schema: Option<&'a Value>,
    /// Whether it promises a `Content-Range`.
    pub(super) content_range: bool,
}

impl Document {
    /// Reads the YAML file at `path`.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the OpenAPI document {}", path.display()))?;
        let root = serde_norway::from_str(&text)
            .with_context(|| format!("{} is not an OpenAPI document", path.display()))?;
        Ok(Self::new(root))
    }

    pub(super) fn new(root: Value) -> Self {
        let paths = root["paths"].as_object().into_iter().flatten();
        let templates = paths.map(|(path, _)| Template::new(path)).collect();
        Self { root, templates }
    }

    /// Returns the operation a concrete path is an example of. Of several templates that fit, the
    /// one with the most literal segments.
    pub(super) fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let method_key = method.to_ascii_lowercase();
        let fitting = self.templates.iter().filter(|template| template.fits(path));
        let with_method = fitting.filter_map(|template| {
            let operation = self.root["paths"][&template.path].get(&method_key)?;
            Some((template, operation))
        });
        let (template, operation) = with_method.max_by_key(|(template, _)| template.literals())?;
        Some(Operation {
            name: format!("{method} {}", template.path),
            document: self,
            path: &self.root["paths"][&template.path],
            operation,
        })
    }

    /// Returns every method and path template.
    pub(super) fn operations(&self) -> impl Iterator<Item = (String, &str)> {
        const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
        self.templates.iter().flat_map(|template| {
            let methods = &self.root["paths"][&template.path];
            let listed = METHODS.iter().filter(|method| methods.get(**method).is_some());
            listed.map(|method| (method.to_ascii_uppercase(), &*template.path))
        })
    }

    /// Returns the schema of the error body that the document uses wherever it describes an error.
    pub(super) fn error_body(&self) -> Option<&Value> {
        self.root.pointer("/components/responses/any_400/content/application~1json/schema")
    }

    /// Follows references until something else comes.
    pub(super) fn resolve<'a>(&'a self, mut value: &'a Value) -> &'a Value {
        while let Some(target) = value.get("$ref").and_then(|reference| self.target(reference)) {
            value = target;
        }
        value
    }

    /// Returns the place a reference within the document points at.
    pub(super) fn target(&self, reference: &Value) -> Option<&Value> {
        self.root.pointer(reference.as_str()?.strip_prefix('#')?)
    }
}

impl Template {
    fn new(path: &str) -> Self {
        let literal = |segment: &str| (!segment.starts_with('{')).then(|| segment.to_owned());
        Self { path: path.to_owned(), segments: segments(path).map(literal).collect() }
    }

    fn fits(&self, path: &str) -> bool {
        let mut found = segments(path);
        self.segments.iter().all(|wanted| match (wanted, found.next()) {
            (Some(wanted), Some(found)) => wanted == found,
            (None, Some(found)) => !found.is_empty(),
            (_, None) => false,
        }) && found.next().is_none()
    }

    fn literals(&self) -> usize {
        self.segments.iter().flatten().count()
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/')
}

impl<'a> Operation<'a> {
    /// Returns what it takes in the query, with references followed.
    pub(super) fn query_parameters(&self) -> impl Iterator<Item = &'a Value> {
        let document = self.document;
        let lists = [self.path, self.operation].map(|of| of["parameters"].as_array());
        let all = lists.into_iter().flatten().flatten().map(|it| document.resolve(it));
        all.filter(|parameter| parameter["in"] == "query")
    }

    /// Returns what the document says about this status; `None` when it does not list it.
    pub(super) fn answer(&self, status: u16) -> Option<Answer<'a>> {
        let response = self.document.resolve(self.operation["responses"].get(status.to_string())?);
        let (content_type, media) = response
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.iter().next())
            .unzip();
        let schema = media.and_then(|media| media.get("schema"));
        Some(Answer {
            content_type: content_type.map(String::as_str),
            schema: schema.filter(|schema| says_something(schema)),
            content_range: response.pointer("/headers/Content-Range").is_some(),
        })
    }
}

fn says_something(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| !schema.is_empty())
}
