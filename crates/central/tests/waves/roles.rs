//! Who of the office may do what over HTTP, and that it is noted.

use prakerja_central::office::audit;
use prakerja_central::office::role::{Right, Role};
use prakerja_central::office::{cases, operators};
use prakerja_protocol::registration::BlockReason;
use serde_json::{Value, json};

use crate::applicant::*;
use crate::started::*;

type Route = (&'static str, &'static str, Value, Right);

fn routes() -> Vec<Route> {
    let case = "/v1/admin/cases/PRA-2222-3333";
    vec![
        ("GET", case, Value::Null, Right::Look),
        ("POST", "/v1/admin/cases/PRA-2222-3333/block", json!({ "reason": "proxy" }), Right::Cases),
        ("POST", "/v1/admin/cases/PRA-2222-3333/unblock", json!({ "reason": "mistake" }), Right::Cases),
        (
            "POST",
            "/v1/admin/cases/PRA-2222-3333/email",
            json!({ "email": "baru@example.test", "reason": "lost" }),
            Right::Cases,
        ),
        ("POST", "/v1/admin/cases/PRA-2222-3333/face", json!({ "verified": true }), Right::Cases),
        (
            "POST",
            "/v1/admin/cases/PRA-2222-3333/reopen",
            json!({ "part": "test", "reason": "Kesalahan kami." }),
            Right::Cases,
        ),
        (
            "POST",
            "/v1/admin/cases/PRA-2222-3333/membership",
            json!({ "change": "suspend", "note": "Diperiksa." }),
            Right::Cases,
        ),
        ("GET", "/v1/admin/photos", Value::Null, Right::Cases),
        ("GET", "/v1/admin/photos/00000000-0000-0000-0000-000000000007", Value::Null, Right::Cases),
        ("POST", "/v1/admin/photos/00000000-0000-0000-0000-000000000007/accept", json!({}), Right::Cases),
        (
            "POST",
            "/v1/admin/photos/00000000-0000-0000-0000-000000000007/refuse",
            json!({ "reason": "blurred" }),
            Right::Cases,
        ),
        ("GET", "/v1/admin/appeals", Value::Null, Right::Cases),
        (
            "POST",
            "/v1/admin/appeals/00000000-0000-0000-0000-000000000007/answer",
            json!({ "granted": true, "text": "Baik." }),
            Right::Cases,
        ),
        ("GET", "/v1/admin/waves", Value::Null, Right::Look),
        (
            "POST",
            "/v1/admin/waves",
            json!({ "number": 1, "opens_at": "2026-12-01T00:00:00Z", "closes_at": "2026-12-02T00:00:00Z",
                    "scheme": "2023", "quota": 1 }),
            Right::Waves,
        ),
        ("POST", "/v1/admin/waves/99", json!({ "quota": 7 }), Right::Waves),
        ("POST", "/v1/admin/waves/99/open", json!({}), Right::Waves),
        ("POST", "/v1/admin/waves/99/close", json!({}), Right::Waves),
        ("GET", "/v1/admin/waves/99/selection", Value::Null, Right::Look),
        ("POST", "/v1/admin/waves/99/selection/commit", json!({ "beacon": "x", "due_at": 1 }), Right::Waves),
        (
            "POST",
            "/v1/admin/waves/99/selection/publish",
            json!({ "beacon_value": "x", "beacon_again": "x" }),
            Right::Waves,
        ),
        ("POST", "/v1/admin/waves/99/selection/void", json!({ "reason": "Hilang." }), Right::Waves),
        ("POST", "/v1/admin/whitelist", json!("nik"), Right::Waves),
        ("POST", "/v1/admin/whitelist/remove", json!({ "source": "Disnaker" }), Right::Waves),
        ("GET", "/v1/admin/operators", Value::Null, Right::Office),
        ("POST", "/v1/admin/operators", json!({ "name": "x", "role": "viewer" }), Right::Office),
        ("DELETE", "/v1/admin/operators/nobody", Value::Null, Right::Office),
        ("GET", "/v1/admin/audit", Value::Null, Right::Office),
        ("GET", "/v1/admin/audit/verify", Value::Null, Right::Office),
    ]
}

