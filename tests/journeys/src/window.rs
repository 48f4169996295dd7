//! The real window through WebDriver: what a person can see, type and click, and nothing else.

use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::actions::KeyActions;
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::json;

use crate::Outcome;
use crate::programs::{Driver, program};

/// How long a screen may take to appear. Debug builds on two busy cores are slow; a person would be annoyed earlier.
pub(crate) const PATIENCE: Duration = Duration::from_secs(45);

/// An open window of the app.
pub struct Window {
    client: Client,
    _driver: Driver,
    data: PathBuf,
}

impl Window {
    /// Starts the app on a data folder with an address of central.
    pub async fn open(data: &Path, central: &str, environment: &[(&str, &str)]) -> Outcome<Self> {
        Self::open_program("prakerja", data, central, environment).await
    }

    /// Starts another program with a window in the same way, to compare with.
    pub async fn open_program(name: &str, data: &Path, central: &str, environment: &[(&str, &str)]) -> Outcome<Self> {
        let home = data.with_extension("home");
        let mut variables = vec![("PRAKERJA_CENTRAL".to_owned(), central.to_owned())];
        // Where most people live; pictures show their hours.
        variables.push(("TZ".to_owned(), "Asia/Jakarta".to_owned()));
        for (name, folder) in [("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")] {
            let folder = home.join(folder);
            std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            variables.push((name.to_owned(), folder.to_string_lossy().into_owned()));
        }
        variables.extend(environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let driver = Driver::start("WebKitWebDriver", &variables).await?;
        let options = json!({
            "binary": program(name)?,
            "args": ["--data-dir", data],
        });
        let client = driver.browse("webkitgtk:browserOptions", options).await?;
        Ok(Self { client, _driver: driver, data: data.to_owned() })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Closes the window as a person would, and waits until the program has let go of its data. The driver must stay
    /// until then: without it the program would never hear of the end.
    pub async fn close(self) -> Outcome {
        let Self { client, _driver, data } = self;
        client.close().await.map_err(|error| format!("the window does not close: {error}"))?;
        gone(&data).await
    }

    /// The app's process id.
    pub fn process(&self) -> Outcome<u32> {
        let found = std::process::Command::new("pgrep")
            .args(["-o", "-f", "--", &format!("--data-dir {}", self.data.display())])
            .output()
            .map_err(|error| format!("cannot run pgrep: {error}"))?;
        let text = String::from_utf8_lossy(&found.stdout).trim().to_owned();
        text.parse().map_err(|_| "the app is not running".to_owned())
    }

    /// Ends the app with SIGKILL: no clean-up of any kind.
    pub async fn kill(self) -> Outcome {
        let folder = self.data.to_string_lossy().into_owned();
        let killed = std::process::Command::new("pkill")
            .args(["-KILL", "-f", "--", &format!("--data-dir {folder}")])
            .status()
            .map_err(|error| format!("cannot run pkill: {error}"))?;
        if !killed.success() {
            return Err("the app was not running any more".into());
        }
        gone(&self.data).await
    }

    /// Waits for a screen.
    pub async fn screen(&self, name: &str) -> Outcome {
        self.wait(&format!("main[data-screen='{name}']")).await.map(|_| ())
    }

    /// Waits for an element by CSS selector.
    pub async fn wait(&self, css: &str) -> Outcome<Element> {
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .every(Duration::from_millis(100))
            .for_element(Locator::Css(css))
            .await
        {
            Ok(element) => Ok(element),
            Err(error) => Err(format!("no {css} appears ({error}); the window shows: {}", self.summary().await)),
        }
    }

    /// Waits for an element that shows all the words, and gives one of its attributes.
    pub async fn wait_with_text(&self, css: &str, words: &[String], attribute: &str) -> Outcome<String> {
        let words = serde_json::to_string(words).map_err(|error| error.to_string())?;
        let script = format!(
            "const words = {words};\
             const found = [...document.querySelectorAll(\"{css}\")].find((e) => words.every((w) => e.innerText.includes(w)));\
             return found ? found.getAttribute('{attribute}') : null"
        );
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(value) = self.script(&script).await?.as_str() {
                return Ok(value.to_owned());
            }
            if tokio::time::Instant::now() > deadline {
                return Err(format!("no {css} shows {words}; the window shows: {}", self.summary().await));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until an element is gone.
    pub async fn wait_gone(&self, css: &str) -> Outcome {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.client.find_all(Locator::Css(css)).await.map_err(|error| error.to_string())?.is_empty() {
            if tokio::time::Instant::now() > deadline {
                return Err(format!("{css} does not go away; the window shows: {}", self.summary().await));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// Clicks the element, once it is there and enabled.
    pub async fn click(&self, css: &str) -> Outcome {
        let css = format!("{css}:not([disabled]):not([aria-disabled='true'])");
        let element = self.wait(&css).await?;
        self.scroll_to(&css).await?;
        match element.click().await {
            Ok(()) => Ok(()),
            // A screen that is just being redrawn gives a stale element: a person would click again.
            Err(_) => {
                let element = self.wait(&css).await?;
                element.click().await.map_err(|error| format!("cannot click {css}: {error}"))
            }
        }
    }

    /// Scrolls to an element, as a person does with the wheel, and looks until it rests: the engine scrolls on a thread of
    /// its own, and a page that went to its top a moment ago may go there once more. The driver scrolls by itself, but not
    /// in a pane of its own and not when an edge of the element shows already.
    async fn scroll_to(&self, css: &str) -> Outcome {
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             setTimeout(done, 3000);\
             let before = null, calm = 0;\
             const look = () => {{\
               const element = document.querySelector(\"{css}\");\
               if (!element) return done();\
               const at = element.getBoundingClientRect();\
               const shows = at.bottom > 0 && at.top < innerHeight;\
               calm = before && shows && before.top === at.top && before.left === at.left ? calm + 1 : 0;\
               if (calm === 2) return done();\
               if (!before || !shows) element.scrollIntoView({{ block: 'center' }});\
               before = element.getBoundingClientRect();\
               requestAnimationFrame(look);\
             }};\
             look()"
        );
        self.script_async(&script).await.map(|_| ())
    }

    /// Clicks a button or link by its action.
    pub async fn act(&self, action: &str) -> Outcome {
        self.click(&format!("[data-action='{action}']")).await
    }

    /// Goes somewhere by the rail.
    pub async fn go(&self, place: &str) -> Outcome {
        self.click(&format!("[data-nav='{place}']")).await
    }

    /// Goes to a screen by its address, once there is one to go from: while the app opens it decides where it begins.
    pub async fn to(&self, place: &str) -> Outcome {
        self.wait("main[data-screen]:not([data-screen='opening'])").await?;
        self.script(&format!("location.hash = '#/{place}'")).await.map(|_| ())
    }

    /// Empties a field and types into it, key by key.
    pub async fn fill(&self, id: &str, text: &str) -> Outcome {
        let css = format!("#{id}");
        let element = self.wait(&css).await?;
        self.scroll_to(&css).await?;
        let fail = |error| format!("cannot type into {id}: {error}");
        element.clear().await.map_err(fail)?;
        element.send_keys(text).await.map_err(fail)
    }

    /// Chooses a file for an input, as its dialog would.
    pub async fn choose_file(&self, id: &str, file: &Path) -> Outcome {
        let element = self.wait(&format!("#{id}")).await?;
        element
            .send_keys(&file.to_string_lossy())
            .await
            .map_err(|error| format!("cannot choose a file for {id}: {error}"))
    }

    /// An attribute of the first element that fits, once there is one.
    pub async fn attr(&self, css: &str, name: &str) -> Outcome<String> {
        let value = self.wait(css).await?.attr(name).await.map_err(|error| error.to_string())?;
        value.ok_or_else(|| format!("{css} has no {name}"))
    }

    /// An attribute of all elements that fit, once there is one.
    pub async fn all(&self, css: &str, name: &str) -> Outcome<Vec<String>> {
        self.wait(css).await?;
        let mut values = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await.map_err(|error| error.to_string())? {
            values.extend(element.attr(name).await.map_err(|error| error.to_string())?);
        }
        Ok(values)
    }

    /// Chooses an option of a select.
    pub async fn choose(&self, id: &str, value: &str) -> Outcome {
        let element = self.wait(&format!("#{id}")).await?;
        element.select_by_value(value).await.map_err(|error| format!("cannot choose {value} in {id}: {error}"))
    }

    /// The value of a field.
    pub async fn value(&self, id: &str) -> Outcome<String> {
        let element = self.wait(&format!("#{id}")).await?;
        let value = element.prop("value").await.map_err(|error| error.to_string())?;
        Ok(value.unwrap_or_default())
    }

    /// How many elements fit.
    pub async fn count(&self, css: &str) -> Outcome<usize> {
        self.client.find_all(Locator::Css(css)).await.map(|found| found.len()).map_err(|error| error.to_string())
    }

    /// Runs a script of the driver (not subject to the page's CSP).
    pub async fn script(&self, script: &str) -> Outcome<serde_json::Value> {
        self.client.execute(script, Vec::new()).await.map_err(|error| format!("script: {error}"))
    }

    /// Runs a script that answers through its last argument.
    pub async fn script_async(&self, script: &str) -> Outcome<serde_json::Value> {
        self.client.execute_async(script, Vec::new()).await.map_err(|error| format!("script: {error}"))
    }

    /// Presses keys.
    pub async fn keys(&self, keys: KeyActions) -> Outcome {
        self.client.perform_actions(keys).await.map_err(|error| format!("cannot press keys: {error}"))
    }

    /// Sets the window's size in pixels.
    pub async fn resize(&self, width: u32, height: u32) -> Outcome {
        self.client.set_window_size(width, height).await.map_err(|error| format!("cannot resize: {error}"))
    }

    /// Writes what the window shows as PNG, from the display: what a person would see. (WebKitGTK's own screenshot never
    /// answers on a display without a compositor.)
    pub async fn screenshot(&self, path: &Path) -> Outcome {
        let mut import = tokio::process::Command::new("import");
        import.args(["-silent", "-window", "Prakerja Desktop"]).arg(path).kill_on_drop(true);
        match tokio::time::timeout(PATIENCE, import.status()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            outcome => Err(format!("no screenshot (ImageMagick's import): {outcome:?}")),
        }
    }

    /// The first words on the screen, for error messages.
    async fn summary(&self) -> String {
        let text = self
            .script("return (document.querySelector('main') ?? document.body)?.innerText.slice(0, 800) ?? '(empty)'")
            .await;
        text.ok().and_then(|text| text.as_str().map(|text| text.replace('\n', " | "))).unwrap_or_default()
    }
}

/// Waits until no program works with a data folder any more.
async fn gone(data: &Path) -> Outcome {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while std::process::Command::new("pgrep")
        .args(["-f", "--", &format!("--data-dir {}", data.display())])
        .stdout(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
    {
        if tokio::time::Instant::now() > deadline {
            return Err("the app does not end".into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
