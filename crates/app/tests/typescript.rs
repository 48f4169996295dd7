//! The committed TypeScript is what the Rust types say.

#[test]
fn generated_types_are_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/ipc/types.ts");
    let fresh = prakerja_app::typescript::types();
    if std::env::var_os("PRAKERJA_CODEGEN").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(committed, fresh, "run `cargo xtask codegen`");
}
