//! Query strings: RQL, and the older Django style.

use connect_model::rql::{Filters, Inexpressible, MAX_LENGTH, Query, RqlError};

/// The filters of an endpoint that has some of every sort.
struct Declared;

impl Filters for Declared {
    fn declares(&self, name: &str) -> bool {
        ["status", "asset.product.id", "name__in", "is_default"].contains(&name)
    }

    fn is_boolean(&self, name: &str) -> bool {
        name == "is_default"
    }
}

/// Reads a query string in both styles. What is read is printed, and read again the same, by either
/// reader.
///
/// # Panics
///
/// When it is read otherwise.
pub fn check(input: &[u8]) {
    let Ok(raw) = str::from_utf8(input) else { return };
    for read in [Query::parse(raw), Query::parse_compatible(raw, &Declared)] {
        match read {
            Ok(query) => same_again(&query),
            Err(error) => {
                assert!(!error.to_string().is_empty() && !error.platform_text().is_empty());
            }
        }
    }
}

fn same_again(query: &Query) {
    let printed = match query.to_query_string() {
        Ok(printed) => printed,
        // RQL reads `in(a,())`, and our own programs do not send it.
        Err(Inexpressible::Nothing(_)) => return,
        Err(error) => unreachable!("{query:?} was read, and cannot be written: {error}"),
    };
    if printed.len() > MAX_LENGTH {
        return;
    }
    let read: [Result<Query, RqlError>; 2] =
        [Query::parse(&printed), Query::parse_compatible(&printed, &Declared)];
    for read in read {
        assert_eq!(read.as_ref(), Ok(query), "printed as {printed}");
    }
}
