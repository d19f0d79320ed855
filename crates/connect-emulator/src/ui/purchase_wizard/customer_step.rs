//! Step 2: who buys.

use askama::Template;
use connect_model::rql::{Query, field};
use connect_model::{TierAccount, TierAccountType};

use super::draft::{Buyer, Draft, Step};
use super::new_customer::{Input, NewCustomer};
use super::{Frame, PATH};
use crate::ui::page::{ErrorPage, Page, show as show_page};
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;
use connect_world::Collection;

/// Accounts shown at once; a search finds the others.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "purchase_wizard/customer.html")]
struct CustomerPage {
    shell: Shell,
    frame: Frame,
    is_new: bool,
    /// The two ways to say who buys.
    new_href: String,
    known_href: String,
    inputs: Vec<Input>,
    search: String,
    accounts: Vec<Account>,
    /// Whether there are more than those shown.
    has_more: bool,
}

/// An account the platform knows.
struct Account {
    id: String,
    name: String,
    place: String,
    chosen: bool,
}

/// Answers `GET /subscriptions/new?step=customer`.
pub(super) async fn show(visitor: &Visitor, draft: &Draft) -> Page {
    let search = draft.fields().text("find");
    let (mut accounts, total) = accounts(visitor, search).await?;
    let customer = draft.fields().text("customer");
    let nobody_is_known = customer.is_empty() && search.is_empty() && accounts.is_empty();
    if let Some(Buyer::Known(id)) = draft.buyer() {
        bring_up(&mut accounts, id, visitor).await;
    } else if let Some(first) = accounts.first_mut() {
        first.chosen = true;
    }
    Ok(show_page(&CustomerPage {
        shell: visitor.shell(Section::Subscriptions, "Create Subscription"),
        frame: Frame::of(draft, Step::Customer),
        is_new: customer == "new" || nobody_is_known,
        new_href: draft.address_with(Step::Customer, &[("customer", "new")]),
        known_href: draft.address_with(Step::Customer, &[("customer", "known")]),
        inputs: NewCustomer::of_form(draft.fields()).inputs(),
        search: search.to_owned(),
        has_more: total > accounts.len(),
        accounts,
    }))
}

/// Returns the newest accounts, and how many there are.
async fn accounts(visitor: &Visitor, search: &str) -> Result<(Vec<Account>, usize), ErrorPage> {
    let query = Query {
        filter: Some(field("type").eq(TierAccountType::Customer.as_str())),
        search: (!search.is_empty()).then(|| search.to_owned()),
        limit: Some(SHOWN),
        ..Query::default()
    };
    let found = visitor.list::<TierAccount>(&Collection::TierAccounts, &query).await?;
    Ok((found.rows.iter().map(Account::new).collect(), found.range.total))
}

/// Marks the account that was chosen before, and shows it first when it is not among these. One that
/// is not there is nobody's choice.
async fn bring_up(accounts: &mut Vec<Account>, id: &str, visitor: &Visitor) {
    if let Some(account) = accounts.iter_mut().find(|account| account.id == id) {
        account.chosen = true;
    } else if let Ok(account) = visitor.read(&Collection::TierAccounts, id).await {
        accounts.insert(0, Account { chosen: true, ..Account::new(&account) });
    }
}

impl Account {
    fn new(account: &TierAccount) -> Self {
        let info = account.contact_info.as_ref();
        let place = info.map(|info| [&info.city, &info.country]).into_iter().flatten();
        let place: Vec<&str> = place.filter_map(|part| part.as_deref()).collect();
        Self {
            id: account.id.to_string(),
            name: account.name.clone(),
            place: place.join(", "),
            chosen: false,
        }
    }
}
