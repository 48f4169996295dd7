//! The lists of commands agree, and the window is shut as tightly as decided.

#![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

#[path = "../build_commands.rs"]
mod build_commands;

use std::collections::BTreeSet;

use serde_json::Value;

fn json(path: &str) -> Value {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn permissions() -> Vec<String> {
    let capability = json("capabilities/main.json");
    capability["permissions"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn four_lists_of_commands_are_one() {
    let promised: Vec<&str> = prakerja_app::ipc::COMMANDS.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(build_commands::DECLARED, promised, "build_commands.rs");
    assert_eq!(prakerja_desktop::commands::NAMES, promised, "src/commands.rs");
    let allowed: BTreeSet<String> = permissions().into_iter().filter(|name| !name.starts_with("core:")).collect();
    let wanted: BTreeSet<String> = promised.iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
    assert_eq!(allowed, wanted, "capabilities/main.json");
}

/// A Rust type as the window sees it.
fn typescript(rust: &str) -> String {
    let inner = |outer: &str| rust.strip_prefix(outer).and_then(|rest| rest.strip_prefix('<')?.strip_suffix('>'));
    if let Some(inner) = inner("Answer") {
        return typescript(inner);
    }
    if let Some(inner) = inner("Option") {
        return format!("{} | null", typescript(inner));
    }
    if let Some(inner) = inner("Vec") {
        return format!("{}[]", typescript(inner));
    }
    match rust {
        "String" | "Uuid" => "string".into(),
        "bool" => "boolean".into(),
        "u32" => "number".into(),
        // The request itself: the page sends bytes and nothing around them.
        "Request<'_>" => "Uint8Array".into(),
        "BTreeMap<String,bool>" => "{ [question: string]: boolean }".into(),
        "()" => "null".into(),
        other => other.into(),
    }
}

/// `leave_unsent` as Tauri names it towards the window.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// Name, arguments and result of every adapter, as its source says.
fn adapters() -> Vec<(String, String, String)> {
    let source = std::fs::read_to_string(format!("{}/src/commands.rs", env!("CARGO_MANIFEST_DIR"))).unwrap();
    // Arguments are told apart by comma and blank.
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ").replace("<String, bool>", "<String,bool>");
    let signature = |text: &str| {
        let (name, rest) = text.split_once("fn ")?.1.split_once('(')?;
        let (arguments, result) = rest.split_once(" {")?.0.rsplit_once(") -> ")?;
        // What Tauri gives by itself is no argument of the window.
        let own = |argument: &&str| {
            argument.contains(": ") && !["State<", "AppHandle"].iter().any(|it| argument.contains(it))
        };
        let arguments: Vec<String> = arguments
            .split(", ")
            .filter(own)
            .filter_map(|argument| argument.trim_end_matches(',').split_once(": "))
            .map(|(name, rust)| format!("{}: {}", camel(name), typescript(rust)))
            .collect();
        Some((name.to_owned(), arguments.join(", "), typescript(result)))
    };
    source.split("#[tauri::command]").skip(1).map(|text| signature(text).unwrap()).collect()
}

#[test]
fn every_adapter_takes_and_gives_what_is_promised() {
    let promised = prakerja_app::ipc::COMMANDS.iter();
    let promised: Vec<_> = promised
        .map(|(name, arguments, result)| ((*name).to_owned(), (*arguments).to_owned(), (*result).to_owned()))
        .collect();
    assert_eq!(adapters(), promised);
}

#[test]
fn the_one_capability_is_for_the_one_window_and_no_remote_page() {
    let folder = format!("{}/capabilities", env!("CARGO_MANIFEST_DIR"));
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["main.json"]);
    let capability = json("capabilities/main.json");
    assert_eq!(capability["local"], true);
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability.get("remote").is_none());
    let core: Vec<_> = permissions().into_iter().filter(|name| name.contains(':')).collect();
    assert_eq!(core, ["core:event:allow-listen", "core:event:allow-unlisten"], "hearing events, and no plugin");
}

#[test]
fn the_page_may_load_only_what_is_in_the_program() {
    let config = json("tauri.conf.json");
    assert_eq!(config["app"]["withGlobalTauri"], false);
    let security = &config["app"]["security"];
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(security["capabilities"], serde_json::json!(["main"]));
    for forbidden in
        ["dangerousDisableAssetCspModification", "dangerousRemoteDomainIpcAccess", "devCsp", "assetProtocol"]
    {
        assert!(security.get(forbidden).is_none(), "{forbidden}");
    }
    let policy = security["csp"].as_object().unwrap();
    for (directive, expected) in [
        ("default-src", "'self'"),
        ("script-src", "'self'"),
        ("style-src", "'self'"),
        ("img-src", "'self' data: blob:"),
        ("media-src", "'self' blob: mediastream:"),
        ("connect-src", "ipc: http://ipc.localhost"),
        ("object-src", "'none'"),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
        ("frame-src", "'none'"),
        ("frame-ancestors", "'none'"),
    ] {
        assert_eq!(policy[directive], expected, "{directive}");
    }
    assert_eq!(policy.len(), 11, "a directive that nobody decided");
}

#[test]
fn the_window_is_made_by_code_that_guards_its_navigation() {
    let config = json("tauri.conf.json");
    let windows = config["app"]["windows"].as_array().unwrap();
    assert_eq!(windows.len(), 1);
    assert_eq!(windows[0]["label"], "main");
    assert_eq!(windows[0]["create"], false, "src/window.rs adds what the file cannot say");
    assert!(windows[0].get("url").is_none(), "the page of the program");
    assert_eq!(windows[0]["dragDropEnabled"], false, "a file that is dropped goes to the page, not to the window");
    assert_eq!(config["identifier"], "id.prakerjadesktop.app");
}
