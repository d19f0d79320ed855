//! The health of the real program.

use std::net::TcpListener;

use connect_e2e::Stage;

use crate::program::Program;

#[tokio::test]
async fn a_program_that_listens_says_how_it_gets_on() {
    let stage = Stage::start().await.unwrap();
    stage.pending_resumes(1).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listen = format!("--listen={}", free.port());
    let journal = folder.path().join("journal.sqlite");
    let _life = Program::new(&stage, &journal).argument(&listen).start();

    let url = format!("http://{free}/health");
    let health = loop {
        let Ok(answer) = reqwest::get(&url).await else { continue };
        assert_eq!(answer.status(), 200);
        let health: serde_json::Value = answer.json().await.unwrap();
        if health["ended"]["approved"] == 1 {
            break health;
        }
    };
    assert_eq!((&health["parked"], &health["program"]), (&0.into(), &"acme".into()));
    let metrics =
        reqwest::get(format!("http://{free}/metrics")).await.unwrap().text().await.unwrap();
    let line = "connect_runs_ended_total{type=\"resume\",ending=\"approved\"} 1";
    assert!(metrics.lines().any(|it| it == line), "{metrics}");
}

#[tokio::test]
async fn a_program_calls_itself_by_its_name() {
    let stage = Stage::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let once = Program::new(&stage, &folder.path().join("journal.sqlite")).argument("--once");
    assert!(once.run().await.status.success());
    let calls = stage.emulator.activity().since(0);
    let agents: Vec<&str> = calls.iter().map(|call| call.user_agent.as_str()).collect();
    let name = concat!("acme/", env!("CARGO_PKG_VERSION"));
    assert!(!agents.is_empty() && agents.iter().all(|agent| *agent == name), "{agents:?}");
}
