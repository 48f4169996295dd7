//! What an item is made of, as a person meets it: words in both languages, figures, tables. Nothing here knows
//! which option is right.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The parts of the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words, relations between them, short texts.
    Verbal,
    /// Everyday arithmetic.
    Numeric,
    /// Patterns and figures.
    Figural,
    /// Statements about learning and work; no answer is right.
    Motivation,
}

impl Kind {
    /// All, in the order of a paper.
    pub const ALL: [Self; 4] = [Self::Verbal, Self::Numeric, Self::Figural, Self::Motivation];

    /// The word that ids and bank files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verbal => "verbal",
            Self::Numeric => "numeric",
            Self::Figural => "figural",
            Self::Motivation => "motivation",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// A drawing with the words that replace it for who does not see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// A whole `svg` element, checked against an allow-list; it draws with `currentColor` only.
    pub svg: String,
    /// As precise as the drawing: the item can be answered from it.
    pub description: Words,
}

/// A table in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Indonesian.
    pub id: TableWords,
    /// English.
    pub en: TableWords,
}

/// A small table; every row has as many cells as the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableWords {
    /// Headings of the columns.
    pub head: Vec<String>,
    /// The rows; the first cell of each is its heading.
    pub rows: Vec<Vec<String>>,
}
