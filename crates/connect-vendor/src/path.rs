//! Paths from segments: nothing is called outside the API's address.

use reqwest::Url;

/// A segment that names no place of its own.
#[derive(Debug, thiserror::Error)]
#[error("`{segment}` cannot be part of an address{remedy}; nothing was called")]
pub(crate) struct BadSegment {
    segment: String,
    remedy: &'static str,
}

/// Returns the address below `base`, each segment escaped as one.
pub(crate) fn below<'a>(
    base: &Url,
    segments: impl IntoIterator<Item = &'a str>,
) -> Result<Url, BadSegment> {
    let mut url = base.clone();
    let mut path = url.path().trim_end_matches('/').to_owned();
    for segment in segments {
        check(segment)?;
        path.push('/');
        path.push_str(&connect_client::escape_segment(segment));
    }
    url.set_path(&path);
    Ok(url)
}

/// Refuses a segment that is empty, which names the collection above, or dots, which servers and
/// URLs resolve.
fn check(segment: &str) -> Result<(), BadSegment> {
    let remedy = match segment {
        "" => ": it is empty",
        "." | ".." => ": servers read dots as a way up",
        _ => return Ok(()),
    };
    Err(BadSegment { segment: segment.to_owned(), remedy })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(segments: &[&str]) -> String {
        let base = Url::parse("http://vendor.example/api/").unwrap();
        match below(&base, segments.iter().copied()) {
            Ok(url) => url.to_string(),
            Err(refused) => refused.to_string(),
        }
    }

    #[test]
    fn a_segment_stays_one_segment_or_is_refused() {
        let mut table = String::new();
        for id in [
            "t-1",
            "../_faults",
            "t?x=1#",
            "a/b",
            "a\\b",
            "%2e%2e",
            "ä b",
            "t;v=1",
            "\r\nX: y",
            "",
            ".",
            "..",
            "...",
        ] {
            table += &format!("{:14}{}\n", format!("{id:?}"), shown(&["tenant", id, "enable"]));
        }
        insta::assert_snapshot!(table);
    }
}
