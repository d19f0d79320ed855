//! `/auth`: the account and user behind a token.

use serde_json::{Value, json};

use super::door::Door;
use crate::answer::{Answer, Reply, unauthorized};
use connect_world::{Actor, Token};

pub(super) async fn context(door: Door) -> Reply {
    match door.who() {
        Actor::Token(token) => Answer::json(&describe(token)),
        Actor::Customer => Err(unauthorized()),
    }
}

fn describe(token: &Token) -> Value {
    json!({
        "account": {"id": token.account, "name": token.account_name},
        "user": {"id": token.id, "name": token.name},
    })
}
