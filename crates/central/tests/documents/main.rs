//! What central promises about photos, over real HTTP: uploads, review, and the page for a phone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod browser;
mod phone;
mod refused;
#[path = "../contract/started.rs"]
#[allow(dead_code, reason = "the contract's tests use the rest")]
mod started;
mod uploads;

/// Runs every case on a central of its own.
macro_rules! cases {
    ($($module:ident: [$($case:ident),* $(,)?];)*) => {
        mod cases {
            $(mod $module {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $case() {
                        let central = crate::started::Started::sqlite().await;
                        crate::$module::$case(&central).await;
                        central.stop().await;
                    }
                )*
            })*
        }
    };
}

cases! {
    browser: [a_phone_s_browser_takes_three_photos_until_one_is_good];
    uploads: [
        a_photo_arrives_in_parts_and_is_accepted,
        a_part_counts_whole_or_not_at_all,
        what_cannot_be_read_is_refused_with_a_reason,
        an_upload_carries_what_was_announced_and_nothing_else,
        a_new_announcement_takes_the_place_of_one_that_never_came,
        an_upload_that_expired_is_begun_anew,
        an_upload_whose_bytes_are_not_here_is_begun_anew,
        an_upload_that_nobody_goes_on_with_gives_way,
        more_photos_than_a_day_may_have_wait_for_the_next_one,
        the_office_decides_when_it_is_to,
        nothing_of_a_photo_is_readable_in_the_files,
    ];
    refused: [
        a_photo_that_is_too_large_says_how_to_take_a_smaller_one,
        photos_on_their_way_take_nothing_from_anybody_s_work,
        a_large_body_is_read_of_those_only_who_may_send_one,
        a_phone_that_asks_too_often_is_told_on_a_page,
    ];
    phone: [
        a_phone_sends_a_good_photo_and_the_computer_hears_of_it,
        a_bad_photo_is_shown_with_what_is_wrong,
        a_doubtful_photo_waits_for_a_yes,
        an_address_works_once_and_for_a_while,
        a_new_address_takes_the_place_of_the_one_before,
        a_photo_of_an_address_that_ended_meanwhile_is_not_taken,
        a_page_says_whose_it_is_and_loads_nothing,
    ];
}
