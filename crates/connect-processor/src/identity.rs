//! Whose requests a journal is about.

use connect_client::{Answer, Call, Client};
use connect_journal::{Journal, JournalError};
use serde::Deserialize;
use tracing::warn;

use crate::Error;

/// Where a local platform says which of its worlds it is: they have the same address and account,
/// and nothing else in common.
const WORLD: &str = "connect-world";

/// The longest name of a world that is believed.
const LONGEST: usize = 64;

#[derive(Deserialize)]
struct Account {
    id: String,
}

/// Makes the journal this platform's and this account's, or refuses to work with one that is
/// another's: what it says of steps and requests would be about others of the same names.
pub(crate) async fn bind(client: &Client, journal: &dyn Journal) -> Result<(), Error> {
    let here = identity(client).await?;
    match journal.bind(&here).await {
        Err(JournalError::OtherOwner { owner, .. }) => Err(Error::OtherJournal { owner, here }),
        bound => Ok(bound?),
    }
}

/// The platform and the account of the key. The first account that a key sees is its own.
async fn identity(client: &Client) -> Result<String, Error> {
    let call = Call::get("accounts").query("limit=1&offset=0");
    let answer = match client.call(call).await {
        Ok(answer) => answer,
        Err(error) if error.refusal().is_some() && !error.is_unauthorized() => {
            warn!(code = error.code(), %error, "the journal is bound to the endpoint only");
            return Ok(client.endpoint().to_owned());
        }
        Err(error) => return Err(error.into()),
    };
    let platform = world(&answer).unwrap_or_else(|| client.endpoint().to_owned());
    let accounts: Vec<Account> = answer.json().unwrap_or_default();
    Ok(match accounts.first() {
        Some(own) => format!("{platform}, account {}", printable(&own.id)),
        None => platform,
    })
}

fn world(answer: &Answer) -> Option<String> {
    let name = answer.headers.get(WORLD)?.to_str().ok()?;
    Some(format!("local world {}", printable(name)))
}

/// What stands in a journal for good is short and plain.
fn printable(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).take(LONGEST).collect()
}
