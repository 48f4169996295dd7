//! The public catalogue: trainings with their schedules and search index, waves, provinces.
//!
//! A training is kept verbatim; the columns beside it are for searching only.

use std::collections::BTreeMap;

use prakerja_domain::training::{Method, SeatBand};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::Row;
use uuid::Uuid;

use crate::ids::{blob, id_list, json};
use crate::transaction::Guard;
use crate::{Store, StoreError};

/// A training, as far as it is shown. Same members as on the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Its id.
    pub id: Uuid,
    /// Title in Indonesian.
    pub title: String,
    /// What one learns.
    pub summary: String,
    /// How it is held.
    pub method: Method,
    /// Field of work.
    pub field: String,
    /// The institution that trains.
    pub institution: String,
    /// The platform that lists it.
    pub platform: String,
    /// Free for everyone with an account.
    pub free: bool,
    /// Price in rupiah.
    pub price_idr: i64,
    /// Hours of training.
    pub hours: u32,
    /// Mean rating times ten.
    #[serde(default)]
    pub rating_x10: Option<u32>,
    /// Number of ratings.
    #[serde(default)]
    pub ratings: u32,
    /// What one needs.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Dates and places.
    #[serde(default)]
    pub schedules: Vec<Schedule>,
}

/// One run of a training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its id.
    pub id: Uuid,
    /// First day, `2026-12-07`.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Time of day in words.
    pub time: String,
    /// Province code; absent for webinars.
    #[serde(default)]
    pub province: Option<String>,
    /// City; absent for webinars.
    #[serde(default)]
    pub city: Option<String>,
    /// Street address; absent for webinars.
    #[serde(default)]
    pub address: Option<String>,
    /// Enrolment closes.
    pub closes_at: i64,
    /// Seats left, roughly.
    pub seats: SeatBand,
}

/// A catalogue, or what changed since `base`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CatalogueUpdate {
    /// Version after applying it.
    pub version: i64,
    /// Version that it builds upon; absent for everything.
    pub base: Option<i64>,
    /// Trainings as on the wire, new or changed.
    pub trainings: Vec<Value>,
    /// Trainings that are gone.
    pub gone: Vec<Uuid>,
    /// Waves as on the wire.
    pub waves: Value,
    /// Codes of the provinces in which the programme is rolled out.
    pub provinces: Vec<String>,
    /// Schemes and keys as on the wire; absent from an older central.
    pub programme: Option<Value>,
}

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CatalogueApplied {
    /// Trainings that were stored.
    pub stored: usize,
    /// Trainings that could not be read and were left out; the others are not held up by them.
    pub unreadable: usize,
}

/// The stored catalogue without its trainings.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueInfo {
    /// Its version.
    pub version: i64,
    /// When it was last brought up to date.
    pub as_of: i64,
    /// Waves as on the wire.
    pub waves: Value,
    /// Codes of the provinces in which the programme is rolled out.
    pub provinces: Vec<String>,
    /// Schemes and keys as on the wire; absent from an older central.
    pub programme: Option<Value>,
    /// How many trainings are stored.
    pub trainings: u32,
}

impl Store {
    /// Stores a catalogue or a delta.
    ///
    /// # Errors
    /// [`StoreError::WrongBase`] for a delta that does not build upon the stored version; nothing was changed then.
    pub async fn apply_catalogue(&self, update: &CatalogueUpdate, now: i64) -> Result<CatalogueApplied, StoreError> {
        let trainings: Vec<(Training, &Value)> =
            update.trainings.iter().filter_map(|data| Some((Training::deserialize(data).ok()?, data))).collect();
        let mut write = self.write().await?;
        match update.base {
            None => {
                for statement in [
                    "delete from schedule",
                    "delete from training_data",
                    "delete from training",
                    "delete from training_fts",
                ] {
                    sqlx::query(statement).execute(&mut *write).await?;
                }
            }
            Some(base) => {
                let version: Option<i64> =
                    sqlx::query_scalar("select version from catalogue").fetch_optional(&mut *write).await?;
                if version != Some(base) {
                    return Err(StoreError::WrongBase);
                }
                let mut gone = update.gone.clone();
                gone.extend(trainings.iter().map(|(training, _)| training.id));
                remove(&mut write, &gone).await?;
            }
        }
        put(&mut write, &trainings).await?;
        sqlx::query(
            "insert or replace into catalogue (only, version, as_of, waves, provinces, programme)
             values (1, $1, $2, $3, $4, $5)",
        )
        .bind(update.version)
        .bind(now)
        .bind(update.waves.to_string())
        .bind(Value::from(update.provinces.clone()).to_string())
        .bind(update.programme.as_ref().map(ToString::to_string))
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(CatalogueApplied { stored: trainings.len(), unreadable: update.trainings.len() - trainings.len() })
    }

