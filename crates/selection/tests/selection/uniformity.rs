//! Is the draw fair? 20,000 draws over a list of twelve, all with fixed seeds: each statistic below is one fixed number,
//! so that no test here can fail by chance. Each threshold is the 99.99 % quantile of the statistic's distribution under
//! fairness, and two deliberately biased draws show that an unfair one is far beyond it.

use prakerja_selection::{
    Application, Blind, Commitment, Decision, Digest, DrawKey, List, Reveal, Rules, Seed, VERSION, draw,
};
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

/// Four of the first class, eight of the second with three seats at most; in each class half of them in a region that has
/// two seats in all.
fn limited() -> List {
    let rules = Rules {
        version: VERSION,
        wave: 1,
        scheme: "test".into(),
        quota: 8,
        classes: vec![class("first", None), class("second", Some(3))],
        regions: vec![region("21", Some(2)), region("51", None)],
        family_max: 2,
    };
    let application =
        |(n, blind)| Application { blind, class: u8::from(n >= 4), region: n % 2, family_card: blind, family_free: 1 };
    List::new(rules, (0_u16..).zip(counted()).take(PEOPLE).map(application).collect()).unwrap()
}

/// People of one class and region are alike: who of them is accepted is chance alone, whatever limits they meet. Gives the
/// largest deviation of anybody from his or her like, in standard deviations, and how often each was accepted.
fn alike(list: &List, mut accepted: impl FnMut(u32) -> Vec<usize>) -> (f64, [u32; PEOPLE]) {
    let mut counts = [0_u32; PEOPLE];
    for n in 0..DRAWS {
        for person in accepted(n) {
            counts[person] += 1;
        }
    }
    let entries = list.entries();
    let deviation = |person: usize| {
        let own = (entries[person].class, entries[person].region);
        let like: Vec<f64> = (0..PEOPLE)
            .filter(|other| (entries[*other].class, entries[*other].region) == own)
            .map(|other| f64::from(counts[other]))
            .collect();
        let mean = like.iter().sum::<f64>() / like.len() as f64;
        let share = mean / f64::from(DRAWS);
        let spread = (f64::from(DRAWS) * share * (1.0 - share)).sqrt();
        // Nobody or everybody of a group: nothing to compare.
        if spread == 0.0 { 0.0 } else { (f64::from(counts[person]) - mean).abs() / spread }
    };
    ((0..PEOPLE).map(deviation).fold(0.0, f64::max), counts)
}

/// The largest of twelve standard normal values stays below this in 99.99 of 100 cases (Bonferroni).
const ALIKE_LIMIT: f64 = 4.46;

#[test]
fn limits_of_classes_and_regions_leave_the_draw_fair_among_equals() {
    let list = limited();
    let (deviation, counts) = alike(&list, |n| {
        let seed = Seed::from_bytes(number(n));
        let commitment = Commitment::new(&list, &seed, beacon(), 0).unwrap();
        let drawn = draw(&commitment, &list, &Reveal { seed, beacon_value: "1".into() }).unwrap();
        let accepted = drawn.decisions().iter().enumerate().filter(|(_, it)| **it == Decision::Accepted);
        accepted.map(|(person, _)| person).collect()
    });
    assert!(deviation < ALIKE_LIMIT, "{deviation} {counts:?}");
    // The limits are met: the first class fills region 21, and three of four in region 51 of the second are accepted.
    assert_eq!(counts[..4], [DRAWS; 4]);
    assert!([4, 6, 8, 10].iter().all(|person| counts[*person] == 0), "{counts:?}");
    assert_eq!([5, 7, 9, 11].iter().map(|person| counts[*person]).sum::<u32>(), 3 * DRAWS);
}

/// One in ten draws prefers the smallest blind that a limit lets in.
#[test]
fn a_preference_behind_a_limit_is_found_out() {
    let list = limited();
    let mut chance = StdRng::seed_from_u64(5);
    let (deviation, counts) = alike(&list, |n| {
        let mut second = [5, 7, 9, 11];
        for last in (1..second.len()).rev() {
            second.swap(last, chance.gen_range(0..=last));
        }
        if n % 10 == 0 {
            second.sort_unstable();
        }
        [0, 1, 2, 3].into_iter().chain(second.into_iter().take(3)).collect()
    });
    assert!(deviation > 1.5 * ALIKE_LIMIT, "{deviation} {counts:?}");
}
