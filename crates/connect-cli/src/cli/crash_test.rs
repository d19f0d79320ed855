//! The arguments of the crash test.

use clap::Args;

#[derive(Args)]
pub(crate) struct CrashTest {
    /// Only these requests of the Acme processor, such as `resume`; all of them unless named
    #[arg(value_name = "REQUEST")]
    pub(crate) requests: Vec<String>,
}
