//! The errata about products and what vendors declare of them.

use super::NULL;
use crate::erratum::{Erratum, Remedy};

const PRODUCTS: &[&str] = &[
    "* /products",
    "* /products/{}",
    "* /products/{}/endsale",
    "* /products/{}/resumesale",
    "* /products/{}/versions",
    "* /products/{}/versions/{}",
];
const ITEMS: &[&str] = &["* /products/{}/items/**", "* /products/{}/versions/{}/items/**"];
const PARAMETERS: &[&str] = &[
    "* /products/{}/parameters/**",
    "* /products/{}/versions/{}/parameters/**",
    "* /products/{}/configurations",
];
const CONFIGURATIONS: &[&str] = &["* /products/{}/configurations"];

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        name: "product-without-external-id",
        operations: PRODUCTS,
        claim: "`external_id` of a product is a string.",
        remedy: Remedy::AlsoValid { at: &["/external_id", "/*/external_id"], schema: NULL },
        evidence: "It is optional when a product is created; recorded products without one carry \
                   null.",
    },
    Erratum {
        name: "capabilities-that-are-off",
        operations: PRODUCTS,
        claim: "The capabilities `ppu` and `tiers.configs` are objects.",
        remedy: Remedy::AlsoValid {
            at: &["**/capabilities/ppu", "**/capabilities/tiers/configs"],
            schema: NULL,
        },
        evidence: "Official tools read and write null for a capability that is switched off.",
    },
    Erratum {
        name: "reseller-level",
        operations: PRODUCTS,
        claim: "`level` of the capability `tiers.configs` is a string and one of the numbers 1 and \
                2: nothing can be both.",
        remedy: Remedy::AlsoValid {
            at: &["**/capabilities/tiers/configs/level"],
            schema: r#"{"enum": [1, 2]}"#,
        },
        evidence: "Recorded products carry a number.",
    },
    Erratum {
        name: "item-without-relatives",
        operations: ITEMS,
        claim: "Every item has a parent, a group and a replacement.",
        remedy: Remedy::AlsoValid {
            at: &["**/parent", "**/group", "**/replacement"],
            schema: NULL,
        },
        evidence: "Only an item taken off sale has a replacement. That the others are null is the \
                   emulator's decision, after the nullable fields beside them.",
    },
    Erratum {
        name: "written-items",
        operations: &["POST /products/{}/items", "PUT /products/{}/items/{}"],
        claim: "A written item is answered with capitalised type, period and precision.",
        remedy: Remedy::AlsoValid {
            at: &["/type", "/period", "/precision"],
            schema: r#"{"type": "string", "pattern": "^[a-z][a-z0-9_()]*$"}"#,
        },
        evidence: "The official command line tool writes these values in lower case, which is how \
                   items are read.",
    },
    Erratum {
        name: "created-item-version",
        operations: &["POST /products/{}/items"],
        claim: "A created item is answered with a `product_version`.",
        remedy: Remedy::MayBeMissing { at: &["/product_version"] },
        evidence: "Neither the body that official tools send nor the item they read afterwards has \
                   one.",
    },
    Erratum {
        name: "parameter-choices",
        operations: PARAMETERS,
        claim: "`constraints.choices` is a list of strings.",
        remedy: Remedy::AlsoValid {
            at: &["**/constraints/choices/*"],
            schema: r#"{"type": "object", "required": ["value", "label"]}"#,
        },
        evidence: "Recorded parameters have objects with value, label and sometimes default; so has \
                   the parameter inside an asset in the document.",
    },
    Erratum {
        name: "configuration-without-structure",
        operations: CONFIGURATIONS,
        claim: "A configuration value always has a `structured_value`.",
        remedy: Remedy::MayBeMissing { at: &["/structured_value", "/*/structured_value"] },
        evidence: "Only parameters of structured types have one; it is optional in the body that writes the value.",
    },
];
