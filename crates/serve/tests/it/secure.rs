//! A server that proves who it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use connect_clock::SystemClock;
use serve::{BoundServer, Limits, Server, Tls};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

fn limits() -> Limits {
    let ten = Duration::from_secs(10);
    Limits { connections: 8, head: ten, write: ten, life: Duration::from_secs(60) }
}

async fn server(limits: Limits) -> Server {
    let tls = Tls::from_files(&file("certificate.pem"), &file("key.pem")).unwrap();
    let router = Router::new().route("/", get(async || "here"));
    let bound = BoundServer::on(([127, 0, 0, 1], 0).into()).await.unwrap();
    bound.limits(limits).tls(tls).serve(router)
}

#[tokio::test]
async fn a_client_that_trusts_its_certificate_is_answered() {
    let server = server(limits()).await;
    let certificate = std::fs::read(file("certificate.pem")).unwrap();
    let certificate = reqwest::Certificate::from_pem(&certificate).unwrap();
    let trusting = reqwest::Client::builder().tls_certs_only([certificate]).build().unwrap();
    let url = server.url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let answer = trusting.get(&url).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "here");
    assert!(reqwest::get(&url).await.is_err(), "others do not know who it is");
    drop(trusting);
    server.stop(&SystemClock, std::future::ready(())).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_agrees_on_nothing_is_not_waited_for() {
    let server = server(limits()).await;
    let mut silent = TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(silent.read(&mut [0; 1]).await.unwrap(), 0);
}

#[test]
fn files_that_cannot_be_used_are_named_and_not_shown() {
    let folder = file("");
    let refused = [
        ("certificate.pem", "none.pem"),
        ("key.pem", "key.pem"),
        ("certificate.pem", "certificate.pem"),
        ("certificate.pem", "other-key.pem"),
    ]
    .map(|(certificate, key)| Tls::from_files(&file(certificate), &file(key)).unwrap_err())
    .map(|error| error.to_string().replace(&folder.display().to_string(), ""));
    insta::assert_snapshot!(refused.join("\n"), @"
    none.pem cannot be used: No such file or directory (os error 2)
    key.pem cannot be used: there is no certificate in it, in PEM form
    certificate.pem cannot be used: there is no private key in it, in PEM form
    the certificate and its key cannot be used together: keys may not be consistent: KeyMismatch
    ");
}
