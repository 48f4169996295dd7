//! SANDBOX: invented answers for `serve --demo`. Nothing is looked up; the last digit of the identity number decides:
//!
//! | Ends in | Answer |
//! |---|---|
//! | 9 | the birth date differs |
//! | 8 | was a recipient before |
//! | 7 | the family card has its recipients |
//! | 6 | name and family-card number differ |
//! | 5 | no such identity number |
//! | 4 | fits; one recipient on the family card before |
//! | anything else | everything fits |

use super::{Answer, Earlier, Question, Verdict};

pub(super) fn answer(question: &Question) -> Answer {
    use Verdict::{Different, Equal};
    let fits = Answer {
        nik: Equal,
        kk_number: Equal,
        full_name: Equal,
        birth_date: Equal,
        earlier: Earlier::None,
        family_recipients: 0,
    };
    match question.nik.bytes().last() {
        Some(b'9') => Answer { birth_date: Different, ..fits },
        Some(b'8') => Answer { earlier: Earlier::Recipient, ..fits },
        Some(b'7') => Answer { earlier: Earlier::FamilyFull, ..fits },
        Some(b'6') => Answer { full_name: Different, kk_number: Different, ..fits },
        Some(b'5') => Answer { nik: Different, ..fits },
        Some(b'4') => Answer { family_recipients: 1, ..fits },
        _ => fits,
    }
}
