//! The routes of the API, with bodies that they take.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use http::Method;
use serde_json::{Map, Value};

/// A route, and samples of what is sent to it.
#[derive(Debug)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below `/public/v1`. In braces stands how an id begins, such as `/requests/{PR-}`.
    pub path: String,
    pub(super) samples: Vec<Value>,
}

pub(super) struct Routes {
    pub(super) all: Vec<Route>,
    /// The names of the fields in all samples.
    pub(super) fields: Vec<String>,
}

impl Routes {
    /// Reads `routes.json`, once.
    pub(super) fn get() -> &'static Self {
        static ROUTES: OnceLock<Routes> = OnceLock::new();
        ROUTES.get_or_init(|| {
            let routes: Map<String, Value> =
                serde_json::from_str(include_str!("../routes.json")).expect("routes.json is JSON");
            let mut fields = BTreeSet::new();
            routes.values().for_each(|samples| add_fields(samples, &mut fields));
            let all = routes.into_iter().map(|(route, samples)| Route::read(&route, samples));
            Self { all: all.collect(), fields: fields.into_iter().collect() }
        })
    }
}

impl Route {
    fn read(route: &str, samples: Value) -> Self {
        let (method, path) = route.split_once(' ').expect("a route is method and path");
        let method = method.parse().expect("a method");
        let Value::Array(samples) = samples else { unreachable!("{route} has a list of samples") };
        Self { method, path: path.to_owned(), samples }
    }
}

fn add_fields(value: &Value, fields: &mut BTreeSet<String>) {
    match value {
        Value::Array(elements) => elements.iter().for_each(|it| add_fields(it, fields)),
        Value::Object(members) => {
            fields.extend(members.keys().cloned());
            members.values().for_each(|it| add_fields(it, fields));
        }
        _ => {}
    }
}
