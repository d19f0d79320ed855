//! The arguments of `cnct tier-account`.

use clap::{ArgGroup, Args, Subcommand};
use connect_model::lifecycle::tier_account_request::STATUSES;
use connect_model::rql::Rql;
use connect_model::{
    ProductId, RequestStatus, TierAccountId, TierAccountRequestId, TierAccountType,
};

use super::parse::{id, word};

#[derive(Subcommand)]
pub(crate) enum TierAccountCommand {
    /// List customers and resellers, newest first
    List(ListTierAccounts),
    /// Show one account, and what vendors were told of it
    Show {
        /// The account
        #[arg(value_parser = id::<TierAccountId>)]
        tier_account: TierAccountId,
    },
    /// Change an account's data, and tell the vendors of the products that it uses
    Edit(EditTierAccount),
    /// Look at what vendors were told of changed accounts, and answer
    #[command(subcommand)]
    Request(AccountRequestCommand),
}

#[derive(Subcommand)]
pub(crate) enum AccountRequestCommand {
    /// List requests, newest first
    List(ListAccountRequests),
    /// Show one request
    Show(AccountTarget),
    /// Accept: the change was taken over
    Accept(AccountTarget),
    /// Ignore: the change was not taken over; the account keeps it
    Ignore {
        #[command(flatten)]
        target: AccountTarget,
        /// Why; the distributor reads it
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// Which request.
#[derive(Args)]
pub(crate) struct AccountTarget {
    /// The request
    #[arg(value_parser = id::<TierAccountRequestId>)]
    pub(crate) request: TierAccountRequestId,
}

#[derive(Args)]
pub(crate) struct ListTierAccounts {
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE")]
    #[arg(value_parser = word::<TierAccountType>(TierAccountType::KNOWN))]
    pub(crate) kind: Option<TierAccountType>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct ListAccountRequests {
    /// Only about this account
    #[arg(long, value_parser = id::<TierAccountId>)]
    pub(crate) tier_account: Option<TierAccountId>,
    /// Only in this status; several may be given
    #[arg(long, value_name = "STATUS", value_parser = word::<RequestStatus>(STATUSES))]
    pub(crate) status: Vec<RequestStatus>,
    /// Only for this product
    #[arg(long, value_parser = id::<ProductId>)]
    pub(crate) product: Option<ProductId>,
    /// Only those that match, such as `ge(account.version,3)`
    #[arg(long, value_name = "EXPR")]
    pub(crate) rql: Option<Rql>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
#[command(group(ArgGroup::new("data").required(true).multiple(true)))]
pub(crate) struct EditTierAccount {
    /// The account
    #[arg(value_parser = id::<TierAccountId>)]
    pub(crate) tier_account: TierAccountId,
    /// The company's name
    #[arg(long, value_name = "TEXT", group = "data")]
    pub(crate) name: Option<String>,
    /// The number by which it is taxed
    #[arg(long, value_name = "TEXT", group = "data")]
    pub(crate) tax_id: Option<String>,
    /// The first name of the person to reach
    #[arg(long, value_name = "TEXT", group = "data")]
    pub(crate) first_name: Option<String>,
    /// The last name of the person to reach
    #[arg(long, value_name = "TEXT", group = "data")]
    pub(crate) last_name: Option<String>,
    /// The person's address for mail
    #[arg(long, value_name = "TEXT", group = "data")]
    pub(crate) email: Option<String>,
}
