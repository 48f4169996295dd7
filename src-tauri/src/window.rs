//! The one window: made from `tauri.conf.json`, kept on its own pages.

use std::path::Path;

use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Manager, Url};

/// Label of the window, as in `tauri.conf.json` and `capabilities/main.json`.
pub(crate) const LABEL: &str = "main";
/// Where the page shows the inbox; see `ui/src/app/router.svelte.ts`.
#[cfg(target_os = "linux")]
const INBOX: &str = "/inbox";

/// Opens the window. The web view keeps its own files in the data folder too.
///
/// # Errors
/// What Tauri says; without a window there is nothing to do but to end.
pub(crate) fn open(app: &AppHandle, data_folder: &Path) -> tauri::Result<()> {
    let config = app.config().app.windows.iter().find(|window| window.label == LABEL);
    let config = config.ok_or(tauri::Error::WindowNotFound)?;
    let window = WebviewWindowBuilder::from_config(app, config)?
        .data_directory(data_folder.join("webview"))
        .devtools(cfg!(debug_assertions))
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    #[cfg(target_os = "linux")]
    window.with_webview(|view| crate::camera::allow(&view.inner()))?;
    #[cfg(not(target_os = "linux"))]
    drop(window);
    Ok(())
}

/// Shows the window with its inbox: somebody clicked on a notification. Only Linux tells of the click.
#[cfg(target_os = "linux")]
pub(crate) fn show_inbox(app: &AppHandle) {
    show(app);
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if let Ok(mut page) = window.url() {
        page.set_fragment(Some(INBOX));
        // Only another place on the same page: nothing is loaded anew.
        let _ = window.navigate(page);
    }
}

/// Brings the window to the front: somebody started the app again.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window manager may refuse any of these; the app goes on either way.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Only pages from inside the program: `tauri://localhost`, which Windows knows as `http://tauri.localhost`.
pub(crate) fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_pages_are_shown() {
        let cases = [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#/home", true),
            ("http://tauri.localhost/", cfg!(windows)),
            ("http://tauri.localhost:8080/", false),
            ("tauri://elsewhere/", false),
            ("https://example.org/", false),
            ("http://localhost/", false),
            ("file:///etc/hosts", false),
            ("data:text/html,<h1>x</h1>", false),
            ("about:blank", false),
        ];
        for (address, expected) in cases {
            assert_eq!(is_own_page(&address.parse().unwrap()), expected, "{address}");
        }
    }
}
