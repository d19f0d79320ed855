//! Step 2: who buys.

use askama::Template;
use connect_model::rql::{Query, field};
use connect_model::{TierAccount, TierAccountType};

use super::draft::{Buyer, Draft, Step};
use super::{Hidden, PATH, dialog};
use crate::ui::account_form::{AccountForm, Input};
use crate::ui::kit::{Dialog, DialogButton, Html, TabBar};
use crate::ui::page::ErrorPage;
use crate::ui::visitor::Visitor;
use connect_world::Collection;

/// Accounts shown at once; a search finds the others.
const SHOWN: u32 = 20;

/// The two ways to say who buys, and what helps with each.
#[derive(Template)]
#[template(path = "purchase_wizard/customer_help.html")]
struct Help<'a> {
    tabs: TabBar,
    is_new: bool,
    form_token: &'a str,
    /// What a form that is posted sends along.
    others: Hidden,
    /// What a form that is sent as an address sends along.
    named: Hidden,
    search: &'a str,
}

#[derive(Template)]
#[template(path = "purchase_wizard/customer.html")]
struct Form {
    is_new: bool,
    new_href: String,
    inputs: Vec<Input>,
    is_searched: bool,
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

/// Returns the step.
pub(super) async fn page(visitor: &Visitor, draft: &Draft) -> Result<Dialog, ErrorPage> {
    let form = form(visitor, draft).await?;
    let back = DialogButton::back(Step::Product.word());
    let is_askable = form.is_new || !form.accounts.is_empty();
    let next = is_askable.then(|| DialogButton::next(Step::Items.word()));
    let page = dialog(visitor, draft, Step::Customer, &Html::of(&form));
    let above = Html::of(&help(draft, &form, &page.shell.form_token));
    Ok(Dialog { above, buttons: [back].into_iter().chain(next).collect(), ..page })
}

fn help<'a>(draft: &'a Draft, form: &Form, form_token: &'a str) -> Help<'a> {
    let known = draft.address_with(Step::Customer, &[("customer", "known")]);
    let ways = [
        (known, "Known customer", !form.is_new),
        (form.new_href.clone(), "New customer", form.is_new),
    ];
    Help {
        tabs: TabBar::between("Customer", ways),
        is_new: form.is_new,
        form_token,
        others: Hidden(draft.others(Step::Customer)),
        named: Hidden(draft.named_without(&["find", "customer"])),
        search: draft.fields().text("find"),
    }
}

async fn form(visitor: &Visitor, draft: &Draft) -> Result<Form, ErrorPage> {
    let search = draft.fields().text("find");
    let (mut accounts, total) = accounts(visitor, search).await?;
    let customer = draft.fields().text("customer");
    let nobody_is_known = customer.is_empty() && search.is_empty() && accounts.is_empty();
    if let Some(Buyer::Known(id)) = draft.buyer() {
        bring_up(&mut accounts, id, visitor).await;
    } else if let Some(first) = accounts.first_mut() {
        first.chosen = true;
    }
    Ok(Form {
        is_new: customer == "new" || nobody_is_known,
        new_href: draft.address_with(Step::Customer, &[("customer", "new")]),
        inputs: AccountForm::of_form(draft.fields()).inputs(),
        is_searched: !search.is_empty(),
        has_more: total > accounts.len(),
        accounts,
    })
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
