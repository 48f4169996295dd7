//! `prakerja check` as a person runs it: the program itself, its words and its exit codes.

#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::process::{Command, Output};

use prakerja_testkit::central::Central;
use serde_json::Value;
use tokio::net::TcpSocket;

/// Runs the program in a folder of its own, with nothing of this computer's settings.
async fn prakerja(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_prakerja"));
    command.arg("--data-dir").arg(folder.path()).args(arguments).env_remove("PRAKERJA_CENTRAL");
    tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
}

fn text(output: &[u8]) -> &str {
    std::str::from_utf8(output).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_connection_ends_with_0_and_json_can_be_read() {
    let central = Central::start().await.unwrap();
    let output = prakerja(&["check", "--json", "--central", &central.base_url()]).await;
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(report["sign_up"], "open");
    assert_eq!(report["stages"].as_array().unwrap().len(), 7);
    assert_eq!(text(&output.stderr), "", "no dots where nobody looks");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_central_that_is_not_there_ends_with_1_and_promises_nothing() {
    // Taken and never listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    for (language, words) in [
        ("id", "Pusat tidak terjangkau\nPusat tidak menjawab dari jaringan ini. Coba lagi nanti.\n"),
        ("en", "The office cannot be reached\nIt does not answer on this network. Try again later.\n"),
    ] {
        let output = prakerja(&["check", "--central", &url, "--lang", language]).await;
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stdout).starts_with(words), "{}", text(&output.stdout));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_arguments_end_with_2() {
    for arguments in [&["check", "--nonsense"][..], &["check", "--central", "http://example.org"]] {
        let output = prakerja(arguments).await;
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}
