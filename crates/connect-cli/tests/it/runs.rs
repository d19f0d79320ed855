//! `cnct run`: what somebody on call does with a processor's journal.

use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use connect_clock::VirtualClock;
use connect_journal::{Finish, Journal, NewRun, RunId, RunState, SqliteJournal};

use crate::cnct::{cnct, json, person, run, said};

/// A journal with one run that is parked in the middle of a step, and one that is ready.
fn journal(folder: &Path) -> String {
    let path = folder.join("journal.sqlite");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let clock = VirtualClock::new("2026-11-01T08:00:00Z".parse().unwrap());
        let journal = SqliteJournal::open(&path, clock).unwrap();
        journal.offer(&[NewRun::new("PR-1-001", "AS-1", "{}")]).await.unwrap();
        let lease = Duration::from_secs(60);
        let claims = journal.claim(&"w".into(), NonZeroUsize::MIN, lease).await.unwrap();
        journal.intend(&claims[0], &"charge".into()).await.unwrap();
        let why = "step `charge` may have happened".to_owned();
        journal
            .finish(&claims[0], Finish::Park { why, hold_lane: false, step: None })
            .await
            .unwrap();
        journal.offer(&[NewRun::new("PR-2-001", "AS-2", "{}")]).await.unwrap();
    });
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_parked_run_is_found_understood_and_let_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let parked = json(&mut cnct(&format!("run list --journal '{path}' --state parked --json")));
    assert_eq!(parked[0]["run"], "PR-1-001");
    insta::assert_snapshot!(run(&format!("run show PR-1-001 --journal '{path}'")), @"
    exit 0
    --- stdout
    run    PR-1-001
    state  parked
    note   step `charge` may have happened
    step   charge: may have happened

    WHEN                  WHAT
    2026-11-01T08:00:00Z  offered, on AS-1
    2026-11-01T08:00:00Z  claimed by w, attempt 1
    2026-11-01T08:00:00Z  charge: about to act
    2026-11-01T08:00:00Z  parked: step `charge` may have happened
    ");

    let revived = cnct(&format!("run revive PR-1-001 --journal '{path}' --json"))
        .env("USER", "mallory")
        .output()
        .unwrap();
    let (told, by) = (said(&revived), format!("revived by {}\"", person()));
    assert!(told.contains("exit 0") && told.contains(&by), "{told}");
    let reopened = SqliteJournal::open(&path, connect_clock::SystemClock).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let view = runtime.block_on(reopened.run(&RunId::from("PR-1-001"))).unwrap().unwrap();
    assert_eq!(view.state, RunState::Ready);
}

