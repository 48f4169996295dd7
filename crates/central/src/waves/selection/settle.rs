//! Everybody's result, in pages: record, membership, notices and messages of a page are one transaction with the note how
//! far it came, so that a crash repeats no page and leaves none out.

use prakerja_domain::application::NotDrawn;
use prakerja_domain::scheme::Scheme;
use prakerja_protocol::application::{Drawn, NoticeKind};
use prakerja_selection::{Decision, Refusal};

use super::draw::Verified;
use super::{PAGE, SelectionError, row};
use crate::failpoint;
use crate::registration::{case, notice};
use crate::state::Central;
use crate::sync::Change;
use crate::waves::applicant;
use crate::waves::application::Application;
use crate::waves::membership::{Appointment, appoint};
use crate::waves::message::{self, News};

/// Settles every application of a wave that is not settled yet. Central that stops does not wait for all of them: the next
/// start goes on.
pub(super) async fn everybody(central: &Central, wave: u32, verified: &Verified) -> Result<(), SelectionError> {
    while !central.stopping.is_cancelled() && page(central, wave, verified).await? {}
    Ok(())
}

/// Settles the next page. False when there is none.
async fn page(central: &Central, number: u32, verified: &Verified) -> Result<bool, SelectionError> {
    let mut change = Change::begin(central).await?;
    let row = row::of(change.tx(), number).await?.ok_or(SelectionError::NotCommitted(number))?;
    if row.settled_at.is_some() {
        return Ok(false);
    }
    let scheme = row.scheme()?;
    let page: Vec<Application> =
        sqlx::query_as("select * from application where wave = $1 and blind > $2 order by blind limit $3")
            .bind(row.wave)
            .bind(row.settled_to.clone().unwrap_or_default())
            .bind(PAGE)
            .fetch_all(&mut **change.tx())
            .await?;
    let last = page.last().map(Application::blind).transpose()?;
    for application in &page {
        if let Err(error) = settle(&mut change, application, (&row, &scheme), verified).await {
            return Err(error.of_case(case::number_of(change.tx(), application.person()).await?));
        }
    }
    let now = change.at();
    sqlx::query("update selection set settled_to = coalesce($1, settled_to), settled_at = $2 where wave = $3")
        .bind(last.map(|blind| blind.as_bytes().to_vec()))
        .bind(last.is_none().then_some(now))
        .bind(row.wave)
        .execute(&mut **change.tx())
        .await?;
    failpoint::hit("selection.page_written");
    change.commit().await?;
    failpoint::hit("selection.page_committed");
    Ok(last.is_some())
}

async fn settle(
    change: &mut Change,
    application: &Application,
    (row, scheme): (&row::Row, &Scheme),
    verified: &Verified,
) -> Result<(), SelectionError> {
    let published_at = row.published_at.unwrap_or(row.committed_at);
    let (decision, position) = match verified.place(application)? {
        Some((decision, position)) => (Some(decision), position),
        // Not on the list: why was said when it was closed.
        None => (None, 0),
    };
    let accepted = decision == Some(Decision::Accepted);
    let of = verified.list.entries().len() as u64;
    let drawn = decision.map(|decision| Drawn {
        position,
        of,
        passed_over: match decision {
            Decision::Accepted => None,
            Decision::Refused(refusal) => Some(reason(refusal)),
        },
        published_at,
    });
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let numbers = [("wave", row.wave), ("position", number(position)), ("of", number(of))];
    let person = application.person();
    let mut records = change.records(person);
    application.settle(&mut records, accepted, drawn).await?;
    if decision.is_none() {
        return Ok(());
    }
    // Who is a participant by another wave has not failed by this one: nobody is told so.
    if !accepted && applicant::is_participant(&mut records, person).await? {
        return Ok(());
    }
    let what = if accepted { NoticeKind::Accepted } else { NoticeKind::NotAccepted };
    notice::tell(&mut records, person, what, &numbers, None).await?;
    if accepted {
        let decree = row.decree.as_deref().unwrap_or_default();
        appoint(&mut records, application, Appointment { wave: row.wave(), scheme, decree, at: published_at }).await?;
    }
    let news = if accepted { News::Accepted } else { News::NotAccepted };
    message::send(&mut records, person, row.wave(), news).await?;
    Ok(())
}

impl Verified {
    /// What the draw gave an application, and its place; `None` when it is not on the list.
    fn place(&self, application: &Application) -> Result<Option<(Decision, u64)>, SelectionError> {
        let blind = application.blind()?;
        let Ok(index) = self.list.entries().binary_search_by_key(&blind, |entry| entry.blind) else { return Ok(None) };
        Ok(self.drawn.decisions().get(index).copied().zip(self.positions.get(index).copied()))
    }
}

fn reason(refusal: Refusal) -> NotDrawn {
    match refusal {
        Refusal::TotalFull => NotDrawn::TotalFull,
        Refusal::ClassFull => NotDrawn::ClassFull,
        Refusal::RegionFull => NotDrawn::RegionFull,
        Refusal::FamilyFull => NotDrawn::FamilyFull,
    }
}
