//! What calls had a program do.

use anyhow::Result;
use connect_clock::SystemClock;
use connect_journal::SqliteJournal;
use connect_model::{RequestId, RequestStatus, Resource, TierAccountRequest, WebhookObjectClass};
use serde_json::json;

use super::door::{CALLBACK_KEY, Door};
use super::scene::{Mark, Scene, comes, journal, told};
use super::token;

impl Scene {
    /// Returns what the program has done since then, although nobody whom it may believe has called.
    pub(super) async fn must_have_done_nothing(&self, mark: Mark) -> Result<Vec<String>> {
        if let Some(broken) = self.deaf(mark, &self.waiting[1]).await? {
            return Ok(vec![broken]);
        }
        // What a genuine call has it do came after what others would have: a list, a request, and
        // what is read along with them.
        let looks = [TierAccountRequest::COLLECTION, self.waiting[1].as_str()];
        let asked = [looks.as_slice(), &["/products/", "/v1/accounts?"]].concat();
        let mut calls = self.calls(mark);
        calls.retain(|call| !asked.iter().any(|it| told(call).contains(it)));
        let mut broken: Vec<String> =
            calls.iter().map(|call| format!("a forged call had it call {}", told(call))).collect();
        broken.extend(self.effects(mark));
        Ok(broken)
    }

    /// Has the program hear of the request that it has not seen; it must be carried out.
    pub(super) async fn must_hear_a_genuine_call(&self) -> Result<Option<String>> {
        self.tell(&WebhookObjectClass::FulfillmentRequest).await?;
        let is_approved = async || {
            let status = self.stage.read(&self.unseen).await?.status;
            Ok::<_, anyhow::Error>(status == RequestStatus::Approved)
        };
        let heard = comes(is_approved).await?;
        self.quiet().await?;
        Ok((!heard).then(|| "what a webhook told of was not carried out".to_owned()))
    }

    /// Returns what the program has done since then but look, and what else is wrong in the end.
    pub(super) async fn must_have_looked_only(mut self, mark: Mark) -> Result<Vec<String>> {
        let mut broken: Vec<String> =
            self.deaf(mark, &self.waiting[2]).await?.into_iter().collect();
        let calls = self.calls(mark);
        let changes = calls.iter().filter(|call| call.is_change());
        broken.extend(changes.map(|call| format!("a call had it call {}", told(call))));
        broken.extend(self.effects(mark));
        if !matches!(self.life.0.try_wait(), Ok(None)) {
            broken.push("the program has ended".to_owned());
        }
        self.life.0.kill()?;
        self.life.0.wait()?;
        let log = self.log()?;
        broken.extend(log.contains("panicked").then(|| format!("it panicked: {log:.2000}")));
        broken.extend(self.wrong_approvals().await?);
        Ok(broken)
    }

    /// Returns the approvals that should not be, and the requests that are not cared for.
    async fn wrong_approvals(&self) -> Result<Vec<String>> {
        let journal = SqliteJournal::open(journal(self.folder.path()), SystemClock)?;
        let ids: Vec<&RequestId> = self.waiting.iter().chain([&self.unseen]).collect();
        let broken = connect_testing::judge(&self.stage.evidence(&journal, &ids).await?);
        let mut broken: Vec<String> = broken.iter().map(ToString::to_string).collect();
        for (id, right) in self.waiting.iter().map(|id| (id, RequestStatus::Pending)).chain([
            (&self.inquiring, RequestStatus::Inquiring),
            (&self.unseen, RequestStatus::Approved),
        ]) {
            let status = self.stage.read(id).await?.status;
            broken.extend((status != right).then(|| format!("{id} is {status}, not {right}")));
        }
        Ok(broken)
    }

    fn effects(&self, mark: Mark) -> Option<String> {
        let log = self.stage.vendor.log();
        let more = log.get(mark.effects..).filter(|more| !more.is_empty())?;
        Some(format!("the vendor was told to do {more:?}"))
    }

    /// Makes two genuine calls, a webhook's and a callback, and says so if they are not heard of.
    async fn deaf(&self, mark: Mark, waiting: &RequestId) -> Result<Option<String>> {
        self.tell(&WebhookObjectClass::TierAccountRequest).await?;
        let claims = json!({"callback": waiting, "exp": u32::MAX});
        let token = token::signed(&claims, CALLBACK_KEY)?;
        let status = self.send(Door::Callback, Some(&token), Vec::new()).await?;
        let looks = [TierAccountRequest::COLLECTION, waiting.as_str()];
        let is_heard = async || {
            let calls = self.calls(mark);
            let has = |look: &&str| calls.iter().any(|call| told(call).contains(*look));
            Ok(looks.iter().all(has))
        };
        let heard = status == 204 && comes(is_heard).await?;
        self.quiet().await?;
        let calls = || self.calls(mark).iter().map(|call| told(call)).collect::<Vec<_>>();
        Ok((!heard).then(|| format!("genuine calls are not heard of any more: {:.1000?}", calls())))
    }
}
