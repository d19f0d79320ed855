//! What is wrong with the records of a usage file: only the workbook says it that the platform makes
//! of an upload.

use std::time::Duration;

use connect_client::Client;
use connect_model::UsageFile;
use reqwest::redirect::Policy;
use usage_sheet::LARGEST;

use crate::cli::UsageTarget;
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::UsageErrors;

/// The time that the download may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most redirects that are followed.
const REDIRECTS: usize = 3;

/// Lists the wrong records of a file.
pub(super) async fn errors(
    target: &UsageTarget,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    let file: UsageFile = client.get(target.file.as_str()).await?;
    let link = file.rest.get("processed_file_uri").and_then(|link| link.as_str());
    let Some(link) = link else {
        return Err(Error::NotProcessed { file: file.id, status: file.status });
    };
    let failed = |problem| Error::Download { file: target.file.clone(), problem };
    let workbook = download(link).await.map_err(failed)?;
    let rows = usage_sheet::read_errors(&workbook)
        .map_err(|source| Error::Workbook { file: file.id.clone(), source })?;
    if rows.is_empty() {
        printer.say(format_args!("no record of {} is wrong", file.id));
    }
    printer.show(&UsageErrors::of(rows))
}

/// Fetches a workbook from a link, which needs no key and is a secret itself. The platform's key
/// stays with the platform: the link may lead elsewhere.
async fn download(link: &str) -> Result<Vec<u8>, String> {
    let told = |error: reqwest::Error| error.without_url().to_string();
    let http = reqwest::Client::builder().timeout(PATIENCE).redirect(Policy::limited(REDIRECTS));
    let http = http.build().map_err(told)?;
    let answer = http.get(link).send().await.and_then(reqwest::Response::error_for_status);
    let mut answer = answer.map_err(told)?;
    let mut workbook = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(told)? {
        workbook.extend_from_slice(&chunk);
        if workbook.len() > LARGEST {
            return Err(format!("it is larger than {LARGEST} bytes"));
        }
    }
    Ok(workbook)
}
