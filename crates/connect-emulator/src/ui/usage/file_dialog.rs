//! The dialogs of a usage file: one for each action, at `{id}/{verb}`.

use askama::Template;
use axum::extract::Path;
use bytes::Bytes;
use connect_model::lifecycle::usage_file::UsageFileOperation as Operation;
use connect_model::{UsageFile, UsageFileId};
use connect_world::Denial;
use connect_world::command::{UsageFileCommand, UsageRecordCommand};
use serde_json::json;

use super::action::{Action, Deed, Form};
use super::directory::{environment, period};
use super::file::read;
use super::{address, download};
use crate::rest::read_sheet::read_sheet;
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Facts, Html};
use crate::ui::mark::Mark;
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::sheet_form::SheetForm;
use crate::ui::shell::Section;
use crate::ui::visitor::Visitor;

#[derive(Template)]
#[template(path = "usage/note.html")]
struct NoteField<'a> {
    name: &'a str,
    typed: &'a str,
}

#[derive(Template)]
#[template(path = "usage/sheet.html")]
struct SheetField<'a> {
    name: &'a str,
    /// The address of the product's empty sheet; empty where there is none.
    template: String,
}

impl Action {
    fn fields(&self, visitor: &Visitor, file: &UsageFile, fields: &Fields) -> Html {
        match self.form {
            Form::Nothing => Html::default(),
            Form::Note(name) => Html::of(&NoteField { name, typed: fields.text(name) }),
            Form::Sheet(name) => {
                let is_report = self.deed == Deed::Operate(Operation::Upload);
                let product = file.product.as_ref().filter(|_| is_report);
                let link = product.map(|product| visitor.usage_template(&product.id));
                let template = link.map(|link| download(&link).to_owned()).unwrap_or_default();
                Html::of(&SheetField { name, template })
            }
        }
    }

    fn dialog(&self, visitor: &Visitor, file: &UsageFile, fields: &Fields) -> Dialog {
        let hindrance = self.hindrance(visitor.role, file);
        let shell = visitor.shell(Section::Usage, self.title).live(&[file.id.as_str()]);
        let facts = Facts::beside()
            .id("File", &file.id, address(&file.id), environment(file))
            .text("Name", file.name.as_deref().unwrap_or_default())
            .text("Period", period(file))
            .text("Records", file.stats.uploaded)
            .mark("Status", Mark::from(&file.status));
        Dialog {
            facts: Some(facts),
            overview: self.overview.to_owned(),
            fields: match hindrance {
                None => self.fields(visitor, file, fields),
                Some(_) => Html::default(),
            },
            closed: hindrance.map(|why| Html::text(&why)),
            brings_file: matches!(self.form, Form::Sheet(_)),
            buttons: vec![
                DialogButton::leave("Close", address(&file.id)),
                DialogButton::send(
                    self.title,
                    if self.tone == "danger" { "danger" } else { "primary" },
                ),
            ],
            ..Dialog::new(shell, self.title, format!("{}/{}", address(&file.id), self.verb))
        }
    }

    async fn carry_out(
        &self,
        visitor: &Visitor,
        id: UsageFileId,
        fields: &Fields,
    ) -> Result<(), Denial> {
        let body = match self.form {
            Form::Note(name) => json!({ name: fields.lines(name) }),
            _ => json!({}),
        };
        match self.deed {
            Deed::Operate(operation) => {
                visitor.apply(UsageFileCommand::Operate { id, operation, body }).await.map(drop)
            }
            Deed::ApproveAll => {
                visitor.apply(UsageRecordCommand::ApproveAll { file: id }).await.map(drop)
            }
        }
    }

    /// Carries out what brings a workbook.
    async fn take(
        &self,
        visitor: &Visitor,
        id: UsageFileId,
        workbook: Bytes,
    ) -> Result<(), Denial> {
        match self.form {
            Form::Sheet(field) if workbook.is_empty() => Err(Denial::absent(field)),
            Form::Sheet(field) if self.deed == Deed::Operate(Operation::Upload) => {
                let sheet = read_sheet(workbook, field, usage_sheet::read).await?;
                let sheet = Box::new(sheet);
                visitor.apply(UsageFileCommand::Upload { id, sheet }).await.map(drop)
            }
            Form::Sheet(field) => {
                let bills = read_sheet(workbook, field, usage_sheet::read_bills).await?;
                visitor.apply(UsageFileCommand::Reconcile { id, bills }).await.map(drop)
            }
            Form::Nothing | Form::Note(_) => Err(Denial::not_found()),
        }
    }
}

fn named(visitor: &Visitor, verb: &str) -> Result<&'static Action, ErrorPage> {
    Action::named(verb).ok_or_else(|| visitor.error_page(Denial::not_found()))
}

/// Returns the action at the end of an address.
fn at_end(visitor: &Visitor) -> &str {
    visitor.uri.path().rsplit('/').next().unwrap_or_default()
}

/// Answers `GET /usage/files/{id}/{verb}`.
pub(super) async fn page(visitor: Visitor, Path((id, verb)): Path<(UsageFileId, String)>) -> Page {
    let action = named(&visitor, &verb)?;
    let file = read(&visitor, &id).await?;
    Ok(action.dialog(&visitor, &file, &Fields::of_query("")).show())
}

/// Answers `POST /usage/files/{id}/{verb}`.
pub(super) async fn send(
    visitor: Visitor,
    Path((id, verb)): Path<(UsageFileId, String)>,
    fields: Fields,
) -> Page {
    let action = named(&visitor, &verb)?;
    let done = action.carry_out(&visitor, id.clone(), &fields).await;
    end(&visitor, action, &id, &fields, done).await
}

/// Answers `GET` of the dialogs that ask for a workbook.
pub(super) async fn page_of_sheet(visitor: Visitor, Path(id): Path<UsageFileId>) -> Page {
    let action = named(&visitor, at_end(&visitor))?;
    let file = read(&visitor, &id).await?;
    Ok(action.dialog(&visitor, &file, &Fields::of_query("")).show())
}

/// Answers `POST` of the dialogs that ask for a workbook.
pub(super) async fn send_sheet(
    visitor: Visitor,
    Path(id): Path<UsageFileId>,
    SheetForm(workbook): SheetForm,
) -> Page {
    let action = named(&visitor, at_end(&visitor))?;
    let done = match workbook {
        Ok(workbook) => action.take(&visitor, id.clone(), workbook).await,
        Err(denied) => Err(denied),
    };
    end(&visitor, action, &id, &Fields::of_query(""), done).await
}

async fn end(
    visitor: &Visitor,
    action: &Action,
    id: &UsageFileId,
    fields: &Fields,
    done: Result<(), Denial>,
) -> Page {
    match done {
        Ok(()) => Ok(go(&address(id))),
        Err(denied) => {
            let file = read(visitor, id).await?;
            Ok(action.dialog(visitor, &file, fields).refuse(denied.refusal.errors))
        }
    }
}
