//! Lines of a worker: read within limits.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// The most bytes of one message.
pub(crate) const LONGEST_MESSAGE: usize = 16 * 1024 * 1024;

/// The most bytes of one line of a log; what is longer is cut.
const LONGEST_LOG_LINE: usize = 4 * 1024;

/// A line as it was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Whole(Vec<u8>),
    /// The beginning of one that is too long.
    TooLong(Vec<u8>),
}

/// Reads a line without its end; nothing at the end of the stream. What is longer than `most` is read to
/// its end and forgotten.
pub(crate) async fn line(
    reader: &mut (impl AsyncBufRead + Unpin),
    most: usize,
) -> io::Result<Option<Line>> {
    let (mut line, mut is_too_long) = (Vec::new(), false);
    loop {
        let read = reader.fill_buf().await?;
        if read.is_empty() {
            let is_over = line.is_empty() && !is_too_long;
            return Ok((!is_over).then(|| ended(line, is_too_long)));
        }
        let end = read.iter().position(|byte| *byte == b'\n');
        let part = &read[..end.unwrap_or(read.len())];
        let room = most - line.len();
        is_too_long |= part.len() > room;
        line.extend_from_slice(&part[..part.len().min(room)]);
        let used = part.len() + usize::from(end.is_some());
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(ended(line, is_too_long)));
        }
    }
}

fn ended(line: Vec<u8>, is_too_long: bool) -> Line {
    if is_too_long { Line::TooLong(line) } else { Line::Whole(line) }
}

/// Reads a line for the log, as text that steers nothing.
pub(crate) async fn log_line(
    reader: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<String>> {
    let line = line(reader, LONGEST_LOG_LINE).await?;
    Ok(line.map(|line| match line {
        Line::Whole(line) => text(&line),
        Line::TooLong(line) => text(&line) + " …",
    }))
}

/// Returns what was printed as one line of text.
pub(crate) fn text(line: &[u8]) -> String {
    let line = &line[..line.len().min(LONGEST_LOG_LINE)];
    plain::text(&String::from_utf8_lossy(line)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(mut text: &[u8], most: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        while let Some(line) = line(&mut text, most).await.unwrap() {
            lines.push(line);
        }
        lines
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_spoils_no_other() {
        let whole = |line: &str| Line::Whole(line.into());
        let read = lines(b"one\nmuch too long\n\nfour", 4).await;
        assert_eq!(read, [whole("one"), Line::TooLong("much".into()), whole(""), whole("four")]);
        assert_eq!(lines(b"", 4).await, []);
    }
}
