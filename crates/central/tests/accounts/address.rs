//! Another address that the office enters for an account: what was opened or begun under the old one is over, the password
//! with it, and another one is set by the new mailbox.

use prakerja_central::db::Id;
use prakerja_central::office::address;
use prakerja_central::registration::forced;
use prakerja_domain::registration::Facts;
use prakerja_protocol::account::CodeChannel;
use prakerja_testkit::central::Central;
use uuid::Uuid;

use crate::client::{Client, PASSWORD, count};

const OLD: &str = "sari@contoh.id";
const NEW: &str = "sari.baru@contoh.id";
const OTHER_PASSWORD: &str = "Rahasia2027";

#[tokio::test]
async fn what_the_old_address_opened_is_over_and_the_new_one_sets_a_password() {
    let central = Central::start().await.unwrap();
    let state = central.state().unwrap();
    let (first, second) = (Client::new(&central), Client::new(&central));
    let here = first.sign_up(&central, OLD).await;
    let there = second.sign_in(OLD).await;
    // Half of a sign-in, and a code that waits at the old mailbox.
    let begun = second.prepare_sign_in(OLD, PASSWORD).await.unwrap();
    let reset = second.prepare_reset(OLD, OTHER_PASSWORD, CodeChannel::Mail).await;
    second.post("/v1/passwords", Some(Uuid::new_v4()), &reset).await.expect(202);
    let code = central.code_for(OLD).await.unwrap();

    forced::facts(state, here.person, Facts::default()).await.unwrap();
    let number: String = sqlx::query_scalar("select case_number from registration where person_id = $1")
        .bind(Id(here.person))
        .fetch_one(state.db.read())
        .await
        .unwrap();
    address::change(state, &number, NEW).await.unwrap();

    for (client, session) in [(&first, &here), (&second, &there)] {
        client.get("/v1/sessions", Some(&session.access_token)).await.refused(401, "session-revoked");
        client.refresh(&session.refresh_token).await.refused(401, "session-revoked");
    }
    let ended = "select count(*) from session where ended_because = 'address_changed'";
    assert_eq!(count(&central, ended).await, 2);
    second.post("/v1/sessions", Some(Uuid::new_v4()), &begun).await.refused(404, "not-found");
    second.send_code(reset.reset, Uuid::new_v4(), &code).await.refused(422, "wrong-code");
    for email in [OLD, NEW] {
        assert!(second.prepare_sign_in(email, PASSWORD).await.is_none(), "the old password opens {email}");
    }
    // Codes of the sign-up and of the reset came before.
    for (to, mails) in [(OLD, 3), (NEW, 1)] {
        let newest = central.wait_for_mails(to, mails).await.unwrap().remove(0);
        assert!(newest.code.is_none() && !newest.text.contains('@'), "{newest:?}");
    }

    // Also where the office takes it back.
    for email in [OLD, NEW] {
        address::change(state, &number, email).await.unwrap();
        assert!(second.prepare_sign_in(email, PASSWORD).await.is_none(), "the old password opens {email} again");
    }

    let anew = second.prepare_reset(NEW, OTHER_PASSWORD, CodeChannel::Mail).await;
    second.post("/v1/passwords", Some(Uuid::new_v4()), &anew).await.expect(202);
    let code = central.code_for(NEW).await.unwrap();
    let opened = second.send_code(anew.reset, Uuid::new_v4(), &code).await.session();
    assert_eq!((opened.person, opened.email.as_str()), (here.person, NEW));
    second.sign_in_with(NEW, OTHER_PASSWORD).await;
    // Nobody's any more: whoever reads that mailbox may begin anew.
    let stranger = Client::new(&central).sign_up(&central, OLD).await;
    assert_ne!(stranger.person, here.person);
}
