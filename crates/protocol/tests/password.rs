//! The OPAQUE suite signs up and in, and refuses a wrong password and weak stretching.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration, ClientRegistrationFinishParameters, Identifiers,
    ServerLogin, ServerLoginParameters, ServerRegistration, ServerSetup,
};
use prakerja_protocol::password::{StretchParams, Suite};
use rand::rngs::OsRng;

/// The least that the suite accepts, so that the test is quick.
const QUICK: StretchParams = StretchParams { memory_kib: 8 * 1024, passes: 1, lanes: 1 };

/// True when `typed` opens an account made with `chosen`.
fn signs_in(chosen: &[u8], typed: &[u8]) -> bool {
    let setup = ServerSetup::<Suite>::new(&mut OsRng);
    let name = b"sari@contoh.id";
    let ksf = QUICK.ksf().unwrap();
    let start = ClientRegistration::<Suite>::start(&mut OsRng, chosen).unwrap();
    let answer = ServerRegistration::<Suite>::start(&setup, start.message, name).unwrap();
    let parameters = ClientRegistrationFinishParameters::new(Identifiers::default(), Some(&ksf));
    let upload = start.state.finish(&mut OsRng, chosen, answer.message, parameters).unwrap().message;
    let file = ServerRegistration::finish(upload);

    let start = ClientLogin::<Suite>::start(&mut OsRng, typed).unwrap();
    let server =
        ServerLogin::start(&mut OsRng, &setup, Some(file), start.message, name, ServerLoginParameters::default())
            .unwrap();
    let parameters = ClientLoginFinishParameters::new(None, Identifiers::default(), Some(&ksf));
    let Ok(finish) = start.state.finish(&mut OsRng, typed, server.message, parameters) else { return false };
    server.state.finish(finish.message, ServerLoginParameters::default()).is_ok()
}

#[test]
fn the_right_password_signs_in_and_a_wrong_one_does_not() {
    assert!(signs_in(b"Rahasia2026", b"Rahasia2026"));
    assert!(!signs_in(b"Rahasia2026", b"rahasia2026"));
}

#[test]
fn stretching_outside_of_the_bounds_is_refused() {
    let cases = [
        (StretchParams::default(), true),
        (QUICK, true),
        (StretchParams { memory_kib: 1024, ..QUICK }, false),
        (StretchParams { memory_kib: 1024 * 1024, ..QUICK }, false),
        (StretchParams { passes: 0, ..QUICK }, false),
        (StretchParams { lanes: 9, ..QUICK }, false),
    ];
    for (params, accepted) in cases {
        assert_eq!(params.ksf().is_ok(), accepted, "{params:?}");
    }
}
