//! Several accounts in one process: none is worked for twice, and a vendor has one budget for all.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use connect_clock::{Budget, Clock};

use crate::error::Error;

/// What the processors of one process share that work for an account of the platform each.
///
/// Two of them never work for the same account: each has a journal of its own, so neither would know
/// of the other's steps. Vendors of the same name and rate have one budget of calls.
///
/// ```
/// use connect_processor::{Accounts, Processor};
///
/// # fn two(production: Processor<()>, preview: Processor<()>) -> [Processor<()>; 2] {
/// let accounts = Accounts::default();
/// [production.account("production", &accounts), preview.account("preview", &accounts)]
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// The names under which accounts are worked for, by the platform and account of each.
    taken: Arc<Mutex<BTreeMap<String, String>>>,
    budgets: Arc<Mutex<BTreeMap<(String, NonZeroU32), Budget>>>,
}

impl Accounts {
    /// Returns the same accounts for one of them whose vendors are others than those of the rest:
    /// they have budgets of their own.
    #[must_use]
    pub fn with_own_budgets(&self) -> Self {
        Self { taken: Arc::clone(&self.taken), budgets: Arc::default() }
    }

    /// Returns the budget of a vendor.
    pub(crate) fn budget(&self, vendor: &str, rate: NonZeroU32, clock: &Arc<dyn Clock>) -> Budget {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = budgets.entry((vendor.to_owned(), rate));
        budget.or_insert_with(|| Budget::new(rate, Arc::clone(clock))).clone()
    }

    fn take(&self, here: &str, name: &str) -> Result<(), Error> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let by = taken.entry(here.to_owned()).or_insert_with(|| name.to_owned());
        if by == name {
            return Ok(());
        }
        Err(Error::SameAccount { here: here.to_owned(), by: by.clone() })
    }
}

/// The account of a processor, among those of its process.
#[derive(Clone, Debug)]
pub(crate) struct OwnAccount {
    pub(crate) name: String,
    pub(crate) among: Accounts,
}

impl OwnAccount {
    /// Takes a platform's account, unless another processor of the process has it.
    pub(crate) fn take(&self, here: &str) -> Result<(), Error> {
        self.among.take(here, &self.name)
    }
}
