//! The promises of [`Journal`], as tests any store can be handed to.
//!
//! Every function here is one promise. It asks the store for a fresh journal, lives through a small
//! story and panics where the store breaks the promise. [`conformance!`](crate::conformance!) makes
//! a test of each:
//!
//! ```
//! use std::sync::Arc;
//! use async_trait::async_trait;
//! use connect_clock::VirtualClock;
//! use connect_journal::testing::conformance::TestStore;
//! use connect_journal::{Journal, MemoryJournal};
//!
//! struct Memory;
//!
//! #[async_trait]
//! impl TestStore for Memory {
//!     async fn fresh(&self, clock: VirtualClock) -> Arc<dyn Journal> {
//!         Arc::new(MemoryJournal::new(clock))
//!     }
//! }
//!
//! connect_journal::conformance!(Memory);
//! # fn main() {}
//! ```

use std::sync::Arc;

use async_trait::async_trait;
use connect_clock::VirtualClock;

use crate::journal::Journal;

mod binding;
mod claiming;
mod claiming_one;
mod clocks;
mod controls;
mod fencing;
mod finishing;
mod harness;
mod interleaving;
mod looking;
mod noting;
mod offering;
mod queueing;
mod removing;
mod reviving;
mod steps;

pub use binding::*;
pub use claiming::*;
pub use claiming_one::*;
pub use clocks::*;
pub use controls::*;
pub use fencing::*;
pub use finishing::*;
pub use interleaving::{Move, any_interleaving_keeps_the_promises};
pub use looking::*;
pub use noting::*;
pub use offering::*;
pub use queueing::*;
pub use removing::*;
pub use reviving::*;
pub use steps::*;

/// A source of fresh journals.
#[async_trait]
pub trait TestStore: Send + Sync {
    /// An empty journal that takes its time from `clock`. It must work until the store is dropped.
    async fn fresh(&self, clock: VirtualClock) -> Arc<dyn Journal>;
}

