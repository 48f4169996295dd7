//! Short forms that people write for provinces and large cities, and the words that say what a region is.

/// Short form and what it stands for, both as [`crate::fold`] leaves them.
const SHORT_FORMS: &[(&str, &[&str])] = &[
    ("kab", &["kabupaten"]),
    ("kep", &["kepulauan"]),
    // provinces
    ("nad", &["aceh"]),
    ("sumut", &["sumatera", "utara"]),
    ("sumbar", &["sumatera", "barat"]),
    ("sumsel", &["sumatera", "selatan"]),
    ("sumatra", &["sumatera"]),
    ("babel", &["bangka", "belitung"]),
    ("kepri", &["kepulauan", "riau"]),
    ("dki", &["dki", "jakarta"]),
    ("jkt", &["jakarta"]),
    ("jabar", &["jawa", "barat"]),
    ("jateng", &["jawa", "tengah"]),
    ("jatim", &["jawa", "timur"]),
    ("diy", &["di", "yogyakarta"]),
    ("jogja", &["yogyakarta"]),
    ("jogjakarta", &["yogyakarta"]),
    ("yogya", &["yogyakarta"]),
    ("yk", &["yogyakarta"]),
    ("ntb", &["nusa", "tenggara", "barat"]),
    ("ntt", &["nusa", "tenggara", "timur"]),
    ("kalbar", &["kalimantan", "barat"]),
    ("kalteng", &["kalimantan", "tengah"]),
    ("kalsel", &["kalimantan", "selatan"]),
    ("kaltim", &["kalimantan", "timur"]),
    ("kaltara", &["kalimantan", "utara"]),
    ("sulut", &["sulawesi", "utara"]),
    ("sulteng", &["sulawesi", "tengah"]),
    ("sulsel", &["sulawesi", "selatan"]),
    ("sultra", &["sulawesi", "tenggara"]),
    ("sulbar", &["sulawesi", "barat"]),
    ("malut", &["maluku", "utara"]),
    ("pabar", &["papua", "barat"]),
    ("irian", &["papua"]),
    // cities and their neighbours
    ("jakpus", &["jakarta", "pusat"]),
    ("jakut", &["jakarta", "utara"]),
    ("jakbar", &["jakarta", "barat"]),
    ("jaksel", &["jakarta", "selatan"]),
    ("jaktim", &["jakarta", "timur"]),
    ("tangsel", &["tangerang", "selatan"]),
    ("tng", &["tangerang"]),
    ("bdg", &["bandung"]),
    ("kbb", &["bandung", "barat"]),
    ("bks", &["bekasi"]),
    ("bgr", &["bogor"]),
    ("dpk", &["depok"]),
    ("crb", &["cirebon"]),
    ("tasik", &["tasikmalaya"]),
    ("smg", &["semarang"]),
    ("solo", &["surakarta"]),
    ("sby", &["surabaya"]),
    ("sda", &["sidoarjo"]),
    ("mlg", &["malang"]),
    ("dps", &["denpasar"]),
    ("mdn", &["medan"]),
    ("siantar", &["pematangsiantar"]),
    ("pku", &["pekanbaru"]),
    ("btm", &["batam"]),
    ("plg", &["palembang"]),
    ("plb", &["palembang"]),
    ("bdl", &["bandar", "lampung"]),
    ("balam", &["bandar", "lampung"]),
    ("ptk", &["pontianak"]),
    ("bjm", &["banjarmasin"]),
    ("bpn", &["balikpapan"]),
    ("bpp", &["balikpapan"]),
    ("smd", &["samarinda"]),
    ("kukar", &["kutai", "kartanegara"]),
    ("kutim", &["kutai", "timur"]),
    ("mks", &["makassar"]),
    ("mksr", &["makassar"]),
    ("mdo", &["manado"]),
    ("minut", &["minahasa", "utara"]),
    ("minsel", &["minahasa", "selatan"]),
];

/// Words that say what kind of region follows; in names of districts and villages they are not written.
const KINDS: &[&str] =
    &["prov", "provinsi", "kec", "kecamatan", "distrik", "kel", "kelurahan", "ds", "desa", "gampong", "nagari"];

/// What a short form stands for.
pub(crate) fn long_form(word: &str) -> Option<&'static [&'static str]> {
    SHORT_FORMS.iter().find(|(short, _)| *short == word).map(|(_, long)| *long)
}

/// Whether the word only says what kind of region its follower is.
pub(crate) fn is_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Level, fold, search};

    #[test]
    fn every_short_form_stands_for_a_province_or_regency() {
        for (short, long) in SHORT_FORMS {
            let text = long.join(" ");
            assert_eq!(fold::words(&text).join(" "), text);
            let known = [Level::Province, Level::Regency].iter().any(|level| {
                let hits = search(*level, None, &text, 1);
                hits.iter()
                    .any(|hit| long.iter().all(|word| fold::words(hit.region.name).iter().any(|own| own == word)))
            });
            assert!(known, "{short} stands for {text}, which is no region");
        }
    }

    #[test]
    fn no_short_form_is_there_twice() {
        for (place, (short, _)) in SHORT_FORMS.iter().enumerate() {
            assert!(SHORT_FORMS[place + 1..].iter().all(|(other, _)| other != short), "{short}");
        }
    }
}
