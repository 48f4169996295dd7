//! Tells cargo that a new migration is a reason to build again: they are embedded in the program.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
