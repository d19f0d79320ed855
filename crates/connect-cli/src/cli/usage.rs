//! The arguments of `cnct usage`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use connect_model::{ContractId, ProductId, UsageFileId, UsageFileStatus, UsageRecordStatus};
use jiff::civil::Date;

use super::parse::{id, month, word};

#[derive(Subcommand)]
pub(crate) enum UsageCommand {
    /// List usage files, newest first
    List(ListUsageFiles),
    /// Show one usage file: how far it has come, and what is wrong with it
    Show(UsageTarget),
    /// Make a usage file, as a draft
    Create(CreateUsageFile),
    /// Upload a workbook with the records, in place of those that the file has
    Upload(UploadUsage),
    /// Hand a file to the distributor
    Submit(UsageTarget),
    /// As the distributor, take a file over to be billed
    Accept(NotedUsage),
    /// As the distributor, send a file back
    Reject(NotedUsage),
    /// As the distributor, end a file and its records
    Close(UsageTarget),
    /// Take a file back for good
    Delete(UsageTarget),
    /// List the records of a file
    Records(ListUsageRecords),
    /// List the records of a file that are wrong, and why
    Errors(UsageTarget),
}

/// Which file.
#[derive(Args)]
pub(crate) struct UsageTarget {
    /// The usage file
    #[arg(value_parser = id::<UsageFileId>)]
    pub(crate) file: UsageFileId,
}

#[derive(Args)]
pub(crate) struct ListUsageFiles {
    /// Only in this status
    #[arg(long, value_name = "STATUS")]
    #[arg(value_parser = word::<UsageFileStatus>(UsageFileStatus::KNOWN))]
    pub(crate) status: Option<UsageFileStatus>,
    /// Only for this product
    #[arg(long, value_parser = id::<ProductId>)]
    pub(crate) product: Option<ProductId>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct CreateUsageFile {
    /// The product
    #[arg(long, value_parser = id::<ProductId>)]
    pub(crate) product: ProductId,
    /// The distribution contract under which it is sold
    #[arg(long, value_parser = id::<ContractId>, required_unless_present = "preview")]
    #[arg(conflicts_with = "preview")]
    pub(crate) contract: Option<ContractId>,
    /// Report preview subscriptions: no distributor sees the file
    #[arg(long)]
    pub(crate) preview: bool,
    /// The month that is reported, YYYY-MM [default: the last one]
    #[arg(long, value_parser = month, conflicts_with_all = ["from", "to"])]
    pub(crate) month: Option<Date>,
    /// The first day that is reported, YYYY-MM-DD
    #[arg(long, value_name = "DAY", requires = "to")]
    pub(crate) from: Option<Date>,
    /// The last day that is reported
    #[arg(long, value_name = "DAY", requires = "from")]
    pub(crate) to: Option<Date>,
    /// A name for people [default: the days]
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    /// The vendor's own id
    #[arg(long, value_name = "ID")]
    pub(crate) external_id: Option<String>,
    /// The currency of the amounts [default: the marketplace's]
    #[arg(long)]
    pub(crate) currency: Option<String>,
}

#[derive(Args)]
pub(crate) struct UploadUsage {
    #[command(flatten)]
    pub(crate) target: UsageTarget,
    /// The workbook (.xlsx, up to 50 MB)
    pub(crate) workbook: PathBuf,
}

#[derive(Args)]
pub(crate) struct NotedUsage {
    #[command(flatten)]
    pub(crate) target: UsageTarget,
    /// What the vendor is told
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,
}

#[derive(Args)]
pub(crate) struct ListUsageRecords {
    #[command(flatten)]
    pub(crate) target: UsageTarget,
    /// Only in this status
    #[arg(long, value_name = "STATUS")]
    #[arg(value_parser = word::<UsageRecordStatus>(UsageRecordStatus::KNOWN))]
    pub(crate) status: Option<UsageRecordStatus>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}
