//! The errata of the OpenAPI 37.0 document.
//!
//! Evidence is what the platform's official clients, tools and their recorded payloads show, or
//! where the document contradicts itself. An entry that only defends a decision of the emulator
//! says so.

mod catalog;
mod subscriptions;
mod usage;

use crate::erratum::{Erratum, Remedy};

const REQUESTS: &[&str] = &["* /requests/**"];
const ASSETS: &[&str] = &["GET /assets", "GET /assets/{}"];
const LISTINGS: &[&str] = &["* /listings/**", "* /listing-requests/**"];
const TIER_ACCOUNTS: &[&str] = &["* /tier/accounts/**"];
const TIER_CONFIGS: &[&str] = &["* /tier/configs/**", "* /tier/config-requests/**"];
const TIER_CONFIG_REQUESTS: &[&str] = &["* /tier/config-requests/**"];
const ANY: &[&str] = &["* /**"];

const NULL: &str = r#"{"type": "null"}"#;

/// Returns every known erratum.
pub(crate) fn all() -> impl Iterator<Item = &'static Erratum> {
    GENERAL.iter().chain(catalog::ERRATA).chain(subscriptions::ERRATA).chain(usage::ERRATA)
}

const GENERAL: &[Erratum] = &[
    Erratum {
        name: "request-types",
        operations: REQUESTS,
        claim: "A request is of one of the five classic types.",
        remedy: Remedy::AlsoValid {
            at: &["/type", "/*/type"],
            schema: r#"{"enum": ["adjustment", "renew", "transfer"]}"#,
        },
        evidence: "The filter on `type` of the same endpoint, and the requests listed under an \
                   asset, know eight.",
    },
    Erratum {
        name: "request-statuses",
        operations: REQUESTS,
        claim: "A request has one of six statuses.",
        remedy: Remedy::AlsoValid {
            at: &["/status", "/*/status"],
            schema: r#"{"enum": ["scheduled", "revoking", "revoked"]}"#,
        },
        evidence: "The filter on `status` knows nine, and the actions schedule, revoke and confirm \
                   lead to the other three.",
    },
    Erratum {
        name: "request-assignee",
        operations: REQUESTS,
        claim: "`assignee` is a string.",
        remedy: Remedy::AlsoValid {
            at: &["/assignee", "/*/assignee"],
            schema: r#"{"type": "object", "required": ["id", "name"]}"#,
        },
        evidence: "Recorded requests carry an empty string when nobody is assigned, and an object \
                   with id, name and e-mail otherwise; the list under an asset has the object too.",
    },
    Erratum {
        name: "reference-assignee",
        operations: &["GET /assets/{}/requests"],
        claim: "`assignee` is an object.",
        remedy: Remedy::AlsoValid { at: &["/*/assignee"], schema: r#"{"enum": [null, ""]}"# },
        evidence: "A request need not be assigned to anybody, and the document shows no object for \
                   nobody.",
    },
    Erratum {
        name: "no-effective-date",
        operations: REQUESTS,
        claim: "`effective_date` is a string.",
        remedy: Remedy::AlsoValid { at: &["/effective_date", "/*/effective_date"], schema: NULL },
        evidence: "It is set by approval; recorded requests that are not approved carry null.",
    },
    Erratum {
        name: "no-approved-request-before",
        operations: &["* /requests/**", "* /tier/config-requests/**"],
        claim: "`previous_approved_request` is an object.",
        remedy: Remedy::AlsoValid {
            at: &["/previous_approved_request", "/*/previous_approved_request"],
            schema: r#"{"enum": [null, ""]}"#,
        },
        evidence: "Recorded first requests carry null, very old ones an empty string.",
    },
    Erratum {
        name: "asset-statuses-in-requests",
        operations: REQUESTS,
        claim: "The asset inside a request is never `draft` or `terminating`.",
        remedy: Remedy::AlsoValid {
            at: &["**/asset/status"],
            schema: r#"{"enum": ["draft", "terminating"]}"#,
        },
        evidence: "The same asset under `/assets` knows both; a cancel request makes it \
                   `terminating` at once, a draft purchase `draft`.",
    },
    Erratum {
        name: "asset-without-external-ids",
        operations: REQUESTS,
        claim: "`asset.external_id` and `asset.external_uid` are strings.",
        remedy: Remedy::AlsoValid {
            at: &["**/asset/external_id", "**/asset/external_uid"],
            schema: NULL,
        },
        evidence: "The same asset under `/assets` may have null there.",
    },
    Erratum {
        name: "structured-values",
        operations: REQUESTS,
        claim: "`structured_value` is an address or a telephone number.",
        remedy: Remedy::AlsoValid {
            at: &["**/params/*/structured_value"],
            schema: r#"{"type": ["object", "array"]}"#,
        },
        evidence: "Recorded checkboxes carry one boolean per choice, parameters of type object any \
                   JSON object or array.",
    },
    Erratum {
        name: "value-choices",
        operations: REQUESTS,
        claim: "`value_choices` is a list of strings.",
        remedy: Remedy::AlsoValid {
            at: &["**/params/*/value_choices/*"],
            schema: r#"{"type": "object", "required": ["value", "label"]}"#,
        },
        evidence: "Recorded payloads and the official clients use objects with value and label.",
    },
    Erratum {
        name: "item-without-period",
        operations: REQUESTS,
        claim: "`period` of an item is a string.",
        remedy: Remedy::AlsoValid { at: &["**/asset/items/*/period"], schema: NULL },
        evidence: "Recorded items without a billing period carry null.",
    },
    Erratum {
        name: "asset-quantities",
        operations: ASSETS,
        claim: "`quantity` of an item is a number.",
        remedy: Remedy::AlsoValid {
            at: &["**/items/*/quantity"],
            schema: r#"{"type": "string", "pattern": "^(-?[0-9]+([.][0-9]+)?|unlimited)$"}"#,
        },
        evidence: "The document itself says string for the same item inside a request; recorded \
                   payloads carry text everywhere but under `/subscriptions`, where an endless \
                   quantity is `unlimited`.",
    },
    Erratum {
        name: "asset-params",
        operations: ASSETS,
        claim: "`params` is a list of lists of parameters.",
        remedy: Remedy::AlsoValid {
            at: &["/params/*", "/*/params/*"],
            schema: r#"{"type": "object", "required": ["id", "value"], "properties": {"id": {"type": "string"}, "value": {"type": "string"}, "value_error": {"type": "string"}, "phase": {"enum": ["ordering", "fulfillment"]}}}"#,
        },
        evidence: "Recorded assets carry one flat list, as the asset inside a request does in the \
                   document.",
    },
    Erratum {
        name: "preview-connections",
        operations: &["GET /assets", "GET /assets/{}", "* /tier/**"],
        claim: "A connection is for test or production.",
        remedy: Remedy::AlsoValid {
            at: &["**/connection/type"],
            schema: r#"{"const": "preview"}"#,
        },
        evidence: "The connection inside a request may be `preview` in the document, and official \
                   clients filter assets and tier requests by it.",
    },
    Erratum {
        name: "not-shared",
        operations: ANY,
        claim: "`shared` of a parameter's constraints is `view` or `edit`.",
        remedy: Remedy::AlsoValid { at: &["**/constraints/shared"], schema: NULL },
        evidence: "Recorded parameters that are shared with nobody carry null.",
    },
    Erratum {
        name: "empty-contact-details",
        operations: ANY,
        claim: "Every part of an address, the tax id and every part of a telephone number are \
                strings.",
        remedy: Remedy::AlsoValid {
            at: &[
                "**/contact_info/address_line2",
                "**/contact_info/state",
                "**/contact/phone_number/*",
                "**/tax_id",
            ],
            schema: NULL,
        },
        evidence: "The bodies that create and update accounts admit null in these places, and \
                   recorded accounts have it.",
    },
    Erratum {
        name: "configured-types",
        operations: &["* /requests/**", "GET /assets", "GET /assets/{}", "* /tier/**"],
        claim: "A configuration parameter of an asset or a tier configuration is neither an object nor an address.",
        remedy: Remedy::AlsoValid {
            at: &["**/configuration/params/*/type"],
            schema: r#"{"enum": ["object", "address"]}"#,
        },
        evidence: "Products may declare both in every phase, and an official toolkit reads a list \
                   from such a parameter.",
    },
    Erratum {
        name: "listing-without-prices",
        operations: LISTINGS,
        claim: "Every listing has an offer, a price list and two alternative price lists.",
        remedy: Remedy::MayBeMissing {
            at: &["**/offer", "**/pricelist", "**/alt_pricelist_1", "**/alt_pricelist_2"],
        },
        evidence: "They are set by an update of the listing, after it was listed; official clients \
                   read listings without them.",
    },
    Erratum {
        name: "listing-request-update",
        operations: &["* /listing-requests/**"],
        claim: "A listing request is of type `new` or `remove`.",
        remedy: Remedy::AlsoValid { at: &["/type", "/*/type"], schema: r#"{"const": "update"}"# },
        evidence: "The filter and the body that creates one know `update` as well.",
    },
    Erratum {
        name: "one-account-request-per-product",
        operations: &["POST /tier/account-requests"],
        claim: "Creating a tier account request answers with one request.",
        remedy: Remedy::AlsoValid {
            at: &[""],
            schema: r#"{"type": "array", "items": {"type": "object", "required": ["id", "status", "account", "product"]}}"#,
        },
        evidence: "Official clients expect a list, with one request per product the account uses.",
    },
    Erratum {
        name: "top-reseller",
        operations: TIER_ACCOUNTS,
        claim: "Every tier account has a parent.",
        remedy: Remedy::AlsoValid { at: &["/parent", "/*/parent"], schema: NULL },
        evidence: "Recorded accounts that stand below nobody carry null.",
    },
    Erratum {
        name: "account-without-external-ids",
        operations: &[
            "* /tier/accounts/**",
            "* /tier/configs/**",
            "* /tier/config-requests/**",
            "* /requests/**",
            "* /assets/**",
        ],
        claim: "`external_id`, where an account is updated, one of its versions read, or inside a \
                tier configuration, and `external_uid` are strings.",
        remedy: Remedy::AlsoValid {
            at: &[
                "/external_id",
                "/external_uid",
                "/*/external_id",
                "/*/external_uid",
                "**/tiers/*/external_id",
                "**/tiers/*/external_uid",
                "**/account/external_id",
                "**/account/external_uid",
            ],
            schema: NULL,
        },
        evidence: "The body that creates an account admits null for both. Where accounts are read \
                   the document has null for the id, under `/subscriptions` for both.",
    },
    Erratum {
        name: "tier-level",
        operations: TIER_CONFIGS,
        claim: "`tier_level` is a string and one of the numbers 1 and 2: nothing can be both.",
        remedy: Remedy::AlsoValid { at: &["**/tier_level"], schema: r#"{"enum": [1, 2]}"# },
        evidence: "Recorded configurations carry a number.",
    },
    Erratum {
        name: "tier-config-tiers",
        operations: &["GET /tier/configs/{id}"],
        claim: "`tiers` of a tier configuration is a string.",
        remedy: Remedy::AlsoValid { at: &["/tiers"], schema: r#"{"type": "object"}"# },
        evidence: "Its requests have the two accounts there, and the description of both is the same.",
    },
    Erratum {
        name: "no-open-request",
        operations: TIER_CONFIGS,
        claim: "`open_request` is an object.",
        remedy: Remedy::AlsoValid { at: &["**/open_request"], schema: NULL },
        evidence: "Recorded configurations on which nobody works carry null.",
    },
    Erratum {
        name: "tier-request-params",
        operations: TIER_CONFIG_REQUESTS,
        claim: "`params` of a tier config request is a string.",
        remedy: Remedy::AlsoValid {
            at: &["/params", "/*/params"],
            schema: r#"{"type": "array", "items": {"type": "object", "required": ["id", "value"]}}"#,
        },
        evidence: "Recorded requests carry the list of parameters that an update may send back.",
    },
    Erratum {
        name: "tier-request-optionals",
        operations: TIER_CONFIG_REQUESTS,
        claim: "Every tier config request has an assignee, a template and a service level.",
        remedy: Remedy::MayBeMissing {
            at: &["/assignee", "/*/assignee", "/sli", "/*/sli", "/template", "/*/template"],
        },
        evidence: "Recorded requests that nobody took have no assignee. The rest is deduced: `sli` needs a service level agreement, and no product has a template for pending requests of resellers unless somebody makes one.",
    },
    Erratum {
        name: "level-one-request",
        operations: TIER_CONFIG_REQUESTS,
        claim: "Every tier config request has a configuration above it and a second tier.",
        remedy: Remedy::AlsoValid {
            at: &["/parent_configuration", "/*/parent_configuration", "**/tiers/tier2"],
            schema: NULL,
        },
        evidence: "A request on a sales channel with one tier has neither; recorded ones carry null.",
    },
    Erratum {
        name: "bad-request",
        operations: ANY,
        claim: "Actions on requests and tiers, and many lists, are never refused.",
        remedy: Remedy::AlsoAnswers { statuses: &[400] },
        evidence: "Official clients handle refused approve, fail and inquire, and the lists of newer \
                   modules document the refusal of a filter.",
    },
    Erratum {
        name: "no-access",
        operations: ANY,
        claim: "Only the auth module answers 401, 403 and 404.",
        remedy: Remedy::AlsoAnswers { statuses: &[401, 403, 404] },
        evidence: "Every operation needs a token and most name an object; official clients handle \
                   all three everywhere.",
    },
    Erratum {
        name: "open-request-conflict",
        operations: &["POST /requests"],
        claim: "Creating a request never conflicts.",
        remedy: Remedy::AlsoAnswers { statuses: &[409] },
        evidence: "The official commerce extension reads the open request and its state from the \
                   parameters of a 409.",
    },
    Erratum {
        name: "too-many-calls",
        operations: ANY,
        claim: "Calls are never limited.",
        remedy: Remedy::AlsoAnswers { statuses: &[429] },
        evidence: "No source speaks of limits. The emulator can rehearse one; that is its decision.",
    },
    Erratum {
        name: "server-errors",
        operations: ANY,
        claim: "The service never fails.",
        remedy: Remedy::AlsoAnswers { statuses: &[500, 502, 503, 504] },
        evidence: "Official clients retry on them. The body may be anything.",
    },
    Erratum {
        name: "large-bodies",
        operations: ANY,
        claim: "A body is never too large.",
        remedy: Remedy::AlsoAnswers { statuses: &[413] },
        evidence: "No source speaks of limits. The emulator reads 1 MiB; that is its decision.",
    },
    Erratum {
        name: "not-emulated",
        operations: ANY,
        claim: "Whatever it lists is there.",
        remedy: Remedy::AlsoAnswers { statuses: &[501] },
        evidence: "The emulator's decision: what Connect has and it does not, it refuses rather \
                   than guess.",
    },
    Erratum {
        name: "root",
        operations: &["GET /"],
        claim: "There is nothing at the root.",
        remedy: Remedy::Exists,
        evidence: "An official tool reads the platform's version from a header of this answer.",
    },
    Erratum {
        name: "template-render",
        operations: &["GET /templates/*/render"],
        claim: "Templates are rendered below their product only.",
        remedy: Remedy::Exists,
        evidence: "The older official SDKs render a template for a request at this address.",
    },
    Erratum {
        name: "media-folders",
        operations: &["* /media/**"],
        claim: "There are no folders of media.",
        remedy: Remedy::Exists,
        evidence: "The official command line tool stores the pictures of products in them.",
    },
    Erratum {
        name: "units",
        operations: &["* /settings/units"],
        claim: "There is no list of units.",
        remedy: Remedy::Exists,
        evidence: "The official command line tool reads and creates units here.",
    },
];
