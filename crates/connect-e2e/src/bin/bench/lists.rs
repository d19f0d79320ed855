//! Tells whether a page costs what it holds, and not what the world holds.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::figure::{Figure, median};
use crate::http::Get;
use crate::place::Place;
use crate::process::Process;
use crate::programs::Programs;

const ROUNDS: usize = 7;
const ANSWERS: usize = 60;
const SMALL: usize = 10_000;
const LARGE: usize = 1_000_000;
/// The number for one turn of a comparison.
const MIDDLING: usize = 100_000;
const ANSWERS_OF_A_TURN: usize = 600;
const FEW: usize = 1_000;
/// The number of ids that a reader of many requests names in one call.
const NAMED: usize = 64;
/// The factor by which a page may take longer in the large world.
const AIM: f64 = 1.5;

pub(crate) async fn measure(programs: &Programs) -> Result<Vec<Figure>> {
    let mut figures = compare(programs, "1,000 pending", FEW, FEW).await?;
    figures.extend(compare(programs, "all pending", SMALL, LARGE).await?);
    Ok(figures)
}

/// One short turn.
pub(crate) async fn sample(programs: &Programs) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (label, pending) in [("1,000 pending", FEW), ("all pending", MIDDLING)] {
        let (_world, world) = serve(programs, MIDDLING, pending)?;
        for (name, query) in queries(&world).await? {
            let took = query.latency(ANSWERS_OF_A_TURN).await? * 1e3;
            figures.push(Figure::new(format!("{name}, {label} of 10⁵"), took, "ms"));
        }
    }
    Ok(figures)
}

fn serve(programs: &Programs, requests: usize, pending: usize) -> Result<(Process, Place)> {
    programs.serve(&["world", &requests.to_string(), &pending.to_string()])
}

/// The same queries in a small and in a large world.
async fn compare(programs: &Programs, label: &str, few: usize, many: usize) -> Result<Vec<Figure>> {
    let (_small, small) = serve(programs, SMALL, few)?;
    let (_large, large) = serve(programs, LARGE, many)?;
    let mut figures = Vec::new();
    for ((name, in_small), (_, in_large)) in
        queries(&small).await?.into_iter().zip(queries(&large).await?)
    {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push((in_small.latency(ANSWERS).await?, in_large.latency(ANSWERS).await?));
        }
        let large = median(rounds.iter().map(|it| it.1)) * 1e3;
        let ratio = median(rounds.iter().map(|it| it.1 / it.0));
        figures.push(Figure::new(format!("{name}, {label} of 10⁶"), large, "ms"));
        figures.push(Figure::new("… 10⁶ : 10⁴ requests", ratio, "×").at_most(AIM));
    }
    Ok(figures)
}

/// Returns what a processor asks again and again, and its page with everything in it.
async fn queries(world: &Place) -> Result<Vec<(&'static str, Get)>> {
    let product = &world.product;
    let pending = format!(
        "and(eq(status,pending),in(asset.product.id,({product})),\
         in(asset.connection.type,(preview)),in(type,(resume)))&ordering(created)"
    );
    let select = "select(-asset.items,-asset.configuration)";
    let get = |query: &str| Get::new(world, &format!("requests?{query}"));
    let named = ids(&get(&format!("{pending}&limit={NAMED}"))?.once().await?)?;
    Ok(vec![
        ("page of 100", get(&format!("{pending}&limit=100"))?),
        ("page of 100 without items", get(&format!("{select}&{pending}&limit=100"))?),
        ("count", get(&format!("{pending}&limit=0"))?),
        ("64 by id", get(&format!("in(id,({named}))&limit={NAMED}"))?),
    ])
}

/// The ids of a page, with commas between them.
fn ids(page: &[u8]) -> Result<String> {
    let page: Vec<Value> = serde_json::from_slice(page)?;
    let ids: Option<Vec<&str>> = page.iter().map(|request| request.get("id")?.as_str()).collect();
    let ids = ids.filter(|ids| ids.len() == NAMED).context("the world has pending requests")?;
    Ok(ids.join(","))
}
