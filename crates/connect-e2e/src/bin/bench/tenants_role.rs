//! A platform on which each tenant has a pending resume request at all times, and a vendor that some
//! tenants' calls never get an answer from.

use std::collections::HashMap;
use std::future::pending;
use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use clap::Args;
use connect_demo_vendor::{Fault, FaultEffect};
use connect_e2e::Stage;
use connect_emulator::LoggedCall;
use connect_emulator::fault::Fault as PlatformFault;
use connect_model::asset_request::NewRequest;
use connect_model::lifecycle::Operation;
use connect_model::{AssetId, RequestId};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::broadcast::Receiver;
use tower_service::Service;

use crate::place::{Place, until_left_alone};

#[derive(Args)]
pub(crate) struct Tenants {
    tenants: usize,
    /// How many of them hang.
    hung: usize,
    /// How long each call takes at least.
    delay_ms: u64,
}

impl Tenants {
    /// Plays both.
    pub(crate) async fn play(self) -> Result<()> {
        let stage = Stage::start().await?;
        let calls = stage.emulator.activity().subscribe();
        let mut requests = Requests { stage: &stage, assets: HashMap::new() };
        for number in 0..self.tenants {
            requests.suspended(&stage.suspended(&tenant(number)).await?.asset).await?;
        }
        let delay = FaultEffect::Delay { millis: self.delay_ms };
        stage.emulator.faults().add(PlatformFault::new(delay.clone()));
        stage.vendor.fault(Fault::new(delay));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let vendor = format!("http://{}", listener.local_addr()?);
        let serving = axum::serve(listener, self.vendor(&stage)).into_future();
        Place { vendor, ..Place::of(&stage.emulator) }.announce()?;
        tokio::select! {
            served = serving => Ok(served?),
            kept = requests.keep_coming(calls) => kept,
            left = until_left_alone() => left,
        }
    }

    /// The vendor's API, in which the calls for those that hang get no answer at all.
    fn vendor(&self, stage: &Stage) -> Router {
        let every = self.tenants.checked_div(self.hung).unwrap_or(usize::MAX);
        let hung = (0..self.tenants).step_by(every.max(1)).take(self.hung);
        let hung: Arc<[String]> = hung.map(|number| format!("/{}/", tenant(number))).collect();
        let vendor = stage.vendor.service();
        Router::new().fallback(move |call: Request| {
            let (hung, mut vendor) = (Arc::clone(&hung), vendor.clone());
            async move {
                if hung.iter().any(|tenant| call.uri().path().contains(tenant)) {
                    pending::<()>().await;
                }
                let answer = vendor.call(call).await;
                answer.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
            }
        })
    }
}

fn tenant(number: usize) -> String {
    format!("t-{number}")
}

/// The pending requests, by what they are about.
struct Requests<'a> {
    stage: &'a Stage,
    assets: HashMap<RequestId, AssetId>,
}

impl Requests<'_> {
    /// Has a suspended subscription resumed.
    async fn suspended(&mut self, asset: &AssetId) -> Result<()> {
        let request = self.stage.request(&NewRequest::resume(asset)).await?;
        self.assets.insert(request, asset.clone());
        Ok(())
    }

    /// Suspends whatever a processor has resumed, by hand, and has it resumed again.
    async fn keep_coming(mut self, mut calls: Receiver<Arc<LoggedCall>>) -> Result<()> {
        loop {
            let call =
                calls.recv().await.context("requests are approved faster than they are made")?;
            let is_approval = call.uri.path().ends_with("/approve");
            let Some(id) =
                call.object().filter(|_| is_approval && call.status == Some(StatusCode::OK))
            else {
                continue;
            };
            let Some(asset) = self.assets.remove(&RequestId::from(id)) else { continue };
            let suspend = self.stage.request(&NewRequest::suspend(&asset)).await?;
            self.stage.operate(&suspend, Operation::Approve, json!({})).await?;
            self.suspended(&asset).await?;
        }
    }
}
