//! Parameters with which applicants' computers stretch passwords.
//!
//! An account keeps those it was made with. So that old parameters do not give away an account after the operator raised
//! them, an address without one answers with a set that was offered at some time, drawn from the address. A new set changes
//! the answer of those addresses that draw it, once.

use prakerja_protocol::password::StretchParams;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use crate::error::ApiResult;
use crate::secrets::MacKey;
use crate::state::{Central, StartError};

/// Notes today's parameters among those ever offered.
pub(crate) async fn remember(central: &Central) -> Result<(), StartError> {
    let today = central.config.stretch;
    if today.ksf().is_err() {
        return Err(StartError::Other("the password stretching parameters are out of bounds".to_owned()));
    }
    let mut tx = central.db.begin().await?;
    sqlx::query("insert into stretch_offered (memory_kib, passes, lanes) values ($1, $2, $3) on conflict do nothing")
        .bind(i64::from(today.memory_kib))
        .bind(i64::from(today.passes))
        .bind(i64::from(today.lanes))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Parameters of a row with the columns `memory_kib`, `passes` and `lanes`.
pub(super) fn read(row: &SqliteRow) -> Result<StretchParams, sqlx::Error> {
    let number = |column| -> Result<u32, sqlx::Error> {
        let value: i64 = row.try_get(column)?;
        u32::try_from(value).map_err(|error| sqlx::Error::Decode(Box::new(error)))
    };
    Ok(StretchParams { memory_kib: number("memory_kib")?, passes: number("passes")?, lanes: number("lanes")? })
}

/// True for parameters that a first step was ever answered with.
pub(super) async fn was_offered(tx: &mut Transaction<'_, Sqlite>, params: StretchParams) -> ApiResult<bool> {
    let found: i64 =
        sqlx::query_scalar("select count(*) from stretch_offered where memory_kib = $1 and passes = $2 and lanes = $3")
            .bind(i64::from(params.memory_kib))
            .bind(i64::from(params.passes))
            .bind(i64::from(params.lanes))
            .fetch_one(&mut **tx)
            .await?;
    Ok(found > 0)
}

/// What an address without account answers.
pub(super) async fn pretended(
    tx: &mut Transaction<'_, Sqlite>,
    central: &Central,
    email: &str,
) -> ApiResult<StretchParams> {
    let rows = sqlx::query("select memory_kib, passes, lanes from stretch_offered").fetch_all(&mut **tx).await?;
    let offered = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(choose(&central.secrets.addresses, email, &offered).unwrap_or(central.config.stretch))
}

/// The highest of one draw per parameter set: a new set changes the answer only of addresses that draw it.
fn choose(key: &MacKey, email: &str, offered: &[StretchParams]) -> Option<StretchParams> {
    let draw = |params: &StretchParams| {
        let text = format!("{}/{}/{}", params.memory_kib, params.passes, params.lanes);
        key.mac(&[b"stretch", email.as_bytes(), text.as_bytes()])
    };
    offered.iter().copied().max_by_key(draw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_raise_old_parameters_do_not_mean_an_account() {
        let key = MacKey::of([7; 32]);
        let old = StretchParams { memory_kib: 8 * 1024, passes: 1, lanes: 1 };
        let new = StretchParams::default();
        let addresses: Vec<String> = (0..200).map(|n| format!("orang{n}@contoh.id")).collect();
        assert!(addresses.iter().all(|email| choose(&key, email, &[old]) == Some(old)));
        let kept = addresses.iter().filter(|email| choose(&key, email, &[old, new]) == Some(old)).count();
        assert!((50..150).contains(&kept), "{kept} of 200 look like accounts from before");
        assert!(addresses.iter().all(|e| choose(&key, e, &[old, new]) == choose(&key, e, &[new, old])));
    }
}