#[test]
fn why_a_request_waits_is_explained_and_another_is_left_to_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let told = run(&format!("explain PR-1-001 --journal '{path}'"));
    let lines = told.lines().map(|line| match line.strip_suffix(" so far") {
        Some(lasting) => lasting.rsplit_once(", ").unwrap().0,
        None => line,
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
    exit 0
    --- stdout
    PR-1-001  parked

    A person has to look at it.
      because step `charge` may have happened

    What happened
         N ms  Processor  hears of the request
         N ms  Processor  attempt 1
         N ms  Processor  step charge: without a result
         N ms  Processor  parked for a person: step `charge` may have happened

    What you can do
      cnct run revive PR-1-001
          Revive: the processor goes on with it; steps that are done are not repeated, and a step that a person was asked about may act again
    ");
    let told = json(&mut cnct(&format!("explain PR-1-001 --journal '{path}' --json")));
    assert_eq!((&told["state"], &told["answers"][0]), (&"parked".into(), &"revive".into()));
    assert_eq!(told["timeline"]["entries"][0]["lane"], "processor");

    let parked = run(&format!("run park PR-2-001 --by-hand --journal '{path}'"));
    let why = format!("taken over by {}, who decides the request in Connect", person());
    assert!(parked.starts_with("exit 0") && parked.contains(&why), "{parked}");
    let unknown = run(&format!("explain PR-9-001 --journal '{path}'"));
    assert!(unknown.starts_with("exit 4") && unknown.contains("no run `PR-9-001`"), "{unknown}");
}

#[test]
fn a_list_of_runs_is_as_long_as_it_was_asked_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let shown = |limit: usize| run(&format!("run list --limit {limit} --journal '{path}'"));
    assert!(shown(1).contains("the newest 1 runs; more with --limit"), "{}", shown(1));
    assert!(!shown(2).contains("more with --limit"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let many: Vec<NewRun> =
        (0..1_500).map(|no| NewRun::new(format!("PR-3-{no:04}"), "AS-3", "{}")).collect();
    runtime.block_on(async {
        let clock = VirtualClock::new("2026-11-01T08:00:00Z".parse().unwrap());
        SqliteJournal::open(&path, clock).unwrap().offer(&many).await.unwrap();
    });
    let listed = json(&mut cnct(&format!("run list --limit 5000 --journal '{path}' --json")));
    assert_eq!(listed.as_array().unwrap().len(), 1_502);
}

#[test]
fn a_history_that_cannot_be_read_hides_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let damaged = "update events set kind = 'x' where seq = 0
        and run = (select no from runs where id = 'PR-1-001')";
    assert_eq!(rusqlite::Connection::open(&path).unwrap().execute(damaged, []).unwrap(), 1);
    let shown = run(&format!("run show PR-1-001 --journal '{path}'"));
    assert!(shown.contains("something this version cannot read"), "{shown}");
    let listed = json(&mut cnct(&format!("run list --journal '{path}' --json")));
    assert_eq!((&listed[0]["run"], &listed[1]["run"]), (&"PR-2-001".into(), &"PR-1-001".into()));
    assert!(listed[0]["created"].is_string() && listed[1]["created"].is_null(), "{listed}");
}

#[test]
fn what_cannot_be_done_with_a_run_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let shown = |arguments: &str| run(&format!("{arguments} --journal '{path}'"));
    insta::assert_snapshot!(shown("run show PR-3-001"), @"
    exit 4
    --- stderr
    error: the journal: there is no run `PR-3-001`; list the runs to find its id
    ");
    assert!(shown("run revive PR-2-001").starts_with("exit 3"));
    let asleep = shown("run list --state asleep");
    assert!(asleep.starts_with("exit 2") && asleep.contains("`asleep` is no state"), "{asleep}");
    let nowhere = folder.path().join("nowhere.sqlite");
    let told = run(&format!("run list --journal '{}'", nowhere.display()));
    assert!(told.starts_with("exit 1") && told.contains("nowhere.sqlite cannot be read"), "{told}");
    assert!(!nowhere.exists(), "looking makes no journal");
}

/// What a command says about a journal, whoever gives it and wherever the journal is.
fn told(command: &str, path: &str) -> String {
    let text = run(&format!("{command} --journal '{path}'"));
    let text = text.replace(&person(), "ines@ops-1").replace(path, "JOURNAL");
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_paused_is_listed_with_who_did_it_and_goes_on_when_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let paused = |command: &str| {
        let mut command = cnct(&format!("run {command} --journal '{path}' --json"));
        let told = command.env("USER", "mallory").output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&told.stdout).unwrap()
    };
    assert_eq!(paused("pause --product PRD-411-678-887")[0]["paused"], "product PRD-411-678-887");
    let both = paused("pause --vendor acme");
    assert_eq!((&both[1]["paused"], &both[1]["by"]), (&"vendor acme".into(), &person().into()));
    assert_eq!(paused("resume --vendor acme").as_array().unwrap().len(), 1);
    let drained = paused("drain");
    assert_eq!((&drained[0]["paused"], &drained[0]["draining"]), (&"everything".into(), &0.into()));
    assert_eq!(paused("paused").as_array().unwrap().len(), 2);
    assert_eq!(paused("resume"), serde_json::json!([]), "everything goes on");
    let refused = run(&format!("run pause --vendor acme --product PRD-1 --journal '{path}'"));
    assert!(refused.starts_with("exit 2"), "{refused}");
}

/// The settings of a program with two accounts, each with a journal as above.
fn program(folder: &Path) -> String {
    let mut text = "poll = \"10s\"\n".to_owned();
    for account in ["preview", "production"] {
        let journal = folder.join(account);
        std::fs::create_dir(&journal).unwrap();
        text += &format!("[account.{account}]\napi-key-file = '/nowhere'\njournal = '");
        text += &format!("{}'\n", self::journal(&journal));
    }
    let path = folder.join("acme.toml");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_accounts_of_a_program_are_looked_at_and_paused_together_or_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let settings = program(folder.path());
    let told =
        |command: &str| json(&mut cnct(&format!("run {command} --settings '{settings}' --json")));
    let listed = told("list --state parked");
    let of = |row: &serde_json::Value| format!("{} {}", row["account"], row["run"]);
    let listed: Vec<String> = listed.as_array().unwrap().iter().map(of).collect();
    assert_eq!(listed, ["\"preview\" \"PR-1-001\"", "\"production\" \"PR-1-001\""]);
    assert_eq!(told("pause").as_array().unwrap().len(), 2);
    let left = told("resume --account production");
    assert_eq!(left, serde_json::json!([]), "production goes on");
    assert_eq!(told("paused")[0]["account"], "preview");
    let shown = run(&format!("run paused --settings '{settings}'"));
    assert!(shown.contains("ACCOUNT  PAUSED") && shown.contains("preview  everything"), "{shown}");
    assert_eq!(told("show PR-1-001 --account preview")["state"], "parked");
}

