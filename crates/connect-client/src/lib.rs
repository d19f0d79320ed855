//! A typed HTTP client for the CloudBlue Connect API: values in, values out.
//!
//! * [`Client`] is where to start: [`get`](Client::get), [`list`](Client::list),
//!   [`act`](Client::act), [`update`](Client::update), [`create`](Client::create), and
//!   [`call`](Client::call) for all the rest.
//! * [`Client::settle`] carries out an action on a request and makes sure of it;
//!   [`Client::find_template`] finds the template that an approval takes.
//! * [`Error`] says what a failure means for the caller. The variant to know is
//!   [`Error::NoAnswer`]: the call may or may not have happened.
//! * [`RetryPolicy`] says how patient the client is. *Whether* a call may be repeated is not a
//!   setting: reads and full updates are, actions and creations only when the platform has surely
//!   not carried them out.
//!
//! ```no_run
//! use connect_client::{ApiKey, Client};
//! use connect_model::AssetRequest;
//! use connect_model::asset_request::action::Approve;
//! use connect_model::rql::field;
//! use futures::StreamExt;
//!
//! # async fn example() -> Result<(), connect_client::Error> {
//! let key = ApiKey::new("ApiKey SU-123-456-789:4f9c0e")?;
//! let client = Client::builder("https://api.connect.cloudblue.com/public/v1", key).build()?;
//!
//! let pending = client.list::<AssetRequest>().filter(field("status").eq("pending"));
//! let mut requests = pending.order_by("created").stream();
//! while let Some(request) = requests.next().await {
//!     match request {
//!         Ok(request) => {
//!             client.act(request.id.as_str(), &Approve::default()).await?;
//!         }
//!         Err(error) => eprintln!("skipped: {error}"),
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod answer;
mod api_key;
mod builder;
mod call;
mod call_name;
mod client;
mod content_range;
mod decode;
mod endpoint;
mod error;
mod exchange;
mod failing_path;
mod form;
mod http_transport;
mod judge;
mod keys;
mod list;
mod observer;
mod retry;
mod retry_after;
mod secret;
mod send;
mod service_transport;
mod settle;
mod templates;
mod transport;

pub use answer::Answer;
pub use api_key::ApiKey;
pub use builder::ClientBuilder;
pub use call::Call;
pub use call_name::CallName;
pub use client::Client;
pub use content_range::ContentRange;
pub use endpoint::escape_segment;
pub use error::{BoxError, Error};
pub use exchange::{ExchangeError, Limits};
pub use failing_path::failing_path;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
pub use http_transport::HttpTransport;
pub use keys::ApiKeySource;
pub use list::{List, Page};
pub use observer::CallObserver;
pub use retry::RetryPolicy;
pub use retry_after::retry_after;
pub use service_transport::ServiceTransport;
pub use settle::{ReadAfter, SettleError, Settlement};
pub use templates::NoTemplate;
pub use transport::{Body, Transport, TransportError};
