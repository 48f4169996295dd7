//! Nothing that was typed may lie on the disk in clear.

use std::path::Path;

use memchr::memmem;

use crate::Outcome;
use crate::applicant::Applicant;

/// Searches every file below the app's data folder, and below the folder of the window's own caches beside it, for what
/// the applicant typed, and for the numbers that were `shown`, in every spelling in which it could have been stored.
pub fn none(data: &Path, applicant: &Applicant, shown: &[String]) -> Outcome {
    let words = words(applicant, shown);
    let needles: Vec<Vec<u8>> = words.iter().flat_map(|word| encodings(word)).collect();
    let mut open = vec![data.to_path_buf(), data.with_extension("home")];
    let mut files = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            // Sockets of the window are no files to read.
            if !path.is_file() {
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            if needles.iter().any(|needle| memmem::find(&bytes, needle).is_some()) {
                return Err(format!("{} holds typed text in clear", path.display()));
            }
        }
    }
    if files == 0 { Err("there are no files to search".into()) } else { Ok(()) }
}

/// What the applicant typed and the numbers that were `shown`, in every spelling.
pub(crate) fn words(applicant: &Applicant, shown: &[String]) -> Vec<String> {
    let mut words = spellings(applicant);
    words.extend(shown.iter().flat_map(|number| number_spellings(number)));
    words
}

/// What was typed, and numbers also bare and in groups of four. Words that the catalogue has too (a city) say nothing.
fn spellings(applicant: &Applicant) -> Vec<String> {
    let data = &applicant.data;
    let mut words = vec![
        data.full_name.clone(),
        data.ktp.address.clone(),
        data.phone.clone(),
        applicant.email.clone(),
        applicant.password.clone(),
    ];
    for number in [&data.nik, &data.kk_number] {
        words.push(number.clone());
        words.extend(number_spellings(number));
    }
    let phone: String = data.phone.chars().filter(char::is_ascii_digit).collect();
    // Without the prefix, which is written in three ways.
    words.push(phone.trim_start_matches("62").trim_start_matches('0').to_owned());
    let [day, month, year] = &data.birth_date;
    words.push(format!("{year}-{month:0>2}-{day:0>2}"));
    words
}

/// A number of sixteen digits, bare and in groups of four.
fn number_spellings(number: &str) -> Vec<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let grouped = |between| digits.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(between);
    ["", " ", ".", "-"].map(grouped).to_vec()
}

/// UTF-8 as databases and logs write it, UTF-16 as the browser engine's own storage does.
fn encodings(word: &str) -> [Vec<u8>; 2] {
    [word.as_bytes().to_vec(), word.encode_utf16().flat_map(u16::to_le_bytes).collect()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_is_found_in_every_spelling() -> Outcome {
        let applicants = concat!(env!("CARGO_MANIFEST_DIR"), "/applicants/jefry-manado.toml");
        let applicant = Applicant::read(Path::new(applicants))?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let data = folder.path().join("app");
        let home = data.with_extension("home");
        for folder in [&data, &home] {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        assert_eq!(none(&data, &applicant, &[]), Err("there are no files to search".into()));
        let utf16: Vec<u8> = "x Jefry Rumondor".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let texts: [&[u8]; 5] =
            [b"7171 0317 0885 0002", b"nik=7171031708850002;", b"+6281356001122", b"1985-08-17", &utf16];
        for text in texts {
            let file = home.join("file");
            std::fs::write(&file, text).map_err(|error| error.to_string())?;
            assert!(none(&data, &applicant, &[]).is_err(), "{}", String::from_utf8_lossy(text));
        }
        let shown = ["8100 0000 1234 5678".to_owned()];
        std::fs::write(home.join("file"), b"card:8100000012345678").map_err(|error| error.to_string())?;
        assert!(none(&data, &applicant, &shown).is_err());
        std::fs::write(home.join("file"), b"only ciphers").map_err(|error| error.to_string())?;
        none(&data, &applicant, &[])
    }
}
