//! The client's half of OPAQUE (RFC 9807), with messages as base64. Stretching runs where it may take its time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opaque_ke::errors::ProtocolError;
use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration, ClientRegistrationFinishParameters,
    CredentialResponse, Identifiers, RegistrationResponse,
};
use prakerja_protocol::password::{StretchParams, Suite};
use rand::rngs::OsRng;
use secrecy::{ExposeSecret, SecretString};

use super::AccountError;

/// First message of a registration.
pub(super) fn start_sign_up(password: &SecretString) -> Result<(String, ClientRegistration<Suite>), AccountError> {
    let start = ClientRegistration::<Suite>::start(&mut OsRng, password.expose_secret().as_bytes())
        .map_err(|_| AccountError::Incompatible)?;
    Ok((STANDARD.encode(start.message.serialize()), start.state))
}

/// Last message of a registration.
pub(super) async fn finish_sign_up(
    state: ClientRegistration<Suite>,
    password: &SecretString,
    response: &str,
    stretch: StretchParams,
) -> Result<String, AccountError> {
    let bytes = STANDARD.decode(response).map_err(|_| AccountError::Incompatible)?;
    let response = RegistrationResponse::<Suite>::deserialize(&bytes).map_err(|_| AccountError::Incompatible)?;
    let password = password.clone();
    stretched(move || {
        let ksf = stretch.ksf().map_err(|_| AccountError::Incompatible)?;
        let parameters = ClientRegistrationFinishParameters::new(Identifiers::default(), Some(&ksf));
        let done = state
            .finish(&mut OsRng, password.expose_secret().as_bytes(), response, parameters)
            .map_err(|_| AccountError::Incompatible)?;
        Ok(STANDARD.encode(done.message.serialize()))
    })
    .await
}

/// First message of a sign-in.
pub(super) fn start_sign_in(password: &SecretString) -> Result<(String, ClientLogin<Suite>), AccountError> {
    let start = ClientLogin::<Suite>::start(&mut OsRng, password.expose_secret().as_bytes())
        .map_err(|_| AccountError::Incompatible)?;
    Ok((STANDARD.encode(start.message.serialize()), start.state))
}

/// Last message of a sign-in. A wrong password (or an address without account) is noticed here already.
pub(super) async fn finish_sign_in(
    state: ClientLogin<Suite>,
    password: &SecretString,
    response: &str,
    stretch: StretchParams,
) -> Result<String, AccountError> {
    let bytes = STANDARD.decode(response).map_err(|_| AccountError::Incompatible)?;
    let response = CredentialResponse::<Suite>::deserialize(&bytes).map_err(|_| AccountError::Incompatible)?;
    let password = password.clone();
    stretched(move || {
        let ksf = stretch.ksf().map_err(|_| AccountError::Incompatible)?;
        let parameters = ClientLoginFinishParameters::new(None, Identifiers::default(), Some(&ksf));
        match state.finish(&mut OsRng, password.expose_secret().as_bytes(), response, parameters) {
            Ok(done) => Ok(STANDARD.encode(done.message.serialize())),
            Err(ProtocolError::InvalidLoginError) => Err(AccountError::wrong_credentials()),
            Err(_) => Err(AccountError::Incompatible),
        }
    })
    .await
}

async fn stretched<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AccountError> + Send + 'static,
) -> Result<T, AccountError> {
    // The thread can only be lost when the program ends.
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(AccountError::Incompatible))
}
