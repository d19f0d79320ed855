//! The arguments of `cnct api`.

use clap::{Args, ValueEnum};

#[derive(Args)]
pub(crate) struct Api {
    /// The HTTP method
    #[arg(ignore_case = true)]
    pub(crate) method: Method,
    /// The path below the endpoint, and its query, such as `requests?eq(status,pending)&limit=5`
    pub(crate) path: String,
    /// The body, as JSON: the text itself, `@FILE`, or `-` for stdin
    #[arg(long, short, value_name = "JSON")]
    pub(crate) data: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}