#[test]
fn what_is_told_of_several_accounts_names_each() {
    let folder = tempfile::tempdir().unwrap();
    let settings = program(folder.path());
    let told = |command: &str| {
        let text = run(&format!("run {command} --settings '{settings}'"));
        let text = text.replace(&person(), "ines@ops-1").replace(&settings, "SETTINGS");
        let said = text.split_once("--- stderr\n").map(|(_, said)| said.trim_end().to_owned());
        said.unwrap_or_default()
    };
    told("pause --product PRD-411-678-887 --account production");
    let story = [
        told("pause --product PRD-411-678-887"),
        told("drain --account preview"),
        told("list"),
        told("resume --product PRD-411-678-887"),
        told("resume"),
        told("paused"),
    ];
    insta::assert_snapshot!(story.join("\n---\n"), @"
        account production: product PRD-411-678-887 is paused already, by ines@ops-1
        ---

        ---
        account preview: everything is paused, by ines@ops-1
        account preview: product PRD-411-678-887 is paused, by ines@ops-1
        account preview: drained: no run is under way, told by ines@ops-1
        account production: product PRD-411-678-887 is paused, by ines@ops-1
        ---
        account preview: resumed: product PRD-411-678-887
        warning: account preview: everything is still paused, by ines@ops-1; `cnct run resume --settings SETTINGS --account preview` ends that
        account production: resumed: product PRD-411-678-887
        ---
        account preview: resumed: everything
        warning: account production: nothing was paused, so nothing was resumed
        ---
        nothing is paused
        ");
}

#[test]
fn which_account_is_meant_has_to_be_said_where_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let settings = program(folder.path());
    let bare = folder.path().join("bare.toml");
    std::fs::write(&bare, "[account.preview]\n").unwrap();
    let told = [
        run(&format!("run show PR-1-001 --settings '{settings}'")),
        run(&format!("run revive PR-1-001 --account third --settings '{settings}'")),
        run(&format!("run list --settings '{}'", bare.display())),
        run("run list --account preview"),
    ];
    let place = folder.path().to_str().unwrap();
    insta::assert_snapshot!(told.join("\n").replace(place, "FOLDER"), @"
        exit 2
        --- stderr
        error: there are several accounts: preview, production
          say with --account which one is meant

        exit 2
        --- stderr
        error: FOLDER/acme.toml: there is no account `third`; it has preview, production
          name one of the tables `[account.NAME]`

        exit 2
        --- stderr
        error: FOLDER/bare.toml: no `journal` is set in `[account.preview]`
          set it there, or name the file with --journal: unless set, the program's is PROGRAM-ACCOUNT-journal.sqlite

        exit 2
        --- stderr
        error: the following required arguments were not provided:
          --settings <FILE>

        Usage: cnct run list --settings <FILE> --account <NAME>

        For more information, try '--help'.
        ");
}

#[test]
fn a_resumption_says_what_it_did_and_what_is_still_paused() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let told = |command: &str| told(&format!("run {command}"), &path);
    let story = [
        told("resume"),
        told("pause"),
        told("pause"),
        told("resume --product PRD-411-678-887"),
        told("pause --product PRD-411-678-887"),
        told("resume --product PRD-411-678-887"),
        told("resume"),
    ];
    insta::assert_snapshot!(story.join("\n"), @"
        exit 0
        --- stderr
        warning: nothing was paused, so nothing was resumed
        exit 0
        --- stdout
        PAUSED BY SINCE
        everything ines@ops-1 N s ago
        exit 0
        --- stdout
        PAUSED BY SINCE
        everything ines@ops-1 N s ago
        --- stderr
        everything is paused already, by ines@ops-1
        exit 0
        --- stdout
        PAUSED BY SINCE
        everything ines@ops-1 N s ago
        --- stderr
        warning: product PRD-411-678-887 was not paused, so it was not resumed
        warning: everything is still paused, by ines@ops-1; `cnct run resume --journal JOURNAL` ends that
        exit 0
        --- stdout
        PAUSED BY SINCE
        everything ines@ops-1 N s ago
        product PRD-411-678-887 ines@ops-1 N s ago
        exit 0
        --- stdout
        PAUSED BY SINCE
        everything ines@ops-1 N s ago
        --- stderr
        resumed: product PRD-411-678-887
        warning: everything is still paused, by ines@ops-1; `cnct run resume --journal JOURNAL` ends that
        exit 0
        --- stderr
        resumed: everything
        ");
}

#[test]
fn a_drain_says_how_many_runs_are_left_and_so_does_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = journal(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let claims = runtime.block_on(async {
        let journal = SqliteJournal::open(&path, connect_clock::SystemClock).unwrap();
        let lease = Duration::from_secs(60);
        journal.claim(&"w".into(), NonZeroUsize::MIN, lease).await.unwrap()
    });
    let draining = told("run drain", &path);
    let listed = told("run list --state running", &path);
    runtime.block_on(async {
        let journal = SqliteJournal::open(&path, connect_clock::SystemClock).unwrap();
        let over = Finish::Done { outcome: "approved".into() };
        journal.finish(&claims[0], over).await.unwrap();
    });
    let told = [draining, listed, told("run paused", &path)].join("\n");
    let told = told.lines().filter(|line| !line.starts_with("PR-")).collect::<Vec<_>>();
    insta::assert_snapshot!(told.join("\n"), @"
        exit 0
        --- stdout
        PAUSED BY SINCE
        everything; draining: 1 run is left ines@ops-1 N s ago
        exit 0
        --- stdout
        RUN STATE ATTEMPTS DUE NOTE CREATED
        --- stderr
        everything is paused, by ines@ops-1
        draining: 1 run is left, told by ines@ops-1
        exit 0
        --- stdout
        PAUSED BY SINCE
        everything; drained: no run is under way ines@ops-1 N s ago
        ");
}

#[test]
fn a_name_that_no_vendor_can_have_is_refused_where_it_is_given() {
    let name = "v".repeat(257);
    let refused = run(&format!("run pause --vendor {name} --journal nowhere"));
    assert!(refused.starts_with("exit 2"), "{refused}");
    assert!(
        refused.contains("'--vendor <NAME>'") && refused.contains("1 to 256 bytes"),
        "{refused}"
    );
}

/// A journal with six runs that are parked; about a step of the last a person is asked.
fn parked(folder: &Path) -> String {
    let path = folder.join("parked.sqlite");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let clock = VirtualClock::new("2026-11-01T08:00:00Z".parse().unwrap());
        let journal = SqliteJournal::open(&path, clock).unwrap();
        for number in 1..=6 {
            let run = NewRun::new(format!("PR-{number}-001"), format!("AS-{number}"), "{}");
            journal.offer(&[run]).await.unwrap();
            let lease = Duration::from_secs(60);
            let claims = journal.claim(&"w".into(), NonZeroUsize::MIN, lease).await.unwrap();
            let step = (number == 6).then(|| "charge".into());
            let park = Finish::Park { why: "see to it".to_owned(), hold_lane: false, step };
            journal.finish(&claims[0], park).await.unwrap();
        }
    });
    path.to_str().unwrap().to_owned()
}

