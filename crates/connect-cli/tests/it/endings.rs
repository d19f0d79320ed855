//! Exit codes and errors.

use std::process::{Command, Stdio};

use crate::cnct::{cnct, run, said};
use crate::world::Serving;

#[test]
fn the_help_says_what_there_is_and_how_it_ends() {
    insta::assert_snapshot!(run("--help"), @"
        exit 0
        --- stdout
        A processor for CloudBlue Connect, and a local Connect to try it on

        Usage: cnct [OPTIONS] <COMMAND>

        Commands:
          demo          Play a subscription's life in one process: bought, put on hold, resumed, refused
          crashtest     End the Acme processor's life at every point, and see what becomes of its requests
          up            Run the emulator, the demo vendor and the Acme processor until Ctrl-C
          emulator      Run the emulator alone: a local Connect
          vendor        Run the demo vendor alone: the API that the Acme processor calls
          request       Look at requests and decide them
          asset         Look at subscriptions and ask for changes
          tier          Look at the configurations of resellers, and decide the requests for them
          tier-account  Look at customers and resellers, and at what vendors were told of their changes
          usage         Report usage, and decide what was reported
          billing       Look at what was billed, and record it
          webhook       Look at webhooks, make them, and have them called
          product       Look at products: what can be ordered, and with which parameters
          api           Make any call to Connect's API, with the key
          fault         Rehearse bad days: have the emulator or the demo vendor refuse, fail or lose calls
          run           Run a processor with --exec or --template, or look at the runs of a journal
          explain       Say what happened to a request, why it waits, what comes next and what you can do
          journal       Back up a processor's journal, restore it, and erase a customer's data from it
          handler       Check handlers that are written in another language
          completions   Print the completions of a shell
          help          Print this message or the help of the given subcommand(s)

        Options:
          -h, --help     Print help
          -V, --version  Print version

        Platform:
              --endpoint <URL>             Connect's API, such as
                                           `https://api.connect.cloudblue.com/public/v1` [env:
                                           CONNECT_ENDPOINT]
              --api-key <KEY>              The API key, the whole value `ApiKey SU-…:…` [env:
                                           CONNECT_API_KEY]
              --ready <FILE>               Endpoint and key from the ready file of `up` or `emulator` [env:
                                           CONNECT_READY]
              --as <SIDE>                  Whose key is used of those that a ready file has, or the local
                                           emulator's demo [default: vendor] [possible values: vendor,
                                           distributor]
              --config <FILE>              A TOML file with `endpoint`, `api-key` or `ready` [env:
                                           CONNECT_CONFIG]
              --allow-plain-http[=<BOOL>]  Take plain `http` to another machine too; the key travels
                                           readable [env: CONNECT_ALLOW_PLAIN_HTTP] [possible values: true,
                                           false]

        Output:
              --json        Results and errors as JSON
          -q, --quiet       Ids only, and no prose
          -v, --verbose...  Tell what happens inside, on stderr; twice for more

        Exit codes:
          0    done
          1    could not be done: no network, no answer, a file, a port
          2    wrong usage or settings
          3    the platform or the journal refused
          4    the platform or the journal does not have it
          5    with --wait: the request was not approved
          6    with --wait: the request was not decided in time
          7    some rows of a list could not be shown; the others were
          8    a promise was broken in a crash test
          9    workers do not keep to the protocol
          130  interrupted

        A first look:  cnct demo
        The same world to play with:  cnct up, then in another terminal cnct request list
        ");
}

#[test]
fn errors_come_as_json_on_stderr() {
    let world = Serving::without_processor();
    let (request, _) = world.purchase();
    let mut told = String::new();
    for command in [
        format!("request approve {request} --json"),
        "request show PR-0000-0000-0000-001 --json".to_owned(),
        "request show PR-1 --json".to_owned(),
        "request list --endpoint http://127.0.0.1:1/v --api-key 'ApiKey SU-1:x' --json".to_owned(),
    ] {
        told += &format!("$ cnct {command}\n{}\n", world.run(&command));
    }
    insta::assert_snapshot!(told, @r#"
    $ cnct request approve PR-1291-7546-6420-001 --json
    exit 3
    --- stderr
    {"error":{"code":"CLT_REFUSED","message":"POST requests/PR-1291-7546-6420-001/approve was refused: 400 Bad Request: REQ_003 - Required parameters are not filled: subscription_id","status":400,"refusal":{"error_code":"REQ_003","errors":["Required parameters are not filled: subscription_id"]}}}

    $ cnct request show PR-0000-0000-0000-001 --json
    exit 4
    --- stderr
    {"error":{"code":"CLT_REFUSED","message":"GET requests/PR-0000-0000-0000-001 was refused: 404 Not Found: NOT_FOUND - Object not found. (check the id, and that the API key's account can see it)","status":404,"refusal":{"error_code":"NOT_FOUND","errors":["Object not found."]}}}

    $ cnct request show PR-1 --json
    exit 2
    --- stderr
    {"error":{"code":"CLI_USAGE","message":"invalid value 'PR-1' for '<REQUEST>': `PR-1` is not a request id: expected the shape PR-dddd-dddd-dddd-ddd","remedy":"see `cnct help`"}}

    $ cnct request list --endpoint http://127.0.0.1:1/v --api-key 'ApiKey SU-1:x' --json
    exit 1
    --- stderr
    {"error":{"code":"CLT_UNREACHABLE","message":"GET requests: http://127.0.0.1:PORT could not be reached: Connection refused (os error 111); check the endpoint and the network"}}
    "#);
}

#[test]
fn a_closed_pipe_is_a_normal_end() {
    let mut child = cnct("completions bash").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn completions_know_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = cnct(&format!("completions {shell}")).output().unwrap();
        assert!(String::from_utf8(script.stdout).unwrap().contains("ready-file"), "{shell}");
    }
}

#[test]
fn ctrl_c_ends_a_waiting_command_with_130_and_shows_what_was_created() {
    let world = Serving::without_processor();
    let create = "request create purchase --product PRD-411-678-887 --item MPN-A=1 --wait=1h";
    let child = world.cnct(create).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while world.json("request list").as_array().unwrap().is_empty() {}
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    insta::assert_snapshot!(said(&child.wait_with_output().unwrap()), @"
    exit 130
    --- stdout
    PR-1291-7546-6420-001  purchase pending   subscription AS-1291-7546-6420 processing
    --- stderr
    error: interrupted
    ");
}

#[test]
fn help_names_the_platform_where_it_means_something() {
    for command in ["demo", "up", "emulator", "vendor", "completions"] {
        assert!(!run(&format!("{command} --help")).contains("Platform:"), "{command}");
    }
    for command in ["run", "run list"] {
        let help = run(&format!("{command} --help"));
        assert!(help.contains("--ready <FILE>") && !help.contains("--api-key"), "{help}");
    }
    for command in ["request list", "asset", "product show", "api", "fault list"] {
        assert!(run(&format!("{command} --help")).contains("--api-key"), "{command}");
    }
}

#[test]
fn version_and_usage_end_as_usual() {
    assert_eq!(cnct("--version").output().unwrap().status.code(), Some(0));
    assert_eq!(cnct("").output().unwrap().status.code(), Some(2));
}
