//! Builds again when a migration is added: `sqlx::migrate!` reads the folder, which cargo does not know.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
