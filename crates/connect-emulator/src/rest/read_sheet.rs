//! Workbooks that came with a call, read a few at a time.

use axum::body::Bytes;
use connect_world::Denial;
use tokio::sync::Semaphore;
use usage_sheet::SheetError;

/// The most workbooks that are unpacked at the same time: each may take as much memory as a workbook
/// may unpack to. Others wait for their turn.
const MOST: usize = 2;

static PLACES: Semaphore = Semaphore::const_new(MOST);

/// Reads the workbook that came in a field of a form, away from who answers other calls.
pub(crate) async fn read_sheet<T: Send + 'static>(
    workbook: Bytes,
    field: &'static str,
    read: fn(&[u8]) -> Result<T, SheetError>,
) -> Result<T, Denial> {
    let place = PLACES.acquire().await.map_err(|_| Denial::broken())?;
    let read = tokio::task::spawn_blocking(move || {
        // It goes on when nobody waits for it any more, and so long has its place.
        let _place = place;
        read(&workbook)
    });
    let wrong = |error: SheetError| Denial::invalid(format!("{field}: {error}"));
    read.await.map_err(|_| Denial::broken())?.map_err(wrong)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, LazyLock};

    use super::*;

    static MEETING: LazyLock<Barrier> = LazyLock::new(|| Barrier::new(MOST));
    static READING: AtomicUsize = AtomicUsize::new(0);

    /// Waits for another to be read at the same time. Returns how many are.
    fn read_together(_: &[u8]) -> Result<usize, SheetError> {
        let reading = READING.fetch_add(1, Ordering::SeqCst) + 1;
        MEETING.wait();
        READING.fetch_sub(1, Ordering::SeqCst);
        Ok(reading)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_workbooks_are_unpacked_at_once_and_others_wait_for_their_turn() {
        let uploads = (0..8).map(|_| read_sheet(Bytes::new(), "usage_file", read_together));
        let read = futures::future::join_all(uploads).await;
        let most = read.into_iter().map(Result::unwrap).max();
        assert_eq!(most, Some(MOST));
    }
}
