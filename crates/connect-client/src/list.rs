//! Collections, page by page.

use std::marker::PhantomData;

use connect_model::rql::{Order, Query, Rql, Select};
use futures::stream::{self, BoxStream, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::content_range::ContentRange;
use crate::decode;
use crate::error::Error;

/// Rows per page unless said otherwise, as in CloudBlue's Python client.
const PAGE_SIZE: u32 = 100;
/// The most rows Connect puts on a page.
const MAX_PAGE_SIZE: u32 = 1000;

/// A collection to list, narrowed down before it is asked for rows.
///
/// A list may change while its pages are walked: when rows leave it, others move up and can be
/// passed over. Order by something that does not change, such as `created`, and list again until
/// nothing new comes.
///
/// ```no_run
/// use connect_client::{Client, Error};
/// use connect_model::AssetRequest;
/// use connect_model::rql::field;
///
/// # async fn example(client: Client) -> Result<(), Error> {
/// let pending = client
///     .list::<AssetRequest>()
///     .filter(field("status").eq("pending"))
///     .order_by("created")
///     .without("asset.items");
/// println!("{} requests, the oldest is {:?}", pending.count().await?, pending.first().await?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct List<T> {
    client: Client,
    path: String,
    query: Query,
    page_size: u32,
    rows: PhantomData<fn() -> T>,
}

/// One page of a collection.
#[derive(Debug)]
pub struct Page<T> {
    /// The rows; one that cannot be read does not take the others with it.
    pub items: Vec<Result<T, Error>>,
    /// The place of the rows in the list and the number of all, when the platform says so.
    pub range: Option<ContentRange>,
}

impl<T> Page<T> {
    /// Returns the offset of the next page, when there is one.
    #[must_use]
    pub fn next_offset(&self) -> Option<u32> {
        if self.items.is_empty() { None } else { self.range?.next_offset() }
    }
}

impl<T> List<T> {
    pub(crate) fn new(client: Client, path: &str) -> Self {
        let query = Query::default();
        Self { client, path: path.to_owned(), query, page_size: PAGE_SIZE, rows: PhantomData }
    }

    /// Keeps only rows that match, in addition to what was asked before.
    #[must_use]
    pub fn filter(mut self, filter: Rql) -> Self {
        self.query.filter = Some(match self.query.filter.take() {
            Some(before) => before & filter,
            None => filter,
        });
        self
    }

    /// Sorts by a field, greatest first when a `-` precedes it; a second call sorts rows that are
    /// equal in the first field.
    #[must_use]
    pub fn order_by(mut self, field: &str) -> Self {
        self.query.ordering.push(match field.strip_prefix('-') {
            Some(field) => Order::descending(field),
            None => Order::ascending(field),
        });
        self
    }

    /// Adds a field that is left out by default.
    #[must_use]
    pub fn select(mut self, field: &str) -> Self {
        self.query.select.push(Select::add(field));
        self
    }

    /// Leaves a field out, to make the answer shorter.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        self.query.select.push(Select::remove(field));
        self
    }

    /// Keeps only rows with this text in one of the fields the platform searches.
    #[must_use]
    pub fn search(mut self, text: &str) -> Self {
        self.query.search = Some(text.to_owned());
        self
    }

    /// Sets the rows per page: 100 unless set, 1 to 1000.
    #[must_use]
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = rows.clamp(1, MAX_PAGE_SIZE);
        self
    }

    /// Fetches the page that starts at an offset, its rows read by a function where no type can say
    /// how.
    ///
    /// # Errors
    /// As [`List::page`].
    pub async fn page_by<U>(
        &self,
        offset: u32,
        read: impl Fn(&RawValue) -> serde_json::Result<U>,
    ) -> Result<Page<U>, Error> {
        page(&self.ask(self.page_size, offset).await?, offset, |answer| {
            decode::rows_by(answer, read)
        })
    }

    /// Fetches the number of rows that match.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the platform does not say.
    pub async fn count(&self) -> Result<u32, Error> {
        let answer = self.ask(0, 0).await?;
        match range(&answer)? {
            Some(range) => Ok(range.total),
            None => Err(unexpected(&answer, "no Content-Range, so there is no total".to_owned())),
        }
    }

    async fn ask(&self, limit: u32, offset: u32) -> Result<Answer, Error> {
        let mut call = Call::get(&self.path);
        let query = Query { limit: Some(limit), offset: Some(offset.into()), ..self.query.clone() };
        call.query = query
            .to_query_string()
            .map_err(|source| Error::Query { source, call: Box::new(call.name()) })?;
        self.client.call(call).await
    }
}

