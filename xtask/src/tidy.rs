//! `cargo xtask tidy`: the invariants of ARCHITECTURE.md, from `cargo metadata` and the file names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::places;
use crate::shell::Done;

/// Which rooms of this house a room may know. A room that is not named here may know every other.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("prakerja-domain", &["prakerja-regions"]),
    ("prakerja-protocol", &["prakerja-domain"]),
    ("prakerja-selection", &[]),
    ("prakerja-questions", &[]),
    ("prakerja-regions", &[]),
    ("prakerja-photo", &[]),
    ("prakerja-connectivity", &["prakerja-protocol"]),
    ("prakerja-store", &["prakerja-domain"]),
    ("prakerja-sync", &["prakerja-domain", "prakerja-protocol", "prakerja-store"]),
    (
        "prakerja-app",
        &[
            "prakerja-connectivity",
            "prakerja-domain",
            "prakerja-photo",
            "prakerja-protocol",
            "prakerja-regions",
            "prakerja-selection",
            "prakerja-store",
            "prakerja-sync",
        ],
    ),
    (
        "prakerja-central",
        &["prakerja-domain", "prakerja-photo", "prakerja-protocol", "prakerja-questions", "prakerja-selection"],
    ),
    ("prakerja-desktop", &["prakerja-app", "prakerja-connectivity"]),
    ("xtask", &[]),
];

/// Libraries that only some rooms know (normal and build dependencies; tests may use what they need).
const ONLY_IN: &[(&str, &[&str])] = &[
    ("tauri", &["prakerja-desktop", "prakerja-empty-window"]),
    ("tauri-build", &["prakerja-desktop", "prakerja-empty-window"]),
    ("keyring", &["prakerja-desktop"]),
    ("notify-rust", &["prakerja-desktop"]),
    ("sqlx", &["prakerja-store", "prakerja-central"]),
    ("axum", &["prakerja-central", "prakerja-testkit"]),
    (
        "reqwest",
        &["prakerja-central", "prakerja-connectivity", "prakerja-sync", "prakerja-testkit", "prakerja-tests-journeys"],
    ),
    ("opaque-ke", &["prakerja-protocol", "prakerja-sync", "prakerja-central"]),
    ("prakerja-questions", &["prakerja-central"]),
    ("prakerja-testkit", &["prakerja-tests-journeys", "prakerja-tests-sync", "prakerja-bench"]),
];

/// Rooms without input and output.
const PURE: &[&str] =
    &["prakerja-domain", "prakerja-photo", "prakerja-questions", "prakerja-regions", "prakerja-selection"];

/// What [`PURE`] rooms must never depend on, directly or not.
const NOT_IN_PURE: &[&str] = &["tokio", "sqlx", "reqwest", "hyper", "axum", "rusqlite", "libsqlite3-sys"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["common", "util", "utils", "helper", "helpers", "manager", "managers", "misc"];

/// Where the window's commands are.
const COMMANDS: &str = "src-tauri/src/commands.rs";

/// Lines between the braces of a command: take state, call one function of `app`, return.
const COMMAND_LINES: usize = 5;

/// Checks every invariant; the error lists all that are broken.
pub fn tidy() -> Done {
    let mut broken = Vec::new();
    dependencies(&mut broken)?;
    names(places::root(), &mut broken);
    one_door_to_tauri(&places::root().join("ui/src"), &mut broken);
    let commands =
        std::fs::read_to_string(places::root().join(COMMANDS)).map_err(|error| format!("{COMMANDS}: {error}"))?;
    broken.extend(long_commands(&commands));
    if broken.is_empty() {
        println!("The house is tidy.");
        Ok(())
    } else {
        Err(format!("the house is not tidy:\n  {}", broken.join("\n  ")))
    }
}

fn dependencies(broken: &mut Vec<String>) -> Done {
    let metadata = MetadataCommand::new()
        .manifest_path(places::root().join("Cargo.toml"))
        .exec()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let rooms: BTreeSet<&str> = metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    for package in metadata.workspace_packages() {
        let room = package.name.as_str();
        for dependency in &package.dependencies {
            if dependency.kind == DependencyKind::Development {
                continue;
            }
            let name = dependency.name.as_str();
            if let Some((_, allowed)) = MAY_KNOW.iter().find(|(known, _)| *known == room)
                && rooms.contains(name)
                && !allowed.contains(&name)
            {
                broken.push(format!("{room} must not know {name}"));
            }
            if let Some((_, allowed)) = ONLY_IN.iter().find(|(library, _)| *library == name)
                && !allowed.contains(&room)
            {
                broken.push(format!("only {allowed:?} may use {name}, not {room}"));
            }
        }
    }
    let resolve = metadata.resolve.as_ref().ok_or("cargo metadata gave no dependency graph")?;
    let graph: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let name_of: BTreeMap<_, _> =
        metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    for pure in PURE {
        let room = metadata.packages.iter().find(|package| package.name == *pure).ok_or(format!("no {pure}"))?;
        let mut open = vec![&room.id];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            let normal = graph.get(id).into_iter().flat_map(|node| &node.deps);
            for next in normal.filter(|next| next.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)) {
                if seen.insert(&next.pkg) {
                    open.push(&next.pkg);
                }
            }
        }
        let reached: BTreeSet<&str> = seen.iter().filter_map(|id| name_of.get(*id).copied()).collect();
        let forbidden = NOT_IN_PURE.iter().filter(|name| reached.contains(**name));
        broken.extend(forbidden.map(|name| format!("{pure} must not reach {name}")));
    }
    Ok(())
}

