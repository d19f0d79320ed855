//! A program that ends before it is a worker: the error has its own words, so that nobody has to look for them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use connect_clock::SystemClock;
use connect_exec::ExecSettings;

use crate::harness::python_at;

/// Why workers cannot be started; the folder is called `HERE`.
async fn why_not(settings: ExecSettings, folder: &Path) -> String {
    let error = settings.start_by(Arc::new(SystemClock)).await.err().unwrap().to_string();
    error.replace(folder.to_str().unwrap(), "HERE")
}

async fn why_not_handlers(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let handlers = folder.path().join("handlers.py");
    fs::write(&handlers, text).unwrap();
    why_not(ExecSettings::of(python_at(&handlers), None), folder.path()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_syntax_error_is_in_the_error() {
    insta::assert_snapshot!(why_not_handlers("import os\nos = = 1\n").await, @r#"the program that --exec or --template names could not be used: worker 1 is gone: it ended with exit status: 1; it printed last: File "HERE/handlers.py", line 2 | os = = 1 | ^ | SyntaxError: invalid syntax"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_module_that_is_missing_is_in_the_error() {
    insta::assert_snapshot!(why_not_handlers("import os\nimport no_such_module\n").await, @r#"the program that --exec or --template names could not be used: worker 1 is gone: it ended with exit status: 1; it printed last: Traceback (most recent call last): | File "HERE/handlers.py", line 2, in <module> | import no_such_module | ModuleNotFoundError: No module named 'no_such_module'"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_that_cannot_be_run_says_why_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = ExecSettings::of("none".parse().unwrap(), None);
    settings.exec = None;
    settings.template.template = Some(folder.path().to_owned());
    insta::assert_snapshot!(why_not(settings, folder.path()).await, @"the program that --exec or --template names could not be used: worker 1 is gone: it ended with exit status: 1; it printed last: cnct run --template: HERE has no processor.py, nor has a folder in it: a folder with processor.py, config.json and app/, as the template makes it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_words_of_a_program_are_bounded_and_steer_nothing() {
    let text = "import sys\nfor line in range(1_000):\n    \
        print(f'\\x1b[2J{line} ' + 'x' * 5000, file=sys.stderr)\nsys.exit('\\x1b]0;t\\x07end')\n";
    let why = why_not_handlers(text).await;
    assert!(why.ends_with(" | \u{fffd}]0;t\u{fffd}end"), "{why}");
    assert!(why.contains("it printed last: \u{fffd}[2J985 xxx"), "{why}");
    assert!(why.len() < 8000, "{}", why.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_says_nothing_is_said_to_say_nothing() {
    let settings = ExecSettings::of("true".parse().unwrap(), None);
    let why = why_not(settings, Path::new("/")).await;
    assert!(why.ends_with("it ended with exit status: 0; it printed nothing"), "{why}");
}
