//! A usage file as the platform shows it.

use connect_model::{
    AccountId, ConnectionType, Reference, UsageFileId, UsageFileStatus, UsagePeriod, UsageSchema,
};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::denial::Denial;
use crate::product::record::TrialProvider;
use crate::product::view::ProductRef;
use crate::state::State;
use crate::usage_file::record::{Moment, UsageFileRecord};
use crate::view::channel::{MarketplaceRef, contract_ref};
use crate::view::{AtView, NameView};

#[derive(Serialize)]
pub(crate) struct UsageFileView<'w> {
    id: &'w UsageFileId,
    name: Option<&'w str>,
    external_id: &'w str,
    status: &'w UsageFileStatus,
    vendor: Reference<AccountId>,
    provider: ProviderView<'w>,
    product: ProductRef<'w>,
    contract: NameView<'w>,
    marketplace: MarketplaceRef<'w>,
    environment: ConnectionType,
    schema: &'w UsageSchema,
    currency: Option<&'w str>,
    period: &'w UsagePeriod,
    description: &'w str,
    note: &'w str,
    acceptance_note: Option<&'w str>,
    rejection_note: Option<&'w str>,
    error_detail: Option<&'w str>,
    events: MomentsView<'w>,
}

/// Who is reported to. On preview the vendor stands in for the distributor.
#[derive(Serialize)]
#[serde(untagged)]
enum ProviderView<'w> {
    Distributor(Reference<AccountId>),
    Preview(Option<TrialProvider<'w>>),
}

impl<'w> UsageFileView<'w> {
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(state: &'w State, file: &'w UsageFileRecord) -> Result<Self, Denial> {
        let parties = &state.shared.parties;
        let product = state.shared.product(file.product.as_str()).ok_or_else(Denial::not_found)?;
        let texts = &file.texts;
        Ok(Self {
            id: &file.id,
            name: texts.name.as_deref(),
            external_id: &texts.external_id,
            status: &file.status,
            vendor: parties.account_ref(&file.vendor),
            provider: match &file.provider {
                Some(provider) => ProviderView::Distributor(parties.account_ref(provider)),
                None => ProviderView::Preview(product.provider_of_trials()),
            },
            product: ProductRef::new(product, false),
            contract: contract_ref(state, &file.contract),
            marketplace: MarketplaceRef::new(state, &file.marketplace),
            environment: match file.is_preview() {
                true => ConnectionType::Preview,
                false => ConnectionType::Production,
            },
            schema: &file.schema,
            currency: texts.currency.as_deref(),
            period: &texts.period,
            description: &texts.description,
            note: &texts.note,
            acceptance_note: file.acceptance_note.as_deref(),
            rejection_note: file.rejection_note.as_deref(),
            error_detail: None,
            events: MomentsView { state, moments: &file.moments },
        })
    }
}

/// What happened to a file, by the words for it.
struct MomentsView<'w> {
    state: &'w State,
    moments: &'w [Moment],
}

impl Serialize for MomentsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut events = serializer.serialize_map(None)?;
        for moment in self.moments {
            let at = AtView::new(moment.at, moment.by.as_ref(), &self.state.shared.parties);
            events.serialize_entry(&moment.word, &at)?;
        }
        events.end()
    }
}
