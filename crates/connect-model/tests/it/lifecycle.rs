//! The lifecycle as a table to read: every request type, status and operation.

use std::collections::BTreeSet;
use std::fmt::Write;

use connect_model::lifecycle::asset_request::{
    RequestResult, allow, allowed_asset_statuses, is_reachable, on_create, on_outcome,
};
use connect_model::lifecycle::usage_file::{self, UsageFileOperation};
use connect_model::lifecycle::{
    Allowed, Caller, FirstStatus, Next, Operation, Refused, first_status, tier_config_request,
};
use connect_model::{
    AssetRequestType, AssetStatus, Capability, RequestStatus, TierConfigRequestType,
    UsageFileStatus,
};

/// On a preview subscription the vendor may do everything, so this table shows statuses alone.
const PREVIEW: Caller = Caller::Vendor { preview: true };

fn cell(allowed: Result<Allowed, Refused>) -> String {
    match allowed {
        Ok(allowed) => {
            let star = if allowed.needs.is_some() { "*" } else { "" };
            match allowed.next {
                Next::Stay => format!("ok{star}"),
                Next::First => format!("first{star}"),
                Next::To(next) => format!("{next}{star}"),
            }
        }
        Err(_) => "-".to_owned(),
    }
}

/// The operations, each with how a request in each status answers.
fn matrix(
    kind: &str,
    is_reachable: impl Fn(&RequestStatus) -> bool,
    allow: impl Fn(&RequestStatus, Operation) -> Result<Allowed, Refused>,
) -> String {
    let mut text = format!("{kind:<13}");
    for operation in Operation::ALL {
        write!(text, "{:<11}", operation.verb()).unwrap();
    }
    text.push('\n');
    for status in RequestStatus::ALL {
        let never = if is_reachable(status) { ' ' } else { '!' };
        write!(text, "{never}{status:<12}").unwrap();
        for operation in Operation::ALL {
            write!(text, "{:<11}", cell(allow(status, operation))).unwrap();
        }
        text.push('\n');
    }
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// `-` refused · `ok` stays · `first` as if created now · a word: the next status · `*` when a
/// capability is on · `!` a request of this type is never in this status.
#[test]
fn what_a_request_accepts() {
    let table = |kind: &AssetRequestType| {
        let allow = |status: &RequestStatus, operation| allow(kind, status, operation, PREVIEW);
        matrix(kind.as_str(), |status| is_reachable(kind, status), allow)
    };
    let tables: Vec<String> = AssetRequestType::ALL.iter().map(table).collect();
    insta::assert_snapshot!(tables.join("\n\n"));
}

/// The same for requests for tier configurations; their types differ in what they begin as.
#[test]
fn what_a_request_for_a_tier_configuration_accepts() {
    let table = |kind: &TierConfigRequestType| {
        let allow = |status: &RequestStatus, operation| {
            tier_config_request::allow(status, operation, PREVIEW)
        };
        let is_reachable = |status: &RequestStatus| tier_config_request::is_reachable(kind, status);
        matrix(kind.as_str(), is_reachable, allow)
    };
    let tables: Vec<String> = TierConfigRequestType::ALL.iter().map(table).collect();
    insta::assert_snapshot!(tables.join("\n\n"));
}

/// Who may do what in which statuses.
fn rights(may: impl Fn(&RequestStatus, Operation, Caller) -> bool) -> String {
    let callers = [
        ("vendor", Caller::Vendor { preview: false }),
        ("vendor on preview", PREVIEW),
        ("distributor", Caller::Distributor),
        ("customer", Caller::Customer),
    ];
    let mut text = String::new();
    for operation in Operation::ALL {
        write!(text, "{:<10}", operation.verb()).unwrap();
        for (name, caller) in callers {
            let statuses = RequestStatus::ALL.iter();
            let statuses: Vec<&str> = statuses
                .filter(|status| may(status, operation, caller))
                .map(RequestStatus::as_str)
                .collect();
            let list = if statuses.is_empty() { "never".to_owned() } else { statuses.join(" ") };
            write!(text, " {name}: {list};").unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn who_may_do_it() {
    let of_some_type = |status: &RequestStatus, operation, caller| {
        AssetRequestType::ALL.iter().any(|kind| allow(kind, status, operation, caller).is_ok())
    };
    insta::assert_snapshot!(rights(of_some_type));
}

#[test]
fn who_may_do_it_to_a_request_for_a_tier_configuration() {
    let rights = rights(|status, operation, caller| {
        tier_config_request::allow(status, operation, caller).is_ok()
    });
    insta::assert_snapshot!(rights);
}

#[test]
fn every_refusal_in_words() {
    let mut texts = BTreeSet::new();
    for kind in AssetRequestType::ALL {
        for status in RequestStatus::ALL {
            for operation in Operation::ALL {
                for caller in [PREVIEW, Caller::Vendor { preview: false }, Caller::Distributor] {
                    if let Err(refused) = allow(kind, status, operation, caller) {
                        texts.insert(format!("{} {}", operation.verb(), refused.refusal()));
                    }
                }
            }
        }
    }
    for operation in [Operation::Update, Operation::Schedule] {
        let refused = Refused::Capability { operation, capability: Capability::Hold };
        texts.insert(format!("{} {}", operation.verb(), refused.refusal()));
    }
    insta::assert_snapshot!(texts.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_requests_do_to_their_asset() {
    let mut text = String::new();
    for kind in AssetRequestType::ALL {
        writeln!(text, "{kind}").unwrap();
        if *kind == AssetRequestType::Purchase {
            outcomes(&mut text, kind, "a new asset", &AssetStatus::Processing);
        }
        for asset in AssetStatus::ALL {
            match on_create(kind, asset) {
                Ok(created) => outcomes(&mut text, kind, &format!("{asset} -> {created}"), asset),
                Err(refusal) => writeln!(text, "  {refusal}").unwrap(),
            }
        }
        assert_eq!(
            allowed_asset_statuses(kind).len(),
            AssetStatus::ALL.iter().filter(|asset| on_create(kind, asset).is_ok()).count()
        );
    }
    insta::assert_snapshot!(text);
}

fn outcomes(text: &mut String, kind: &AssetRequestType, created: &str, before: &AssetStatus) {
    writeln!(
        text,
        "  {created}; approved: {}, failed: {}, revoked: {}",
        on_outcome(kind, RequestResult::Approved, before),
        on_outcome(kind, RequestResult::Failed, before),
        on_outcome(kind, RequestResult::Revoked, before),
    )
    .unwrap();
}

#[test]
fn the_first_status_is_the_first_check_that_fails() {
    let all =
        FirstStatus { hold_missing: true, tier_config_missing: true, ordering_value_missing: true };
    assert_eq!(first_status(all), RequestStatus::Failed);
    let no_hold = FirstStatus { hold_missing: false, ..all };
    assert_eq!(first_status(no_hold), RequestStatus::TiersSetup);
    let no_tiers = FirstStatus { tier_config_missing: false, ..no_hold };
    assert_eq!(first_status(no_tiers), RequestStatus::Inquiring);
    assert_eq!(first_status(FirstStatus::default()), RequestStatus::Pending);
}

/// `-` refused · `ok` stays · a word: the next status. What no line names is refused in every status.
#[test]
fn what_a_usage_file_accepts() {
    let (vendor, distributor) = (Caller::Vendor { preview: false }, Caller::Distributor);
    let mut text = format!("{:<12}", "");
    for operation in UsageFileOperation::ALL {
        write!(text, "{:<16}", operation.verb()).unwrap();
    }
    for status in UsageFileStatus::ALL {
        write!(text, "\n{status:<12}").unwrap();
        for operation in UsageFileOperation::ALL {
            let by = [("v", vendor), ("d", distributor)];
            let may = |caller| usage_file::allow(status, operation, caller).is_ok();
            let who: String =
                by.iter().filter(|(_, caller)| may(*caller)).map(|(who, _)| *who).collect();
            let next = operation.leads_to().map_or("ok".to_owned(), |next| next.to_string());
            let cell = if who.is_empty() { "-".to_owned() } else { format!("{who}:{next}") };
            write!(text, "{cell:<16}").unwrap();
        }
    }
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(text, @"
                update          upload          reprocess       submit          delete          accept          reject          reconciliation  close
    draft       v:ok            v:uploading     -               -               v:deleted       -               -               -               -
    uploading   -               -               -               -               -               -               -               -               -
    uploaded    -               -               -               v:pending       -               -               -               -               -
    invalid     v:ok            v:uploading     v:processing    -               v:deleted       -               -               -               -
    processing  -               -               -               -               -               -               -               -               -
    ready       v:ok            v:uploading     v:processing    v:pending       v:deleted       -               -               -               -
    rejected    v:ok            v:uploading     -               -               v:deleted       -               -               -               -
    pending     -               -               -               -               -               d:accepted      d:rejected      -               -
    accepted    -               -               -               -               -               -               -               d:ok            d:closed
    closed      -               -               -               -               -               -               -               -               -
    deleted     -               -               -               -               -               -               -               -               -
    ");
}

#[test]
fn what_is_refused_of_a_usage_file_says_why() {
    let submit = |status, caller| {
        let refused = usage_file::allow(&status, UsageFileOperation::Submit, caller).unwrap_err();
        refused.refusal().to_string()
    };
    let told = [
        submit(UsageFileStatus::Draft, Caller::Vendor { preview: false }),
        submit(UsageFileStatus::Ready, Caller::Distributor),
    ];
    insta::assert_snapshot!(told.join("\n"), @"
    USG_001 - Usage file cannot be submitted in status draft.
    AUTH_004 - You do not have permission to perform this action.
    ");
    assert!(
        usage_file::allow(&UsageFileStatus::Pending, UsageFileOperation::Accept, PREVIEW).is_ok()
    );
}
