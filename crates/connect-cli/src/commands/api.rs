//! `cnct api`: any call to the API.

use std::io::Read;

use connect_client::{Answer, Call, HeaderValue, Method as HttpMethod, header};
use serde::Serialize;
use serde_json::Value;

use super::Session;
use crate::cli::{Api, Global, Method};
use crate::exit::Error;
use crate::printer::View;
use crate::settings;

/// The longest body that is read from a file or stdin, in bytes.
const MOST: u64 = 32 * 1024 * 1024;

/// Makes the call, prints what was answered, and says what the status means.
pub(super) async fn run(api: Api, global: &Global, session: &mut Session<'_>) -> Result<(), Error> {
    let call = call(&api, &settings::endpoint(global)?)?;
    let Session { client, printer, signals } = session;
    let exchange = async { Ok(client.exchange(&call).await?) };
    let answer = signals.unless_told(exchange).await?;
    printer.show(&Body::of(&answer))?;
    Ok(client.judge(answer).map(drop)?)
}

fn call(api: &Api, endpoint: &str) -> Result<Call, Error> {
    let place = below(&api.path, endpoint)?;
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    let call = Call::new(method(api.method), path).query(query);
    let Some(data) = &api.data else { return Ok(call) };
    let body = body(data)?;
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
        return Err(Error::usage(format!("the body is not JSON: {error}"), DATA));
    }
    let json = HeaderValue::from_static("application/json");
    let call = call.header(header::CONTENT_TYPE, json);
    Ok(Call { body: Some(body.into()), ..call })
}

const DATA: &str = "give --data the JSON itself, @FILE, or - for stdin";

fn method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
        Method::Put => HttpMethod::PUT,
        Method::Delete => HttpMethod::DELETE,
    }
}

/// The place below the endpoint that is meant. The key goes to the endpoint and nowhere else.
fn below<'a>(path: &'a str, endpoint: &str) -> Result<&'a str, Error> {
    let endpoint = endpoint.trim_end_matches('/');
    let place = match path.strip_prefix(endpoint) {
        Some(place) if place.starts_with('/') => place,
        _ if is_absolute(path) => {
            let message = format!("`{path}` is not below {endpoint}: the API key is for that only");
            return Err(Error::usage(
                message,
                "give a path such as requests, or another --endpoint",
            ));
        }
        _ => path,
    };
    Ok(place.strip_prefix('/').unwrap_or(place))
}

/// Whether a path names a host of its own; a query may hold what looks like one.
fn is_absolute(path: &str) -> bool {
    let place = path.split(['?', '#']).next().unwrap_or_default();
    place.contains("://") || place.starts_with("//")
}

fn body(data: &str) -> Result<Vec<u8>, Error> {
    let wrong = |path: &str| {
        let path = path.into();
        move |source| Error::File { path, doing: "read", source }
    };
    match (data, data.strip_prefix('@')) {
        ("-", _) => read(std::io::stdin().lock()).map_err(wrong("stdin")),
        (_, Some(path)) => std::fs::File::open(path).and_then(read).map_err(wrong(path)),
        (text, None) => Ok(text.as_bytes().to_vec()),
    }
}

fn read(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    from.take(MOST + 1).read_to_end(&mut body)?;
    match body.len() as u64 > MOST {
        true => Err(std::io::Error::other(format!("it is longer than {MOST} bytes"))),
        false => Ok(body),
    }
}

/// The body of an answer: JSON, or a text of another kind.
#[derive(Serialize)]
#[serde(untagged)]
enum Body {
    Nothing,
    Json(Value),
    Text(String),
}

impl Body {
    fn of(answer: &Answer) -> Self {
        let body = answer.body_without_key();
        match serde_json::from_slice(&body) {
            _ if body.is_empty() => Self::Nothing,
            Ok(value) => Self::Json(value),
            Err(_) => Self::Text(String::from_utf8_lossy(&body).into_owned()),
        }
    }
}

impl View for Body {
    fn human(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        match self {
            Self::Nothing => Ok(()),
            Self::Json(value) => {
                let json = serde_json::to_string_pretty(value)?;
                writeln!(out, "{}", plain::json(&json))
            }
            Self::Text(text) => {
                text.lines().try_for_each(|line| writeln!(out, "{}", plain::text(line)))
            }
        }
    }

    /// Writes ids, where the answer has some.
    fn quiet(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        let Self::Json(value) = self else { return Ok(()) };
        let rows = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let mut ids = rows.iter().filter_map(|row| row.get("id").and_then(Value::as_str));
        ids.try_for_each(|id| writeln!(out, "{}", plain::text(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_below_the_endpoint_or_refused() {
        const ENDPOINT: &str = "https://api.example/public/v1/";
        for (path, place) in [
            ("requests", "requests"),
            ("/requests?limit=1", "requests?limit=1"),
            ("requests?eq(note,http://x)", "requests?eq(note,http://x)"),
            ("https://api.example/public/v1/requests", "requests"),
        ] {
            assert_eq!(below(path, ENDPOINT).unwrap(), place);
        }
        for path in [
            "https://evil.example/public/v1/requests",
            "https://api.example/public/v11/requests",
            "https://api.example.evil.example/public/v1/requests",
            "//evil.example/requests",
            "http://api.example/public/v1/requests",
        ] {
            let error = below(path, ENDPOINT).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{path}");
        }
    }
}
