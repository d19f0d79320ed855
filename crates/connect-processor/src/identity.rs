//! The platform and account that a journal is about.

use connect_client::{Answer, Call, Client, Error as ClientError, StatusCode};
use connect_journal::{Journal, JournalError};
use serde::Deserialize;
use tracing::warn;

use crate::error::Error;
use crate::settings::Settings;

/// The header in which a local platform says which of its worlds it is: they have the same address
/// and account, and nothing else in common.
const WORLD: &str = "connect-world";

/// The longest name of a world that is believed.
const LONGEST: usize = 64;

#[derive(Deserialize)]
struct Account {
    id: String,
}

/// A platform, by whether it can become another one behind the same address while it is worked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    /// A local world, which is gone when it is started anew.
    World,
    /// Connect itself.
    Connect,
}

/// Makes the journal this platform's and this account's, or refuses to work with one that is
/// another's: what it says of steps and requests would be about others of the same names. Refuses as
/// well to work for an account that another processor of the process works for.
pub(crate) async fn bind(
    client: &Client,
    journal: &dyn Journal,
    settings: &Settings,
) -> Result<Platform, Error> {
    let Some((platform, here)) = identity(client).await? else { return Ok(Platform::Connect) };
    settings.account.as_ref().map_or(Ok(()), |account| account.take(&here))?;
    match journal.bind(&here).await {
        Err(JournalError::OtherOwner { owner, .. }) => Err(Error::OtherJournal { owner, here }),
        bound => Ok(bound.map(|()| platform)?),
    }
}

/// The platform and the account of the key. The first account that a key sees is its own. `None`
/// where a key may not see accounts: half an identity would refuse the journal once it may.
async fn identity(client: &Client) -> Result<Option<(Platform, String)>, Error> {
    let answer = match first_account(client).await {
        Ok(answer) => answer,
        Err(error) if is_kept_from_accounts(&error) => {
            warn!(code = error.code(), %error, "whose journal this is cannot be checked");
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let (platform, name) = match world(&answer) {
        Some(world) => (Platform::World, world),
        None => (Platform::Connect, client.endpoint().to_owned()),
    };
    let own = account(&answer)?;
    Ok(Some((platform, format!("{name}, account {}", printable(&own)))))
}

/// Returns the id of the key's own account; none where the key may not see accounts.
pub(crate) async fn own_account(client: &Client) -> Result<Option<String>, ClientError> {
    match first_account(client).await {
        Ok(answer) => account(&answer).map(Some),
        Err(error) if is_kept_from_accounts(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn first_account(client: &Client) -> Result<Answer, ClientError> {
    client.call(Call::get("accounts").query("limit=1&offset=0")).await
}

fn account(answer: &Answer) -> Result<String, ClientError> {
    let accounts: Vec<Account> = answer.json()?;
    let own = accounts.first().ok_or_else(|| ClientError::Unexpected {
        status: answer.status,
        what: "no account, not even the key's own".to_owned(),
        call: Box::new(answer.call.clone()),
    })?;
    Ok(own.id.clone())
}

fn is_kept_from_accounts(error: &ClientError) -> bool {
    let refused = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::NOT_IMPLEMENTED];
    error.refusal().is_some() && error.status().is_some_and(|status| refused.contains(&status))
}

fn world(answer: &Answer) -> Option<String> {
    let name = answer.headers.get(WORLD)?.to_str().ok()?;
    Some(format!("local world {}", printable(name)))
}

/// Shortens a text to what may stand in a journal for good.
fn printable(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).take(LONGEST).collect()
}
