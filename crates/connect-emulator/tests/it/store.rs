//! The world on disk.

mod any_order;

use std::path::Path;
use std::sync::Arc;

use connect_clock::VirtualClock;
use connect_emulator::{HttpReceivers, Platform, StoreError};
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::command::{ProductCommand, RequestCommand, TierAccountCommand};
use connect_world::scenario::Scenario;
use connect_world::{Actor, Collection, DenialKind, Fixture, ObjectRef, Setting, WorldId};
use futures::FutureExt;
use serde_json::{Value, json};

use crate::world::{Stage, customer, morning, text};

fn open(directory: &Path) -> Result<Platform, StoreError> {
    open_with(Setting::new(7), directory)
}

pub(crate) fn open_with(setting: Setting, directory: &Path) -> Result<Platform, StoreError> {
    open_by(morning(), setting, directory)
}

fn open_by(
    clock: VirtualClock,
    setting: Setting,
    directory: &Path,
) -> Result<Platform, StoreError> {
    let receivers = Arc::new(HttpReceivers::default());
    Platform::open(Scenario::demo(), setting, Arc::new(clock), Some(directory), receivers)
}

fn dump(platform: &Platform) -> Value {
    platform.with_world(|world| world.dump())
}

fn run_sql(folder: &Path, sql: &str) {
    let file = rusqlite::Connection::open(folder.join("world.sqlite")).unwrap();
    file.execute_batch(sql).unwrap();
}

/// A new world on whose disk no request will fit.
pub(crate) fn leave_no_room_for_requests(folder: &Path) {
    drop(open(folder).unwrap());
    let full = "CREATE TRIGGER full BEFORE INSERT ON record WHEN new.kind = 'request'
                BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END";
    run_sql(folder, full);
}

/// Where two values first differ.
fn difference(before: &Value, after: &Value, path: &str) -> String {
    match (before, after) {
        (Value::Object(fields), Value::Object(others)) if fields.keys().eq(others.keys()) => {
            let changed = fields.iter().find(|(name, value)| others.get(*name) != Some(value));
            changed.map_or(path.to_owned(), |(name, value)| {
                difference(value, &others[name], &format!("{path}/{name}"))
            })
        }
        _ => format!("{path}: {before} became {after}"),
    }
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn vendor(platform: &Platform) -> Actor {
    platform.authenticate(&platform.keys().vendor).unwrap()
}

fn buy(platform: &Platform) -> Value {
    let body = Stage::demo().trial_body();
    let applied = block(platform.apply(vendor(platform), RequestCommand::Create { body })).unwrap();
    serde_json::from_slice(&applied.body).unwrap()
}

#[test]
fn a_reopened_world_is_the_same_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let platform = open(folder.path()).unwrap();
    let first = buy(&platform);
    let before = dump(&platform);
    drop(platform);

    let platform = open(folder.path()).unwrap();
    assert_eq!(dump(&platform), before);
    let query = "status=pending";
    let listed = block(platform.list(&vendor(&platform), &Collection::Requests, query)).unwrap();
    assert_eq!(listed.range.to_string(), "items 0-0/1");
    assert_ne!(text(&buy(&platform), "/asset/id"), text(&first, "/asset/id"));
}