async fn ask(central: &Started, (method, path, body, _): &Route, token: Option<&str>) -> u16 {
    let http = reqwest::Client::new();
    let mut request = http.request(method.parse().unwrap(), format!("{}{path}", central.base));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if !body.is_null() {
        request = request.json(body);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_of_routes() {
    let central = Started::sqlite().await;
    for role in Role::ALL {
        let token = operators::add(&central.central, &format!("petugas-{}", role.as_str()), role).await.unwrap();
        for route in routes() {
            let status = ask(&central, &route, Some(&token)).await;
            let (method, path, _, right) = &route;
            // Allowed, it is carried out or refused for another reason: there is no such case, wave, appeal or row.
            let allowed = [200, 404, 409, 422].contains(&status);
            assert!(allowed || status == 403, "{role:?} {method} {path}: {status}");
            assert_eq!(allowed, role.has(*right), "{role:?} {method} {path}: {status}");
        }
    }
    let rows = audit::list(&central.central, 0, 10_000).await.unwrap();
    let refused = |who: &str| rows.iter().filter(|row| row.who == who && row.outcome == "refused: forbidden").count();
    assert_eq!([refused("petugas-viewer"), refused("petugas-admin")], [26, 0]);
    for (what, subject) in [
        ("case.show", "case PRA-2222-3333"),
        ("case.block", "case PRA-2222-3333, proxy"),
        ("case.unblock", "case PRA-2222-3333, mistake"),
        ("case.email", "case PRA-2222-3333, lost"),
        ("case.reopen", "case PRA-2222-3333, test"),
        ("wave.set", "wave 99 quota=7"),
        ("selection.void", "wave 99: Hilang."),
    ] {
        assert!(rows.iter().any(|row| row.what == what && row.subject == subject), "{what} {subject}");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_live_token_opens_the_door() {
    let central = Started::sqlite().await;
    let person = central.person().await;
    let token = operators::add(&central.central, "budi", Role::Admin).await.unwrap();
    assert!(operators::add(&central.central, "budi", Role::Viewer).await.is_err(), "a name is given once");
    for name in ["", "x", "cli", "Budi", "budi santoso"] {
        assert!(operators::add(&central.central, name, Role::Viewer).await.is_err(), "{name:?}");
    }
    let stored: Vec<u8> = sqlx::query_scalar("select token_hash from operator where name = 'budi'")
        .fetch_one(central.central.db.read())
        .await
        .unwrap();
    assert_ne!(stored, token.as_bytes());
    for route in routes() {
        for wrong in [None, Some(""), Some("prakerja_op_x"), Some(person.token.as_str())] {
            assert_eq!(ask(&central, &route, wrong).await, 401, "{} {wrong:?}", route.1);
        }
    }
    let list = routes().into_iter().find(|route| route.1 == "/v1/admin/waves").unwrap();
    assert_eq!(ask(&central, &list, Some(&token)).await, 200);
    // What is no path or query of this API is a problem like any other.
    for (path, status) in [("/v1/admin/waves/none/selection", 404), ("/v1/admin/audit?after=none", 400)] {
        let problem = refused(central.get(path).bearer_auth(&token)).await;
        assert_eq!(problem.status, status, "{path}");
    }
    operators::revoke(&central.central, "budi").await.unwrap();
    assert_eq!(ask(&central, &list, Some(&token)).await, 401);
    assert!(operators::revoke(&central.central, "budi").await.is_err(), "once");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_has_a_rate() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits.operator_per_minute = 3;
    let central = Started::open(folder, config).await.unwrap();
    let token = operators::add(&central.central, "budi", Role::Viewer).await.unwrap();
    let list = routes().into_iter().find(|route| route.1 == "/v1/admin/waves").unwrap();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(ask(&central, &list, Some(&token)).await);
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_is_lifted_for_a_reason_and_words_are_for_those_who_decide() {
    let central = Started::sqlite().await;
    let number = case_number(&applicant(&central).await).await;
    let path = format!("/v1/admin/cases/{number}");
    let note = "Satu nomor HP untuk 14 pendaftaran.";
    cases::block(&central.central, &number, BlockReason::Proxy, Some(note.to_owned())).await.unwrap();
    let mut seen = Vec::new();
    for role in Role::ALL {
        let token = operators::add(&central.central, &format!("petugas-{}", role.as_str()), role).await.unwrap();
        let view: Value = read(central.get(&path).bearer_auth(&token)).await;
        assert_eq!(view["registration"]["blocked"]["reason"], "proxy", "{role:?}");
        seen.push(view.to_string().contains(note));
        if role == Role::CaseWorker {
            for (body, lifted) in [
                (json!({}), false),
                (json!({ "reason": "sorry" }), false),
                (json!({ "reason": "cleared", "note": "Benar." }), true),
            ] {
                let request = reqwest::Client::new().post(format!("{}{path}/unblock", central.base));
                let answer = request.bearer_auth(&token).json(&body).send().await.unwrap();
                assert_eq!(answer.status().is_success(), lifted, "{body}: {}", answer.status());
            }
            cases::block(&central.central, &number, BlockReason::Proxy, Some(note.to_owned())).await.unwrap();
        }
    }
    let expected: Vec<bool> = Role::ALL.iter().map(|role| role.has(Right::Cases)).collect();
    assert_eq!(seen, expected, "{:?}", Role::ALL);
    central.stop().await;
}
