//! The sheets of usage files, uploaded and downloaded.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use connect_model::{ProductId, UsageFileId};
use connect_world::command::{UsageFileCommand, UsageReconciliationCommand, UsageRecordCommand};
use connect_world::{DOWNLOAD_PATH, Denial, Download};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;
use usage_sheet::{Processed, SheetError, WriteError};

use super::door::{Door, Ids, Payload};
use super::methods::Methods;
use super::read_sheet::read_sheet;
use crate::answer::{self, Answer, Rejection, Reply};
use crate::platform::Platform;

/// Answers `POST /usage/files/{id}/upload`.
pub(super) fn upload() -> Methods {
    post(async move |door: Door, Ids(id): Ids<UsageFileId>, form: SheetForm| {
        let sheet = form.read("usage_file", usage_sheet::read).await?;
        door.apply(UsageFileCommand::Upload { id, sheet: Box::new(sheet) }).await
    })
    .layer(limited_by_the_gate())
}

/// Answers `POST /usage/files/{id}/reconciliation`.
pub(super) fn reconcile() -> Methods {
    post(async move |door: Door, Ids(id): Ids<UsageFileId>, form: SheetForm| {
        let bills = form.read("recon_file", usage_sheet::read_bills).await?;
        door.apply(UsageFileCommand::Reconcile { id, bills }).await
    })
    .layer(limited_by_the_gate())
}

/// Answers `POST /usage/reconciliations`.
pub(super) fn create_reconciliation() -> Methods {
    post(async move |door: Door, form: SheetForm| {
        let [sheet, note] = form.fields(["recon_file", "upload_note"]).await?;
        let sheet = sheet.ok_or_else(|| Denial::absent("recon_file"))?;
        let bills = read_sheet(sheet, "recon_file", usage_sheet::read_bills).await?;
        let note = note.map(|note| String::from_utf8_lossy(&note).into_owned());
        let note = note.unwrap_or_default();
        door.apply(UsageReconciliationCommand::Create { bills, note }).await
    })
    .layer(limited_by_the_gate())
}

/// Leaves it to the gate to limit a body: it has a limit of its own for workbooks.
fn limited_by_the_gate() -> DefaultBodyLimit {
    DefaultBodyLimit::disable()
}

/// Answers `PUT /usage/files/{id}/approve-all`.
pub(super) fn approve_all() -> Methods {
    put(async move |door: Door, Ids(file): Ids<UsageFileId>| {
        door.apply(UsageRecordCommand::ApproveAll { file }).await
    })
}

/// Answers `POST /usage/records/close-records`: always 206, because each record may fail for itself
/// (OpenAPI 37.0).
pub(super) fn close_records() -> Methods {
    post(async move |door: Door, Payload(body): Payload| {
        let closed = door.apply(UsageRecordCommand::CloseAll { body }).await;
        closed.map(|answer| answer.with_status(StatusCode::PARTIAL_CONTENT))
    })
}

/// Answers `GET /usage/products/{id}/template` with a link.
pub(super) async fn template(door: Door, Ids(product): Ids<ProductId>) -> Reply {
    let link = door.usage_template(&product)?;
    Answer::json(&json!({"template_link": link}))
}

/// Answers `GET /usage/chunks/{id}/download` with a workbook.
pub(super) async fn chunk(door: Door, Ids(id): Ids<String>) -> Result<Response, Rejection> {
    workbook(door.usage_chunk_sheet(&id)?).await
}

/// Answers `GET /usage/reconciliations/{id}/uploadedfile`, and `…/processedfile`, with a workbook.
pub(super) async fn reconciliation(
    door: Door,
    Ids(id): Ids<String>,
) -> Result<Response, Rejection> {
    workbook(door.usage_reconciliation_sheet(&id)?).await
}

/// A form with a workbook.
pub(super) struct SheetForm(Multipart);

impl FromRequest<Platform> for SheetForm {
    type Rejection = Rejection;

    async fn from_request(request: Request, platform: &Platform) -> Result<Self, Rejection> {
        let form = Multipart::from_request(request, platform).await;
        let wanted = "Expected a form (multipart/form-data) with a workbook.";
        form.map(Self).map_err(|_| Denial::invalid(wanted).into())
    }
}

impl SheetForm {
    /// Reads the workbook in a field of the form.
    async fn read<T: Send + 'static>(
        self,
        field: &'static str,
        read: fn(&[u8]) -> Result<T, SheetError>,
    ) -> Result<T, Rejection> {
        let [workbook] = self.fields([field]).await?;
        let workbook = workbook.ok_or_else(|| Denial::absent(field))?;
        Ok(read_sheet(workbook, field, read).await?)
    }

    /// Reads the first of each of these fields.
    async fn fields<const N: usize>(
        mut self,
        names: [&str; N],
    ) -> Result<[Option<Bytes>; N], Rejection> {
        let mut found = [const { None }; N];
        while let Some(field) = self.0.next_field().await.map_err(|_| answer::unreadable())? {
            let place = names.iter().position(|name| field.name() == Some(*name));
            if let Some(place) = place.filter(|place| found[*place].is_none()) {
                found[place] = Some(field.bytes().await.map_err(|_| answer::unreadable())?);
            }
        }
        Ok(found)
    }
}

/// The code at the end of a link.
#[derive(Deserialize)]
struct Code {
    code: Option<String>,
}

/// Routes to the sheets, which whoever has their link may fetch: clients send no key there.
pub(crate) fn downloads(platform: Platform) -> Router {
    let path = format!("{DOWNLOAD_PATH}/{{*path}}");
    Router::new().route(&path, get(download)).with_state(platform)
}

async fn download(
    State(platform): State<Platform>,
    Path(path): Path<String>,
    Query(Code { code }): Query<Code>,
) -> Result<Response, Rejection> {
    workbook(platform.with_world(|world| world.download(&path, code.as_deref()))?).await
}

/// Writes a workbook, away from who answers other calls.
async fn workbook(found: Download) -> Result<Response, Rejection> {
    let written = tokio::task::spawn_blocking(move || write(&found)).await;
    let workbook = written.ok().and_then(Result::ok).ok_or_else(Denial::broken)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(usage_sheet::MEDIA_TYPE)),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
    ];
    Ok((headers, workbook).into_response())
}

fn write(found: &Download) -> Result<Vec<u8>, WriteError> {
    match found {
        Download::Records { sheet, general, errors } => {
            usage_sheet::write_processed(&Processed { sheet, general, errors })
        }
        Download::Bills(rows) => usage_sheet::write_bills(rows),
    }
}
