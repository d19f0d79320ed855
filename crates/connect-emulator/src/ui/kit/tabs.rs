//! Tabs: the parts of a page, each with an address of its own.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::handler::Handler;
use axum::routing::get;
use http::request::Parts;

use crate::ui::Ui;

/// A tab of a page; [`tabs`] declares them, a line each.
pub(in crate::ui) trait Tab: Copy + PartialEq + 'static {
    /// The tabs in their order: each with the last segment of its address, `""` for the first, and
    /// its title.
    const ALL: &'static [(Self, &'static str, &'static str)];

    /// Returns the title.
    fn title(self) -> &'static str {
        Self::ALL.iter().find(|(tab, ..)| *tab == self).map_or("", |(.., title)| title)
    }

    /// Returns the address of the tab of a page at this address.
    fn address(self, page: &str) -> String {
        let segment = Self::ALL.iter().find(|(tab, ..)| *tab == self).map_or("", |(_, it, _)| it);
        address(page, segment)
    }
}

fn address(page: &str, segment: &str) -> String {
    if segment.is_empty() { page.to_owned() } else { format!("{page}/{segment}") }
}

/// Declares the tabs of a page: name, last segment of the address, title.
macro_rules! tabs {
    ($(#[$doc:meta])+ $vis:vis enum $name:ident {
        $($tab:ident: $segment:literal $title:literal,)+
    }) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name {
            $($tab,)+
        }

        impl $crate::ui::kit::Tab for $name {
            const ALL: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$tab, $segment, $title),)+];
        }
    };
}
pub(in crate::ui) use tabs;

/// Returns the routes of all tabs of a page, each to the page's function. The tab is
/// [extracted](OnTab).
pub(in crate::ui) fn tabbed<T: Tab, A: 'static>(
    page: &str,
    function: impl Handler<A, Arc<Ui>>,
) -> Router<Arc<Ui>> {
    let function = get(function);
    T::ALL.iter().fold(Router::new(), |router, (_, segment, _)| {
        router.route(&address(page, segment), function.clone())
    })
}

/// The tab a visitor has opened: the one that the address ends with, or else the first.
pub(in crate::ui) struct OnTab<T>(pub(in crate::ui) T);

impl<T: Tab, S: Sync> FromRequestParts<S> for OnTab<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::at(parts.uri.path()))
    }
}

impl<T: Tab> OnTab<T> {
    /// Returns the tab at an address.
    pub(in crate::ui) fn at(path: &str) -> Self {
        let last = path.rsplit('/').next().unwrap_or_default();
        let named = T::ALL.iter().find(|(_, segment, _)| *segment == last);
        Self(named.unwrap_or(&T::ALL[0]).0)
    }
}

/// The bar of tabs.
#[derive(Template)]
#[template(path = "kit/tabs.html")]
pub(in crate::ui) struct TabBar {
    /// The name of what is on tabs.
    label: &'static str,
    links: Vec<TabLink>,
}

struct TabLink {
    href: String,
    title: &'static str,
    is_current: bool,
}

impl HtmlSafe for TabBar {}

impl TabBar {
    /// Returns the bar of a page at this address.
    pub(in crate::ui) fn of<T: Tab>(label: &'static str, page: &str, current: T) -> Self {
        let link = |(tab, segment, title): &(T, &str, &'static str)| TabLink {
            href: address(page, segment),
            title,
            is_current: *tab == current,
        };
        Self { label, links: T::ALL.iter().map(link).collect() }
    }

    /// Returns a bar of pages that are not each other's parts: address, title, and whether it is
    /// this one.
    pub(in crate::ui) fn between<const N: usize>(
        label: &'static str,
        pages: [(String, &'static str, bool); N],
    ) -> Self {
        let link = |(href, title, is_current)| TabLink { href, title, is_current };
        Self { label, links: pages.map(link).into() }
    }
}
