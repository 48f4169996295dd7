//! `profile.patch`: merging, conflicts, refused values, and nothing personal readable at rest.

use jiff::civil::date;
use prakerja_domain::field::FieldError;
use prakerja_domain::profile::Intake;
use prakerja_domain::profile::ProfileField::{self, *};
use prakerja_domain::scheme::{SCHEME_2023, Scheme};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::{Applied, Conflict, Rejected};
use serde_json::json;

use crate::started::*;

pub(crate) async fn fields_merge_and_conflict(central: &Started) {
    let laptop = central.person().await;
    let office = central.device_of(laptop.id).await;
    let first = laptop.push(&patch(None, &[(FullName, Some("Sari")), (Phone, Some("0812 3456 7890"))])).await;
    assert_eq!((first.status, first.rev), (Applied, Some(1)));
    // The other computer saw revision 1 and changes the phone; the laptop, which did not see that, changes the city.
    assert_eq!(office.push(&patch(Some(1), &[(Phone, Some("081299990000"))])).await.rev, Some(2));
    assert_eq!(laptop.push(&patch(Some(1), &[(KtpAddress, Some("Batam"))])).await.rev, Some(3));
    // Now both changed the phone: nothing of the patch is applied, and central shows what it has.
    let clash = laptop.push(&patch(Some(1), &[(Phone, Some("081277770000")), (KtpAddress, Some("Bintan"))])).await;
    assert_eq!(
        (clash.status, clash.rev, clash.current),
        (Conflict, Some(3), Some(json!({ "phone": "+6281299990000" })))
    );
    assert!(clash.receipt.is_some());
    // The same value twice is agreement, and a new command that saw the value decides.
    assert_eq!(laptop.push(&patch(Some(1), &[(Phone, Some("0812-9999-0000"))])).await.status, Applied);
    assert_eq!(laptop.push(&patch(Some(3), &[(Phone, None)])).await.rev, Some(4));
    let last = laptop.pull(None).await.changes.pop().unwrap();
    assert_eq!(last.data, Some(json!({ "fields": { "full_name": "Sari", "ktp_address": "Batam" } })));
    assert_eq!((last.kind.as_str(), last.id, last.rev), ("profile", laptop.id, 4));
    // A cleared field has a revision too.
    let late = office.push(&patch(Some(2), &[(Phone, Some("081255550000"))])).await;
    assert_eq!((late.status, late.current), (Conflict, Some(json!({ "phone": null }))));
}

pub(crate) async fn a_device_may_change_its_own_value_again(central: &Started) {
    let laptop = central.person().await;
    let typed = ["Ani", "Ani W", "Ani Wijaya"].map(|name| patch(None, &[(FullName, Some(name))]));
    let results = laptop.push_all(&typed).await.results;
    assert!(results.iter().all(|r| r.status == Applied), "{results:?}");
    let office = central.device_of(laptop.id).await;
    assert_eq!(office.push(&patch(None, &[(FullName, Some("Budi"))])).await.status, Conflict);
}

pub(crate) async fn nothing_new_makes_no_revision(central: &Started) {
    let sari = central.person().await;
    sari.push(&patch(None, &[(FullName, Some("Sari"))])).await;
    let same = sari.push(&patch(None, &[(FullName, Some("  Sari "))])).await;
    assert_eq!((same.status, same.rev, same.seq), (Applied, Some(1), Some(1)));
    let cleared = sari.push(&patch(None, &[(Nik, None)])).await;
    assert_eq!((cleared.status, cleared.rev), (Applied, Some(1)));
    assert_eq!(sari.pull(None).await.changes.len(), 1);
}

/// Typed values, good and bad, for every field.
fn typed() -> Vec<(ProfileField, String)> {
    let evil = [
        "",
        " ",
        "\u{0}",
        "null",
        "-1",
        "'; drop table person;--",
        "\" or 1=1 --",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "../../etc/passwd",
        "${jndi:ldap://x}",
        "%00%0a",
        "\u{202e}idub",
        "a\u{200b}b",
        "布迪",
        "Ñandú",
        "🙂",
        "\u{fffd}",
        "A\u{301}",
        "Robert'); --",
        "{\"$ne\":1}",
        "0x10",
        "1e3",
        "١٢٣٤",
    ];
    let mut values: Vec<(ProfileField, String)> =
        ProfileField::ALL.into_iter().flat_map(|field| evil.map(|text| (field, text.to_owned()))).collect();
    values.extend(ProfileField::ALL.map(|field| (field, "x".repeat(5_000))));
    values.extend(ProfileField::ALL.map(|field| (field, "7".repeat(200))));
    let others = [
        (FullName, "Suharto"),
        (FullName, "Ma\u{2019}ruf, S.Pd."),
        (FullName, "Siti-Nur"),
        (FullName, "Budi123"),
        (Nik, "2171014102030001"),
        (Nik, "2171 0141 0203 0001"),
        (Nik, "2171014102030000"),
        (Nik, "2171013013030001"),
        (Nik, "217101410203000"),
        (KkNumber, "2171 0105 0618 0007"),
        (KkNumber, "2171010506180000"),
        (BirthDate, "2003-2-1"),
        (BirthDate, "2003-02-29"),
        (BirthDate, "2010-01-01"),
        (BirthDate, "1950-01-01"),
        (BirthDate, "2027-01-01"),
        (Gender, "female"),
        (Gender, "Female"),
        (Phone, "0812 3456 7890"),
        (Phone, "+1 812 3456 7890"),
        (KtpRegion, "21"),
        (KtpRegion, "99"),
        (KtpAddress, "Kab. Kepulauan Siau (Tagulandang)"),
        (KtpAddress, "<i>Batam</i>"),
        (DomicileAddress, "Jl. Ahmad Yani No. 5, RT 01/RW 02"),
        (DomicileAddress, "Jl."),
        (EducationLevel, "sma_smk"),
        (EducationLevel, "SMA"),
        (EmploymentStatus, "job_seeker"),
        (EmploymentStatus, "astronaut"),
    ];
    values.extend(others.map(|(field, text)| (field, text.to_owned())));
    values
}

