//! The files that pages load, from within the program.

use std::io::Write;
use std::sync::OnceLock;

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, StatusCode};

struct File {
    name: &'static str,
    kind: &'static str,
    content: &'static [u8],
    packed: OnceLock<Bytes>,
    version: OnceLock<u64>,
}

macro_rules! files {
    ($($name:literal: $kind:literal,)*) => {
        static FILES: [File; [$($name),*].len()] = [$(File {
            name: $name,
            kind: $kind,
            content: include_bytes!(concat!("../../assets/", $name)),
            packed: OnceLock::new(),
            version: OnceLock::new(),
        }),*];
    };
}

files! {
    "ui.css": "text/css; charset=utf-8",
    "ui.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "htmx-sse.min.js": "text/javascript; charset=utf-8",
    "idiomorph.min.js": "text/javascript; charset=utf-8",
    "icons.svg": "image/svg+xml",
    "mark.svg": "image/svg+xml",
}

impl File {
    fn packed(&self) -> Bytes {
        self.packed.get_or_init(|| gzip(self.content)).clone()
    }

    /// Returns another number for another content (FNV-1a).
    fn version(&self) -> u64 {
        *self.version.get_or_init(|| {
            let start = 0xcbf2_9ce4_8422_2325;
            let mix =
                |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            self.content.iter().fold(start, mix)
        })
    }
}

fn gzip(content: &[u8]) -> Bytes {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let _ = packer.write_all(content);
    packer.finish().unwrap_or_default().into()
}

/// Returns the address of a file, for this content only, so browsers may keep it for good.
pub(super) fn address(name: &str) -> String {
    let version = FILES.iter().find(|file| file.name == name).map_or(0, File::version);
    format!("/static/{name}?v={version:x}")
}

/// Answers `GET /static/{file}`.
///
/// An address with a version is kept for good; the one without, which icons are drawn from, for an
/// hour.
pub(super) async fn file(
    Path(name): Path<String>,
    RawQuery(version): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(file) = FILES.iter().find(|file| file.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let keep = match version {
        Some(_) => "public, max-age=31536000, immutable",
        None => "public, max-age=3600",
    };
    let about = [(CONTENT_TYPE, file.kind), (CACHE_CONTROL, keep), (VARY, "accept-encoding")];
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("gzip")) {
        (about, [(CONTENT_ENCODING, "gzip")], file.packed()).into_response()
    } else {
        (about, file.content).into_response()
    }
}