#[test]
fn many_parked_runs_are_revived_at_once_but_those_that_ask_about_a_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = parked(folder.path());
    let count = |state: &str| {
        let listed = format!("run list --state {state} --journal '{path}' --json");
        json(&mut cnct(&listed)).as_array().unwrap().len()
    };
    let planned = told("run revive --state parked --limit 2 --dry-run", &path);
    assert_eq!(count("parked"), 6, "nothing is changed");
    let named = told("run revive PR-1-001 PR-2-001 PR-1-001", &path);
    assert_eq!((count("parked"), count("ready")), (4, 2));
    let refused = told("run revive PR-3-001 PR-1-001", &path);
    assert_eq!(count("parked"), 4, "none is revived when one cannot be");
    let all = told("run revive --state parked", &path);
    assert_eq!(count("parked"), 1);
    let story = [planned, named, refused, all].join("\n");
    let story: Vec<_> =
        story.lines().map(|line| line.split(" see to it ").next().unwrap()).collect();
    insta::assert_snapshot!(story.join("\n"), @"
        exit 0
        --- stdout
        RUN STATE ATTEMPTS DUE NOTE CREATED
        PR-1-001 parked 1
        PR-2-001 parked 1
        --- stderr
        warning: PR-6-001 is left: it asks about `charge`, and reviving it answers that; see to that step, then name the run
        would be revived: 2 runs; nothing is changed
        exit 0
        --- stdout
        RUN STATE ATTEMPTS DUE NOTE CREATED
        PR-1-001 ready 1 N s ago
        PR-2-001 ready 1 N s ago
        --- stderr
        revived: 2 runs
        exit 3
        --- stderr
        error: the journal: run `PR-1-001` is ready; only a parked, dead or waiting run can be revived
        exit 0
        --- stdout
        RUN STATE ATTEMPTS DUE NOTE CREATED
        PR-3-001 ready 1 N s ago
        PR-4-001 ready 1 N s ago
        PR-5-001 ready 1 N s ago
        --- stderr
        warning: PR-6-001 is left: it asks about `charge`, and reviving it answers that; see to that step, then name the run
        revived: 3 runs
        ");
    let asked = told("run revive PR-6-001", &path);
    assert!(asked.starts_with("exit 0") && count("parked") == 0, "{asked}");
    let wrong = told("run revive --state running", &path);
    assert!(wrong.starts_with("exit 2") && wrong.contains("cannot be revived"), "{wrong}");
    assert!(told("run revive", &path).starts_with("exit 2"));
}
