//! The phone's page in a real Chromium, as large as a small phone: seen, filled in with a file, sent. WebDriver is spoken
//! plainly, since a few requests of it are enough. Without `chromedriver` it is skipped, aloud, on a developer's computer, and
//! fails where `CI` is set: there nobody reads what was skipped.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use prakerja_domain::registration::DocumentState;
use prakerja_photo::specimen::{SpecimenFault, card};
use serde_json::{Value, json};

use crate::phone::address;
use crate::started::Started;
use crate::uploads::{Seen, thumbnail};

const WIDTH: u64 = 360;
const HEIGHT: u64 = 640;
const PATIENCE: Duration = Duration::from_secs(60);
/// Name of an element's id in WebDriver (W3C).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

struct Browser {
    driver: Child,
    session: String,
    http: reqwest::Client,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// `None` when there is no chromedriver on this computer.
    async fn open(profile: &std::path::Path) -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut browser =
            Self { driver, session: format!("http://127.0.0.1:{port}/session"), http: reqwest::Client::new() };
        let options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server",
                     format!("--user-data-dir={}", profile.display())],
            "mobileEmulation": { "deviceMetrics": { "width": WIDTH, "height": HEIGHT, "pixelRatio": 1.0 } },
        });
        let wanted =
            json!({ "capabilities": { "alwaysMatch": { "browserName": "chrome", "goog:chromeOptions": options } } });
        let until = Instant::now() + PATIENCE;
        let opened = loop {
            match browser.http.post(&browser.session).json(&wanted).send().await {
                Ok(answer) => break answer.json::<Value>().await.unwrap(),
                Err(error) => assert!(Instant::now() < until, "chromedriver does not listen: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let id = opened["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {opened}"));
        browser.session = format!("{}/{id}", browser.session);
        Some(browser)
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}{path}", self.session)).json(&body).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["value"].take()
    }

    async fn go(&self, url: &str) {
        self.post("/url", json!({ "url": url })).await;
    }

    async fn element(&self, selector: &str) -> String {
        let found = self.post("/element", json!({ "using": "css selector", "value": selector })).await;
        found[ELEMENT].as_str().unwrap_or_else(|| panic!("no {selector}: {found}")).to_owned()
    }

    async fn script(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Chooses a file and sends the form that it is in.
    async fn send_photo(&self, file: &std::path::Path) {
        let input = self.element("input[type=file]").await;
        self.post(&format!("/element/{input}/value"), json!({ "text": file.to_str().unwrap() })).await;
        let button = self.element("form:has(input[type=file]) button").await;
        self.post(&format!("/element/{button}/click"), json!({})).await;
    }

    /// Waits until the heading says something.
    async fn heading(&self, words: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let text = self.script("return document.querySelector('h1')?.innerText ?? ''").await;
            let text = text.as_str().unwrap_or_default().to_owned();
            if text.contains(words) {
                return text;
            }
            assert!(Instant::now() < until, "waited in vain for {words:?}: {text:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Nothing sticks out to the side, nothing is too small for a thumb, the style is in force.
    async fn assert_fits(&self) {
        let seen = self
            .script(
                "const targets = [...document.querySelectorAll('button, input[type=file]')].map(e => e.getBoundingClientRect());
                 return {
                   wide: document.documentElement.scrollWidth, view: window.innerWidth,
                   low: Math.min(...targets.map(r => r.height)), narrow: Math.min(...targets.map(r => r.width)),
                   styled: getComputedStyle(document.querySelector('main')).maxWidth !== 'none',
                 }",
            )
            .await;
        assert_eq!(seen["view"], json!(WIDTH), "{seen}");
        assert!(seen["wide"].as_u64().unwrap() <= WIDTH, "{seen}");
        assert!(seen["low"].is_null() || seen["low"].as_f64().unwrap() >= 48.0, "{seen}");
        assert!(seen["narrow"].is_null() || seen["narrow"].as_f64().unwrap() >= 250.0, "{seen}");
        assert_eq!(seen["styled"], json!(true), "the policy lets the one style in");
    }

    /// What is visible, for people: kept when `PRAKERJA_SCREENSHOTS` names a folder.
    async fn keep_screenshot(&self, name: &str) {
        use base64::Engine as _;
        let Some(folder) = std::env::var_os("PRAKERJA_SCREENSHOTS") else { return };
        let answer = self.http.get(format!("{}/screenshot", self.session)).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let png = base64::engine::general_purpose::STANDARD.decode(answer["value"].as_str().unwrap()).unwrap();
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).unwrap();
    }
}

pub(crate) async fn a_phone_s_browser_takes_three_photos_until_one_is_good(central: &Started) {
    let folder = tempfile::tempdir().unwrap();
    let Some(browser) = Browser::open(&folder.path().join("profile")).await else {
        let ci = std::env::var_os("CI").is_some_and(|ci| !matches!(ci.to_str(), Some("" | "0" | "false")));
        assert!(!ci, "there is no chromedriver: the phone's page was not tried (Debian: chromium-driver)");
        let _ = std::io::stdout().write_all(b"SKIPPED: there is no chromedriver\n");
        return;
    };
    let photo = |name: &str, fault| {
        let path = folder.path().join(name);
        std::fs::write(&path, card(fault, 1)).unwrap();
        path
    };
    let person = central.person().await;
    browser.go(&address(&person).await).await;
    browser.heading("Foto KTP kamu").await;
    browser.assert_fits().await;
    browser.keep_screenshot("phone-ask").await;

    let small = folder.path().join("small.jpg");
    std::fs::write(&small, thumbnail()).unwrap();
    browser.send_photo(&small).await;
    browser.heading("belum bisa dipakai").await;
    browser.assert_fits().await;
    let drawn = browser
        .script("const image = document.querySelector('svg image').getBoundingClientRect(); return image.width > 250 && image.height > 150")
        .await;
    assert_eq!(drawn, json!(true), "the photo is shown");
    browser.keep_screenshot("phone-refused").await;

    browser.send_photo(&photo("tilted.jpg", SpecimenFault::Tilted)).await;
    browser.heading("Pakai foto ini?").await;
    browser.assert_fits().await;
    browser.keep_screenshot("phone-doubtful").await;
    assert!(Seen::by(&person).await.documents().is_empty());

    let yes = browser.element("button.yes").await;
    browser.post(&format!("/element/{yes}/click"), json!({})).await;
    browser.heading("Foto sudah diterima").await;
    browser.assert_fits().await;
    browser.keep_screenshot("phone-done").await;
    let seen = Seen::by(&person).await;
    assert_eq!(seen.document(seen.documents()[0]).unwrap().state, DocumentState::Accepted);
}
