//! A whitelist that changes while a wave is open: whoever it concerns is drawn in another class, and sees it. Once the list
//! of a wave is being closed nothing of it changes.

use super::application::Application;
use super::join::class_of;
use crate::catalogue::waves;
use crate::sync::{Change, SyncError};

/// Open applications of a person, of waves whose list is not closed.
const OPEN: &str = "
    select * from application where nik_index = $1 and state = 'joined'
    and not exists (select 1 from selection where selection.wave = application.wave)";

/// Gives the open applications under an identity number the class that its whitelist entry, or the lack of one, gives them.
/// Says how many changed.
pub(crate) async fn reclass(change: &mut Change, nik_index: &[u8]) -> Result<u64, SyncError> {
    let open: Vec<Application> = sqlx::query_as(OPEN).bind(nik_index).fetch_all(&mut **change.tx()).await?;
    let mut changed = 0;
    for application in open {
        let Some(wave) = waves::one(change.tx(), application.wave()?).await? else { continue };
        let records = &mut change.records(application.person());
        // Without its scheme the wave draws nobody in any class.
        let Some(scheme) = records.central.schemes.of_wave(&wave) else { continue };
        let class = class_of(records, &scheme, nik_index).await?;
        if class != application.class()? {
            application.reclass(records, class).await?;
            changed += 1;
        }
    }
    Ok(changed)
}