#[test]
fn what_was_answered_is_in_the_file_already() {
    let folder = tempfile::tempdir().unwrap();
    let platform = open(folder.path()).unwrap();
    buy(&platform);

    // What another process would find if this one ended now, without any farewell.
    let copy = tempfile::tempdir().unwrap();
    for file in ["world.sqlite", "world.sqlite-wal"] {
        std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    assert_eq!(dump(&open(copy.path()).unwrap()), dump(&platform));
}

#[test]
fn a_change_that_cannot_be_kept_is_refused_and_so_is_everything_after_it() {
    let folder = tempfile::tempdir().unwrap();
    leave_no_room_for_requests(folder.path());
    let platform = open(folder.path()).unwrap();
    let before = dump(&platform);
    let body = Stage::demo().trial_body();
    let refused = block(platform.apply(vendor(&platform), RequestCommand::Create { body }));
    let refused = refused.unwrap_err();
    assert_eq!(
        (refused.kind, refused.refusal.error_code.as_str()),
        (DenialKind::Unavailable, "EMU_002")
    );
    let said = refused.to_string();
    assert!(said.contains("world.sqlite") && said.contains("disk is full"), "{said}");

    let after = block(platform.list(&vendor(&platform), &Collection::Requests, "")).unwrap_err();
    assert_eq!(after, refused);
    let rename = ProductCommand::Update { id: platform.product(), body: json!({"name": "New"}) };
    assert_eq!(block(platform.apply(vendor(&platform), rename)).unwrap_err(), refused);
    drop(platform);

    run_sql(folder.path(), "DROP TRIGGER full");
    assert_eq!(dump(&open(folder.path()).unwrap()), before);
}

/// A platform that has a purchase in memory for which there is no room in the file, and whose
/// caller went away.
fn with_a_purchase_that_will_be_lost(folder: &Path) -> Platform {
    leave_no_room_for_requests(folder);
    let platform = open(folder).unwrap();
    let body = Stage::demo().trial_body();
    let purchase = platform.apply(vendor(&platform), RequestCommand::Create { body });
    // The writer may have failed by now, or not yet.
    assert!(purchase.now_or_never().is_none_or(|answer| answer.is_err()));
    platform
}

#[test]
fn a_question_is_not_answered_with_what_is_not_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let platform = with_a_purchase_that_will_be_lost(folder.path());
    let listed = block(platform.list(&vendor(&platform), &Collection::Requests, ""));
    assert_eq!(listed.unwrap_err().refusal.error_code, "EMU_002");
    assert!(platform.health().is_err());
}

#[test]
fn a_refusal_is_not_told_before_its_reason_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let platform = with_a_purchase_that_will_be_lost(folder.path());
    let rename = ProductCommand::Update { id: "PRD-0".into(), body: json!({"name": "New"}) };
    let refused = block(platform.apply(vendor(&platform), rename)).unwrap_err();
    assert_eq!(refused.refusal.error_code, "EMU_002");
}

#[test]
fn a_closed_platform_gives_its_folder_back_while_others_hold_on_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let platform = open(folder.path()).unwrap();
    buy(&platform);
    block(platform.close());
    let refused = block(platform.list(&vendor(&platform), &Collection::Requests, ""));
    assert_eq!(refused.unwrap_err().refusal.error_code, "EMU_002");
    assert_eq!(dump(&open(folder.path()).unwrap()), dump(&platform));
}

#[test]
fn tier_accounts_keep_their_order_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let platform = open(folder.path()).unwrap();
    let distributor = platform.authenticate(&platform.keys().distributor).unwrap();
    for number in 0..9 {
        let mut body = customer();
        body["type"] = json!("customer");
        body["name"] = json!(format!("Company {number}"));
        body["external_id"] = json!(format!("id-{number}"));
        body["external_uid"] = json!(format!("uid-{number}"));
        let command = TierAccountCommand::Create { body };
        block(platform.apply(distributor.clone(), command)).unwrap();
    }
    let names = |platform: &Platform| -> Vec<String> {
        let listed = block(platform.list(&distributor, &Collection::TierAccounts, "")).unwrap();
        let rows: Vec<Value> = serde_json::from_slice(&listed.body).unwrap();
        rows.iter().map(|row| text(row, "/name")).collect()
    };
    let newest_first: Vec<String> = (0..9).rev().map(|it| format!("Company {it}")).collect();
    assert_eq!(names(&platform), newest_first);
    drop(platform);
    assert_eq!(names(&open(folder.path()).unwrap()), newest_first);
}

#[test]
fn a_second_emulator_is_kept_out_and_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let _first = open(folder.path()).unwrap();
    let refused = open(folder.path()).unwrap_err();
    assert_eq!(refused.code(), "EMU_011");
    assert!(refused.to_string().contains("in use by another emulator"), "{refused}");
}

