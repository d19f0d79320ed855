//! The parts that pages are made of. A page says what is its own; what all pages of its sort have is
//! here, and in the templates of `kit/` that it extends.
//!
//! | page | here | template to extend or show |
//! |---|---|---|
//! | list | [`List`] | `kit/list.html`: blocks `title`, `empty`, `head`, `row` |
//! | one object, on tabs | [`Tab`], [`Head`] | `kit/detail.html`: blocks `heading`, `remarks`, `tab` |
//! | dialog, and step of a wizard | [`Dialog`] | none: it shows itself |
//!
//! [`Facts`] and [`Timeline`] are parts of any page.

mod dialog;
mod facts;
mod head;
mod html;
mod list;
mod steps;
mod tabs;
mod timeline;

pub(super) use dialog::{Dialog, DialogButton};
pub(super) use facts::Facts;
pub(super) use head::Head;
pub(super) use html::Html;
pub(super) use list::{Choice, Filter, List, ListQuery, ListView, Pager, Words, products};
pub(super) use steps::{StepLink, Steps};
pub(super) use tabs::{OnTab, Tab, TabBar, tabbed, tabs};
pub(super) use timeline::{Timeline, who};
