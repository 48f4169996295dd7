//! What must happen before anything else, and differs from system to system.

/// Settles the environment. Call it first in `main`, while the process has a single thread.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    calm_web_view();
    #[cfg(windows)]
    attach_terminal();
}

/// WebKitGTK's DMABUF renderer leaves the window blank with some graphics drivers, and needs more memory than the
/// other one. Who set the variable keeps the choice.
#[cfg(target_os = "linux")]
fn calm_web_view() {
    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(RENDERER).is_none() {
        #[expect(unsafe_code, reason = "no other thread exists yet, so nobody reads the environment meanwhile")]
        // SAFETY: `main` calls this first, before it starts a thread or a library that does.
        unsafe {
            std::env::set_var(RENDERER, "1");
        }
    }
}

/// A program without a console of its own is silent in the terminal that started it, unless it asks for that one.
#[cfg(windows)]
fn attach_terminal() {
    use windows_sys::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};
    #[expect(unsafe_code, reason = "the only way to write to the terminal that started a program with a window")]
    // SAFETY: takes a constant and touches no memory of ours; it fails harmlessly when there is no terminal.
    unsafe {
        AttachConsole(ATTACH_PARENT_PROCESS);
    }
}
