//! Usage: files that vendors report in, and the records in them.

mod action;
mod create;
mod directory;
mod file;
mod file_dialog;
mod record;
mod record_dialog;
mod record_row;
mod records;
mod subject;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use connect_model::UsageFileId;
use connect_world::DOWNLOAD_PATH;

use super::Ui;
use super::kit::{TabBar, tabbed};
use super::sheet_form;

const FILES: &str = "/usage/files";
const RECORDS: &str = "/usage/records";

/// Returns the routes of the module.
pub(super) fn routes() -> Router<Arc<Ui>> {
    let sheets = get(file_dialog::page_of_sheet).post(file_dialog::send_sheet);
    let sheets = sheets.layer(sheet_form::limit());
    Router::new()
        .route("/usage/files", get(directory::page))
        .route("/usage/files/new", get(create::page).post(create::send))
        .merge(tabbed::<file::Tab, _>("/usage/files/{id}", file::page))
        .route("/usage/files/{id}/upload", sheets.clone())
        .route("/usage/files/{id}/reconciliation", sheets)
        .route("/usage/files/{id}/{verb}", get(file_dialog::page).post(file_dialog::send))
        .route("/usage/records", get(records::page))
        .merge(tabbed::<record::Tab, _>("/usage/records/{id}", record::page))
        .route("/usage/records/{id}/{verb}", get(record_dialog::page).post(record_dialog::send))
}

fn address(id: &UsageFileId) -> String {
    format!("{FILES}/{id}")
}

/// Returns the bar between the lists of the module.
fn lists_at(here: &str) -> TabBar {
    let lists = [(FILES, "Files"), (RECORDS, "Records")];
    TabBar::between("Usage", lists.map(|(path, title)| (path.to_owned(), title, path == here)))
}

/// Returns the path of a link to a sheet: the visitor may know the emulator by another address.
fn download(link: &str) -> &str {
    link.find(DOWNLOAD_PATH).map_or(link, |at| &link[at..])
}
