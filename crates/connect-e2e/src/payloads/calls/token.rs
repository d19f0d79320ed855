//! Tokens, and such as are forged.

use anyhow::Result;
use fastrand::Rng;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::super::mutation::mutate_json;
use super::door::{CALLBACK_KEY, Door, WEBHOOK_KEY};

/// Signs claims as Connect does.
pub(super) fn signed(claims: &Value, key: &str) -> Result<String> {
    signed_by(Algorithm::HS256, claims, key)
}

fn signed_by(algorithm: Algorithm, claims: &Value, key: &str) -> Result<String> {
    Ok(encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key.as_bytes()))?)
}

/// Returns a token for a door that nobody has signed for it, or none at all.
pub(super) fn forged(claims: &Value, door: Door, rng: &mut Rng) -> Result<Option<String>> {
    let key = door.key();
    Ok(Some(match rng.u32(..9) {
        0 => return Ok(None),
        1 => signed(claims, &stranger(door, rng))?,
        2 => signed_by(Algorithm::HS384, claims, key)?,
        3 => signed_by(Algorithm::HS512, claims, key)?,
        4 => unsigned(claims, rng)?,
        5 => with_other_claims(claims, key, rng)?,
        6 => spoiled(&signed(claims, key)?, rng),
        7 => signed(&over(claims), key)?,
        _ => signed(&of_another_door(door), key)?,
    }))
}

/// A key that is not the door's.
fn stranger(door: Door, rng: &mut Rng) -> String {
    let another = if door.key() == CALLBACK_KEY { WEBHOOK_KEY } else { CALLBACK_KEY };
    match rng.u32(..5) {
        0 => String::new(),
        1 => another.to_owned(),
        2 => door.key().to_uppercase(),
        3 => format!("{} ", door.key()),
        _ => rng.u64(..).to_string(),
    }
}

/// A token that says that nobody has to sign it.
fn unsigned(claims: &Value, rng: &mut Rng) -> Result<String> {
    const WORDS: [&str; 4] = ["none", "None", "", "HS256"];
    let word = WORDS[rng.usize(..WORDS.len())];
    let header = part(&json!({"typ": "JWT", "alg": word}))?;
    Ok(format!("{header}.{}.", part(claims)?))
}

/// Other claims under the signature of the right ones.
fn with_other_claims(claims: &Value, key: &str, rng: &mut Rng) -> Result<String> {
    let right = signed(claims, key)?;
    let mut others = claims.clone();
    mutate_json(&mut others, rng);
    if others == *claims {
        others = json!({"webhook_id": "WH-1", "callback": "PR-1"});
    }
    let mut parts: Vec<&str> = right.split('.').collect();
    let others = part(&others)?;
    parts[1] = &others;
    Ok(parts.join("."))
}

/// A token with another character somewhere, or cut.
fn spoiled(token: &str, rng: &mut Rng) -> String {
    let at = rng.usize(..token.len());
    if rng.bool() {
        return token[..at].to_owned();
    }
    let other = if token[at..].starts_with('A') { 'B' } else { 'A' };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}

/// The claims of a token whose time was yesterday.
fn over(claims: &Value) -> Value {
    const DAY: i64 = 24 * 3600;
    let mut claims = claims.clone();
    for date in ["iat", "exp"] {
        if let Some(at) = claims[date].as_i64() {
            claims[date] = (at - DAY).into();
        }
    }
    claims
}

/// The claims of a token that opens another door.
fn of_another_door(door: Door) -> Value {
    match door {
        Door::Callback => json!({"webhook_id": "WH-120-774-336", "exp": u32::MAX}),
        _ => json!({"callback": "PR-1000-0000-0001-001", "exp": u32::MAX}),
    }
}

/// A value as it stands in a token.
fn part(value: &Value) -> Result<String> {
    let token = signed(value, "")?;
    Ok(token.split('.').nth(1).unwrap_or_default().to_owned())
}
