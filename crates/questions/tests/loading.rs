//! What is refused when a bank is loaded, with the file and the item in the error.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

use prakerja_questions::{Bank, BankError, Fault, Kind};

const WORDS: &str = r#"[[item]]
id = "verbal-001"
topic = "synonym"
difficulty = 1
text = { id = "Kata mana?", en = "Which word?" }
answer = "b"
options = [
    { text = { id = "satu", en = "one" } },
    { text = { id = "dua", en = "two" } },
    { text = { id = "tiga", en = "three" } },
    { text = { id = "empat", en = "four" } },
]
"#;

const SUM: &str = r#"[[item]]
id = "numeric-001"
topic = "wage"
difficulty = 2
text = { id = "Berapa?", en = "How much?" }
answer = "b"
check = "1000 * 3 / 2"
options = [
    { text = { id = "Rp1.000", en = "Rp1,000" } },
    { text = { id = "Rp1.500", en = "Rp1,500" } },
    { text = { id = "Rp2.000", en = "Rp2,000" } },
    { text = { id = "Rp2.500", en = "Rp2,500" } },
]
table.id = { head = ["Hari", "Upah"], rows = [["Senin", "Rp1.000"]] }
table.en = { head = ["Day", "Wage"], rows = [["Monday", "Rp1,000"]] }
"#;

