//! Tokens that are not believed, each with what is wrong with it.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::{NOW, SECRET, claims, signed, signed_with, with};

type Forged = Vec<(String, String)>;

/// The size of a claim that makes a token too long.
const LONG: usize = 8 * 1024;

pub(super) fn all() -> Forged {
    let parts =
        [altered, cut, of_other_algorithms, of_other_secrets, untimely, of_other_claims, odd];
    parts.into_iter().flat_map(|forged| forged()).collect()
}

/// Another character at each place of each part.
fn altered() -> Forged {
    let right = signed(&claims());
    let places = right.char_indices().filter(|(_, c)| *c != '.');
    let alter = |(place, old): (usize, char)| {
        let new = if old == 'A' { 'B' } else { 'A' };
        let token = format!("{}{new}{}", &right[..place], &right[place + 1..]);
        (format!("altered at {place}"), token)
    };
    places.map(alter).collect()
}

fn cut() -> Forged {
    let right = signed(&claims());
    let lengths = (0..right.len()).step_by(7);
    lengths.map(|length| (format!("cut to {length}"), right[..length].to_owned())).collect()
}

/// Returns a value as a part of a token.
fn part(json: &Value) -> String {
    signed(json).split('.').nth(1).unwrap().to_owned()
}

fn of_other_algorithms() -> Forged {
    let right = signed(&claims());
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
        let token = signed_with(SECRET.as_bytes(), algorithm, &claims());
        all.push((format!("signed by {algorithm:?}"), token));
    }
    all
}

fn of_other_secrets() -> Forged {
    let (upper, longer) = (SECRET.to_uppercase(), format!("{SECRET} "));
    let secrets = ["", " ", "s3cret", "\0", &SECRET[1..], &upper, &longer];
    let sign = |secret: &str| signed_with(secret.as_bytes(), Algorithm::HS256, &claims());
    secrets.map(|secret| (format!("signed with {secret:?}"), sign(secret))).into()
}

fn of(changes: impl IntoIterator<Item = Value>) -> Forged {
    let name = |changes: &Value| changes.to_string().chars().take(60).collect();
    changes.into_iter().map(|changes| (name(&changes), signed(&with(&changes)))).collect()
}

fn untimely() -> Forged {
    of([
        json!({"exp": NOW - 60}),
        json!({"exp": NOW - 86_400}),
        json!({"exp": 0}),
        json!({"exp": -1}),
        json!({"exp": -1e300}),
        json!({"iat": NOW + 61}),
        json!({"iat": NOW + 86_400_000}),
        json!({"iat": 1e300}),
        json!({"nbf": NOW + 61}),
    ])
}

fn of_other_claims() -> Forged {
    let changed = of([
        json!({"exp": "soon"}),
        json!({"exp": [NOW]}),
        json!({"exp": true}),
        json!({"iat": "now"}),
        json!({"iat": {}}),
        json!({"nbf": "x"}),
        json!({"webhook_id": null}),
        json!({"webhook_id": 7}),
        json!({"webhook_id": ["WH-1"]}),
        json!({"webhook_id": {}}),
        json!({"webhook_id": ""}),
        json!({"webhook_id": "W".repeat(65)}),
        json!({"object_class": 7}),
        json!({"object_class": ["fulfillment_request"]}),
        json!({"padding": "x".repeat(LONG)}),
    ]);
    let others =
        [json!({}), json!([]), json!("text"), json!(7), json!(null), json!({"id": "WH-1"})];
    let others = others.iter().map(|claims| (format!("claims {claims}"), signed(claims)));
    changed.into_iter().chain(others).collect()
}

fn odd() -> Forged {
    let right = signed(&claims());
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
