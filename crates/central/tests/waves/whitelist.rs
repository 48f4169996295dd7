//! Lists of the laid off: every wrong row at once, and nothing of a number in clear.

use prakerja_central::office::role::Role;
use prakerja_central::office::whitelist::{self, List};
use prakerja_central::office::{OfficeError, audit, operators};
use prakerja_central::state::Central;
use prakerja_central::waves::selection;
use prakerja_domain::scheme::PriorityClass;
use uuid::Uuid;

use crate::applicant::*;
use crate::draw::{beacon, let_it_close};
use crate::started::*;

async fn indexes(central: &Started) -> Vec<Vec<u8>> {
    sqlx::query_scalar("select nik_index from whitelist").fetch_all(central.central.db.read()).await.unwrap()
}

async fn import(central: &Central, csv: &[u8]) -> Result<usize, OfficeError> {
    whitelist::import(central, List::read(central, csv).await?).await
}

async fn wrong(central: &Started, csv: &str) -> Vec<String> {
    match import(&central.central, csv.as_bytes()).await {
        Err(OfficeError::Rows(rows)) => rows,
        other => panic!("{csv}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_while_one_row_is_wrong() {
    let central = Started::sqlite().await;
    let good = "2171014102030001";
    let cases = [
        ("", vec!["line 1: the columns nik and source are needed"]),
        ("nik,name\n", vec!["line 1: the columns nik and source are needed"]),
        ("nik,source,phone\n", vec!["line 1: a column that is none of nik, name, source"]),
        ("nik,source\n", vec!["line 2: there is no row"]),
        (
            "nik,name,source\n2171014102030001,Sari,Disnaker Batam\n217101410203000,Ani,Disnaker Batam\n2171014102030002,Ani,x\n",
            vec!["line 3: nik is WrongLength", "line 4: source is not 3 to 100 characters"],
        ),
        ("nik,source\n2171014102030001,Disnaker\n2171014102030001,Disnaker\n", vec!["line 3: the nik of line 2 again"]),
        ("nik,source\n2171014102030001\n", vec!["line 2: 1 columns, not 2"]),
    ];
    for (csv, expected) in cases {
        let rows = wrong(&central, csv).await;
        assert_eq!(rows, expected, "{csv}");
        assert!(rows.iter().all(|row| !row.contains("21710141")), "no number in an error");
        assert_eq!(indexes(&central).await.len(), 0, "{csv}");
    }
    // Quoted line breaks count, and what is no text is named by its line as well.
    let unreadable =
        [&b"nik,name,source\n"[..], b"2171014102030001,\"Sari\nW\",Disnaker\n", b"\xff,Ani,Disnaker\n"].concat();
    match import(&central.central, &unreadable).await {
        Err(OfficeError::Rows(rows)) => assert_eq!(rows, ["line 4: not readable as UTF-8 text"]),
        other => panic!("{other:?}"),
    }
    let csv = format!(
        "\u{feff}NIK, Name ,source\r\n{good},\"Wulandari, Sari\",Disnaker Batam\r\n2171014102030002,,Kemnaker\r\n"
    );
    assert_eq!(import(&central.central, csv.as_bytes()).await.unwrap(), 2);
    assert_eq!(import(&central.central, csv.as_bytes()).await.unwrap(), 2, "again changes nothing");
    assert_eq!(indexes(&central).await.len(), 2);
    for entry in std::fs::read_dir(central.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(good.len()).any(|window| window == good.as_bytes()), "{}", path.display());
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_on_a_list_is_drawn_in_its_class() {
    let central = Started::sqlite().await;
    import(&central.central, b"nik,source\n2171014102030001,Disnaker Batam\n").await.unwrap();
    let index = indexes(&central).await.remove(0);
    let person = person_with(&central, complete(), "21", (&index, Uuid::new_v4().as_bytes())).await;
    joined(&person, OPEN).await;
    assert_eq!(application(&person).await.class, PriorityClass::WhitelistedLaidOff);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_arrives_later_counts_for_open_applications_until_their_list_is_closed() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let csv = b"nik,source\n2171014102030001,Disnaker Batam\n";
    import(at, csv).await.unwrap();
    let index = indexes(&central).await.remove(0);
    let source = "Disnaker Batam";
    assert_eq!(whitelist::remove(at, source).await.unwrap(), 1);
    let person = person_with(&central, complete(), "21", (&index, Uuid::new_v4().as_bytes())).await;
    let (other, first) = (applicant(&central).await, joined(&person, OPEN).await);
    joined(&other, OPEN).await;
    assert_eq!((application(&person).await.class, first.rev), (PriorityClass::General, Some(1)));
    let now = async |class, rev| {
        let again = joined(&person, OPEN).await;
        assert_eq!((application(&person).await.class, again.rev), (class, Some(rev)));
        assert_eq!(application(&other).await.class, PriorityClass::General);
    };
    import(at, csv).await.unwrap();
    now(PriorityClass::WhitelistedLaidOff, 2).await;
    import(at, csv).await.unwrap();
    now(PriorityClass::WhitelistedLaidOff, 2).await;
    assert_eq!(whitelist::remove(at, source).await.unwrap(), 1);
    now(PriorityClass::General, 3).await;
    assert_eq!(whitelist::remove(at, source).await.unwrap_err().code(), "source-unknown");
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    import(at, csv).await.unwrap();
    now(PriorityClass::General, 3).await;
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_taken_off_one_list_stays_on_the_others() {
    let central = Started::sqlite().await;
    let at = &central.central;
    for source in ["Disnaker Batam", "Kemnaker", "Kemnaker"] {
        import(at, format!("nik,source\n2171014102030001,{source}\n").as_bytes()).await.unwrap();
    }
    let index = indexes(&central).await.remove(0);
    let person = person_with(&central, complete(), "21", (&index, Uuid::new_v4().as_bytes())).await;
    joined(&person, OPEN).await;
    for (source, class) in [("Kemnaker", PriorityClass::WhitelistedLaidOff), ("Disnaker Batam", PriorityClass::General)]
    {
        assert_eq!(whitelist::remove(at, source).await.unwrap(), 1, "{source}");
        assert_eq!(application(&person).await.class, class, "{source}");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_names_a_source_only_where_it_can_be_nothing_personal() {
    let central = Started::sqlite().await;
    let list = async |rows: &str| {
        let csv = format!("nik,source\n{rows}");
        List::read(&central.central, csv.as_bytes()).await.unwrap().subject()
    };
    let good = "2171014102030001,Disnaker Batam\n2171014102030002,Kemnaker\n";
    assert!(list(good).await.starts_with("list rows=2 sources=\"Disnaker Batam\"+\"Kemnaker\" sha256="));
    // Columns that are exchanged: what stands in them is somebody's.
    assert!(list("Sari Wulandari,2171014102030001\n").await.starts_with("list rows=1 sha256="));
    assert!(list("2171014102030001,Sari Wulandari\n217,Ani\n").await.starts_with("list rows=2 sha256="));
    assert!(list("2171014102030001,08123456\n").await.starts_with("list rows=1 sha256="));
    assert!(list("2171014102030001,\"Disnaker\nBatam\"\n").await.starts_with("list rows=1 sha256="));
    for (source, subject) in [
        ("Disnaker Batam", "source Disnaker Batam"),
        ("2171014102030001", "source (not named)"),
        ("Disnaker\nwave 73", "source (not named)"),
        (" ", "source (not named)"),
    ] {
        assert_eq!(whitelist::subject_of(source), subject);
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_list_comes_over_http_with_semicolons_too() {
    let central = Started::sqlite().await;
    let token = operators::add(&central.central, "budi", Role::WaveManager).await.unwrap();
    let post = async |body: String| {
        let request = reqwest::Client::new().post(format!("{}/v1/admin/whitelist", central.base));
        request.bearer_auth(&token).body(body).send().await.unwrap()
    };
    // 2,000 people on 20 days of birth.
    let rows: String =
        (0..2_000).map(|n| format!("217101{:02}0203{:04};Disnaker Kota Batam\r\n", n / 100 + 1, n % 100 + 1)).collect();
    let csv = format!("nik;source\r\n{rows}");
    assert!(csv.len() > 64 * 1024, "{}", csv.len());
    let response = post(csv).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<serde_json::Value>().await.unwrap()["rows"], 2_000);
    assert_eq!(indexes(&central).await.len(), 2_000);
    assert_eq!(post("x".repeat(16 * 1024 * 1024 + 1)).await.status(), 413);
    let remove = reqwest::Client::new().post(format!("{}/v1/admin/whitelist/remove", central.base));
    let removed = remove.bearer_auth(&token).json(&serde_json::json!({ "source": "Disnaker Kota Batam" }));
    assert_eq!(removed.send().await.unwrap().json::<serde_json::Value>().await.unwrap()["rows"], 2_000);
    assert_eq!(indexes(&central).await.len(), 0);
    let log = audit::list(&central.central, 0, 100).await.unwrap();
    assert!(log.iter().any(|row| (row.what.as_str(), row.subject.as_str(), row.outcome.as_str())
        == ("whitelist.remove", "source Disnaker Kota Batam", "done")));
    central.stop().await;
}
