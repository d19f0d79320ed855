//! Tokens that are not believed, each with what is wrong with it: for the tests of all who verify one.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

pub(crate) const SECRET: &str = "s3cret-key-of-a-webhook";
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) fn signed_with(secret: &[u8], algorithm: Algorithm, claims: &Value) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret)).unwrap()
}

pub(crate) fn signed(claims: &Value) -> String {
    signed_with(SECRET.as_bytes(), Algorithm::HS256, claims)
}

/// The same claims with other values for some.
pub(crate) fn with(claims: &Value, changes: &Value) -> Value {
    let mut claims = claims.clone();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

type Forged = Vec<(String, String)>;

/// The size of a claim that makes a token too long.
const LONG: usize = 8 * 1024;

/// Returns tokens that are forged of claims that would be believed; `name` is one of them that is a
/// text and cannot be missing.
pub(crate) fn all(claims: &Value, name: &str) -> Forged {
    let parts = [altered, cut, of_other_algorithms, of_other_secrets, untimely, odd];
    let forged = parts.into_iter().flat_map(|forged| forged(claims));
    forged.chain(of_other_claims(claims, name)).collect()
}

/// Another character at each place of each part.
fn altered(claims: &Value) -> Forged {
    let right = signed(claims);
    let places = right.char_indices().filter(|(_, c)| *c != '.');
    let alter = |(place, old): (usize, char)| {
        let new = if old == 'A' { 'B' } else { 'A' };
        let token = format!("{}{new}{}", &right[..place], &right[place + 1..]);
        (format!("altered at {place}"), token)
    };
    places.map(alter).collect()
}

fn cut(claims: &Value) -> Forged {
    let right = signed(claims);
    let lengths = (0..right.len()).step_by(7);
    lengths.map(|length| (format!("cut to {length}"), right[..length].to_owned())).collect()
}

/// Returns a value as a part of a token.
fn part(json: &Value) -> String {
    signed(json).split('.').nth(1).unwrap().to_owned()
}

fn of_other_algorithms(claims: &Value) -> Forged {
    let right = signed(claims);
    let (_, signed_part) = right.split_once('.').unwrap();
    let (payload, signature) = signed_part.split_once('.').unwrap();
    let words = ["none", "None", "NONE", "nOnE", "", "HS256 ", "hs256", "HS1", "HS384", "HS512"];
    let others = ["RS256", "RS384", "RS512", "ES256", "ES384", "PS256", "PS512", "EdDSA"];
    let mut all = Forged::new();
    for word in words.into_iter().chain(others) {
        let header = part(&json!({"typ": "JWT", "alg": word}));
        for tail in ["", signature] {
            all.push((format!("algorithm {word:?}"), format!("{header}.{payload}.{tail}")));
        }
    }
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = signed_with(SECRET.as_bytes(), algorithm, claims);
        all.push((format!("signed by {algorithm:?}"), token));
    }
    all
}

fn of_other_secrets(claims: &Value) -> Forged {
    let (upper, longer) = (SECRET.to_uppercase(), format!("{SECRET} "));
    let secrets = ["", " ", "s3cret", "\0", &SECRET[1..], &upper, &longer];
    let sign = |secret: &str| signed_with(secret.as_bytes(), Algorithm::HS256, claims);
    secrets.map(|secret| (format!("signed with {secret:?}"), sign(secret))).into()
}

pub(crate) fn of(claims: &Value, changes: impl IntoIterator<Item = Value>) -> Forged {
    let name = |changes: &Value| changes.to_string().chars().take(60).collect();
    changes.into_iter().map(|changes| (name(&changes), signed(&with(claims, &changes)))).collect()
}

fn untimely(claims: &Value) -> Forged {
    let changes = [
        json!({"exp": NOW - 60}),
        json!({"exp": NOW - 86_400}),
        json!({"exp": 0}),
        json!({"exp": -1}),
        json!({"exp": -1e300}),
        json!({"iat": NOW + 61}),
        json!({"iat": NOW + 86_400_000}),
        json!({"iat": 1e300}),
        json!({"nbf": NOW + 61}),
    ];
    of(claims, changes)
}

fn of_other_claims(claims: &Value, name: &str) -> Forged {
    let changes = [
        json!({"exp": "soon"}),
        json!({"exp": [NOW]}),
        json!({"exp": true}),
        json!({"iat": "now"}),
        json!({"iat": {}}),
        json!({"nbf": "x"}),
        json!({name: null}),
        json!({name: 7}),
        json!({name: ["WH-1"]}),
        json!({name: {}}),
        json!({name: ""}),
        json!({name: "W".repeat(200)}),
        json!({"padding": "x".repeat(LONG)}),
    ];
    let others =
        [json!({}), json!([]), json!("text"), json!(7), json!(null), json!({"id": "WH-1"})];
    let others = others.iter().map(|claims| (format!("claims {claims}"), signed(claims)));
    of(claims, changes).into_iter().chain(others).collect()
}

fn odd(claims: &Value) -> Forged {
    let right = signed(claims);
    let parts: Vec<&str> = right.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("a token has three parts") };
    let odd = [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "null",
        "{}",
        "Bearer",
        &"a".repeat(100_000),
        &".".repeat(10_000),
        &format!("{right}."),
        &format!("{right}.x"),
        &format!(".{right}"),
        &format!("{header}.{payload}"),
        &format!("{payload}.{header}.{signature}"),
        &format!("{header}.{header}.{signature}"),
        &format!("{header}.{payload}.{payload}"),
        &format!("{right}="),
        &format!("{right} {right}"),
        &format!(" {right}"),
        &right.replace('.', ","),
        &right.to_lowercase(),
        &right.chars().rev().collect::<String>(),
    ];
    odd.map(|token| (format!("odd: {token:.20}"), token.to_owned())).into()
}