pub(crate) async fn central_refuses_what_the_domain_refuses(central: &Started) {
    let scheme = Scheme::read(SCHEME_2023).unwrap();
    let intake = Intake { today: date(2026, 11, 23), scheme: &scheme, registered: false };
    let sari = central.person().await;
    let values = typed();
    let mut refusals = 0;
    for chunk in values.chunks(20) {
        let commands: Vec<_> =
            chunk.iter().map(|(field, text)| patch(None, &[(*field, Some(text.as_str()))])).collect();
        let results = sari.push_all(&commands).await.results;
        for ((field, text), result) in chunk.iter().zip(results) {
            let shown: String = text.chars().take(40).collect();
            match field.parse(text, &intake) {
                Ok(_) => assert_eq!(result.status, Applied, "{field:?} {shown:?}"),
                Err(error) => {
                    refusals += 1;
                    assert_eq!(
                        (result.status, code(&result)),
                        (Rejected, ProblemCode::Validation),
                        "{field:?} {shown:?}"
                    );
                    assert_eq!(result.problem.unwrap().fields, [error], "{field:?} {shown:?}");
                }
            }
        }
    }
    assert!(refusals > 250, "{refusals}");
    // All wrong fields of one patch are named, in the order of the form, and nothing of it is applied.
    let before = sari.pull(None).await;
    let several =
        patch(None, &[(KtpAddress, Some("Jl.")), (Nik, Some("12")), (DomicileAddress, Some("Jl. Merdeka 10"))]);
    let wrong: Vec<FieldError> = sari.push(&several).await.problem.unwrap().fields;
    assert_eq!(wrong.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["nik", "ktp_address"]);
    assert_eq!(sari.pull(None).await.changes.len(), before.changes.len());
}

pub(crate) async fn values_come_back_as_they_were_meant(central: &Started) {
    let scheme = Scheme::read(SCHEME_2023).unwrap();
    let intake = Intake { today: date(2026, 11, 23), scheme: &scheme, registered: false };
    let sari = central.person().await;
    for (field, text) in typed() {
        let Ok(meant) = field.parse(&text, &intake) else { continue };
        sari.push(&patch(None, &[(field, Some(text.as_str()))])).await;
        let page = sari.snapshot(&[]).await;
        assert_eq!(page.records[0].data.as_ref().unwrap()["fields"][field.as_str()], meant, "{field:?}");
    }
}

pub(crate) async fn nothing_personal_is_readable_in_the_files(central: &Started) {
    let sari = central.person().await;
    let office = central.device_of(sari.id).await;
    let secrets = ["2171014102030001", "2171010506180007", "Sari Wulandari", "Jl. Melati Sunyi 17", "+6281234567890"];
    sari.push(&patch(
        None,
        &[
            (Nik, Some(secrets[0])),
            (KkNumber, Some(secrets[1])),
            (FullName, Some(secrets[2])),
            (DomicileAddress, Some(secrets[3])),
            (Phone, Some("0812 3456 7890")),
        ],
    ))
    .await;
    // A conflict repeats central's values in its stored result.
    assert_eq!(office.push(&patch(None, &[(Nik, Some("2171014102030002"))])).await.status, Conflict);
    let files: Vec<Vec<u8>> = std::fs::read_dir(central.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let contains = |needle: &str| files.iter().any(|file| file.windows(needle.len()).any(|w| w == needle.as_bytes()));
    assert!(contains("profile.patch"), "the files that were searched hold the commands");
    for secret in secrets {
        assert!(!contains(secret), "{secret}");
    }
    // What the device knew of time is kept with each command, sealed.
    let evidence: Vec<(Option<Vec<u8>>,)> =
        sqlx::query_as("select evidence from command_log").fetch_all(central.central.db.read()).await.unwrap();
    assert_eq!(evidence.iter().filter(|(sealed,)| sealed.is_some()).count(), 2);
    assert!(!contains("queued_wall_ms") && !contains(&NOW.to_string()));
}
