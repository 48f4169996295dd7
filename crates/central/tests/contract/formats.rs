//! The wire formats of sync and catalogue as central sends them.

use prakerja_central::demo;
use prakerja_domain::profile::ProfileField::{FullName, KtpAddress, Nik};
use prakerja_protocol::sync::CommandEnvelope;
use serde_json::Value;

use crate::started::*;

async fn json(request: reqwest::RequestBuilder) -> Value {
    request.send().await.unwrap().json().await.unwrap()
}

/// Every answer of these routes, as it is on the wire. A change here is a change of the protocol.
pub(crate) async fn wire_formats(central: &Started) {
    let sari = central.person().await;
    let office = central.device_of(sari.id).await;
    let catalogue: prakerja_protocol::catalogue::Catalogue = read(central.get("/v1/catalogue")).await;
    let name = patch(None, &[(FullName, Some("Sari"))]);
    let seat = request(demo::FREE_ONE_SEAT, Some(1));
    let unknown =
        CommandEnvelope { kind: "certificate.claim".to_owned(), lane: "claim".to_owned(), ..patch(None, &[]) };
    let commands = [
        name.clone(),
        patch(None, &[(Nik, Some("12")), (KtpAddress, Some("Batam"))]),
        seat.clone(),
        request(demo::FREE_FULL, Some(1)),
        unknown.clone(),
        CommandEnvelope { id: uuid::Uuid::now_v7(), ..unknown },
        name,
    ];
    let body = serde_json::to_vec(&sari.batch(&commands)).unwrap();
    let pushed: Value = sari.post(body).await.json().await.unwrap();
    insta::assert_json_snapshot!("push", pushed, {
        ".request_id" => "[id]", ".epoch" => "[id]", ".results[].id" => "[id]", ".results[].receipt" => "[receipt]",
    });
    let clash = office.push(&patch(None, &[(FullName, Some("Ani"))])).await;
    insta::assert_json_snapshot!("push_conflict", clash, { ".id" => "[id]", ".receipt" => "[receipt]" });
    insta::assert_json_snapshot!("pull", json(sari.get("/v1/sync/pull?limit=1")).await, {
        ".request_id" => "[id]", ".epoch" => "[id]", ".cursor" => "[cursor]", ".changes[].id" => "[id]",
        ".changes[].by" => "[id]",
    });
    insta::assert_json_snapshot!("pull_last_page", json(sari.get("/v1/sync/pull")).await, {
        ".request_id" => "[id]", ".epoch" => "[id]", ".cursor" => "[cursor]", ".changes[].id" => "[id]",
        ".changes[].by" => "[id]", ".state_hash" => "[hash]",
    });
    insta::assert_json_snapshot!("snapshot", json(sari.get("/v1/sync/snapshot?limit=1")).await, {
        ".request_id" => "[id]", ".epoch" => "[id]", ".cursor" => "[cursor]", ".next" => "[page]",
        ".records[].id" => "[id]",
    });
    insta::assert_json_snapshot!("cursor_expired", json(sari.get("/v1/sync/pull?cursor=x")).await, {
        ".request_id" => "[id]",
    });
    let path = format!("/v1/sync/commands/{}", seat.id);
    insta::assert_json_snapshot!("command", json(sari.get(&path)).await, {
        ".request_id" => "[id]", ".id" => "[id]", ".receipt" => "[receipt]",
    });
    let path = format!("/v1/catalogue?since={}", catalogue.version);
    insta::assert_json_snapshot!("catalogue_delta", json(central.get(&path)).await, {
        ".programme.sealing_key" => "[key]", ".programme.schemes" => "[schemes]",
    });
}
