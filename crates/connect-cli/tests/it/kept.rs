//! A world that is kept on disk, and an emulator that is killed while it is written to.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Sender, channel};

use serde_json::{Value, json};

use crate::world::Serving;

const EMULATOR: &str = "emulator --port 0 --data kept --ready-file ready.json";

/// How many writers there are, and how many acknowledgements they get before each kill.
const WRITERS: usize = 4;
const UNTIL_KILLED: [usize; 5] = [1, 12, 40, 75, 120];

#[test]
fn nothing_acknowledged_is_lost_when_the_emulator_is_killed() {
    let mut world = Serving::start(EMULATOR);
    let mut acknowledged = BTreeSet::new();
    for count in UNTIL_KILLED {
        let (said, heard) = channel();
        let writers: Vec<_> =
            (0..WRITERS).map(|_| write_until_it_dies(&world, said.clone())).collect();
        drop(said);
        let before_the_kill = heard.iter().take(count).collect::<Vec<String>>();
        world = world.restart_after("-KILL", EMULATOR);
        acknowledged.extend(before_the_kill);
        acknowledged.extend(heard);
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert_eq!(missing(&world, &acknowledged), BTreeSet::new());
    }
}

/// Creates purchases, and says the id of each that is acknowledged.
fn write_until_it_dies(world: &Serving, said: Sender<String>) -> std::thread::JoinHandle<()> {
    let ready = world.ready.clone();
    std::thread::spawn(move || {
        while let Some(id) = purchase(&ready) {
            said.send(id).unwrap();
        }
    })
}

/// One purchase in one call; none when the emulator is gone.
fn purchase(ready: &Value) -> Option<String> {
    let host = ready["platform"].as_str()?.trim_start_matches("http://").split('/').next()?;
    let body = json!({"type": "purchase", "asset": {
        "product": {"id": ready["product"]}, "connection": {"type": "preview"},
        "items": [{"mpn": "MPN-A", "quantity": 1}],
    }})
    .to_string();
    let head = format!(
        "POST /public/v1/requests HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        ready["vendor_key"].as_str()?,
        body.len()
    );
    let mut stream = TcpStream::connect(host).ok()?;
    stream.write_all((head + &body).as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let created: Value = serde_json::from_str(body).ok()?;
    head.starts_with("HTTP/1.1 201").then(|| created["id"].as_str().map(ToOwned::to_owned))?
}

/// The acknowledged requests that the restarted emulator does not have.
fn missing(world: &Serving, acknowledged: &BTreeSet<String>) -> BTreeSet<String> {
    let listed = world.json("request list --limit 1000");
    let rows = listed.as_array().unwrap();
    let there: BTreeSet<String> =
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    acknowledged.difference(&there).cloned().collect()
}
