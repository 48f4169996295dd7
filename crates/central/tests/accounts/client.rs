//! A client as the app is one: real OPAQUE, real headers, and distrust of every answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration, ClientRegistrationFinishParameters,
    CredentialResponse, Identifiers, RegistrationResponse,
};
use prakerja_protocol::account::{CodeChannel, Consent, Language, PasswordReset, Session, SignIn, SignUp};
use prakerja_protocol::password::{StretchParams, Suite};
use prakerja_testkit::central::Central;
use rand::rngs::OsRng;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "Rahasia2026";

/// One computer.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    pub(crate) device: Uuid,
    /// Value of `X-Client`.
    pub(crate) version: String,
    /// Value of `X-Forwarded-For`: the network it asks from, for a central that trusts one proxy.
    pub(crate) network: Option<&'static str>,
}

/// An answer that carried all marks.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// Panics with the answer when the status is another.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.json);
        self
    }

    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.json);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        self
    }

    #[track_caller]
    pub(crate) fn session(self) -> Session {
        serde_json::from_value(self.expect(200).json).unwrap()
    }
}

impl Client {
    pub(crate) fn new(central: &Central) -> Self {
        Self::at(&central.base_url())
    }

    pub(crate) fn at(base: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let version = "app/0.1.0 (linux; schema=1)".to_owned();
        Self { http, base: base.to_owned(), device: Uuid::now_v7(), version, network: None }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// Sends with the usual headers and checks the marks.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let id = Uuid::new_v4();
        let request = request
            .header("x-request-id", id.to_string())
            .header("x-device", self.device.to_string())
            .header("x-client", &self.version);
        let request = match self.network {
            Some(network) => request.header("x-forwarded-for", network),
            None => request,
        };
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap();
        assert_eq!(headers["x-api"], "programme/1", "status {status}");
        assert_eq!(headers["x-request-id"], id.to_string().as_str());
        assert!(headers["x-server-time"].to_str().unwrap().parse::<i64>().unwrap() > 1_500_000_000_000);
        assert!(headers["date"].to_str().unwrap().ends_with(" GMT"), "{:?}", headers["date"]);
        assert!(headers.contains_key("cache-control"));
        let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
        let json: Value = if kind.ends_with("json") { serde_json::from_slice(&body).unwrap() } else { Value::Null };
        if json.is_object() {
            assert_eq!((&json["api"], &json["request_id"]), (&json!("programme/1"), &json!(id)), "{json}");
        }
        if status >= 400 {
            assert_eq!(json["status"], status, "a refusal is a problem: {json}");
        }
        Answer { status, headers, json }
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let request = self.request(Method::GET, path);
        self.send(if let Some(token) = token { request.bearer_auth(token) } else { request }).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).bearer_auth(token)).await
    }

    pub(crate) async fn post(&self, path: &str, key: Option<Uuid>, body: &impl serde::Serialize) -> Answer {
        let mut request = self.request(Method::POST, path).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", format!("\"{key}\""));
        }
        self.send(request).await
    }

    /// First step of sign-up, or of another password: the upload, and how it was stretched.
    async fn upload(&self, email: &str, password: &str) -> (String, StretchParams) {
        let start = ClientRegistration::<Suite>::start(&mut OsRng, password.as_bytes()).unwrap();
        let request = STANDARD.encode(start.message.serialize());
        let started =
            self.post("/v1/accounts/start", None, &json!({"email": email, "request": request})).await.expect(200);
        let stretch: StretchParams = serde_json::from_value(started.json["stretch"].clone()).unwrap();
        let response = STANDARD.decode(started.json["response"].as_str().unwrap()).unwrap();
        let response = RegistrationResponse::<Suite>::deserialize(&response).unwrap();
        let ksf = stretch.ksf().unwrap();
        let parameters = ClientRegistrationFinishParameters::new(Identifiers::default(), Some(&ksf));
        let finish = start.state.finish(&mut OsRng, password.as_bytes(), response, parameters).unwrap();
        (STANDARD.encode(finish.message.serialize()), stretch)
    }

    /// The body of a sign-up.
    pub(crate) async fn prepare(&self, email: &str, password: &str) -> SignUp {
        let (upload, stretch) = self.upload(email, password).await;
        let consent = |id: &str| Consent { id: id.to_owned(), version: "2026-01".to_owned(), accepted_at: 1 };
        let consents = vec![consent("terms"), consent("privacy")];
        let (email, language) = (email.to_owned(), Language::Id);
        SignUp { sign_up: Uuid::now_v7(), email, upload, stretch, language, consents }
    }

    /// The body of a request for another password.
    pub(crate) async fn prepare_reset(&self, email: &str, password: &str, by: CodeChannel) -> PasswordReset {
        let (upload, stretch) = self.upload(email, password).await;
        let (email, language) = (email.to_owned(), Language::Id);
        PasswordReset { reset: Uuid::now_v7(), email, upload, stretch, language, by }
    }

    pub(crate) async fn send_code(&self, sign_up: Uuid, key: Uuid, code: &str) -> Answer {
        let body = json!({"code": code, "device_name": "Laptop Sari"});
        self.post(&format!("/v1/accounts/{sign_up}/code"), Some(key), &body).await
    }

    /// The whole sign-up.
    pub(crate) async fn sign_up(&self, central: &Central, email: &str) -> Session {
        let body = self.prepare(email, PASSWORD).await;
        self.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
        let code = central.code_for(email).await.unwrap();
        self.send_code(body.sign_up, Uuid::new_v4(), &code).await.session()
    }

    pub(crate) async fn start_sign_in(&self, email: &str, password: &str) -> (ClientLogin<Suite>, Answer) {
        let start = ClientLogin::<Suite>::start(&mut OsRng, password.as_bytes()).unwrap();
        let request = STANDARD.encode(start.message.serialize());
        let answer = self.post("/v1/sessions/start", None, &json!({"email": email, "request": request})).await;
        (start.state, answer)
    }

    /// First step of sign-in, and the body of the second; none when the password does not open the record.
    pub(crate) async fn prepare_sign_in(&self, email: &str, password: &str) -> Option<SignIn> {
        let (state, started) = self.start_sign_in(email, password).await;
        let started = started.expect(200).json;
        let stretch: StretchParams = serde_json::from_value(started["stretch"].clone()).unwrap();
        let response = STANDARD.decode(started["response"].as_str().unwrap()).unwrap();
        let response = CredentialResponse::<Suite>::deserialize(&response).unwrap();
        let ksf = stretch.ksf().unwrap();
        let parameters = ClientLoginFinishParameters::new(None, Identifiers::default(), Some(&ksf));
        let finish = state.finish(&mut OsRng, password.as_bytes(), response, parameters).ok()?;
        Some(SignIn {
            attempt: serde_json::from_value(started["attempt"].clone()).unwrap(),
            finalization: STANDARD.encode(finish.message.serialize()),
            device_name: "Laptop Sari".to_owned(),
        })
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Session {
        self.sign_in_with(email, PASSWORD).await
    }

    pub(crate) async fn sign_in_with(&self, email: &str, password: &str) -> Session {
        let body = self.prepare_sign_in(email, password).await.unwrap();
        self.post("/v1/sessions", Some(Uuid::new_v4()), &body).await.session()
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post("/v1/sessions/refresh", None, &json!({"refresh_token": token})).await
    }
}

/// Waits for a condition.
pub(crate) async fn until(what: &str, met: impl AsyncFn() -> bool) {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while !met().await {
        assert!(tokio::time::Instant::now() < deadline, "not in time: {what}");
        tokio::task::yield_now().await;
    }
}

/// Rows of a table, so that a test can see that there is one account and not two.
pub(crate) async fn count(central: &Central, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(central.state().unwrap().db.read()).await.unwrap()
}
