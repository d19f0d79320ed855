//! Percent-encoding of whole query strings. A `+` stays a plus on both ways, except in `search=`.

use std::borrow::Cow;

use super::error::{MAX_LENGTH, RqlError};

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Encodes a printed query so that decoding once gives it back.
pub(super) fn encode(query: &str) -> String {
    let mut encoded = String::with_capacity(query.len());
    let mut quote = None;
    for byte in query.bytes() {
        quote = quote_after(byte, quote);
        if stays(byte) || (quote.is_none() && matches!(byte, b'&' | b'=')) {
            encoded.push(char::from(byte));
        } else {
            push_escaped(&mut encoded, byte);
        }
    }
    encoded
}

fn quote_after(byte: u8, open: Option<u8>) -> Option<u8> {
    match (byte, open) {
        (b'"' | b'\'', None) => Some(byte),
        (_, Some(quote)) if quote == byte => None,
        _ => open,
    }
}

fn stays(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~(),:*@/".contains(&byte)
}

fn push_escaped(encoded: &mut String, byte: u8) {
    encoded.push('%');
    for nibble in [byte >> 4, byte & 15] {
        encoded.push(char::from(HEX[usize::from(nibble)]));
    }
}

/// Refuses what is too long to read.
pub(super) fn check_length(raw: &str) -> Result<(), RqlError> {
    let length = raw.len();
    if length > MAX_LENGTH { Err(RqlError::TooLong { length }) } else { Ok(()) }
}

/// Returns the query with `%20` for each `+` of its `search=`: the official client writes RQL first and
/// `search` behind it as a form's field, whose spaces are pluses. Elsewhere a `+` is one; dates have it.
pub(super) fn spaced_search(raw: &str) -> Cow<'_, str> {
    const SEARCH: &str = "search=";
    if !raw.contains(SEARCH) {
        return raw.into();
    }
    let spaced = |part: &str| match part.starts_with(SEARCH) {
        true => part.replace('+', "%20"),
        false => part.to_owned(),
    };
    raw.split('&').map(spaced).collect::<Vec<_>>().join("&").into()
}

/// Decodes percent-escapes once.
pub(super) fn decode(raw: &str) -> Result<String, RqlError> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let position = raw.len() - after.len() - 1;
        let (byte, after) = escaped(after).ok_or(RqlError::Encoding { position })?;
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes)
        .map_err(|error| RqlError::Encoding { position: error.utf8_error().valid_up_to() })
}

fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&[high, low], rest) = text.split_first_chunk()?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
    Some((byte, rest))
}
