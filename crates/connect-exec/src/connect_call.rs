//! Calls that change something at Connect: those of which usage files are made, and no others.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connect_client::header::CONTENT_TYPE;
use connect_client::{Answer, Call, Client, Error, HeaderMap, HeaderValue, StatusCode};
use connect_processor::Failure;
use serde_json::{Value, json};

use crate::message::CallError;
use crate::protocol::{ConnectCall, code};

/// The longest body, in bytes: what a message has room for.
const LONGEST_BODY: usize = 11 << 20;
/// The longest answer. Connect's are short; what stands before it may say anything.
const LONGEST_ANSWER: usize = 1 << 20;

/// Reads a call that a worker wants made. Only those are made of which usage files are made.
pub(crate) fn read(what: &ConnectCall) -> Result<Call, CallError> {
    let wrong = |message: String| Err(CallError::new(code::BAD_PARAMS, message));
    let ConnectCall { method, path, headers, body } = what;
    let path = path.trim_matches('/');
    if method != "POST" || !is_of_usage_file(path) {
        return wrong(format!(
            "`{} {}` is not called: only POST usage/files, POST usage/files/UF-…/upload and POST \
             usage/files/UF-…/submit are",
            plain::text(method),
            plain::text(path)
        ));
    }
    let Ok(body) = STANDARD.decode(body) else {
        return wrong("`body` is no base64".to_owned());
    };
    if body.len() > LONGEST_BODY {
        let mib = LONGEST_BODY >> 20;
        return wrong(format!("`body` is {} bytes long; it can be {mib} MiB", body.len()));
    }
    let mut call = Call::post(path);
    let kind = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()));
    if let Some((_, kind)) = kind {
        let Ok(kind) = HeaderValue::try_from(kind) else {
            return wrong("`headers`: the content type is none".to_owned());
        };
        call = call.header(CONTENT_TYPE, kind);
    }
    call.body = (!body.is_empty()).then(|| body.into());
    Ok(call)
}

fn is_of_usage_file(path: &str) -> bool {
    let is_id = |id: &str| {
        id.starts_with("UF-") && id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
    };
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["usage", "files"] => true,
        ["usage", "files", id, "upload" | "submit"] => is_id(id),
        _ => false,
    }
}

/// Makes a call, and returns what Connect answers, a refusal too.
pub(crate) async fn connect_call(client: &Client, call: Call) -> Result<Value, Failure> {
    match client.call(call).await {
        Ok(answer) if answer.body.len() > LONGEST_ANSWER => {
            let (limit, call) = (LONGEST_ANSWER, Box::new(answer.call));
            Err(Error::TooLarge { limit, call }.into())
        }
        Ok(Answer { status, headers, body, .. }) => Ok(answered(status, &headers, &body)),
        Err(Error::Refused { status, refusal, .. }) => {
            let body = serde_json::to_vec(&refusal)?;
            Ok(answered(status, &HeaderMap::new(), &body))
        }
        Err(Error::NoAnswer { status: Some(status), .. }) => {
            Ok(answered(status, &HeaderMap::new(), &[]))
        }
        Err(error) => Err(error.into()),
    }
}

fn answered(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Value {
    json!({"status": status.as_u16(), "headers": shown(headers), "body": STANDARD.encode(body)})
}

/// Returns headers as texts.
pub(crate) fn shown(headers: &HeaderMap) -> BTreeMap<&str, &str> {
    let texts = headers.iter();
    texts.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(method: &str, path: &str, body: &str) -> Result<Call, String> {
        let said = json!({"method": method, "path": path, "body": body});
        read(&serde_json::from_value(said).unwrap()).map_err(|wrong| wrong.message)
    }

    #[test]
    fn only_what_makes_usage_files_is_called() {
        for path in
            ["usage/files", "/usage/files/", "usage/files/UF-1/upload", "usage/files/UF-1/submit"]
        {
            assert!(call("POST", path, "e30=").is_ok(), "{path}");
        }
        for (method, path) in [
            ("PUT", "usage/files"),
            ("POST", "usage/files/UF-1/accept"),
            ("POST", "usage/files/UF-1/delete"),
            ("POST", "usage/files/UF-1/submit/x"),
            ("POST", "usage/files/../requests/upload"),
            ("POST", "usage/files/UF-1?x=/upload"),
            ("POST", "requests"),
            ("POST", "usage/files?x=1"),
        ] {
            let wrong = call(method, path, "").unwrap_err();
            assert!(wrong.contains("is not called: only POST usage/files,"), "{wrong}");
        }
    }

    #[test]
    fn a_body_is_base64_and_no_longer_than_a_message_has_room_for() {
        assert_eq!(call("POST", "usage/files", "e30=").unwrap().body.unwrap(), "{}");
        assert_eq!(call("POST", "usage/files", "").unwrap().body, None);
        assert_eq!(call("POST", "usage/files", "{}").unwrap_err(), "`body` is no base64");
        let long = STANDARD.encode(vec![0; LONGEST_BODY + 1]);
        let wrong = call("POST", "usage/files", &long).unwrap_err();
        assert_eq!(wrong, "`body` is 11534337 bytes long; it can be 11 MiB");
    }

    #[test]
    fn the_content_type_alone_is_sent_on() {
        let said = json!({
            "method": "POST", "path": "usage/files", "body": "",
            "headers": {"content-type": "text/plain", "Authorization": "ApiKey SU-1:other"}
        });
        let call = read(&serde_json::from_value(said).unwrap()).unwrap();
        assert_eq!(shown(&call.headers), BTreeMap::from([("content-type", "text/plain")]));
    }
}
