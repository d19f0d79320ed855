//! The tokens that the emulator signs, as Connect does.

use jsonwebtoken::errors::Error;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::Value;

/// Returns a token of claims, signed with a key by HS256.
pub(crate) fn signed(claims: &Value, secret: &str) -> Result<String, Error> {
    let key = EncodingKey::from_secret(secret.as_bytes());
    encode(&Header::new(Algorithm::HS256), claims, &key)
}
