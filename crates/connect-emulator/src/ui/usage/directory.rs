//! Usage → Files.

use askama::Template;
use connect_model::{ConnectionType, UsageFile, UsageFileStatus};
use connect_world::Collection;

use super::{FILES, lists_at};
use crate::ui::kit::{Filter, List, ListView, TabBar, Words};
use crate::ui::mark::{Mark, title};
use crate::ui::page::Page;
use crate::ui::role::Role;
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use crate::ui::when::When;

static LIST: List = List {
    path: FILES,
    label: "Usage files",
    noun: "file",
    collection: Collection::UsageFiles,
    filters: &[
        Filter {
            name: "status",
            label: "Status",
            field: "status",
            words: Words::Known(UsageFileStatus::KNOWN),
        },
        Filter { name: "product", label: "Product", field: "product.id", words: Words::Products },
        Filter {
            name: "environment",
            label: "Environment",
            field: "environment",
            words: Words::Known(ConnectionType::KNOWN),
        },
    ],
    search_hint: "Id, name …",
    searched: &["id", "name", "external_id", "product.name", "contract.name"],
    unshown: &[],
    rql_hint: Some("ge(created.at,2024-06-01)"),
};

#[derive(Template)]
#[template(path = "usage_files.html")]
struct DirectoryPage {
    shell: Shell,
    tabs: TabBar,
    list: ListView<FileRow>,
    /// Whether the visitor can create one.
    may_create: bool,
}

struct FileRow {
    id: String,
    environment: Option<String>,
    name: String,
    product: String,
    period: String,
    records: u64,
    created: Option<When>,
    mark: Mark,
}

impl FileRow {
    fn new(file: &UsageFile, shell: &Shell) -> Self {
        let product = file.product.as_ref();
        let created = file.events.get("created").and_then(|event| event.at);
        Self {
            id: file.id.to_string(),
            environment: environment(file),
            name: file.name.clone().unwrap_or_default(),
            product: product.and_then(|it| it.name.clone()).unwrap_or_default(),
            period: period(file),
            records: file.stats.uploaded,
            created: shell.when(created),
            mark: Mark::from(&file.status),
        }
    }
}

/// Returns the tag of a file that is not for real.
pub(super) fn environment(file: &UsageFile) -> Option<String> {
    let kind = &file.environment;
    (*kind != ConnectionType::Production).then(|| title(kind.as_str()))
}

/// Returns the days that a file reports.
pub(super) fn period(file: &UsageFile) -> String {
    format!("{} – {}", file.period.from, file.period.to)
}

/// Answers `GET /usage/files`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let shell = visitor.shell(Section::Usage, "Usage Files").live(&["usage_file"]);
    let list = LIST.read(&visitor, |file| FileRow::new(file, &shell)).await;
    let may_create = visitor.role == Role::Vendor;
    let page = DirectoryPage { tabs: lists_at(FILES), list, may_create, shell };
    Ok(page.list.show(&page))
}
