//! What an applicant who knows the answers knows: the right options of the test, in the words that the window shows.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use crate::Outcome;

/// The files of the bank, in the checkout that this runs in. The app has none of them.
const BANK: &str = "crates/questions/bank";

/// Right options by item, as the window shows them in one language.
pub struct Knowledge(HashMap<String, String>);

#[derive(Deserialize)]
struct BankFile {
    scale: Option<Vec<HashMap<String, String>>>,
    item: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    answer: Option<String>,
    #[serde(default)]
    reverse: bool,
    #[serde(default)]
    options: Vec<BankOption>,
}

#[derive(Deserialize)]
struct BankOption {
    text: Option<HashMap<String, String>>,
    figure: Option<Drawing>,
}

#[derive(Deserialize)]
struct Drawing {
    description: HashMap<String, String>,
}

impl Knowledge {
    /// Reads the bank.
    pub fn read(language: &str) -> Outcome<Self> {
        let mut right = HashMap::new();
        for kind in ["verbal", "numeric", "figural", "motivation"] {
            let path = Path::new(BANK).join(format!("{kind}.toml"));
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let file: BankFile = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            for item in &file.item {
                let words = in_bank(item, file.scale.as_deref()).and_then(|words| words.get(language));
                let words = words.ok_or_else(|| format!("{} has no right option in {language}", item.id))?;
                right.insert(item.id.clone(), words.clone());
            }
        }
        Ok(Self(right))
    }

    /// What to choose.
    pub fn of(&self, item: &str) -> Outcome<&str> {
        self.0.get(item).map(String::as_str).ok_or_else(|| format!("the bank has no item {item}"))
    }
}

/// Words of the right option, or of the most willing one where no option is right.
fn in_bank<'a>(item: &'a Item, scale: Option<&'a [HashMap<String, String>]>) -> Option<&'a HashMap<String, String>> {
    let Some(answer) = &item.answer else {
        return if item.reverse { scale?.first() } else { scale?.last() };
    };
    let option = item.options.get(usize::from(answer.bytes().next()?.checked_sub(b'a')?))?;
    option.text.as_ref().or(option.figure.as_ref().map(|figure| &figure.description))
}
