//! WCAG 2.2 AA in the real window, by axe-core.

use std::path::Path;

use crate::Outcome;
use crate::window::Window;

/// Fails with every violation on the screen that is shown.
pub async fn check(window: &Window) -> Outcome {
    let path = Path::new("ui/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    window.script(&format!("if (!window.axe) {{ {source} }} return 1")).await?;
    let found = window
        .script_async(
            // A colour on its way to another one is neither: what moves comes to rest first.
            "const done = arguments[arguments.length - 1];\
             const moving = document.getAnimations().filter((a) => a instanceof CSSTransition).map((a) => a.finished);\
             const rest = Promise.race([Promise.allSettled(moving), new Promise((r) => setTimeout(r, 1000))]);\
             const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];\
             const options = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };\
             rest.then(() => axe.run(document, options)).then(\
               (r) => done(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(', '))),\
               (e) => done(['axe failed: ' + e]))",
        )
        .await?;
    let violations: Vec<String> =
        found.as_array().into_iter().flatten().map(|text| text.as_str().unwrap_or("?").to_owned()).collect();
    if violations.is_empty() { Ok(()) } else { Err(format!("accessibility: {}", violations.join("; "))) }
}
