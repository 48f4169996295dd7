//! The bundled data: complete, consistent, and the regions people know.

use prakerja_regions::{DECREE, DECREE_DATE, Level, NOTICE, Region, children, find, path};

/// Every region, in the order of the codes within its level.
fn all() -> Vec<Vec<Region>> {
    let mut levels = vec![children(None)];
    while levels.len() < Level::ALL.len() {
        levels.push(levels[levels.len() - 1].iter().flat_map(|above| children(Some(above.code))).collect());
    }
    for level in &mut levels {
        level.sort_by_key(|region| region.code);
    }
    levels
}

#[test]
fn each_level_has_as_many_regions_as_the_decree() {
    let levels = all();
    assert_eq!(levels.iter().map(Vec::len).collect::<Vec<_>>(), [38, 514, 7285, 83_762]);
    let cities = levels[1].iter().filter(|regency| regency.name.starts_with("Kota ")).count();
    assert_eq!((cities, levels[1].len() - cities), (98, 416), "cities and regencies");
    let of_kind = |digit: &str| levels[3].iter().filter(|village| &village.code[6..7] == digit).count();
    assert_eq!((of_kind("1"), of_kind("2"), of_kind("3")), (8496, 75_252, 14), "kelurahan, desa, desa adat");
}

#[test]
fn codes_are_unique_digits_below_a_known_region() {
    for (level, regions) in Level::ALL.into_iter().zip(all()) {
        assert!(regions.is_sorted_by(|a, b| a.code < b.code), "{level:?} has a code twice");
        for region in regions {
            assert_eq!((region.level, region.code.len()), (level, level.code_len()), "{region:?}");
            assert!(region.code.bytes().all(|digit| digit.is_ascii_digit()), "{region:?}");
            assert_eq!(find(region.code), Some(region));
            let path = path(region.code);
            assert_eq!(path.len(), level as usize + 1, "{region:?}");
            assert!(path.iter().all(|above| region.code.starts_with(above.code)), "{region:?}");
            assert_eq!(path.last(), Some(&region));
        }
    }
}

#[test]
fn names_are_written_as_people_write_them() {
    for region in all().into_iter().flatten() {
        let name = region.name;
        assert_eq!(name, name.split_whitespace().collect::<Vec<_>>().join(" "), "{region:?}");
        assert!(name.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit()), "{region:?}");
        assert!(name.is_ascii(), "{region:?}");
        let prefixed = name.starts_with("Kabupaten ") || name.starts_with("Kota ");
        assert!(prefixed || region.level != Level::Regency, "{region:?}");
        let small = name.split(' ').filter(|word| word.starts_with(|first: char| first.is_lowercase()));
        assert!(small.into_iter().all(|word| matches!(word, "dan" | "x")), "{region:?}");
    }
}

#[test]
fn known_codes_have_their_names() {
    let cases = [
        ("11", "Aceh"),
        ("21", "Kepulauan Riau"),
        ("31", "DKI Jakarta"),
        ("34", "DI Yogyakarta"),
        ("91", "Papua"),
        ("92", "Papua Barat"),
        ("93", "Papua Selatan"),
        ("94", "Papua Tengah"),
        ("95", "Papua Pegunungan"),
        ("96", "Papua Barat Daya"),
        ("1277", "Kota Padangsidimpuan"),
        ("2101", "Kabupaten Bintan"),
        ("2171", "Kota Batam"),
        ("3101", "Kabupaten Administrasi Kepulauan Seribu"),
        ("3174", "Kota Administrasi Jakarta Selatan"),
        ("3578", "Kota Surabaya"),
        ("5171", "Kota Denpasar"),
        ("7109", "Kabupaten Kepulauan Siau Tagulandang Biaro"),
        ("7171", "Kota Manado"),
        ("7310", "Kabupaten Pangkajene dan Kepulauan"),
        ("9671", "Kota Sorong"),
        ("357808", "Gubeng"),
        ("217103", "Sekupang"),
        ("3578081001", "Gubeng"),
        ("1101012001", "Keude Bakongan"),
    ];
    for (code, name) in cases {
        assert_eq!(find(code).map(|region| region.name), Some(name), "{code}");
    }
}

#[test]
fn what_is_no_code_finds_nothing() {
    for code in ["", "2", "99", "217", "2199", "21.71", "21710", "2171031", "21710310031", "ab", "é", "Batam", "2171 "]
    {
        assert_eq!(find(code), None, "{code}");
        assert_eq!(path(code), [], "{code}");
        assert_eq!(children(Some(code)), [], "{code}");
    }
}

#[test]
fn a_path_leads_from_the_province_to_the_region() {
    let names = |code| path(code).iter().map(|region| region.name).collect::<Vec<_>>();
    assert_eq!(names("3578081001"), ["Jawa Timur", "Kota Surabaya", "Gubeng", "Gubeng"]);
    assert_eq!(names("2171"), ["Kepulauan Riau", "Kota Batam"]);
    assert_eq!(names("96"), ["Papua Barat Daya"]);
}

#[test]
fn children_are_sorted_by_name() {
    let names = |code| children(code).iter().map(|region| region.name).collect::<Vec<_>>();
    assert_eq!(names(None)[..3], ["Aceh", "Bali", "Banten"]);
    assert_eq!(
        names(Some("21")),
        [
            "Kabupaten Bintan",
            "Kabupaten Karimun",
            "Kabupaten Kepulauan Anambas",
            "Kabupaten Lingga",
            "Kabupaten Natuna",
            "Kota Batam",
            "Kota Tanjung Pinang",
        ]
    );
    // Numerals count, they are not spelled: in "N-1 Aek Nabara" and its neighbours, too.
    let numbered: Vec<_> =
        children(Some("121009")).into_iter().filter(|village| village.name.starts_with("N-")).collect();
    let numbered: Vec<_> = numbered.iter().map(|village| &village.name[..3]).collect();
    assert_eq!(numbered, ["N-1", "N-2", "N-3", "N-4", "N-5", "N-6", "N-7", "N-8"]);
    assert_eq!(children(Some("3578081001")), [], "a village has nothing below it");
}

#[test]
fn the_notice_names_source_decree_and_licence() {
    for part in [DECREE, "25 April 2025", "cahyadsn/wilayah", "Copyright (c) 2017-2025 Cahya DSN", "MIT License"] {
        assert!(NOTICE.contains(part), "{part}");
    }
    assert_eq!(DECREE_DATE, "2025-04-25");
}
