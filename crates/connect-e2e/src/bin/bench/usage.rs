//! A month's usage of 100,000 records: written, and read, checked and answered by the emulator.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use connect_client::{ApiKey, Call, Client};
use connect_model::{Asset, ContractId, NewUsageFile, UsageFile, UsageFileStatus, UsagePeriod};
use futures::TryStreamExt;
use serde_json::json;

use crate::figure::{Figure, median};
use crate::place::Place;
use crate::process::Process;
use crate::programs::Programs;

const ROUNDS: usize = 3;
const RECORDS: usize = 100_000;
const RECORDS_OF_A_TURN: usize = 20_000;
/// The subscriptions that the records are about.
const ASSETS: &str = "1000";
const SECONDS: f64 = 3.0;
const MEGABYTES: f64 = 200.0;

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(round(programs, RECORDS).await?);
    }
    let middle = |value: fn(&Round) -> f64| median(rounds.iter().map(value));
    Ok(vec![
        Figure::new("100,000 records written", middle(|it| it.writing), "s").at_most(SECONDS),
        Figure::new("… memory at most", middle(|it| it.writer), "MB").at_most(MEGABYTES),
        Figure::new("100,000 records uploaded", middle(|it| it.uploading), "s").at_most(SECONDS),
        Figure::new("… memory at most", middle(|it| it.emulator), "MB").at_most(MEGABYTES),
    ])
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let round = round(programs, RECORDS_OF_A_TURN).await?;
    Ok(vec![
        Figure::new("20,000 records written", round.writing, "s"),
        Figure::new("20,000 records uploaded", round.uploading, "s"),
    ])
}

/// Seconds, and megabytes at most.
struct Round {
    writing: f64,
    writer: f64,
    uploading: f64,
    emulator: f64,
}

async fn round(programs: &Programs, records: usize) -> Result<Round> {
    let (world, place) = programs.serve(&["world", ASSETS, "0"])?;
    let client = Client::builder(&place.endpoint(), ApiKey::new(&place.key)?).build()?;
    let file = report(&client, &place).await?;
    let assets: Vec<Asset> = client.list::<Asset>().page_size(1_000).stream().try_collect().await?;
    let folder = programs.fresh_folder("usage")?;
    let (ids, workbook) = (folder.join("assets"), folder.join("usage.xlsx"));
    let lines: Vec<&str> = assets.iter().map(|asset| asset.id.as_str()).collect();
    fs::write(&ids, lines.join("\n"))?;
    let began = Instant::now();
    let words = ["sheet", &records.to_string(), readable(&ids)?, readable(&workbook)?];
    let (writer, _) = programs.serve(&words)?;
    let writing = began.elapsed().as_secs_f64();
    let (uploading, emulator) =
        upload(&client, &world, &file, &fs::read(workbook)?, records).await?;
    Ok(Round { writing, writer: writer.peak()?, uploading, emulator })
}

fn readable(path: &Path) -> Result<&str> {
    path.to_str().context("the target directory has a readable name")
}

async fn report(client: &Client, place: &Place) -> Result<UsageFile> {
    let on = json!({"capabilities": {"reservation": {"consumption": true}}});
    client.call(Call::put(format!("products/{}", place.product)).json(&on)?).await?;
    let contract = ContractId::from(ContractId::PREVIEW);
    let may = UsagePeriod { from: "2024-05-01".to_owned(), to: "2024-05-31".to_owned() };
    let file = NewUsageFile::new("May", &place.product.as_str().into(), &contract, may);
    Ok(client.create(&file).await?)
}

async fn upload(
    client: &Client,
    world: &Process,
    file: &UsageFile,
    workbook: &[u8],
    records: usize,
) -> Result<(f64, f64)> {
    let call = Call::post(format!("usage/files/{}/upload", file.id));
    let call = call.file("usage_file", "usage.xlsx", workbook)?;
    let began = Instant::now();
    let answer: UsageFile = client.call(call).await?.json()?;
    let took = began.elapsed().as_secs_f64();
    let all = answer.stats.validated == records as u64;
    ensure!(all && answer.status == UsageFileStatus::Ready, "{:?}", answer.error_detail);
    Ok((took, world.peak()?))
}
