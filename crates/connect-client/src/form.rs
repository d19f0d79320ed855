//! Calls that bring a file.

use http::HeaderValue;
use http::header::CONTENT_TYPE;

use crate::call::Call;
use crate::error::Error;

impl Call {
    /// Returns the same call with a form (`multipart/form-data`) that has one file.
    ///
    /// ```
    /// use connect_client::Call;
    ///
    /// let call = Call::post("usage/files/UF-2024-06-4471-0093/upload")
    ///     .file("usage_file", "usage_file.xlsx", b"PK")?;
    /// let body = call.body.unwrap();
    /// assert!(body.starts_with(b"--connect-form"));
    /// # Ok::<(), connect_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Config`] when a name has quotes or line breaks.
    pub fn file(self, field: &str, name: &str, content: &[u8]) -> Result<Self, Error> {
        let is_plain = |text: &str| !text.contains(['"', '\r', '\n']);
        if !is_plain(field) || !is_plain(name) {
            let what = format!("{}: `{field}`, `{name}`", self.name());
            return Err(Error::config("form", what, "give names without quotes and line breaks"));
        }
        let boundary = boundary(content);
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; \
             filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let kind = HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static(""));
        let mut call = self.header(CONTENT_TYPE, kind);
        call.body = Some(body.into());
        Ok(call)
    }
}

/// Returns a line that the content does not have.
fn boundary(content: &[u8]) -> String {
    let mut boundary = "connect-form".to_owned();
    while content.windows(boundary.len()).any(|part| part == boundary.as_bytes()) {
        boundary.push('-');
    }
    boundary
}
