//! Searching trainings on this computer, with whatever a person types.

use crate::ids::json;
use crate::{Store, StoreError, Training};
use prakerja_domain::training::Method;
use sqlx::Row;

/// More words than this add nothing.
const WORDS: usize = 8;
/// Most rows of a page.
const PAGE: u32 = 100;

/// Words and filters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrainingQuery {
    /// Words typed; every one must occur, as the beginning of a word, in any order. Without a letter or digit: everything.
    pub text: String,
    /// Only these methods; empty for all.
    pub methods: Vec<Method>,
    /// Only free ones.
    pub free_only: bool,
    /// Only with a run in this province.
    pub province: Option<String>,
    /// Only with a seat in a run that has not closed; self-paced ones always have one.
    pub with_seat: bool,
    /// The best time known, Unix milliseconds: which runs have closed.
    pub now: i64,
    /// Skip so many.
    pub offset: u32,
    /// At most so many: 1 to 100.
    pub limit: u32,
}

/// A page of trainings.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingPage {
    /// How many fit the query.
    pub total: u32,
    /// This page: the best match first; without words free ones first, then the soonest.
    pub rows: Vec<Training>,
}

/// The filters: `$1` words, `$2` methods, `$3` free only, `$4` province, `$5` with seat, `$6` now.
macro_rules! filters {
    () => {
        " and ($2 = '[]' or t.method in (select value from json_each($2)))
          and (not $3 or t.free)
          and ((not $5 and $4 is null) or ($4 is null and t.method = 'self_paced') or exists (
              select 1 from schedule s where s.training = t.no and ($4 is null or s.province = $4)
                  and (not $5 or (s.seats <> 'full' and s.closes_at > $6))))"
    };
}

/// Trainings that hold all words.
macro_rules! with_words {
    () => {
        concat!(
            "from training_fts join training t on t.no = training_fts.rowid where training_fts match $1",
            filters!()
        )
    };
}

/// All trainings; `$1` is null.
macro_rules! without_words {
    () => {
        concat!("from training t where $1 is null", filters!())
    };
}

/// One page and the whole count. Free ones first, then by the day on which the next open run starts, then those that start
/// at any time, then the rest. The content is read for the rows of the page only.
macro_rules! page {
    ($score:literal, $matching:expr) => {
        concat!(
            "with fit as materialized (select t.no, ",
            $score,
            " as score ",
            $matching,
            "),
             next as materialized (
                 select training, min(starts_on) as starts_on from schedule where closes_at > $6 group by training),
             page as materialized (
                 select t.no, row_number() over (order by fit.score, t.free desc,
                        case when n.starts_on is not null then 0 when t.method = 'self_paced' then 1 else 2 end,
                        n.starts_on, t.title, t.no) as place
                 from fit join training t on t.no = fit.no left join next n on n.training = t.no
                 order by place limit $7 offset $8)
             select d.data, (select count(*) from fit) as total
             from page join training_data d on d.no = page.no order by page.place"
        )
    };
}

const WITHOUT_WORDS: &str = page!("0", without_words!());
/// A word in the title weighs most, one in the summary least.
const WITH_WORDS: &str = page!("bm25(training_fts, 10.0, 4.0, 4.0, 3.0, 1.0)", with_words!());
/// For a page behind the last row, which cannot tell.
const COUNT_WITHOUT_WORDS: &str = concat!("select count(*) ", without_words!());
const COUNT_WITH_WORDS: &str = concat!("select count(*) ", with_words!());

impl Store {
    /// Searches the stored trainings.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here; never for what was typed.
    pub async fn search_trainings(&self, query: &TrainingQuery) -> Result<TrainingPage, StoreError> {
        let words = words(&query.text);
        let methods = serde_json::to_string(&query.methods).unwrap_or_else(|_| "[]".into());
        let (page, count) =
            if words.is_some() { (WITH_WORDS, COUNT_WITH_WORDS) } else { (WITHOUT_WORDS, COUNT_WITHOUT_WORDS) };
        let mut read = self.read().await?;
        let rows = sqlx::query(page)
            .bind(&words)
            .bind(&methods)
            .bind(query.free_only)
            .bind(&query.province)
            .bind(query.with_seat)
            .bind(query.now)
            .bind(query.limit.clamp(1, PAGE))
            .bind(query.offset)
            .fetch_all(&mut *read)
            .await?;
        let total = match rows.first() {
            Some(row) => row.try_get("total")?,
            None if query.offset == 0 => 0,
            None => {
                sqlx::query_scalar(count)
                    .bind(&words)
                    .bind(&methods)
                    .bind(query.free_only)
                    .bind(&query.province)
                    .bind(query.with_seat)
                    .bind(query.now)
                    .fetch_one(&mut *read)
                    .await?
            }
        };
        read.commit().await?;
        let rows = rows.iter().map(|row| json(row.try_get("data")?, "training")).collect::<Result<_, _>>()?;
        Ok(TrainingPage { total, rows })
    }
}

/// What was typed as an FTS5 expression: quoted words with a star. Letters and digits only, so that nothing typed is ever
/// syntax. Absent when there is no letter or digit.
fn words(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn whatever_is_typed_becomes_quoted_words() {
        let cases = [
            ("", None),
            ("  ", None),
            ("*\"'();--", None),
            ("barista", Some("\"barista\"*")),
            ("Las  Listrik", Some("\"Las\"* \"Listrik\"*")),
            ("NEAR(a b)", Some("\"NEAR\"* \"a\"* \"b\"*")),
            ("title:x OR 1=1", Some("\"title\"* \"x\"* \"OR\"* \"1\"* \"1\"*")),
            ("\"; drop table training;", Some("\"drop\"* \"table\"* \"training\"*")),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text).as_deref(), expected, "{text}");
        }
    }
}
