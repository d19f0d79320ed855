//! Delays before a request is tried again, which others may ask for.

use std::sync::Arc;
use std::time::Duration;

use connect_client::Error as ClientError;

/// The most that a wish to wait is heeded: whoever asks for ages is asked again in an hour.
const LONGEST: Duration = Duration::from_secs(3600);

pub(crate) type Cause = dyn std::error::Error + Send + Sync + 'static;

/// The wait after a failure: what was asked for, but never shorter than the backoff, and at most an
/// hour. A wish for no wait at all, or for one that is over, would otherwise make every attempt
/// follow the last at once.
pub(crate) fn delay(asked: Option<Duration>, backoff: Duration) -> Duration {
    asked.map_or(backoff, |asked| asked.min(LONGEST).max(backoff))
}

/// Returns how long the platform asked to wait, when it is the platform that failed.
pub(crate) fn asked_by_platform(error: &Cause) -> Option<Duration> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        let shared = error.downcast_ref::<Arc<ClientError>>().map(Arc::as_ref);
        match shared.or_else(|| error.downcast_ref()) {
            Some(
                ClientError::Limited { retry_after, .. }
                | ClientError::NoAnswer { retry_after, .. },
            ) => return *retry_after,
            _ => next = error.source(),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::failure::BoxError;
    use crate::read::ReadError;
    use crate::templates::NoTemplate;

    fn limited(seconds: u64) -> ClientError {
        let call = Box::new(connect_client::Call::get("requests").name());
        ClientError::Limited { retry_after: Some(Duration::from_secs(seconds)), call }
    }

    #[test]
    fn the_platforms_wish_is_heeded_wherever_it_was_told() {
        let reading: BoxError = ReadError::Call(Arc::new(limited(120))).into();
        let listing: BoxError = Error::Platform(limited(120)).into();
        let template: BoxError =
            NoTemplate::Unreadable { product: "PRD-1".into(), source: limited(120) }.into();
        for error in [reading, listing, template, limited(120).into()] {
            assert_eq!(
                asked_by_platform(error.as_ref()),
                Some(Duration::from_secs(120)),
                "{error}"
            );
        }
    }

    #[test]
    fn a_wish_never_shortens_the_backoff_and_never_lasts_longer_than_an_hour() {
        let seconds = Duration::from_secs;
        for (asked, waits) in [
            (None, 8),
            (Some(0), 8),
            (Some(5), 8),
            (Some(60), 60),
            (Some(99_999_999_999), 3600),
            (Some(u64::MAX), 3600),
        ] {
            assert_eq!(delay(asked.map(seconds), seconds(8)), seconds(waits), "{asked:?}");
        }
    }
}
