//! The 38 provinces with their Kemendagri codes (not the statistics office's, which differ in Papua).

/// Code and name of a province.
pub type Province = (&'static str, &'static str);

/// All provinces, in the order of their codes.
pub const PROVINCES: [Province; 38] = [
    ("11", "Aceh"),
    ("12", "Sumatera Utara"),
    ("13", "Sumatera Barat"),
    ("14", "Riau"),
    ("15", "Jambi"),
    ("16", "Sumatera Selatan"),
    ("17", "Bengkulu"),
    ("18", "Lampung"),
    ("19", "Kepulauan Bangka Belitung"),
    ("21", "Kepulauan Riau"),
    ("31", "DKI Jakarta"),
    ("32", "Jawa Barat"),
    ("33", "Jawa Tengah"),
    ("34", "DI Yogyakarta"),
    ("35", "Jawa Timur"),
    ("36", "Banten"),
    ("51", "Bali"),
    ("52", "Nusa Tenggara Barat"),
    ("53", "Nusa Tenggara Timur"),
    ("61", "Kalimantan Barat"),
    ("62", "Kalimantan Tengah"),
    ("63", "Kalimantan Selatan"),
    ("64", "Kalimantan Timur"),
    ("65", "Kalimantan Utara"),
    ("71", "Sulawesi Utara"),
    ("72", "Sulawesi Tengah"),
    ("73", "Sulawesi Selatan"),
    ("74", "Sulawesi Tenggara"),
    ("75", "Gorontalo"),
    ("76", "Sulawesi Barat"),
    ("81", "Maluku"),
    ("82", "Maluku Utara"),
    ("91", "Papua"),
    ("92", "Papua Barat"),
    ("93", "Papua Selatan"),
    ("94", "Papua Tengah"),
    ("95", "Papua Pegunungan"),
    ("96", "Papua Barat Daya"),
];

/// The provinces that got the card first, in April 2020 (domain.md §1, fact 12).
pub const FIRST_ROLLOUT: [&str; 3] = ["21", "71", "51"];

/// The province with a two-digit code.
pub fn by_code(code: &str) -> Option<Province> {
    PROVINCES.into_iter().find(|(known, _)| *known == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_regions_have_the_same_provinces() {
        let mut bundled = prakerja_regions::children(None);
        bundled.sort_by_key(|region| region.code);
        let bundled: Vec<Province> = bundled.into_iter().map(|region| (region.code, region.name)).collect();
        assert_eq!(bundled, PROVINCES);
    }

    #[test]
    fn codes_are_unique_and_the_first_three_are_known() {
        let mut codes: Vec<_> = PROVINCES.iter().map(|(code, _)| code).collect();
        codes.dedup();
        assert_eq!(codes.len(), 38);
        assert!(FIRST_ROLLOUT.iter().all(|code| by_code(code).is_some()));
        assert_eq!(by_code("99"), None);
    }
}
