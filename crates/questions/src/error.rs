//! What can be wrong with a bank, told so that its author finds the place: the file, the item, the fault.

use crate::words::Kind;

/// Why a bank cannot be used, or not for this plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// Not TOML, or not the fields of a bank file.
    #[error("{file}: {message}")]
    Syntax {
        /// Name of the file.
        file: String,
        /// The parser's words, with line and column.
        message: String,
    },
    /// The files of one bank carry different versions.
    #[error("{file}: version {found}, but the files before it have version {expected}")]
    Version {
        /// Name of the file.
        file: String,
        /// Version of the file.
        found: u32,
        /// Version of the files before it.
        expected: u32,
    },
    /// A file of motivation items without the four steps of the scale, or another file with a scale.
    #[error("{file}: motivation files, and only they, have a scale of four different steps in both languages")]
    Scale {
        /// Name of the file.
        file: String,
    },
    /// An item is faulty.
    #[error("{file}: {item}: {fault}")]
    Item {
        /// Name of the file.
        file: String,
        /// Id of the item.
        item: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The plan asks for no item at all.
    #[error("the plan asks for no item")]
    EmptyPlan,
    /// The plan asks for more items than there are.
    #[error("the plan needs {wanted} {kind} items of difficulty {difficulty}, the bank has {have}")]
    TooFew {
        /// Kind of the items.
        kind: Kind,
        /// Their difficulty, 1-3; 0 for motivation, which has none.
        difficulty: u8,
        /// How many the plan needs.
        wanted: usize,
        /// How many there are.
        have: usize,
    },
    /// The pass rule asks for more than a paper can give.
    #[error("the pass rule asks for {wanted}, a paper of this plan gives {have} at the most")]
    OutOfReach {
        /// What the rule asks for.
        wanted: usize,
        /// What a paper can give.
        have: usize,
    },
}

/// What is wrong with an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The id is not the kind, a hyphen and three or more digits.
    #[error("an id is the kind, a hyphen and at least three digits")]
    Id,
    /// The id was used before.
    #[error("the id is used twice")]
    Twice,
    /// A field that this kind needs is missing, or one that it does not know is there.
    #[error("the field {0} is missing, or does not belong to this kind")]
    Field(&'static str),
    /// A text is empty, too long, has space around it, or lacks a language.
    #[error("{0}: a text is missing in one language, too long, or has space around it")]
    Text(&'static str),
    /// Difficulty is not 1-3.
    #[error("difficulty is 1, 2 or 3")]
    Difficulty,
    /// Not four options.
    #[error("four options are needed, there are {0}")]
    Options(usize),
    /// Two options look the same.
    #[error("two options are the same")]
    SameOptions,
    /// The answer is none of a-d.
    #[error("the answer is a, b, c or d")]
    Answer,
    /// A table is not rectangular.
    #[error("the table's rows differ in length, or between the languages")]
    Table,
    /// A drawing is not allowed.
    #[error("{place}: {problem}")]
    Svg {
        /// Where: the figure or an option.
        place: &'static str,
        /// What is not allowed.
        problem: String,
    },
    /// The check of a numeric item cannot be computed.
    #[error("the check cannot be computed: {0}")]
    Check(String),
    /// An option of a numeric item is not a quantity, or not the same one in both languages.
    #[error("option {0} is not the same quantity in both languages")]
    Quantity(char),
    /// The check gives another value than the answer.
    #[error("the check gives {check}, the answer says {answer}")]
    WrongAnswer {
        /// Value of the check.
        check: String,
        /// Value of the option that is called right.
        answer: String,
    },
}