const DRAWING: &str = r#"[[item]]
id = "figural-001"
topic = "series"
difficulty = 3
text = { id = "Gambar mana?", en = "Which picture?" }
answer = "a"
figure.description = { id = "Lingkaran.", en = "Circle." }
figure.svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><circle r="9"/></svg>'
options = [
    { text = { id = "1", en = "1" } },
    { text = { id = "2", en = "2" } },
    { text = { id = "3", en = "3" } },
    { figure = { description = { id = "Titik.", en = "Dot." }, svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><circle r="1"/></svg>' } },
]
"#;

const STATEMENT: &str = r#"scale = [{ id = "a", en = "a" }, { id = "b", en = "b" }, { id = "c", en = "c" }, { id = "d", en = "d" }]
[[item]]
id = "motivation-001"
topic = "learning"
reverse = false
text = { id = "Saya belajar.", en = "I learn." }
"#;

fn load(kind: Kind, items: &str) -> Result<(), BankError> {
    let text = format!("version = 1\nkind = \"{kind}\"\n{items}");
    Bank::from_texts(&[("own.toml", &text)]).map(|_| ())
}

/// The fault of an item in which `from` is replaced.
fn fault(kind: Kind, item: &str, from: &str, to: &str) -> Fault {
    assert!(item.contains(from), "{from} is in the item");
    match load(kind, &item.replace(from, to)) {
        Err(BankError::Item { file, item, fault }) if file == "own.toml" && !item.is_empty() => fault,
        other => panic!("{from} -> {to}: {other:?}"),
    }
}

#[test]
fn the_patterns_are_good() {
    for (kind, item) in
        [(Kind::Verbal, WORDS), (Kind::Numeric, SUM), (Kind::Figural, DRAWING), (Kind::Motivation, STATEMENT)]
    {
        assert_eq!(load(kind, item), Ok(()), "{kind}");
    }
}

#[test]
fn faulty_items_are_refused() {
    let long = "x".repeat(901);
    let cases = [
        ("verbal-001", "verbal-1", Fault::Id),
        ("verbal-001", "numeric-001", Fault::Id),
        ("verbal-001", "verbal-00a", Fault::Id),
        ("\"synonym\"", "\" \"", Fault::Field("topic")),
        ("difficulty = 1", "difficulty = 4", Fault::Difficulty),
        ("difficulty = 1", "", Fault::Difficulty),
        ("difficulty = 1", "difficulty = 1\nreverse = true", Fault::Field("reverse")),
        ("Which word?", "", Fault::Text("text")),
        ("Kata mana?", " Kata mana?", Fault::Text("text")),
        ("Kata mana?", long.as_str(), Fault::Text("text")),
        ("answer = \"b\"", "answer = \"e\"", Fault::Answer),
        ("answer = \"b\"", "", Fault::Answer),
        ("answer", "passage = { id = \"Teks.\", en = \"\" }\nanswer", Fault::Text("passage")),
        ("    { text = { id = \"dua\", en = \"two\" } },\n", "", Fault::Options(3)),
        ("\"two\"", "\"one\"", Fault::SameOptions),
        ("\"dua\"", "\"satu\"", Fault::SameOptions),
        ("\"two\"", "\"\"", Fault::Text("option")),
        ("text = { id = \"dua\", en = \"two\" }", "", Fault::Field("text or figure of an option")),
    ];
    for (from, to, expected) in cases {
        assert_eq!(fault(Kind::Verbal, WORDS, from, to), expected, "{from} -> {to}");
    }
    assert_eq!(
        load(Kind::Verbal, &format!("{WORDS}{WORDS}")),
        Err(BankError::Item { file: "own.toml".into(), item: "verbal-001".into(), fault: Fault::Twice })
    );
}

#[test]
fn faulty_sums_and_tables_are_refused() {
    let wrong = |check: &str, answer: &str| Fault::WrongAnswer { check: check.into(), answer: answer.into() };
    let cases = [
        ("1000 * 3 / 2", "1000 * 3", wrong("3000", "1500")),
        ("1000 * 3 / 2", "1000 / 3", wrong("1000/3", "1500")),
        ("1000 * 3 / 2", "1000 x 3", Fault::Check("1000 x 3".into())),
        ("Rp2,000", "Rp2.000", Fault::Quantity('c')),
        ("Rp2,000", "much", Fault::Quantity('c')),
        ("{ id = \"Rp2.000\", en = \"Rp2,000\" }", "{ id = \"Rp1000\", en = \"Rp1000\" }", Fault::SameOptions),
        ("\"Monday\", \"Rp1,000\"", "\"Monday\"", Fault::Table),
        ("rows = [[\"Monday\", \"Rp1,000\"]]", "rows = []", Fault::Table),
        ("\"Monday\"", "\"\"", Fault::Text("table")),
    ];
    for (from, to, expected) in cases {
        assert_eq!(fault(Kind::Numeric, SUM, from, to), expected, "{from} -> {to}");
    }
}

#[test]
fn faulty_drawings_are_refused() {
    let places = [("r=\"9\"", "figure"), ("r=\"1\"", "option")];
    for (radius, expected) in places {
        for bad in ["onload=\"x()\"", "fill=\"red\"", "id=\"a\""] {
            match fault(Kind::Figural, DRAWING, radius, bad) {
                Fault::Svg { place, problem } => {
                    assert!(place == expected && problem.contains("not allowed"), "{problem}")
                }
                other => panic!("{bad}: {other}"),
            }
        }
    }
    assert_eq!(fault(Kind::Figural, DRAWING, "\"Circle.\"", "\"\""), Fault::Text("description"));
}

#[test]
fn faulty_statements_are_refused() {
    let cases = [
        ("reverse = false", "", Fault::Field("reverse")),
        ("reverse = false", "reverse = false\ndifficulty = 1", Fault::Field("difficulty")),
        ("reverse = false", "reverse = false\nanswer = \"a\"", Fault::Field("answer")),
        ("reverse = false", "reverse = false\ncheck = \"1\"", Fault::Field("check")),
    ];
    for (from, to, expected) in cases {
        assert_eq!(fault(Kind::Motivation, STATEMENT, from, to), expected, "{to}");
    }
    let scale = Err(BankError::Scale { file: "own.toml".into() });
    assert_eq!(load(Kind::Motivation, &STATEMENT.replace("en = \"d\"", "en = \"c\"")), scale);
    assert_eq!(load(Kind::Motivation, &STATEMENT.replace(", { id = \"d\", en = \"d\" }", "")), scale);
    assert_eq!(load(Kind::Verbal, "scale = [{ id = \"a\", en = \"a\" }]"), scale);
}

#[test]
fn faulty_files_are_named() {
    let bank = |second: &str| {
        let first = format!("version = 1\nkind = \"verbal\"\n{WORDS}");
        Bank::from_texts(&[("first.toml", &first), ("second.toml", second)]).map(|_| ())
    };
    assert_eq!(
        bank("version = 2\nkind = \"numeric\"\n"),
        Err(BankError::Version { file: "second.toml".into(), found: 2, expected: 1 })
    );
    for broken in
        ["version = 1", "version = 1\nkind = \"musical\"", "nonsense", "version = 1\nkind = \"verbal\"\nnew = 1"]
    {
        match bank(broken) {
            Err(BankError::Syntax { file, message }) => assert!(file == "second.toml" && !message.is_empty()),
            other => panic!("{broken}: {other:?}"),
        }
    }
    let shown = load(Kind::Numeric, &SUM.replace("* 3", "* 4")).unwrap_err().to_string();
    assert_eq!(shown, "own.toml: numeric-001: the check gives 2000, the answer says 1500");
}
