//! Is the draw fair? 20,000 draws over a list of twelve, all with fixed seeds: each statistic below is one fixed number,
//! so that no test here can fail by chance. Each threshold is the 99.99 % quantile of the statistic's distribution under
//! fairness, and two deliberately biased draws show that an unfair one is far beyond it.

use prakerja_selection::{Application, Blind, Commitment, Digest, DrawKey, List, Reveal, Rules, Seed, VERSION, draw};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::fixture::{beacon, class, region};

const DRAWS: u32 = 20_000;
const PEOPLE: usize = 12;
const SEATS: usize = 4;

/// 99.99 % quantile of χ² with 11 degrees of freedom.
const ACCEPTED_LIMIT: f64 = 37.4;
/// 99.99 % quantile of χ² with 121 degrees of freedom.
const POSITIONS_LIMIT: f64 = 188.0;
/// The largest of 66 standard normal values stays below this in 99.99 of 100 cases (Bonferroni).
const PAIRS_LIMIT: f64 = 4.81;

/// How far a series of orders is from fair; each value is to be compared with its limit.
#[derive(Debug)]
struct Statistics {
    /// Who is among the first four.
    accepted: f64,
    /// Who stands where.
    positions: f64,
    /// Who stands before whom: the largest deviation, in standard deviations.
    pairs: f64,
}

impl Statistics {
    /// Of [`DRAWS`] orders of the numbers below [`PEOPLE`].
    fn of(mut order: impl FnMut(u32) -> Vec<usize>) -> Self {
        let mut stood = [[0_u32; PEOPLE]; PEOPLE];
        let mut before = [[0_u32; PEOPLE]; PEOPLE];
        for n in 0..DRAWS {
            let order = order(n);
            for (position, person) in order.iter().enumerate() {
                stood[*person][position] += 1;
                for later in &order[position + 1..] {
                    before[*person][*later] += 1;
                }
            }
        }
        let (draws, people) = (f64::from(DRAWS), PEOPLE as f64);
        // Each draw fills every position once, so that the counts depend on each other: the plain sums of squares are
        // n/(n-1) too large (the covariance of a random permutation's indicators is that of a centred table over n-1).
        let dependent = (people - 1.0) / people;
        let share = SEATS as f64 / people;
        let squares = |counts: &mut dyn Iterator<Item = u32>, expected: f64| {
            counts.map(|count| (f64::from(count) - expected).powi(2)).sum::<f64>()
        };
        let accepted = &mut stood.iter().map(|positions| positions[..SEATS].iter().sum());
        let pairs = (0..PEOPLE).flat_map(|one| (0..one).map(move |other| (one, other)));
        Self {
            accepted: dependent * squares(accepted, draws * share) / (draws * share * (1.0 - share)),
            positions: dependent * squares(&mut stood.iter().flatten().copied(), draws / people) / (draws / people),
            pairs: pairs
                .map(|(one, other)| (f64::from(before[one][other]) - draws / 2.0).abs() / (draws / 4.0).sqrt())
                .fold(0.0, f64::max),
        }
    }

    #[track_caller]
    fn assert_fair(&self) {
        assert!(self.accepted < ACCEPTED_LIMIT, "{self:?}");
        assert!(self.positions < POSITIONS_LIMIT, "{self:?}");
        assert!(self.pairs < PAIRS_LIMIT, "{self:?}");
    }

    /// Each of the three finds the bias by itself.
    #[track_caller]
    fn assert_unfair(&self) {
        assert!(self.accepted > 2.0 * ACCEPTED_LIMIT, "{self:?}");
        assert!(self.positions > 2.0 * POSITIONS_LIMIT, "{self:?}");
        assert!(self.pairs > 1.5 * PAIRS_LIMIT, "{self:?}");
    }
}

/// Twelve people of one class in one region, with these blinds.
fn list(blinds: impl Iterator<Item = Blind>) -> List {
    let rules = Rules {
        version: VERSION,
        wave: 1,
        scheme: "test".into(),
        quota: SEATS as u64,
        classes: vec![class("all", None)],
        regions: vec![region("51", None)],
        family_max: 2,
    };
    let application = |blind| Application { blind, class: 0, region: 0, family_card: blind, family_free: 1 };
    List::new(rules, blinds.take(PEOPLE).map(application).collect()).unwrap()
}

/// Blinds as central could count them up: the worst case for a hash that does not mix well.
fn counted() -> impl Iterator<Item = Blind> {
    (1_u128..).map(|n| Blind::from_bytes(n.to_be_bytes()))
}

fn number(n: u32) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[28..].copy_from_slice(&n.to_be_bytes());
    bytes
}

fn drawn(list: &List, seed: Seed, value: &str) -> Vec<usize> {
    let commitment = Commitment::new(list, &seed, beacon(), 0).unwrap();
    let drawn = draw(&commitment, list, &Reveal { seed, beacon_value: value.into() }).unwrap();
    drawn.order().iter().map(|index| *index as usize).collect()
}

#[test]
fn the_seed_alone_makes_a_fair_draw() {
    let list = list(counted());
    Statistics::of(|n| drawn(&list, Seed::from_bytes(number(n)), "1")).assert_fair();
}

#[test]
fn the_public_value_alone_makes_a_fair_draw() {
    let list = list(counted());
    Statistics::of(|n| drawn(&list, Seed::from_bytes([9; 32]), &n.to_string())).assert_fair();
}

/// Here a person is the place of the blind on the list: a small blind brings nothing.
#[test]
fn the_blind_brings_neither_luck_nor_misfortune() {
    let mut chance = StdRng::seed_from_u64(3);
    let mut random =
        move || std::iter::repeat_with(|| Blind::from_bytes(chance.r#gen())).take(PEOPLE).collect::<Vec<_>>();
    Statistics::of(|_| drawn(&list(random().into_iter()), Seed::from_bytes([9; 32]), "1")).assert_fair();
}

/// Tickets of four bits: one in sixteen pairs is a tie, which the smaller blind wins.
#[test]
fn a_draw_with_short_tickets_is_found_out() {
    let list = list(counted());
    let commitment = Digest::of(&[]);
    let short = |n| {
        let key = DrawKey::new(&Seed::from_bytes(number(n)), &commitment, "1");
        let mut order: Vec<usize> = (0..PEOPLE).collect();
        order.sort_by_key(|index| key.ticket(&list.entries()[*index].blind) >> 124);
        order
    };
    Statistics::of(short).assert_unfair();
    let whole = |n| {
        let key = DrawKey::new(&Seed::from_bytes(number(n)), &commitment, "1");
        let mut order: Vec<usize> = (0..PEOPLE).collect();
        order.sort_by_key(|index| key.ticket(&list.entries()[*index].blind));
        order
    };
    Statistics::of(whole).assert_fair();
}

/// The well-known wrong shuffle, which exchanges every position with any other.
#[test]
fn a_wrong_shuffle_is_found_out() {
    let mut chance = StdRng::seed_from_u64(4);
    let wrong = |_| {
        let mut order: Vec<usize> = (0..PEOPLE).collect();
        for position in 0..PEOPLE {
            order.swap(position, chance.gen_range(0..PEOPLE));
        }
        order
    };
    Statistics::of(wrong).assert_unfair();
}
