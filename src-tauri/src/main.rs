//! The program `prakerja`: a window, or a check of the connection in the terminal.

// No console window beside the app on Windows. `platform::attach_terminal` finds the terminal of `prakerja check`.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    prakerja_desktop::platform::prepare();
    prakerja_desktop::cli::run()
}
