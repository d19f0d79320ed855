//! Failures that say that somebody is down, and nothing about the request.

use std::io;
use std::sync::Arc;

use connect_client::Error as ClientError;

use crate::failure::BoxError;
use crate::retry_delay::Cause;

/// The vendor gave no usable answer: it could not be reached, did not answer in time, or answered
/// that it is out of order. It says nothing about the request.
///
/// A handler's failure counts as such when this is the error or one of its sources, or when one of
/// these is an [`io::Error`] of a connection that was refused, reset, or timed out. An API of
/// `connect-vendor` fails with it by itself.
///
/// ```
/// use connect_processor::{Failure, Outage};
///
/// fn answered(status: u16) -> Result<(), Failure> {
///     match status {
///         503 => Err(Outage::new("Acme is being maintained").into()),
///         _ => Ok(()),
///     }
/// }
/// assert!(matches!(answered(503), Err(Failure::Retry { .. })));
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{source}")]
pub struct Outage {
    source: BoxError,
}

impl Outage {
    /// Makes an outage of what went wrong.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self { source: source.into() }
    }
}

/// Returns whether an error says that the vendor is down.
pub(crate) fn is_vendors(error: &Cause) -> bool {
    sources(error).any(|error| {
        let broken = |error: &io::Error| {
            use io::ErrorKind::{
                ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable,
                NetworkUnreachable, TimedOut,
            };
            matches!(
                error.kind(),
                ConnectionAborted
                    | ConnectionRefused
                    | ConnectionReset
                    | HostUnreachable
                    | NetworkUnreachable
                    | TimedOut
            )
        };
        error.is::<Outage>() || error.downcast_ref().is_some_and(broken)
    }) && !is_platforms(error)
}

/// Returns whether an error says that the platform is down.
pub(crate) fn is_platforms(error: &Cause) -> bool {
    sources(error).any(|error| {
        let shared = error.downcast_ref::<Arc<ClientError>>().map(Arc::as_ref);
        matches!(
            shared.or_else(|| error.downcast_ref()),
            Some(
                ClientError::NoAnswer { .. }
                    | ClientError::Unreachable { .. }
                    | ClientError::Limited { .. }
            )
        )
    })
}

fn sources(error: &Cause) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the order was not placed")]
    struct Wrapped(#[source] BoxError);

    #[test]
    fn an_outage_is_found_wherever_it_was_told() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let errors: [BoxError; 4] = [
            Outage::new("503").into(),
            Wrapped(Outage::new("503").into()).into(),
            refused().into(),
            Wrapped(refused().into()).into(),
        ];
        for error in errors {
            assert!(is_vendors(error.as_ref()), "{error:?}");
        }
        let others: [BoxError; 2] =
            ["wrong answer".into(), io::Error::from(io::ErrorKind::NotFound).into()];
        for error in others {
            assert!(!is_vendors(error.as_ref()), "{error:?}");
        }
    }

    #[test]
    fn what_the_platform_fails_with_is_no_outage_of_the_vendors() {
        let call = Box::new(connect_client::Call::get("requests").name());
        let limited = ClientError::Limited { retry_after: None, call };
        let error: BoxError = Wrapped(limited.into()).into();
        assert!(is_platforms(error.as_ref()) && !is_vendors(error.as_ref()));
    }
}
