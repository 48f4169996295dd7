//! What central promises about sync and catalogue, over real HTTP.
//!
//! Every case is a function over a started central and knows no database engine; `contract!` runs the list against one.
//! A second engine is a second line at the end of this file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod catalogue;
mod enrolment;
mod formats;
mod profile;
mod property;
mod pull;
mod push;
mod restore;
mod started;
mod void;

/// Runs every case on a central of its own.
macro_rules! contract {
    ($engine:ident, $start:path; $($module:ident: [$($case:ident),* $(,)?];)*) => {
        mod $engine {
            $(mod $module {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $case() {
                        let central = $start().await;
                        crate::$module::$case(&central).await;
                        central.stop().await;
                    }
                )*
            })*
        }
    };
}

contract! {
    sqlite, crate::started::Started::sqlite;
    push: [
        results_come_in_order_with_receipts_that_verify,
        the_same_bytes_again_are_replayed,
        an_id_with_other_content_is_refused,
        an_id_of_another_person_is_forbidden,
        an_unknown_kind_holds_its_lane_only,
        a_command_waits_for_what_it_depends_on,
        a_command_falls_with_what_it_depends_on,
        payloads_of_the_wrong_shape_are_refused,
        batches_of_the_wrong_shape_are_refused,
        nobody_pushes_without_a_session,
        the_outcome_of_a_command_can_be_asked_for,
        many_devices_push_at_once,
        a_group_that_cannot_be_written_comes_again,
        a_full_queue_turns_away_with_a_wait,
    ];
    profile: [
        fields_merge_and_conflict,
        a_device_may_change_its_own_value_again,
        nothing_new_makes_no_revision,
        central_refuses_what_the_domain_refuses,
        values_come_back_as_they_were_meant,
        nothing_personal_is_readable_in_the_files,
    ];
    enrolment: [
        requests_have_these_results,
        a_record_says_when_and_where,
        cancelling_gives_the_place_back,
        the_last_seat_goes_to_one_of_fifty,
        the_arrival_decides_and_not_the_device,
    ];
    void: [
        a_void_before_the_command_refuses_it,
        a_void_after_the_command_is_too_late,
        a_void_reaches_only_ones_own_commands,
    ];
    pull: [
        pages_follow_each_other,
        a_long_poll_wakes_when_the_feed_grows,
        a_long_poll_ends_when_central_stops,
        a_cursor_of_others_is_no_cursor,
        a_snapshot_is_the_same_state,
        people_see_their_own_feed_only,
        what_is_too_old_is_forgotten,
    ];
    catalogue: [
        an_unchanged_catalogue_costs_nothing,
        a_body_comes_compressed_or_plain,
        a_changed_seat_band_is_a_delta,
        a_base_that_central_cannot_use_gets_everything,
        an_import_changes_what_differs,
        a_wrong_query_is_refused,
        the_demo_is_written_once,
    ];
    restore: [
        an_older_database_is_refused_until_accepted,
        a_file_that_does_not_fit_is_refused_until_accepted,
        a_folder_that_was_put_back_whole_is_noticed_by_its_clients,
        a_second_restore_remembers_the_first,
        a_receipt_proves_the_day,
        an_import_is_missed_when_it_is_gone,
    ];
    property: [duplicates_leave_the_same_state];
    formats: [wire_formats];
}