    /// The stored catalogue is still the newest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn touch_catalogue(&self, now: i64) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("update catalogue set as_of = $1").bind(now).execute(&mut *write).await?;
        write.commit().await
    }

    /// The stored catalogue without its trainings; absent before the first one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn catalogue(&self) -> Result<Option<CatalogueInfo>, StoreError> {
        let row = sqlx::query(
            "select version, as_of, waves, provinces, programme, (select count(*) from training) as trainings from catalogue",
        );
        let Some(row) = row.fetch_optional(self.readers()).await? else { return Ok(None) };
        Ok(Some(CatalogueInfo {
            version: row.try_get("version")?,
            as_of: row.try_get("as_of")?,
            waves: json(row.try_get("waves")?, "waves")?,
            provinces: json(row.try_get("provinces")?, "provinces")?,
            programme: row.try_get::<Option<&str>, _>("programme")?.map(|text| json(text, "programme")).transpose()?,
            trainings: row.try_get("trainings")?,
        }))
    }

    /// One training.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn training(&self, training: Uuid) -> Result<Option<Training>, StoreError> {
        let data: Option<String> =
            sqlx::query_scalar("select d.data from training t join training_data d on d.no = t.no where t.id = $1")
                .bind(blob(&training))
                .fetch_optional(self.readers())
                .await?;
        data.map(|data| json(&data, "training")).transpose()
    }
}

async fn remove(write: &mut Guard, trainings: &[Uuid]) -> Result<(), StoreError> {
    let ids = id_list(trainings);
    for statement in [
        "delete from training_fts where rowid in
             (select no from training where id in (select unhex(value, '-') from json_each($1)))",
        "delete from training where id in (select unhex(value, '-') from json_each($1))",
    ] {
        sqlx::query(statement).bind(&ids).execute(&mut **write).await?;
    }
    Ok(())
}

/// Four statements, however many trainings.
async fn put(write: &mut Guard, trainings: &[(Training, &Value)]) -> Result<(), StoreError> {
    // A training that is there twice in one update: the later one counts.
    let mut rows = BTreeMap::new();
    for (training, data) in trainings {
        let row = json!({
            "id": training.id, "title": training.title, "method": training.method, "free": training.free,
            "data": data.to_string(),
        });
        rows.insert(training.id, row);
    }
    let ids = id_list(&rows.keys().copied().collect::<Vec<_>>());
    let rows = Value::from(rows.into_values().collect::<Vec<_>>()).to_string();
    for statement in [
        "insert into training (id, title, method, free)
         select unhex(value ->> 'id', '-'), value ->> 'title', value ->> 'method', value ->> 'free' from json_each($1)",
        "insert into training_data (no, data)
         select t.no, j.value ->> 'data' from json_each($1) j join training t on t.id = unhex(j.value ->> 'id', '-')",
    ] {
        sqlx::query(statement).bind(&rows).execute(&mut **write).await?;
    }
    for statement in [
        "insert or ignore into schedule (training, id, starts_on, closes_at, province, seats)
         select t.no, unhex(s.value ->> 'id', '-'), s.value ->> 'starts_on', s.value ->> 'closes_at',
                s.value ->> 'province', s.value ->> 'seats'
         from json_each($1) j join training t on t.id = unhex(j.value, '-')
              join training_data d on d.no = t.no join json_each(d.data, '$.schedules') s",
        "insert into training_fts (rowid, title, field, institution, place, summary)
         select t.no, t.title, d.data ->> 'field', d.data ->> 'institution',
                (select group_concat(s.value ->> 'city', ' ') from json_each(d.data, '$.schedules') s),
                d.data ->> 'summary'
         from json_each($1) j join training t on t.id = unhex(j.value, '-') join training_data d on d.no = t.no",
    ] {
        sqlx::query(statement).bind(&ids).execute(&mut **write).await?;
    }
    Ok(())
}