fn imports_tauri(text: &str) -> bool {
    ["'@tauri-apps/", "\"@tauri-apps/", "`@tauri-apps/"].iter().any(|import| text.contains(import))
}

fn names(folder: &Path, broken: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if ["target", "node_modules", "dist", ".git", "gen"].contains(&name.as_str()) {
            continue;
        }
        let stem = name.split('.').next().unwrap_or_default().to_lowercase();
        if EMPTY_NAMES.contains(&stem.as_str()) {
            broken.push(format!("{} has a name that says nothing", path.display()));
        }
        if path.is_dir() {
            names(&path, broken);
        } else if name.ends_with(".rs") {
            module_comment(&path, broken);
        }
    }
}

/// Every Rust file begins by saying why it exists.
fn module_comment(path: &Path, broken: &mut Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    if !text.starts_with("//!") && !text.starts_with("#![") {
        broken.push(format!("{} does not begin with a module comment", path.display()));
    }
}

/// Commands that do more than pass on.
fn long_commands(source: &str) -> Vec<String> {
    let mut long = Vec::new();
    for command in source.split("#[tauri::command]").skip(1) {
        let name = command.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap_or("?");
        let body = command.lines().skip_while(|line| !line.ends_with('{')).skip(1);
        let lines = body.take_while(|line| *line != "}").filter(|line| !line.trim().is_empty()).count();
        if lines > COMMAND_LINES {
            long.push(format!(
                "the command {name} has {lines} lines, not at most {COMMAND_LINES}: it belongs into app"
            ));
        }
    }
    long
}

/// In the UI exactly one module imports `@tauri-apps/*`.
fn one_door_to_tauri(folder: &Path, broken: &mut Vec<String>) {
    let mut doors = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read_to_string(&path).is_ok_and(|text| imports_tauri(&text)) {
                doors.push(path.strip_prefix(places::root()).unwrap_or(&path).display().to_string());
            }
        }
    }
    if doors.len() != 1 {
        broken.push(format!("exactly one module of the UI imports @tauri-apps/*, found {doors:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_works_by_itself_is_found() {
        let short = "#[tauri::command]\nasync fn get(app: App) -> Answer<()> {\n    app.get().await\n}\n";
        assert!(long_commands(short).is_empty());
        let body = "    let one = 1;\n".repeat(6);
        let long =
            format!("{short}\n#[tauri::command]\nfn think(\n    app: App,\n) -> u8 {{\n{body}}}\n\nfn other() {{}}\n");
        let found = long_commands(&long);
        assert!(found.len() == 1 && found[0].contains("think has 6 lines"), "{found:?}");
    }
}
