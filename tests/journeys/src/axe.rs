//! WCAG 2.2 AA in the real window, by axe-core.

use std::path::Path;

use fantoccini::Client;

use crate::Outcome;
use crate::window::Window;

/// Fails with every violation on the screen that is shown.
pub async fn check(window: &Window) -> Outcome {
    check_page(window.client()).await
}

/// Fails with every violation on the page that a browser shows.
pub(crate) async fn check_page(client: &Client) -> Outcome {
    let fail = |error| format!("script: {error}");
    let path = Path::new("ui/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    client.execute(&format!("if (!window.axe) {{ {source} }} return 1"), Vec::new()).await.map_err(fail)?;
    let found = client
        .execute_async(
            // A colour on its way to another one is neither: what moves comes to rest first.
            "const done = arguments[arguments.length - 1];\
             const moving = document.getAnimations().filter((a) => a instanceof CSSTransition).map((a) => a.finished);\
             const rest = Promise.race([Promise.allSettled(moving), new Promise((r) => setTimeout(r, 1000))]);\
             const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];\
             const options = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };\
             rest.then(() => axe.run(document, options)).then(\
               (r) => done(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(', '))),\
               (e) => done(['axe failed: ' + e]))",
            Vec::new(),
        )
        .await
        .map_err(fail)?;
    let violations: Vec<String> =
        found.as_array().into_iter().flatten().map(|text| text.as_str().unwrap_or("?").to_owned()).collect();
    if violations.is_empty() { Ok(()) } else { Err(format!("accessibility: {}", violations.join("; "))) }
}
