//! The tokens by which calls show that they are Connect's.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use connect_clock::Clock;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::recent::Signature;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;
/// The seconds by which two clocks may differ.
const LEEWAY: f64 = 60.0;
/// The seconds for which a dated token holds that says only since when.
const LIFE: f64 = 60.0;

/// Verifies tokens that are signed with a key by HS256, and no other algorithm.
pub(crate) struct Verifier {
    key: DecodingKey,
    validation: Validation,
    clock: Arc<dyn Clock>,
}

/// The claims of one sort of tokens.
pub(crate) trait Claims: DeserializeOwned {
    /// Whether such a token has to say until when, or since when, it holds.
    const IS_DATED: bool;

    /// Whether the claims can be those of such a token at all.
    fn is_sound(&self) -> bool;
}

/// A token that was verified.
pub(crate) struct Verified<C> {
    pub(crate) claims: C,
    pub(crate) signature: Signature,
}

/// The reason why a token is not believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Disbelief {
    /// There is no token, or several headers with one.
    #[error("it has no bearer token")]
    Missing,
    /// The token is none, has other claims, or is signed by somebody else or otherwise.
    #[error("its token is not signed with the key, or none")]
    Unsigned,
    /// The token is of another time.
    #[error("its token has expired, or is of the future")]
    Untimely,
}

#[derive(Deserialize)]
struct SignedClaims<C> {
    exp: Option<f64>,
    iat: Option<f64>,
    nbf: Option<f64>,
    #[serde(flatten)]
    claims: C,
}

impl Verifier {
    pub(crate) fn new(secret: &SecretString, clock: Arc<dyn Clock>) -> Self {
        let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
        Self { key, validation: signature_alone(), clock }
    }

    /// Returns the claims of the token in the headers of a call.
    pub(crate) fn verify_headers<C: Claims>(
        &self,
        headers: &HeaderMap,
    ) -> Result<Verified<C>, Disbelief> {
        self.verify(bearer(headers).ok_or(Disbelief::Missing)?)
    }

    /// Returns the claims of a token. Its signature is compared in a time that does not tell where it
    /// differs.
    pub(crate) fn verify<C: Claims>(&self, token: &str) -> Result<Verified<C>, Disbelief> {
        if token.len() > LONGEST {
            return Err(Disbelief::Unsigned);
        }
        let decoded = decode::<SignedClaims<C>>(token, &self.key, &self.validation);
        let signed = decoded.map_err(|_| Disbelief::Unsigned)?.claims;
        if !signed.claims.is_sound() {
            return Err(Disbelief::Unsigned);
        }
        if !self.is_timely(&signed) {
            return Err(Disbelief::Untimely);
        }
        Ok(Verified { claims: signed.claims, signature: Signature::of(token) })
    }

    fn is_timely<C: Claims>(&self, signed: &SignedClaims<C>) -> bool {
        let now = self.clock.now().as_second() as f64;
        let until = signed.exp.or(signed.iat.filter(|_| C::IS_DATED).map(|iat| iat + LIFE));
        let is_over = until.map_or(C::IS_DATED, |until| until <= now - LEEWAY);
        let is_ahead = |at: Option<f64>| at.is_some_and(|at| at > now + LEEWAY);
        !is_over && !is_ahead(signed.iat) && !is_ahead(signed.nbf)
    }
}

/// Returns how tokens are decoded: signed by HS256, and no other algorithm. Dates are looked at by the
/// clock, so the library looks at none; tokens of Connect need not have any.
pub(crate) fn signature_alone() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

/// Returns the token of the `Authorization` header, or of the one that Connect sends beside it.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let only = |name: &str| {
        let mut all = headers.get_all(name).iter();
        all.next().filter(|_| all.next().is_none())
    };
    let header = match headers.contains_key(AUTHORIZATION) {
        true => only(AUTHORIZATION.as_str()),
        false => only("authentication"),
    };
    let (scheme, token) = header?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
