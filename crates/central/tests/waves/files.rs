//! The public files over HTTP: when they are there, how they are cached, and parts of them.

use prakerja_central::waves::selection::{self, Due};

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close};
use crate::started::*;

const FILES: [&str; 4] = ["commitment.json", "list.bin.zst", "result.json", "accepted.bin"];

async fn statuses(central: &Started) -> Vec<u16> {
    let mut statuses = Vec::new();
    for file in FILES {
        let path = format!("/v1/waves/{OPEN}/selection/{file}");
        statuses.push(central.get(&path).send().await.unwrap().status().as_u16());
    }
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_are_public_when_it_is_time_and_cacheable() {
    let central = Started::sqlite().await;
    for _ in 0..3 {
        joined(&applicant(&central).await, OPEN).await;
    }
    assert_eq!(statuses(&central).await, [404; 4]);
    let_it_close(&central);
    let files = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    assert_eq!(statuses(&central).await, [200, 200, 404, 404]);
    selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    assert_eq!(statuses(&central).await, [200; 4]);
    for path in
        ["/v1/waves/73/selection/seed", "/v1/waves/73/selection/..%2Fcentral.db", "/v1/waves/9/selection/list.bin.zst"]
    {
        assert_eq!(central.get(path).send().await.unwrap().status(), 404, "{path}");
    }

    let current = format!("/v1/waves/{OPEN}/selection/list.bin.zst");
    let now = central.get(&current).send().await.unwrap();
    assert_eq!(now.headers()["cache-control"], "public, no-cache", "another draw's file may stand there");
    let etag = now.headers()["etag"].to_str().unwrap().to_owned();
    let unchanged = central.get(&current).header("if-none-match", &etag).send().await.unwrap();
    assert_eq!(unchanged.status(), 304);

    let path = format!("/v1/waves/{OPEN}/selection/{}/list.bin.zst", files.commitment);
    let whole = central.get(&path).send().await.unwrap();
    let headers = whole.headers().clone();
    assert_eq!(headers["cache-control"], "public, max-age=86400, immutable");
    assert_eq!(
        (&headers["accept-ranges"], &headers["content-type"]),
        (&"bytes".parse().unwrap(), &"application/zstd".parse().unwrap())
    );
    let etag = headers["etag"].to_str().unwrap().to_owned();
    let whole = whole.bytes().await.unwrap();
    let unchanged = central.get(&path).header("if-none-match", &etag).send().await.unwrap();
    assert_eq!((unchanged.status().as_u16(), unchanged.bytes().await.unwrap().len()), (304, 0));

    let part = central.get(&path).header("range", "bytes=4-9").header("if-range", &etag).send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], format!("bytes 4-9/{}", whole.len()));
    assert_eq!(part.bytes().await.unwrap(), whole[4..10]);
    let other = central.get(&path).header("range", "bytes=4-9").header("if-range", "\"other\"").send().await.unwrap();
    assert_eq!((other.status().as_u16(), other.bytes().await.unwrap().len()), (200, whole.len()));
    let beyond = central.get(&path).header("range", "bytes=999999-").send().await.unwrap();
    assert_eq!(beyond.status(), 416);
    central.stop().await;
}
