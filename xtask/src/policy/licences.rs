//! Every package comes under licences that we may use it by.

use anyhow::{Context, Result};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::metadata::{Metadata, Package};
use crate::violation::Violation;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Licences {
    /// SPDX identifiers, with an exception where only that is allowed.
    allow: Vec<String>,
}

impl Licences {
    pub(super) fn check(&self, metadata: &Metadata) -> Result<Vec<Violation>> {
        let allowed: Vec<Licensee> =
            self.allow.iter().map(|name| licensee(name)).collect::<Result<_>>()?;
        let problem = |package: &Package| problem(package.license.as_deref(), &allowed);
        let packages = metadata.packages.iter();
        Ok(packages.filter_map(|p| problem(p).map(|problem| violation(p, problem))).collect())
    }
}

fn licensee(name: &str) -> Result<Licensee> {
    Licensee::parse(name).with_context(|| format!("deny.toml, licenses.allow: {name}"))
}

fn violation(package: &Package, problem: String) -> Violation {
    let remedy = "use another package, or allow the licence in deny.toml if it may be allowed";
    Violation { subject: package.spec(), rule: "licences", problem, remedy }
}

/// Returns why the licence is not enough. Old manifests write `/` for `OR`.
fn problem(license: Option<&str>, allowed: &[Licensee]) -> Option<String> {
    let Some(license) = license else { return Some("it has no licence".to_owned()) };
    match Expression::parse_mode(license, ParseMode::LAX) {
        Err(error) => Some(format!("`{license}` is not an SPDX expression: {}", error.reason)),
        Ok(expression) => {
            let satisfied = expression
                .evaluate(|required| allowed.iter().any(|licence| licence.satisfies(required)));
            (!satisfied).then(|| format!("its licence, `{license}`, is not allowed"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::metadata::made_up::{package, workspace};

    /// Returns what is found in a package of that licence when MIT, Unicode-3.0 and Apache-2.0,
    /// this one also with LLVM's exception, are allowed.
    fn problem_with(license: impl Into<Value>) -> Option<String> {
        let allow = ["MIT", "Unicode-3.0", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
        let licences = Licences { allow: allow.map(str::to_owned).to_vec() };
        let left_pad = package("left-pad", &json!({"license": license.into()}));
        let mut found = licences.check(&workspace(&json!({}), &[left_pad])).unwrap();
        assert!(found.iter().all(|violation| violation.subject == "left-pad 1.0.0"));
        found.pop().map(|violation| violation.problem)
    }

    #[test]
    fn a_package_is_allowed_when_its_expression_can_be_satisfied() {
        for license in [
            "MIT",
            "GPL-3.0-only OR MIT",
            "(MIT OR GPL-3.0-only) AND Unicode-3.0",
            "GPL-2.0/MIT",
            "GPL-2.0 / MIT",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert_eq!(problem_with(license), None, "{license}");
        }
    }

    #[test]
    fn a_package_is_refused_when_its_expression_cannot_be_satisfied() {
        for license in [
            "GPL-3.0-only",
            "GPL-3.0-only OR MPL-2.0",
            "MIT AND GPL-3.0-only",
            "(MIT OR Apache-2.0) AND GPL-3.0-only",
            "MIT WITH LLVM-exception",
            "GPL-2.0/GPL-3.0",
        ] {
            let problem = format!("its licence, `{license}`, is not allowed");
            assert_eq!(problem_with(license), Some(problem));
        }
    }

    #[test]
    fn a_package_without_a_licence_that_can_be_read_is_refused() {
        assert_eq!(problem_with(Value::Null), Some("it has no licence".to_owned()));
        let problem = "`Ask me` is not an SPDX expression: unknown term";
        assert_eq!(problem_with("Ask me"), Some(problem.to_owned()));
    }

    #[test]
    fn a_licence_that_does_not_exist_cannot_be_allowed() {
        let licences = Licences { allow: vec!["MTI".to_owned()] };
        assert!(licences.check(&workspace(&json!({}), &[])).is_err());
    }
}
