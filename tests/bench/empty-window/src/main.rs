//! A Tauri window with nothing in it: what the engine alone costs.

fn main() -> tauri::Result<()> {
    // The app sets the same variable, so that both use the same renderer.
    #[cfg(target_os = "linux")]
    if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        #[expect(unsafe_code, reason = "the first statement of the program: no other thread can read the environment")]
        // SAFETY: no thread has been started yet.
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
    tauri::Builder::default().run(tauri::generate_context!())
}
