//! What a person types, and what comes first.

use prakerja_regions::Level::{District, Province, Regency, Village};
use prakerja_regions::{Level, children, search};
use proptest::prelude::*;

fn labels(level: Level, within: Option<&str>, text: &str, limit: usize) -> Vec<String> {
    search(level, within, text, limit).iter().map(ToString::to_string).collect()
}

#[test]
fn the_region_that_is_meant_comes_first() {
    let cases = [
        // names as they are, in any case and any order
        (Province, "aceh", "Aceh"),
        (Province, "papua", "Papua"),
        (Province, "PAPUA BARAT", "Papua Barat"),
        (Province, "riau", "Riau"),
        (Province, "riau kep", "Kepulauan Riau"),
        (Province, "jakarta", "DKI Jakarta"),
        (Regency, "batam", "Kota Batam, Kepulauan Riau"),
        (Regency, "batam kota", "Kota Batam, Kepulauan Riau"),
        (Regency, "Kota  Batam ", "Kota Batam, Kepulauan Riau"),
        (Regency, "bátam", "Kota Batam, Kepulauan Riau"),
        (District, "batam kota", "Batam Kota, Kota Batam, Kepulauan Riau"),
        (District, "gubeng", "Gubeng, Kota Surabaya, Jawa Timur"),
        (District, "raas", "Ra'as, Kabupaten Sumenep, Jawa Timur"),
        (Village, "keude bakongan", "Keude Bakongan, Bakongan, Kabupaten Aceh Selatan, Aceh"),
        // of regency and city the city, unless the person says which
        (Regency, "bandung", "Kota Bandung, Jawa Barat"),
        (Regency, "kab bandung", "Kabupaten Bandung, Jawa Barat"),
        (Regency, "kab. bandung", "Kabupaten Bandung, Jawa Barat"),
        (Regency, "kab.bandung b", "Kabupaten Bandung Barat, Jawa Barat"),
        (Regency, "kota bogor", "Kota Bogor, Jawa Barat"),
        // unfinished words; the beginning of a name before the beginning of a word before the inside
        (Regency, "sura", "Kota Surabaya, Jawa Timur"),
        (Regency, "sel jakarta", "Kota Administrasi Jakarta Selatan, DKI Jakarta"),
        (District, "ampar bat", "Batu Ampar, Kota Batam, Kepulauan Riau"),
        (Village, "goro goro", "Goro Goro, Sahu, Kabupaten Halmahera Barat, Maluku Utara"),
        // words of the regions above
        (District, "batu ampar batam", "Batu Ampar, Kota Batam, Kepulauan Riau"),
        (District, "batu ampar kubu raya", "Batu Ampar, Kabupaten Kubu Raya, Kalimantan Barat"),
        (Village, "gubeng surabaya", "Gubeng, Gubeng, Kota Surabaya, Jawa Timur"),
        // what kind of region it is need not be in the name
        (District, "kec. gubeng", "Gubeng, Kota Surabaya, Jawa Timur"),
        (Village, "kel gubeng", "Gubeng, Gubeng, Kota Surabaya, Jawa Timur"),
        (Village, "ds. keude bakongan", "Keude Bakongan, Bakongan, Kabupaten Aceh Selatan, Aceh"),
        (Province, "prov bali", "Bali"),
        // short forms
        (Province, "jatim", "Jawa Timur"),
        (Province, "kepri", "Kepulauan Riau"),
        (Province, "ntt", "Nusa Tenggara Timur"),
        (Province, "diy", "DI Yogyakarta"),
        (Province, "jkt", "DKI Jakarta"),
        (Regency, "jaksel", "Kota Administrasi Jakarta Selatan, DKI Jakarta"),
        (Regency, "jogja", "Kota Yogyakarta, DI Yogyakarta"),
        (Regency, "bdg", "Kota Bandung, Jawa Barat"),
        (Regency, "kab bdg", "Kabupaten Bandung, Jawa Barat"),
        (Regency, "solo", "Kota Surakarta, Jawa Tengah"),
        (Regency, "tangsel", "Kota Tangerang Selatan, Banten"),
        (District, "kebayoran lama jaksel", "Kebayoran Lama, Kota Administrasi Jakarta Selatan, DKI Jakarta"),
        // written as one word
        (Regency, "tanjungpinang", "Kota Tanjung Pinang, Kepulauan Riau"),
        (Regency, "tanjungpin", "Kota Tanjung Pinang, Kepulauan Riau"),
        (District, "batuampar batam", "Batu Ampar, Kota Batam, Kepulauan Riau"),
        (Regency, "pematang siantar", "Kota Pematangsiantar, Sumatera Utara"),
        // one slip
        (Province, "jawa tmiur", "Jawa Timur"),
        (Regency, "surabya", "Kota Surabaya, Jawa Timur"),
        (Regency, "denpassar", "Kota Denpasar, Bali"),
        (Regency, "nanado", "Kota Manado, Sulawesi Utara"),
        (District, "gubemg", "Gubeng, Kota Surabaya, Jawa Timur"),
        (District, "gubeng surabya", "Gubeng, Kota Surabaya, Jawa Timur"),
        (Village, "keude bakonagn", "Keude Bakongan, Bakongan, Kabupaten Aceh Selatan, Aceh"),
    ];
    for (level, text, expected) in cases {
        let found = labels(level, None, text, 3);
        assert_eq!(found.first().map(String::as_str), Some(expected), "{level:?} \"{text}\": {found:?}");
    }
}

