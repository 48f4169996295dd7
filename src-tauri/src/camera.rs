//! The camera of the web view on Linux. WebKitGTK has it switched off and refuses every page that nobody vouches for; the
//! own page may ask for a picture, and for nothing else. (macOS and Windows ask the person themselves.)

use webkit2gtk::glib::prelude::Cast;
use webkit2gtk::{
    PermissionRequest, PermissionRequestExt, SettingsExt, UserMediaPermissionRequest, UserMediaPermissionRequestExt,
    WebView, WebViewExt,
};

use crate::window::is_own_page;

/// Lets the own page use a camera that the page itself asks the person for.
pub(crate) fn allow(view: &WebView) {
    if let Some(settings) = WebViewExt::settings(view) {
        settings.set_enable_media_stream(true);
    }
    view.connect_permission_request(|view, request| {
        if may_use(view, request) {
            request.allow();
        } else {
            request.deny();
        }
        // Answered: nobody else is asked.
        true
    });
}

/// True for a picture without sound, on a page from inside the program.
fn may_use(view: &WebView, request: &PermissionRequest) -> bool {
    let Some(media) = request.downcast_ref::<UserMediaPermissionRequest>() else { return false };
    let own = view.uri().and_then(|page| page.parse().ok()).is_some_and(|page| is_own_page(&page));
    own && media.is_for_video_device() && !media.is_for_audio_device()
}
