//! Where everything is.

use std::io::{self, Write};

use connect_playground::Ready;

use crate::printer::View;
use crate::view;

impl View for Ready {
    /// Leaves keys out: they are in the file, and in the JSON form. Shows the login token, because
    /// whoever reads this is to type it in.
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let places = [
            ("open", &self.pages),
            ("log in with", &self.login),
            ("platform", &self.platform),
            ("vendor", &self.vendor),
            ("product", &self.product),
        ];
        let known = places.map(|(name, place)| (name, place.clone().unwrap_or_default()));
        view::facts(out, &known)
    }
}