#[test]
fn files_that_are_not_a_world_are_refused_and_left_alone() {
    type Make<'m> = &'m dyn Fn(&Path);
    let cases: [(&str, Make<'_>); 3] = [
        ("EMU_012", &|file| std::fs::write(file, "Dear diary, ".repeat(400)).unwrap()),
        ("EMU_013", &|file| {
            let other = rusqlite::Connection::open(file).unwrap();
            other.execute_batch("CREATE TABLE song (title TEXT)").unwrap();
        }),
        ("EMU_014", &|file| {
            drop(open(file.parent().unwrap()).unwrap());
            let newer = rusqlite::Connection::open(file).unwrap();
            newer.execute_batch("PRAGMA user_version = 99").unwrap();
        }),
    ];
    for (code, make) in cases {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("world.sqlite");
        make(&file);
        let before = std::fs::read(&file).unwrap();
        let refused = open(folder.path()).unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
        assert!(refused.to_string().contains("world.sqlite"), "{refused}");
        assert_eq!(std::fs::read(&file).unwrap(), before, "{code}");
    }
}

#[test]
fn a_cut_or_emptied_file_is_never_taken_for_a_new_world() {
    type Damage<'d> = &'d dyn Fn(&Path);
    let cut = |file: &Path, length: usize| {
        let whole = std::fs::read(file).unwrap();
        std::fs::write(file, &whole[..length]).unwrap();
    };
    let cases: [(&str, Damage<'_>); 8] = [
        ("nothing", &|file| cut(file, 0)),
        ("one byte", &|file| cut(file, 1)),
        ("less than a header", &|file| cut(file, 99)),
        ("a header alone", &|file| cut(file, 100)),
        ("a page alone", &|file| cut(file, 4096)),
        ("half", &|file| cut(file, std::fs::read(file).unwrap().len() / 2)),
        ("no records", &|file| run_sql(file.parent().unwrap(), "DELETE FROM record")),
        ("no table", &|file| run_sql(file.parent().unwrap(), "DROP TABLE record")),
    ];
    for (name, damage) in cases {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()).unwrap());
        let file = folder.path().join("world.sqlite");
        damage(&file);
        let before = std::fs::read(&file).unwrap();
        let refused = open(folder.path()).unwrap_err();
        assert_eq!(refused.code(), "EMU_017", "{name}: {refused}");
        assert!(refused.to_string().contains("restore it from a backup"), "{name}: {refused}");
        assert_eq!(std::fs::read(&file).unwrap(), before, "{name}");
    }
}

#[test]
fn a_log_without_its_database_is_a_lost_world() {
    let folder = tempfile::tempdir().unwrap();
    let platform = open(folder.path()).unwrap();
    buy(&platform);
    let copy = tempfile::tempdir().unwrap();
    let log = "world.sqlite-wal";
    std::fs::copy(folder.path().join(log), copy.path().join(log)).unwrap();
    assert_eq!(open(copy.path()).unwrap_err().code(), "EMU_017");
    assert!(!copy.path().join("world.sqlite").exists());
}

#[test]
fn a_new_world_leaves_nothing_beside_its_file() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let files = std::fs::read_dir(folder.path()).unwrap();
    let names: Vec<_> = files.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names, ["world.sqlite"]);
}

#[test]
fn the_files_of_a_world_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let modes = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().metadata());
        files.map(|it| it.unwrap().permissions().mode() & 0o777).collect::<Vec<_>>()
    };
    let platform = open(folder.path()).unwrap();
    buy(&platform);
    assert!(modes().len() >= 2 && modes().iter().all(|mode| *mode == 0o600), "{:?}", modes());
    drop(platform);
    let file = folder.path().join("world.sqlite");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let _platform = open(folder.path()).unwrap();
    assert!(modes().iter().all(|mode| *mode == 0o600), "{:?}", modes());
}

