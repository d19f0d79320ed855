//! A platform that gives the same answer to every call.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::cnct::cnct;

/// The key it is shown.
pub(crate) const KEY: &str = "ApiKey SU-123-456-789:very-secret";

/// A server that lives as long as the test's process.
pub(crate) struct Fake {
    pub(crate) endpoint: String,
    asked: Arc<Mutex<String>>,
}

impl Fake {
    /// Answers with JSON; of a list it says how long it is.
    pub(crate) fn that_answers(status: u16, body: &str) -> Self {
        let rows = serde_json::from_str::<Vec<serde_json::Value>>(body).map(|rows| rows.len()).ok();
        let range = rows.filter(|rows| *rows > 0).map_or(String::new(), |rows| {
            format!("Content-Range: items 0-{}/{rows}\r\n", rows - 1)
        });
        let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{range}");
        Self::with(&head, body)
    }

    /// Answers with a redirect.
    pub(crate) fn that_redirects(to: &str) -> Self {
        Self::with(&format!("HTTP/1.1 302 X\r\nLocation: {to}\r\n"), "")
    }

    fn with(head: &str, body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/public/v1", listener.local_addr().unwrap());
        let length = body.len();
        let answer = format!("{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        let asked = Arc::new(Mutex::new(String::new()));
        let noted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for caller in listener.incoming() {
                let mut caller = caller.unwrap();
                // First the note: whoever has the answer may ask for it at once.
                *noted.lock().unwrap() += &call_of(&mut caller);
                // It may have gone.
                drop(caller.write_all(answer.as_bytes()));
            }
        });
        Self { endpoint, asked }
    }

    /// A command that talks to it.
    pub(crate) fn cnct(&self, arguments: &str) -> Command {
        let mut command = cnct(arguments);
        command.env("CONNECT_ENDPOINT", &self.endpoint).env("CONNECT_API_KEY", KEY);
        command
    }

    /// The calls it got.
    pub(crate) fn asked(&self) -> String {
        self.asked.lock().unwrap().clone()
    }
}

/// Reads a call whole and gives back its text.
fn call_of(caller: &mut TcpStream) -> String {
    let (mut call, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let count = caller.read(&mut chunk).unwrap_or_default();
        call.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&call).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let head = head.to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            body.len() >= length.map_or(0, |length| length.parse().unwrap())
        });
        if whole || count == 0 {
            return text;
        }
    }
}
