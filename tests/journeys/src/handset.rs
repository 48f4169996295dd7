//! A phone: Chromium as large as a small one, on the page that central gives to phones.

use std::path::Path;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::programs::Driver;
use crate::{Outcome, axe};

/// An open page on a phone.
pub struct Handset {
    client: Client,
    _driver: Driver,
    _profile: tempfile::TempDir,
}

impl Handset {
    /// Opens an address, as the phone's camera does with a QR code.
    pub async fn open(address: &str) -> Outcome<Self> {
        let profile = tempfile::tempdir().map_err(|error| error.to_string())?;
        let driver = Driver::start("chromedriver", &[]).await?;
        let options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server",
                     format!("--user-data-dir={}", profile.path().display())],
            "mobileEmulation": { "deviceMetrics": { "width": 360, "height": 640, "pixelRatio": 1.0 } },
        });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.address)
            .await
            .map_err(|error| format!("the phone does not start: {error}"))?;
        client.goto(address).await.map_err(|error| format!("the phone does not open the page: {error}"))?;
        Ok(Self { client, _driver: driver, _profile: profile })
    }

    /// Fails with every violation of WCAG 2.2 AA on the page.
    pub async fn check(&self) -> Outcome {
        axe::check_page(&self.client).await
    }

    /// Gives the page a photo and sends it.
    pub async fn send_photo(&self, photo: &Path) -> Outcome {
        let fail = |error| format!("the phone cannot send the photo: {error}");
        let input = self.client.find(Locator::Css("input[type=file]")).await.map_err(fail)?;
        input.send_keys(&photo.to_string_lossy()).await.map_err(fail)?;
        let button = self.client.find(Locator::Css("form:has(input[type=file]) button")).await.map_err(fail)?;
        button.click().await.map_err(fail)
    }

    /// Writes what the phone shows as PNG.
    pub async fn screenshot(&self, path: &Path) -> Outcome {
        let picture = self.client.screenshot().await.map_err(|error| format!("no picture of the phone: {error}"))?;
        std::fs::write(path, picture).map_err(|error| format!("{}: {error}", path.display()))
    }
}
