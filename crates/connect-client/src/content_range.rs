//! The place of a page in its list.

use http::HeaderMap;
use http::header::CONTENT_RANGE;

/// The `Content-Range` of a page: `items 0-99/250`.
///
/// Connect answers `items 0-0/0` when nothing matches and `items 0-0/250` when only the total is
/// asked for, so `first` and `last` mean something only when the page has rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentRange {
    /// The offset of the first row of the page.
    pub first: u32,
    /// The offset of its last row.
    pub last: u32,
    /// The number of rows that match in all.
    pub total: u32,
}

impl ContentRange {
    /// Reads the range in the headers; `None` when there is none. Fails with a text that is no
    /// range.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, String> {
        let Some(value) = headers.get(CONTENT_RANGE) else { return Ok(None) };
        let text = String::from_utf8_lossy(value.as_bytes());
        parse(&text).map(Some).ok_or_else(|| text.into_owned())
    }

    /// Returns the offset after the page, when rows follow it.
    pub(crate) fn next_offset(self) -> Option<u32> {
        self.last.checked_add(1).filter(|next| *next < self.total)
    }
}

fn parse(text: &str) -> Option<ContentRange> {
    let (rows, total) = text.strip_prefix("items ")?.split_once('/')?;
    let (first, last) = rows.split_once('-')?;
    let range = ContentRange {
        first: first.parse().ok()?,
        last: last.parse().ok()?,
        total: total.parse().ok()?,
    };
    (range.first <= range.last).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_strictly_and_tells_the_next_offset() {
        let mut table = String::new();
        for text in [
            "items 0-99/250",
            "items 200-249/250",
            "items 0-0/0",
            "items 300-300/250",
            "items 9-0/250",
            "items 0-99/*",
            "bytes 0-99/250",
            "",
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_RANGE, text.parse().unwrap())]);
            let next = ContentRange::of(&headers).map(|range| range.map(ContentRange::next_offset));
            table += &format!("{text:19}{next:?}\n");
        }
        insta::assert_snapshot!(table, @r#"
        items 0-99/250     Ok(Some(Some(100)))
        items 200-249/250  Ok(Some(None))
        items 0-0/0        Ok(Some(None))
        items 300-300/250  Ok(Some(None))
        items 9-0/250      Err("items 9-0/250")
        items 0-99/*       Err("items 0-99/*")
        bytes 0-99/250     Err("bytes 0-99/250")
                           Err("")
        "#);
    }
}
