//! The frame around every page.

use jiff::Timestamp;

use super::assets;
use super::role::Role;
use super::when::When;

/// The modules in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Home,
    Products,
    Subscriptions,
    TierConfigs,
    Customers,
    Usage,
    Webhooks,
    Activity,
    /// No module: outside of all.
    None,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// The look of the system.
    Auto,
    Light,
    Dark,
}

impl Look {
    pub(super) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|look| look.word() == word).unwrap_or(Self::Auto)
    }
}

/// The frame of a page.
#[derive(Clone, Debug)]
pub(super) struct Shell {
    pub(super) title: String,
    pub(super) section: Section,
    pub(super) role: Role,
    pub(super) look: Look,
    pub(super) form_token: String,
    /// The page's path and query, at which it is fetched again and forms come back to it.
    pub(super) here: String,
    /// The topics of the page's live part; see [`live`](super::live).
    pub(super) live: Option<String>,
    /// The number of changes there were before the page was made.
    pub(super) seen: u64,
    pub(super) now: Timestamp,
}

/// An entry of the navigation.
pub(super) struct Module {
    pub(super) section: Section,
    pub(super) title: &'static str,
    pub(super) href: &'static str,
    pub(super) icon: &'static str,
}

const MODULES: [Module; 8] = [
    Module { section: Section::Home, title: "Home", href: "/", icon: "home" },
    Module { section: Section::Products, title: "Products", href: "/products", icon: "widgets" },
    Module {
        section: Section::Subscriptions,
        title: "Subscriptions",
        href: "/subscriptions",
        icon: "autorenew",
    },
    Module {
        section: Section::TierConfigs,
        title: "Tier Config",
        href: "/tier-configs",
        icon: "recent_actors",
    },
    Module { section: Section::Customers, title: "Customers", href: "/customers", icon: "group" },
    Module { section: Section::Usage, title: "Usage", href: "/usage/files", icon: "assessment" },
    Module { section: Section::Webhooks, title: "Webhooks", href: "/webhooks", icon: "webhook" },
    Module { section: Section::Activity, title: "Activity", href: "/activity", icon: "activity" },
];

impl Shell {
    /// Returns the same page, fetched again when one of these objects changes, or any of a kind:
    /// ids, or `requests`, `assets`, `products`, `conversations`, `calls`, `changing_calls`.
    pub(super) fn live(self, topics: &[&str]) -> Self {
        Self { live: Some(topics.join(",")), ..self }
    }

    pub(super) fn modules(&self) -> &'static [Module] {
        &MODULES
    }

    pub(super) fn roles(&self) -> [Role; 2] {
        Role::ALL
    }

    pub(super) fn looks(&self) -> [Look; 3] {
        Look::ALL
    }

    /// Returns the address of an embedded file, which changes with its content.
    pub(super) fn file(&self, name: &str) -> String {
        assets::address(name)
    }

    pub(super) fn when(&self, at: Option<connect_model::DateTime>) -> Option<When> {
        at.map(|at| When::new(at.timestamp(), self.now))
    }
}
