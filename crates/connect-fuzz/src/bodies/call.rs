//! A call that an input chooses.

use std::fmt;
use std::time::Duration;

use arbitrary::{Result, Unstructured};
use axum::body::Body;
use connect_world::{API_PATH, Keys};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};

use super::body::{self, Payload};
use super::routes::Routes;
use super::value::{Ids, pick};

/// Queries of lists and of texts.
const QUERIES: [&str; 12] = [
    "limit=1&offset=1",
    "limit=0",
    "limit=99999999999&offset=99999999999",
    "ordering(-events.created.at,id)",
    "ordering(nothing)",
    "like(id,*-*)&search=a",
    "in(status,(pending,draft))",
    "eq(asset.params,t(eq(id,admin_email),eq(value,a)))",
    "select(-items,-params,asset.params,+nothing)",
    "status__in=pending&order_by=-created",
    "ge(events.created.at,2024-06-11)&ne(name,null())",
    "created__lt=x",
];

/// Something that happens to the emulator.
pub(super) enum Call {
    /// Time passes.
    Wait(Duration),
    /// Somebody calls.
    Http { who: Who, method: Method, path: String, payload: Payload },
}

/// Those who call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    Vendor,
    Distributor,
    Stranger,
}

/// Chooses a call.
pub(super) fn choose(input: &mut Unstructured<'_>, ids: &Ids) -> Result<Call> {
    let who = match input.arbitrary::<u8>()? {
        255 => return Ok(Call::Wait(Duration::from_secs(input.arbitrary::<u32>()?.into()))),
        254 => Who::Stranger,
        170..254 => Who::Distributor,
        _ => Who::Vendor,
    };
    let route = pick(input, &Routes::get().all)?;
    let path = path(input, &route.path, ids)?;
    let payload = body::choose(input, route, ids)?;
    Ok(Call::Http { who, method: route.method.clone(), path, payload })
}

/// Fills in the ids of a path, and adds a query.
fn path(input: &mut Unstructured<'_>, path: &str, ids: &Ids) -> Result<String> {
    let mut filled = String::from(API_PATH);
    for segment in path.split('/').skip(1) {
        filled.push('/');
        match segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
            Some(start) => filled.push_str(&ids.choose(input, start)?),
            None => filled.push_str(segment),
        }
    }
    let query = match input.arbitrary::<u8>()? {
        0..160 => return Ok(filled),
        160..200 => (*pick(input, &QUERIES)?).to_owned(),
        200..220 => format!("request_id={}", ids.choose(input, "PR-")?),
        220..240 => format!("id={}", ids.choose(input, "")?),
        _ => super::value::text(input)?,
    };
    Ok(format!("{filled}?{query}"))
}

impl Call {
    /// Returns the request, unless it cannot be sent because its address is none.
    pub(super) fn request(&self, keys: &Keys) -> Option<Request<Body>> {
        let Self::Http { who, method, path, payload } = self else { return None };
        let request = Request::builder().method(method).uri(path.as_str());
        let request = match who {
            Who::Vendor => request.header(AUTHORIZATION, &keys.vendor),
            Who::Distributor => request.header(AUTHORIZATION, &keys.distributor),
            Who::Stranger => request,
        };
        let request = request.header(CONTENT_TYPE, payload.kind);
        request.body(Body::from(payload.bytes.clone())).ok()
    }

    /// Whether it may change something.
    pub(super) fn is_write(&self) -> bool {
        !matches!(self, Self::Http { method: Method::GET, .. })
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait(time) => write!(f, "{time:?} pass"),
            Self::Http { who, method, path, payload } => {
                write!(f, "{who:?}: {method} {path} {}", payload.bytes.escape_ascii())
            }
        }
    }
}
