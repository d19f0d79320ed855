//! What is wrong with a visitor's RQL. The platform's refusals do not say where, and what it does not
//! know it ignores.

use connect_model::rql::{Query, RqlError};
use connect_world::Collection;

use crate::ui::visitor::Visitor;

/// Says where a query is no RQL, and what would be right there; nothing when it is.
pub(super) fn misreading(rql: &str) -> Option<String> {
    let rql = rql.trim_start_matches('?');
    match Query::parse(rql) {
        Ok(_) => None,
        Err(RqlError::Syntax { position, expected }) => Some(match rql.get(..position) {
            Some("") => format!("Expected {expected} at the beginning."),
            Some(before) => format!("Expected {expected} after “{before}”."),
            None => format!("Expected {expected}."),
        }),
        Err(other) => Some(format!("RQL: {other}.")),
    }
}

/// Says which filters of a query the platform does not know, and so ignores.
pub(super) fn ignored(visitor: &Visitor, collection: &Collection, rql: &str) -> Option<String> {
    let rql = rql.trim_start_matches('?');
    if rql.is_empty() {
        return None;
    }
    let unknown = visitor.ui.platform.with_world(|world| world.ignored_filters(collection, rql));
    match unknown.as_slice() {
        [] if rql.contains('=') => None,
        [] => misreading(rql).map(|why| format!("Connect ignores “{rql}”: it is no RQL. {why}")),
        [one] => Some(format!("{one} is not a filter of this list: Connect ignores it.")),
        several => Some(format!(
            "{} are not filters of this list: Connect ignores them.",
            several.join(", ")
        )),
    }
}
