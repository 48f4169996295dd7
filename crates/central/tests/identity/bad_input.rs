//! Every bad value of every field is refused by central as by the app's own check, under both schemes, and loses nothing.

use prakerja_central::config::Config;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::profile::Intake;
use prakerja_domain::profile::ProfileField::{self, *};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected};

use crate::applicant::*;
use crate::started::*;

/// What no field may do harm with.
const ODD: [&str; 16] = [
    "",
    " \t\n",
    "\u{0}",
    "null",
    "-1",
    "1e3",
    "٣٤٥",
    "'; drop table person;--",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "${jndi:ldap://x}",
    "\u{202e}idub",
    "a\u{200b}b",
    "🙂",
    "\u{fffd}",
    "{\"$ne\":1}",
];

/// Bad and good values of single fields (domain.md §2.3 and §2.4).
const SINGLE: [(ProfileField, &str); 44] = [
    (FullName, "Suharto"),
    (FullName, "Budi123"),
    (FullName, "Ma\u{2019}ruf, S.Pd."),
    (Nik, "2171 0141 0203 0001"),
    (Nik, "217101410203000"),
    (Nik, "21710141020300011"),
    (Nik, "2171014102030000"),
    (Nik, "2171013002030001"),
    (Nik, "2171017202030001"),
    (Nik, "2171010013030001"),
    (KkNumber, "2171 0105 0618 0007"),
    (KkNumber, "2171010506180000"),
    (KkNumber, "KK"),
    (BirthDate, "2003-2-1"),
    (BirthDate, "2003-02-29"),
    (BirthDate, "2008-11-23"),
    (BirthDate, "2008-11-24"),
    (BirthDate, "1961-11-23"),
    (BirthDate, "1950-01-01"),
    (BirthDate, "2027-01-01"),
    (BirthDate, "01/02/2003"),
    (Gender, "male"),
    (Gender, "Perempuan"),
    (Phone, "0812 3456 7890"),
    (Phone, "021 555 1234"),
    (Phone, "+1 812 3456 7890"),
    (Phone, "081234567"),
    (KtpAddress, "Jl."),
    (KtpAddress, "Jl. Merdeka 10"),
    (KtpRegion, "21.71.04.1003"),
    (KtpRegion, "2171"),
    (KtpRegion, "9971041003"),
    (DomicileSameAsKtp, "ya"),
    (DomicileAddress, "x"),
    (DomicileRegion, "0000000000"),
    (EducationLevel, "SMA"),
    (MaritalStatus, "kawin"),
    (DependantsCount, "20"),
    (DependantsCount, "21"),
    (DependantsCount, "dua"),
    (EmploymentStatus, "astronaut"),
    (TrainingInterests, "sales, office,sales"),
    (TrainingInterests, "office,sales,design,food,farming,business"),
    (TrainingInterests, "flying"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn central_refuses_what_the_app_refuses_and_keeps_what_was_there() {
    for version in ["2020", "2023"] {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { scheme: version.to_owned(), ..config(folder.path()) };
        let central = Started::open(folder, config).await.unwrap();
        let scheme = central.central.schemes.present().clone();
        let intake = Intake { today: jiff::civil::date(2026, 11, 23), scheme: &scheme, registered: false };
        let long = ["x".repeat(5_000), "7".repeat(200)];
        let odd = ODD.into_iter().chain(long.iter().map(String::as_str));
        let odd: Vec<&str> = odd.collect();
        let mut values: Vec<(ProfileField, &str)> = SINGLE.to_vec();
        values.extend(ProfileField::ALL.into_iter().flat_map(|field| odd.iter().map(move |text| (field, *text))));
        let person = with_profile(&central, &nik(1)).await;
        let before = feed(&person).await.0;
        let (good, bad): (Vec<_>, Vec<_>) =
            values.into_iter().partition(|(field, text)| field.parse(text, &intake).is_ok());
        for chunk in bad.chunks(25) {
            let commands: Vec<_> = chunk.iter().map(|(field, text)| patch(None, &[(*field, Some(text))])).collect();
            for ((field, text), result) in chunk.iter().zip(person.push_all(&commands).await.results) {
                assert_eq!((result.status, code(&result)), (Rejected, ProblemCode::Validation), "{field:?} {text:?}");
                let expected = field.parse(text, &intake).unwrap_err();
                assert_eq!(result.problem.unwrap().fields, [expected], "{field:?} {text:?}");
            }
        }
        assert_eq!(feed(&person).await.0, before, "a refusal loses nothing");
        for (field, text) in &good {
            let result = person.push(&patch(None, &[(*field, Some(text))])).await;
            assert_eq!(result.status, Applied, "{field:?} {text:?}");
        }
        assert!(bad.len() > 270 && good.len() > 12, "{version}: {} bad, {} good", bad.len(), good.len());
        central.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_are_judged_by_the_scheme_of_the_case_and_without_one_by_the_present_one() {
    let folder = tempfile::tempdir().unwrap();
    let first = Config { scheme: "2020".to_owned(), ..config(folder.path()) };
    let first = Started::open(folder, first).await.unwrap();
    let (began, did_not) = (with_profile(&first, &nik(1)).await, first.person().await);
    assert_eq!(case(&began).await.scheme, "2020");
    first.stop().await;
    let Started { folder, .. } = first;
    let second = Config { scheme: "2023".to_owned(), ..config(folder.path()) };
    let second = Started::open(folder, second).await.unwrap();
    // Born in 1950: only the scheme of 2020 has no upper limit.
    let older = [(BirthDate, Some("1950-02-01")), (Nik, Some("2171014102500001"))];
    let began = began.at(&second.base);
    assert_eq!(began.push(&patch(None, &older)).await.status, Applied);
    assert_eq!(began.push(&submit()).await.status, Applied, "and the match judges alike");
    let refused = did_not.at(&second.base).push(&patch(None, &older)).await;
    assert_eq!((refused.status, code(&refused)), (Rejected, ProblemCode::Validation));
    let expected = FieldError::new("birth_date", FieldErrorCode::TooOld).with("max", 64);
    assert_eq!(refused.problem.unwrap().fields, [expected]);
    second.stop().await;
}