#[test]
fn what_is_written_to_a_file_that_was_removed_or_replaced_is_refused() {
    type Act<'a> = &'a dyn Fn(&Path);
    let cases: [(&str, Act<'_>); 4] = [
        ("folder removed", &|folder| std::fs::remove_dir_all(folder).unwrap()),
        ("file removed", &|folder| std::fs::remove_file(folder.join("world.sqlite")).unwrap()),
        ("log removed", &|folder| std::fs::remove_file(folder.join("world.sqlite-wal")).unwrap()),
        ("file replaced", &|folder| {
            let (file, copy) = (folder.join("world.sqlite"), folder.join("copy"));
            std::fs::copy(&file, &copy).unwrap();
            std::fs::rename(copy, file).unwrap();
        }),
    ];
    for (name, act) in cases {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        let platform = open(&folder).unwrap();
        buy(&platform);
        act(&folder);
        let body = Stage::demo().trial_body();
        let refused = block(platform.apply(vendor(&platform), RequestCommand::Create { body }));
        let refused = refused.unwrap_err();
        assert_eq!(refused.refusal.error_code, "EMU_002", "{name}");
        assert!(refused.to_string().contains("removed or replaced"), "{name}: {refused}");
        assert!(platform.health().is_err(), "{name}");
    }
}

#[test]
fn a_file_that_was_moved_away_and_back_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let platform = open(folder.path()).unwrap();
    let (file, away) = (folder.path().join("world.sqlite"), folder.path().join("away"));
    std::fs::rename(&file, &away).unwrap();
    assert!(platform.health().is_err());
    std::fs::rename(&away, &file).unwrap();
    assert!(platform.health().is_ok());
    buy(&platform);
}

/// As versions wrote it before worlds had ids.
#[test]
fn a_world_without_an_id_gets_one_once() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    run_sql(
        folder.path(),
        "UPDATE record SET body = json_remove(body, '$.id') WHERE kind = 'world'",
    );
    let named = |seed| {
        let platform = open_with(Setting::new(seed), folder.path()).unwrap();
        platform.world_id().clone()
    };
    let given = named(8);
    assert_eq!(given, WorldId::of_seed(8));
    assert_eq!(named(9), given);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taken");
    std::fs::write(&file, "").unwrap();
    let refused = open(&file.join("data")).unwrap_err();
    assert_eq!(refused.code(), "EMU_010");
}

#[test]
fn a_record_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let file = rusqlite::Connection::open(folder.path().join("world.sqlite")).unwrap();
    file.execute("UPDATE record SET body = '{}' WHERE kind = 'product'", []).unwrap();
    drop(file);
    let refused = open(folder.path()).unwrap_err();
    assert_eq!(refused.code(), "EMU_015");
}

#[test]
fn a_seeded_world_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let platform = open(folder.path()).unwrap();
    let fixture = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
    block(platform.seed(|world, at| world.seed_requests(at, &fixture, 50))).unwrap();
    let before = dump(&platform);
    drop(platform);
    assert_eq!(dump(&open(folder.path()).unwrap()), before);
}

#[test]
fn subscribers_hear_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let platform = open(folder.path()).unwrap();
    let mut events = platform.subscribe();
    let request = buy(&platform);
    let mut heard = Vec::new();
    while let Ok(event) = events.try_recv() {
        heard.push(event.object.clone());
    }
    assert!(heard.contains(&ObjectRef::new("request", &text(&request, "/id"))));
    assert!(heard.contains(&ObjectRef::new("asset", &text(&request, "/asset/id"))));
}

/// Earlier versions took these fields as they came.
#[test]
fn a_world_with_odd_values_in_fields_that_have_a_type_now_opens() {
    for odd in ["5", "true", "json('[\"a\"]')", "json('{\"en\":\"x\"}')", "null"] {
        let folder = tempfile::tempdir().unwrap();
        let platform = open(folder.path()).unwrap();
        buy(&platform);
        drop(platform);
        run_sql(
            folder.path(),
            &format!(
                "UPDATE record SET body = json_set(body, '$.items[0].item.display_name', {odd})
                 WHERE kind = 'product';
                 UPDATE record SET body = json_set(body, '$.versions[0].tax_id', {odd})
                 WHERE kind = 'tier_account';"
            ),
        );
        let platform = open(folder.path()).unwrap_or_else(|error| panic!("{odd}: {error:?}"));
        let listed = block(platform.list(&vendor(&platform), &Collection::TierAccounts, ""));
        assert!(listed.unwrap().range.to_string().ends_with("/2"), "{odd}");
    }
}
