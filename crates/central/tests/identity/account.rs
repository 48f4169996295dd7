//! How block and appeal move an account (domain.md 3.1): every word of person and office in every state.
//! What comes before, from the sign-up to a lock by the operator, is in the tests of accounts (`accounts/states.rs`).

use prakerja_central::registration::operator;
use prakerja_protocol::application::AppealSubmit;
use prakerja_protocol::registration::BlockReason;
use prakerja_protocol::sync::Command;
use uuid::Uuid;

use crate::applicant::*;
use crate::life::{office, word_of};
use crate::started::*;

/// States of an account after sign-up (domain.md 3.1), as far as the registration knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Account {
    Active,
    Blocked,
    UnderAppeal,
    /// Blocked, and the appeal was denied.
    Final,
}

#[derive(Debug, Clone, Copy)]
enum Word {
    Blocks,
    Lifts,
    Appeals,
    Grants,
    Denies,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn block_and_appeal_move_an_account_as_the_table_says() {
    use Account::{Active, Blocked, Final, UnderAppeal};
    use Word::{Appeals, Blocks, Denies, Grants, Lifts};
    let table = [
        (Active, Blocks, Ok(Blocked)),
        (Active, Lifts, Ok(Active)),
        (Active, Appeals, Err("too_early")),
        (Active, Grants, Err("not-found")),
        (Active, Denies, Err("not-found")),
        (Blocked, Blocks, Ok(Blocked)),
        (Blocked, Lifts, Ok(Active)),
        (Blocked, Appeals, Ok(UnderAppeal)),
        (Blocked, Grants, Err("not-found")),
        (Blocked, Denies, Err("not-found")),
        (UnderAppeal, Blocks, Ok(UnderAppeal)),
        // The appeal stays open until it is answered.
        (UnderAppeal, Lifts, Ok(Active)),
        (UnderAppeal, Appeals, Err("under_way")),
        (UnderAppeal, Grants, Ok(Active)),
        (UnderAppeal, Denies, Ok(Final)),
        // Another reason, the same block.
        (Final, Blocks, Ok(Final)),
        (Final, Lifts, Ok(Active)),
        (Final, Appeals, Err("done")),
        (Final, Grants, Err("not-found")),
        (Final, Denies, Err("not-found")),
    ];
    let central = Started::sqlite().await;
    for (from, word, to) in table {
        let mut account = Appealing { central: &central, person: central.person().await, open: None, denied: false };
        let way: &[Word] = match from {
            Active => &[],
            Blocked => &[Blocks],
            UnderAppeal => &[Blocks, Appeals],
            Final => &[Blocks, Appeals, Denies],
        };
        for step in way {
            account.hears(*step).await.unwrap();
        }
        let heard = account.hears(word).await;
        let expected = to.map(|_| ()).map_err(str::to_owned);
        assert_eq!((heard, account.stands().await), (expected, to.unwrap_or(from)), "{from:?} {word:?}");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_block_opens_a_new_appeal() {
    use Word::{Appeals, Blocks, Denies, Grants, Lifts};
    let central = Started::sqlite().await;
    let mut account = Appealing { central: &central, person: central.person().await, open: None, denied: false };
    for word in [Blocks, Appeals, Denies, Lifts, Blocks, Appeals, Denies, Lifts, Blocks, Appeals, Grants] {
        central.central.clock.advance_ms(1);
        account.hears(word).await.unwrap();
    }
    assert_eq!(account.stands().await, Account::Active);
    central.stop().await;
}

struct Appealing<'a> {
    central: &'a Started,
    person: Person,
    open: Option<Uuid>,
    /// The last answer against the present block.
    denied: bool,
}

impl Appealing<'_> {
    async fn hears(&mut self, word: Word) -> Result<(), String> {
        let (central, person) = (&self.central.central, self.person.id);
        let answered = self.open.unwrap_or_else(Uuid::now_v7);
        let done = match word {
            Word::Blocks => office(operator::block(central, person, BlockReason::TermsBroken, None).await),
            Word::Lifts => office(operator::unblock(central, person, None).await),
            Word::Grants => office(operator::answer_appeal(central, answered, true, "Dibuka.").await),
            Word::Denies => office(operator::answer_appeal(central, answered, false, "Tetap.").await),
            Word::Appeals => {
                let (appeal, text) = (Uuid::now_v7(), "Mohon dibuka.".to_owned());
                let sent = command(&Command::AppealSubmit(AppealSubmit { appeal, text }), "appeal");
                let refused = self.person.push(&sent).await.problem.map(|problem| word_of(&problem));
                if refused.is_none() {
                    self.open = Some(appeal);
                }
                refused.map_or(Ok(()), Err)
            }
        };
        if done.is_ok() && matches!(word, Word::Lifts | Word::Grants | Word::Denies) {
            (self.open, self.denied) = (None, matches!(word, Word::Denies));
        }
        done
    }

    async fn stands(&self) -> Account {
        let blocked = case_in(&feed(&self.person).await.0).is_some_and(|case| case.facts.blocked);
        match (blocked, self.open) {
            (false, _) => Account::Active,
            (true, Some(_)) => Account::UnderAppeal,
            (true, None) if self.denied => Account::Final,
            (true, None) => Account::Blocked,
        }
    }
}