#[test]
fn equally_good_names_are_in_their_order() {
    let names: Vec<_> = search(Regency, Some("11"), "kab aceh", 20).iter().map(|hit| hit.region.name).collect();
    let expected = ["Barat", "Barat Daya", "Besar", "Jaya", "Selatan", "Singkil", "Tamiang", "Tengah", "Tenggara"];
    let expected: Vec<_> = expected.iter().map(|name| format!("Kabupaten Aceh {name}")).collect();
    assert_eq!(names[..expected.len()], expected);
}

#[test]
fn within_keeps_to_the_region() {
    let everywhere = labels(District, None, "gubeng", 20);
    assert!(everywhere.contains(&"Gubeng, Kota Surabaya, Jawa Timur".to_owned()));
    assert_eq!(labels(District, Some("3578"), "gubeng", 20), ["Gubeng, Kota Surabaya, Jawa Timur"]);
    assert_eq!(labels(District, Some("21"), "gubeng", 20), [""; 0]);
    for within in ["35", "3578", "357808"] {
        let hits = search(Village, Some(within), "gu", 50);
        assert!(!hits.is_empty());
        assert!(hits.iter().all(|hit| hit.region.code.starts_with(within)), "{within}");
    }
    for (within, why) in [("99", "unknown"), ("35780", "no code"), ("", "no code"), ("3578081001", "a level below")] {
        assert_eq!(labels(District, Some(within), "gubeng", 20), [""; 0], "{why}");
    }
}

#[test]
fn nothing_is_found_for_nothing() {
    for text in ["", "  ", ".", "-/'", "xyzzyxyzzy", "\u{301}"] {
        assert_eq!(labels(Village, None, text, 10), [""; 0], "{text:?}");
    }
    assert_eq!(labels(Village, None, "gubeng", 0), [""; 0]);
}

#[test]
fn a_slip_is_forgiven_only_when_nothing_fits() {
    let exact = search(Village, None, "gubeng", 1000);
    assert!(exact.iter().all(|hit| hit.region.name.to_lowercase().contains("gubeng")));
    assert_eq!(labels(Province, None, "bsli", 10), [""; 0], "four letters are not forgiven");
}

#[test]
fn namesakes_are_told_apart_by_their_paths() {
    let found = labels(Village, None, "sukamaju", 500);
    let mut distinct = found.clone();
    distinct.sort();
    distinct.dedup();
    assert!(found.len() > 50, "{}", found.len());
    assert_eq!(found.len(), distinct.len());
}

#[test]
fn every_regency_is_found_by_its_name_with_its_province() {
    for province in children(None) {
        for regency in children(Some(province.code)) {
            let text = format!("{} {}", regency.name, province.name);
            let found = search(Regency, None, &text, 1);
            assert_eq!(found.first().map(|hit| hit.region), Some(regency), "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_gives_at_most_the_limit_without_repeats(text in "\\PC{0,30}|[a-z ]{0,12}", limit in 0usize..40) {
        for level in Level::ALL {
            let hits = search(level, None, &text, limit);
            prop_assert!(hits.len() <= limit);
            let mut codes: Vec<_> = hits.iter().map(|hit| hit.region.code).collect();
            codes.sort_unstable();
            codes.dedup();
            prop_assert_eq!(codes.len(), hits.len());
            prop_assert!(hits.iter().all(|hit| hit.region.level == level && hit.path.last() == Some(&hit.region)));
        }
    }

    #[test]
    fn a_smaller_limit_cuts_the_same_list(text in "[a-z]{1,5}( [a-z]{1,3})?") {
        let long = search(District, None, &text, 30);
        let short = search(District, None, &text, 5);
        prop_assert_eq!(&long[..short.len()], &short[..]);
    }
}
