//! The office's commands in the terminal, beside a central that runs.

use std::process::Output;

use prakerja_central::office::audit;

use crate::applicant::*;
use crate::started::*;

fn run(central: &Started, arguments: &[&str]) -> Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_prakerja-central"));
    command.args(arguments).arg("--data").arg(central.folder.path());
    command.output().unwrap()
}

fn said(central: &Started, arguments: &[&str]) -> String {
    let output = run(central, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn refused(central: &Started, arguments: &[&str]) -> (String, String) {
    let output = run(central, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_work_beside_a_running_central() {
    let central = Started::sqlite().await;
    let wave =
        ["wave", "create", "80", "--scheme", "2023", "--quota", "7", "--province", "21", "--region-quota", "21=5"];
    let times = ["--opens-at", "2099-01-01T00:00:00+07:00", "--closes-at", "2099-01-05T00:00:00+07:00"];
    assert_eq!(said(&central, &[&wave[..], &times[..]].concat()), "done\n");
    assert!(refused(&central, &wave).1.contains("--opens-at, --closes-at and --quota are needed"));
    assert_eq!(said(&central, &["wave", "set", "80", "--quota", "9"]), "done\n");
    assert_eq!(said(&central, &["wave", "open", "80"]), "done\n");
    let list = said(&central, &["wave", "list"]);
    let row = list.lines().find(|line| line.trim_start().starts_with("80 ")).unwrap();
    assert!(row.contains("Open") && row.contains("9 places, 0 applications"), "{row}");

    let csv = central.folder.path().join("list.csv");
    std::fs::write(&csv, "nik,source\n2171014102030001,Disnaker\n123,Disnaker\n").unwrap();
    let (out, error) = refused(&central, &["whitelist", "import", csv.to_str().unwrap()]);
    assert_eq!(out, "line 3: nik is WrongLength\n");
    assert!(error.contains("nothing was written"), "{error}");
    std::fs::write(&csv, "nik,source\n2171014102030001,Disnaker\n").unwrap();
    assert_eq!(said(&central, &["whitelist", "import", csv.to_str().unwrap()]), "1 rows imported\n");
    assert_eq!(said(&central, &["whitelist", "remove", "--source", "Disnaker"]), "1 rows removed\n");
    assert!(refused(&central, &["whitelist", "remove", "--source", "Disnaker"]).1.contains("nobody is on a list"));

    let person = applicant(&central).await;
    let number = case_number(&person).await;
    assert!(refused(&central, &["case", "block", &number, "--reason", "dislike"]).1.contains("false_data"));
    assert_eq!(said(&central, &["case", "block", &number, "--reason", "proxy", "--note", "Hubungi kami."]), "done\n");
    assert!(said(&central, &["case", "show", &number]).contains("Hubungi kami."));
    assert!(refused(&central, &["case", "unblock", &number]).1.contains("--reason"));
    assert_eq!(said(&central, &["case", "unblock", &number, "--reason", "cleared", "--note", "Benar."]), "done\n");
    let reopen = ["case", "reopen", &number, "--reason", "Kesalahan kami."];
    assert!(refused(&central, &reopen).1.contains("--identity"), "which part");
    assert!(refused(&central, &[&reopen[..], &["--test", "--identity"]].concat()).1.contains("cannot be used with"));
    assert_eq!(said(&central, &[&reopen[..], &["--test"]].concat()), "done\n");
    assert!(said(&central, &["case", "show", &number]).contains("Kesalahan kami."));
    let (other, new) = (applicant(&central).await, "baru@example.test");
    let moved = case_number(&other).await;
    let email = format!("{}@example.test", person.id);
    assert!(refused(&central, &["case", "email", &moved, new]).1.contains("--reason"));
    for (number, address, words) in [
        (moved.as_str(), "sari", "no e-mail address"),
        (&moved, &email, "another account has this address"),
        ("PRA-2222-3333", new, "there is no such case"),
    ] {
        let (_, error) = refused(&central, &["case", "email", number, address, "--reason", "lost"]);
        assert!(error.contains(words), "{address}: {error}");
    }
    assert_eq!(said(&central, &["case", "email", &moved, new, "--reason", "taken_over"]), "done\n");
    assert_eq!(other.get("/v1/sessions").send().await.unwrap().status(), 401, "signed out");
    assert_eq!(said(&central, &["appeal", "list"]), "[]\n");
    assert_eq!(said(&central, &["photo", "list"]), "[]\n");
    let nobody = "00000000-0000-0000-0000-000000000007";
    assert!(refused(&central, &["photo", "refuse", nobody, "--reason", "blurred"]).1.contains("no such document"));
    let publish = ["selection", "publish", "80", "--beacon", "x"];
    assert!(refused(&central, &publish).1.contains("--beacon-again"));
    assert!(refused(&central, &[&publish[..], &["--beacon-again", "x."]].concat()).1.contains("no commitment"));
    let due = "2098-01-01T00:00:00Z";
    let commit = ["selection", "commit", "80", "--beacon", "a round", "--due", due];
    assert!(refused(&central, &commit).1.contains("may count until 2099-01-04T18:01:00Z"));
    assert!(said(&central, &["selection", "status", "80"]).contains("\"applications\": 0"));

    let token = said(&central, &["operator", "add", "budi", "--role", "viewer"]);
    let waves = central.get("/v1/admin/waves").bearer_auth(token.trim());
    assert_eq!(waves.send().await.unwrap().status(), 200);
    assert_eq!(said(&central, &["operator", "revoke", "budi"]), "done\n");
    assert!(said(&central, &["operator", "list"]).contains("revoked"));

    assert_eq!(said(&central, &["account", "lock", &email]), "done\n");
    assert!(refused(&central, &["account", "lock", "nobody@example.test"]).1.contains("no account"));
    let catalogue = central.folder.path().join("catalogue.json");
    std::fs::write(&catalogue, r#"{ "retire": ["no-such-training"] }"#).unwrap();
    assert!(refused(&central, &["catalogue", "import", catalogue.to_str().unwrap()]).1.contains("1 wrong rows"));

    // A file goes the same way as `wave set`: an open wave is not announced again.
    let row = r#"{ "waves": [{ "number": 80, "opens_at": "2098-01-01T00:00:00Z", "closes_at": "2099-01-04T17:00:00Z",
        "provinces": ["21"], "scheme": "2023", "quota": 9, "region_quotas": { "21": 5 } }] }"#;
    std::fs::write(&catalogue, row).unwrap();
    let (out, _) = refused(&central, &["catalogue", "import", catalogue.to_str().unwrap()]);
    assert_eq!(out, "waves[0] (80): the wave is open: it is not announced again\n");

    let log = said(&central, &["audit", "show"]);
    assert!(
        log.contains("case.block") && log.contains(&number) && !log.contains("Hubungi") && !log.contains("Kesalahan"),
        "{log}"
    );
    assert!(!log.contains("@example.test"), "an address is personal");
    let account = format!("account {}", person.id);
    let block = format!("case {number}, proxy");
    let unblock = format!("case {number}, cleared");
    let reopened = format!("case {number}, test");
    let [lost, taken_over] = ["lost", "taken_over"].map(|reason| format!("case {moved}, {reason}"));
    for (what, subject, outcome) in [
        ("wave.set", "wave 80 quota=9", "done"),
        ("wave.create", "quota=7 region_quotas=21:5", "done"),
        ("whitelist.import", "list rows=2 sha256=", "refused: rows"),
        ("whitelist.import", "list rows=1 sources=\"Disnaker\" sha256=", "done"),
        ("operator.add", "operator budi role=viewer", "done"),
        ("selection.publish", "wave 80 beacon=\"x\"", "refused: not-committed"),
        ("selection.commit", "wave 80 due=2098-01-01T00:00:00Z beacon=\"a round\"", "refused: still-open"),
        ("case.block", block.as_str(), "done"),
        ("case.unblock", &unblock, "done"),
        ("case.reopen", &reopened, "done"),
        ("case.email", &lost, "refused: email"),
        ("case.email", &lost, "refused: email-taken"),
        ("case.email", "case PRA-2222-3333, lost", "refused: case-unknown"),
        ("case.email", &taken_over, "done"),
        ("photo.refuse", "document 00000000-0000-0000-0000-000000000007, blurred", "refused: not-found"),
        ("account.lock", &account, "done"),
        ("catalogue.import", "file trainings=0 retired=1 sha256=", "refused: rows"),
        ("catalogue.import", "file trainings=0 retired=0 waves=80 sha256=", "refused: rows"),
    ] {
        let row = log.lines().find(|line| line.contains(what) && line.contains(subject) && line.ends_with(outcome));
        assert!(row.is_some(), "{what} {subject} {outcome} in {log}");
    }
    assert!(said(&central, &["audit", "show"]).contains("audit.show"), "looking is noted");
    assert!(said(&central, &["audit", "verify"]).ends_with("none changed, none missing\n"));
    assert!(audit::verify(&central.central).await.unwrap().is_ok());
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("drop trigger audit_is_append_only_delete").execute(&mut *tx).await.unwrap();
    sqlx::query("delete from audit where seq = 3").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(refused(&central, &["audit", "verify"]).1.contains("BROKEN: row 3 is missing"));

    // What is wrong beside a command is said, apart from its result.
    std::fs::remove_file(central.folder.path().join("audit-head")).unwrap();
    let output = run(&central, &["wave", "list"]);
    let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && out.lines().all(|line| line.contains("scheme")), "{out}");
    assert!(error.contains("audit verify"), "{error}");
    central.stop().await;
}
