//! Asks the operating system whether bytes cost money on this connection, and tells the app whenever that changes. Linux:
//! the property `Metered` of NetworkManager. Windows: the cost of the connection profile. Elsewhere, or without that service,
//! nobody knows, and the setting is the person's.

use prakerja_app::App;

#[cfg(any(target_os = "linux", windows))]
use std::time::Duration;

/// Tells the app until it ends.
#[cfg(target_os = "linux")]
pub(crate) async fn watch(app: App) {
    /// Until the service is looked for again.
    const AGAIN: Duration = Duration::from_secs(60);
    loop {
        if let Err(error) = network_manager::follow(&app).await {
            tracing::debug!(%error, "nobody says whether the connection is metered");
        }
        app.set_metered(None).await;
        tokio::time::sleep(AGAIN).await;
    }
}

#[cfg(target_os = "linux")]
mod network_manager {
    use futures::StreamExt as _;
    use prakerja_app::App;

    #[zbus::proxy(
        interface = "org.freedesktop.NetworkManager",
        default_service = "org.freedesktop.NetworkManager",
        default_path = "/org/freedesktop/NetworkManager",
        gen_blocking = false
    )]
    trait NetworkManager {
        #[zbus(property)]
        fn metered(&self) -> zbus::Result<u32>;
    }

    pub(super) async fn follow(app: &App) -> zbus::Result<()> {
        let bus = zbus::Connection::system().await?;
        let service = NetworkManagerProxy::new(&bus).await?;
        let mut changes = service.receive_metered_changed().await;
        app.set_metered(meaning(service.metered().await?)).await;
        while let Some(change) = changes.next().await {
            app.set_metered(meaning(change.get().await?)).await;
        }
        Ok(())
    }

    /// `NMMetered`: 1 yes, 2 no, 3 and 4 the same as a guess, 0 unknown.
    pub(super) fn meaning(word: u32) -> Option<bool> {
        match word {
            1 | 3 => Some(true),
            2 | 4 => Some(false),
            _ => None,
        }
    }
}

/// Tells the app until it ends.
#[cfg(windows)]
pub(crate) async fn watch(app: App) {
    use windows::Networking::Connectivity::{NetworkCostType, NetworkInformation};

    /// Between two looks: what is sent meanwhile is a part of a photo.
    const AGAIN: Duration = Duration::from_secs(15);
    let ask = || {
        let profile = NetworkInformation::GetInternetConnectionProfile()?;
        let cost = profile.GetConnectionCost()?.NetworkCostType()?;
        windows::core::Result::Ok(match cost {
            NetworkCostType::Unrestricted => Some(false),
            NetworkCostType::Fixed | NetworkCostType::Variable => Some(true),
            _ => None,
        })
    };
    loop {
        // Without a connection there is no profile.
        let told = tokio::task::spawn_blocking(ask).await.ok().and_then(Result::ok).flatten();
        app.set_metered(told).await;
        tokio::time::sleep(AGAIN).await;
    }
}

/// Nobody knows here.
#[cfg(not(any(target_os = "linux", windows)))]
pub(crate) async fn watch(_: App) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::network_manager::meaning;

    #[test]
    fn a_guess_of_the_service_counts_and_not_knowing_is_told_apart() {
        let meanings = [0, 1, 2, 3, 4, 99].map(meaning);
        assert_eq!(meanings, [None, Some(true), Some(false), Some(true), Some(false), None]);
    }
}
