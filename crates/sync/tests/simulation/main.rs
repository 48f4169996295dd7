//! The core against a model of central and a model of the store, through a network that loses, repeats, delays and
//! reorders, on a computer that crashes at every effect and whose clock jumps (`sync.md` §3.12).
//!
//! A run is given by its seed, which is printed; `PRAKERJA_SIMULATION_SEED` repeats one and `PRAKERJA_SIMULATION_STEPS`
//! makes it longer;
//! `PRAKERJA_SIMULATION_TOLD` prints every step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "the seed, and what happened, are read by people")]

mod client;
mod documents;
mod server;
mod world;

use std::collections::BTreeMap;

use world::World;

/// Steps of the core in one run of the tests.
const STEPS: u64 = 1_000_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn nothing_is_lost_or_done_twice_whatever_happens() {
    let seed = number("PRAKERJA_SIMULATION_SEED").unwrap_or_else(rand::random);
    let steps = number("PRAKERJA_SIMULATION_STEPS").unwrap_or(STEPS);
    println!("PRAKERJA_SIMULATION_SEED={seed}");
    let mut seen = BTreeMap::new();
    let (mut done, mut worlds) = (0_u64, 0_u64);
    while done < steps {
        // Several short lives instead of one long: a small world is quick, and beginnings are where mistakes are made.
        let mut world = World::new(seed.wrapping_add(worlds));
        while world.steps < 10_000 {
            world.chaos(2_000);
            world.quiet();
        }
        done += world.steps;
        worlds += 1;
        for (what, times) in &world.seen {
            *seen.entry(*what).or_insert(0_u64) += times;
        }
    }
    println!("{done} steps in {worlds} lives: {seen:?}");
    // A short run, for the study of one seed, need not meet everything.
    if steps >= STEPS {
        world::assert_that_everything_happened(&seen);
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let run = |seed| {
        let mut world = World::new(seed);
        world.chaos(3_000);
        world.quiet();
        (world.steps, world.seen)
    };
    assert_eq!(run(7), run(7));
}