impl<T: DeserializeOwned> List<T> {
    /// Fetches the page that starts at an offset.
    ///
    /// # Errors
    /// When the page as a whole cannot be had; a row that cannot be read is an error among its
    /// items.
    pub async fn page(&self, offset: u32) -> Result<Page<T>, Error> {
        self.rows(self.page_size, offset).await
    }

    /// Fetches the first row, when there is one.
    ///
    /// # Errors
    /// Also when that row cannot be read.
    pub async fn first(&self) -> Result<Option<T>, Error> {
        self.rows(1, 0).await?.items.into_iter().next().transpose()
    }

    async fn rows(&self, limit: u32, offset: u32) -> Result<Page<T>, Error> {
        page(&self.ask(limit, offset).await?, offset, decode::rows)
    }

    /// Fetches a page that says which part of the list it is, and shows it.
    async fn counted_page(&self, offset: u32) -> Result<Page<T>, Error> {
        let answer = self.ask(self.page_size, offset).await?;
        let page = page(&answer, offset, decode::rows)?;
        match contradiction(page.range, offset, page.items.len()) {
            Some(what) => Err(unexpected(&answer, what)),
            None => Ok(page),
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> List<T> {
    /// Streams all rows, fetched page by page as they are taken.
    ///
    /// A row that cannot be read is an error, and the next row follows. A page that cannot be had
    /// is an error, and the stream ends; so is an answer that does not say how many rows there are,
    /// because nobody knows whether they are all. So a stream that ends without an error has shown
    /// every row there was.
    #[must_use]
    pub fn stream(self) -> BoxStream<'static, Result<T, Error>> {
        let pages = stream::unfold(Some((self, 0)), |walk| async {
            let (list, offset) = walk?;
            Some(match list.counted_page(offset).await {
                Ok(page) => {
                    let next = page.next_offset();
                    (page.items, next.map(|next| (list, next)))
                }
                Err(error) => (vec![Err(error)], None),
            })
        });
        pages.flat_map(stream::iter).boxed()
    }
}

/// Reads the page that was answered to a question for the rows from an offset on.
fn page<T>(
    answer: &Answer,
    offset: u32,
    read: impl FnOnce(&Answer) -> Result<Vec<Result<T, Error>>, Error>,
) -> Result<Page<T>, Error> {
    let hide = |error: Error| error.without(&answer.secret);
    let rows = read(answer).map_err(hide)?;
    let items = rows.into_iter().map(|row| row.map_err(hide)).collect();
    let page = Page { items, range: range(answer)? };
    match page.range {
        // Walking on from another place than asked for would repeat rows, or never end.
        Some(range) if range.first != offset && !page.items.is_empty() => {
            Err(unexpected(answer, format!("rows from {}, not from {offset}", range.first)))
        }
        _ => Ok(page),
    }
}

/// Returns what is wrong with a page of so many rows: rows that are missing are not rows that are not
/// there.
fn contradiction(range: Option<ContentRange>, offset: u32, count: usize) -> Option<String> {
    let Some(ContentRange { first, last, total }) = range else {
        return Some("no Content-Range, so nobody knows whether these are all rows".to_owned());
    };
    if count == 0 {
        return (total > offset).then(|| format!("no rows from {offset} on, of {total}"));
    }
    let said = u64::from(last).saturating_sub(u64::from(first)) + 1;
    (said != count as u64).then(|| format!("{count} rows where the Content-Range has {said}"))
}

fn range(answer: &Answer) -> Result<Option<ContentRange>, Error> {
    ContentRange::of(&answer.headers)
        .map_err(|bad| unexpected(answer, format!("the Content-Range `{bad}`")))
}

fn unexpected(answer: &Answer, what: String) -> Error {
    Error::Unexpected { status: answer.status, what, call: Box::new(answer.call.clone()) }
}