/// One `#[tokio::test]` for every promise of [`conformance`](mod@crate::testing::conformance),
/// named after it. The argument is an expression for a [`TestStore`].
#[macro_export]
macro_rules! conformance {
    ($store:expr) => {
        $crate::conformance! { $store =>
            a_journal_keeps_its_first_owner
            a_text_that_names_nobody_binds_nothing

            a_run_offered_again_is_known
            a_run_offered_twice_in_one_call_is_new_once
            a_run_offered_for_later_is_not_claimed_before
            an_idle_run_sleeps_through_the_same_payload
            an_idle_run_is_woken_by_news
            news_can_wake_a_run_for_later
            news_changes_nothing_unless_the_run_is_idle

            nothing_offered_nothing_claimed
            a_claim_takes_at_most_one_run_of_each_lane
            a_claim_takes_no_more_than_it_asks_for
            runs_of_a_lane_come_by_due_time_then_in_the_order_offered
            a_busy_lane_waits_while_others_go_on
            interrupted_runs_come_before_new_ones
            interrupted_and_held_lanes_starve_nobody
            a_claim_finds_everything_earlier_claims_recorded
            claims_and_failures_are_counted
            the_local_deadline_is_a_lease_after_the_call
            an_endless_lease_never_runs_out
            workers_that_claim_together_share_nothing

            one_run_can_be_claimed_and_no_other
            one_run_is_claimed_only_when_it_is_ready
            one_run_keeps_the_order_of_its_lane
            one_run_of_a_group_that_is_passed_over_is_not_claimed
            who_claims_one_run_is_not_kept_awake_by_others

            the_most_urgent_run_comes_first
            a_run_without_a_date_should_be_over_a_day_after_it_is_due
            no_run_is_urgent_before_it_is_due
            urgency_changes_no_order_within_a_lane
            a_run_stays_as_urgent_as_it_was
            the_date_of_a_run_is_not_moved_with_the_wall
            runs_that_come_due_together_are_all_claimed
            another_offer_changes_the_date_of_a_waiting_run
            news_brings_its_own_date
            a_run_shows_its_date_and_its_group
            groups_can_be_passed_over
            what_is_not_passed_over_comes_in_its_order
            a_lane_waits_for_a_run_that_is_passed_over
            a_run_stays_in_its_group
            what_is_passed_over_keeps_nobody_awake

            no_jump_of_the_wall_moves_a_lease
            no_jump_of_the_wall_moves_a_retry
            no_jump_of_the_wall_moves_a_wait
            no_jump_of_the_wall_moves_what_was_offered_for_later
            what_is_due_stays_due_when_the_wall_is_set_back
            waiting_ends_when_a_run_is_due_whatever_the_wall_shows
            a_due_time_that_was_moved_is_told
            a_lease_from_a_wrong_year_ends_after_its_length
            a_renewal_in_a_wrong_year_ends_after_its_length
            a_clock_set_back_ends_no_lease_early
            a_holder_keeps_its_run_over_a_clock_set_back
            every_way_to_wait_outlives_a_wrong_year

            every_write_of_an_old_claim_is_refused
            only_the_interrupted_run_takes_its_lane_over
            fences_grow_over_all_runs_of_a_lane
            a_lease_that_ran_out_is_good_until_somebody_takes_the_run
            a_renewed_run_stays_with_its_worker
            renewing_tells_which_claims_are_lost

            a_recorded_step_keeps_its_first_result
            a_step_given_up_stays_given_up
            a_later_claim_finds_what_was_only_intended
            recording_a_step_can_intend_the_next
            a_repeated_record_still_intends_the_next
            an_intent_says_nothing_new_after_the_result

            what_is_noted_of_a_step_is_written_with_its_result
            of_failed_attempts_the_first_and_the_last_notes_are_kept
            a_note_of_an_old_claim_is_refused_with_its_write

            the_same_finish_again_is_fine
            another_finish_of_the_same_claim_is_refused
            a_finished_claim_writes_nothing_more
            a_run_that_is_over_never_runs_again
            a_failed_run_comes_back_when_due
            a_waiting_run_lets_its_lane_pass
            a_waiting_run_can_keep_its_lane
            a_parked_run_lets_its_lane_pass
            a_parked_run_can_keep_its_lane
            a_park_tells_which_step_is_in_doubt
            every_way_to_end_frees_the_lane

            a_revived_run_is_ready_again
            a_dead_run_takes_its_turn_again
            a_revived_run_still_holds_its_lane
            a_waiting_run_is_brought_forward_and_never_postponed
            what_cannot_be_revived_is_said
            a_run_that_waits_as_planned_is_brought_forward_by_news
            what_does_not_wait_as_planned_is_left_as_it_is
            a_run_that_is_over_can_be_reopened_for_a_person
            what_is_not_over_is_not_reopened

            a_control_is_kept_with_who_set_it_and_when
            a_control_can_be_taken_back
            a_control_is_small
            controls_are_few
            waiting_ends_when_a_control_is_set
            a_run_that_was_over_long_ago_can_be_removed
            what_is_not_over_is_never_removed
            a_claim_of_a_removed_run_writes_nothing

            history_tells_what_happened
            history_is_read_in_pieces
            a_run_shows_where_it_stands
            runs_are_listed_by_state_lane_and_page
            counts_add_up_and_tell_when_to_look_again
            waiting_ends_when_a_run_is_offered
            waiting_ends_when_a_lane_is_freed
            waiting_ends_when_a_run_is_due
            waiting_ends_at_its_time
            news_between_claiming_and_waiting_is_not_lost
        }
    };
    ($store:expr => $($promise:ident)*) => {
        $(
            #[tokio::test]
            async fn $promise() {
                $crate::testing::conformance::$promise(&$store).await;
            }
        )*
    };
}
