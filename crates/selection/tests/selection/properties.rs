//! What holds for every draw, whatever the rules and the people.

use std::collections::BTreeMap;

use prakerja_selection::{
    Application, Blind, Decision, Entry, Known, List, ListDecoder, Refusal, Rules, Seed, VERSION, WaveSecret,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixture::{BEACON_VALUE, Published, class, publish, region};

type Person = (u8, u16, usize);

/// Rules with up to three classes and regions, with and without quotas, and up to 40 people of up to 16 family cards.
fn wave() -> impl Strategy<Value = (Rules, Vec<Person>, Vec<u8>)> {
    let quota = || proptest::option::of(0_u64..8);
    let limits = (0_u64..24, vec(quota(), 1..4), vec(quota(), 1..4), 1_u8..4);
    limits.prop_flat_map(|(total, classes, regions, family_max)| {
        let rules = Rules {
            version: VERSION,
            wave: 1,
            scheme: "test".into(),
            quota: total,
            classes: (0..).zip(&classes).map(|(n, quota): (u8, _)| class(&format!("class {n}"), *quota)).collect(),
            regions: (11..).zip(&regions).map(|(n, quota): (u8, _)| region(&n.to_string(), *quota)).collect(),
            family_max,
        };
        let person = (0..rules.classes.len() as u8, 0..rules.regions.len() as u16, 0_usize..16);
        (Just(rules), vec(person, 0..40), vec(0..=family_max, 16))
    })
}

fn applications(people: &[Person], free: &[u8]) -> Vec<Application<usize>> {
    let secret = WaveSecret::from_bytes([1; 32]);
    let application = |(n, (class, region, family_card)): (u128, &Person)| Application {
        blind: secret.blind(&n.to_be_bytes()),
        class: *class,
        region: *region,
        family_card: *family_card,
        family_free: free[*family_card],
    };
    (0..).zip(people).map(application).collect()
}

/// Places that are taken in the end, as the rules count them.
struct Taken {
    total: u64,
    classes: BTreeMap<u8, u64>,
    regions: BTreeMap<u16, u64>,
    families: BTreeMap<usize, u64>,
}

fn taken(published: &Published, family: impl Fn(&Entry) -> usize) -> Taken {
    let mut taken = Taken { total: 0, classes: BTreeMap::new(), regions: BTreeMap::new(), families: BTreeMap::new() };
    for (entry, decision) in published.list.entries().iter().zip(published.drawn.decisions()) {
        if *decision == Decision::Accepted {
            taken.total += 1;
            *taken.classes.entry(entry.class).or_default() += 1;
            *taken.regions.entry(entry.region).or_default() += 1;
            *taken.families.entry(family(entry)).or_default() += 1;
        }
    }
    taken
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_limit_is_passed_no_place_is_wasted_and_priorities_are_kept(
        (rules, people, free) in wave(), seed: [u8; 32],
    ) {
        let applications = applications(&people, &free);
        let cards: BTreeMap<Blind, usize> =
            applications.iter().map(|application| (application.blind, application.family_card)).collect();
        let published =
            publish(List::new(rules.clone(), applications).unwrap(), Seed::from_bytes(seed), BEACON_VALUE);
        let card = |entry: &Entry| cards[&entry.blind];
        let taken = taken(&published, card);
        let of_class = |class: u8| taken.classes.get(&class).copied().unwrap_or(0);
        let of_region = |region: u16| taken.regions.get(&region).copied().unwrap_or(0);
        let of_card = |card: usize| taken.families.get(&card).copied().unwrap_or(0);

        prop_assert!(taken.total <= rules.quota);
        for (class, rule) in (0..).zip(&rules.classes) {
            prop_assert!(rule.quota.is_none_or(|quota| of_class(class) <= quota));
        }
        for (region, rule) in (0..).zip(&rules.regions) {
            prop_assert!(rule.quota.is_none_or(|quota| of_region(region) <= quota));
        }
        for (card, free) in free.iter().enumerate() {
            prop_assert!(of_card(card) <= u64::from(*free));
        }

        let mut last_accepted = 0;
        let mut first_without_seat = None;
        for (turn, index) in published.drawn.order().iter().enumerate() {
            let entry = &published.list.entries()[*index as usize];
            let full = |quota: Option<u64>, taken: u64| quota == Some(taken);
            let decision = published.drawn.decisions()[*index as usize];
            // Nobody is refused for a limit that is not reached in the end.
            let limit_reached = match decision {
                Decision::Accepted => true,
                Decision::Refused(Refusal::TotalFull) => taken.total == rules.quota,
                Decision::Refused(Refusal::ClassFull) =>
                    full(rules.classes[usize::from(entry.class)].quota, of_class(entry.class)),
                Decision::Refused(Refusal::RegionFull) =>
                    full(rules.regions[usize::from(entry.region)].quota, of_region(entry.region)),
                Decision::Refused(Refusal::FamilyFull) => of_card(card(entry)) == u64::from(entry.family_free),
            };
            prop_assert!(limit_reached);
            match decision {
                Decision::Accepted => last_accepted = turn,
                Decision::Refused(Refusal::TotalFull) => { first_without_seat.get_or_insert(turn); }
                Decision::Refused(_) => {}
            }
        }
        // After the first who found no seat nobody got one; with the order by class that keeps the priorities.
        prop_assert!(first_without_seat.is_none_or(|first| last_accepted < first || taken.total == 0));
        let classes = published.drawn.order().iter().map(|index| published.list.entries()[*index as usize].class);
        prop_assert!(classes.is_sorted());
        prop_assert_eq!(published.result.accepted, taken.total);
        prop_assert!(published.files().verify(&Known::default()).is_ok());
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(
        (rules, people, free) in wave(), order in Just((0..40).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let applications = applications(&people, &free);
        let shuffled =
            order.iter().filter_map(|index| applications.get(*index)).cloned().collect::<Vec<_>>();
        let (one, other) =
            (List::new(rules.clone(), applications).unwrap(), List::new(rules, shuffled).unwrap());
        prop_assert_eq!(one.encode(), other.encode());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_list_may_come_in_any_pieces((rules, people, free) in wave(), sizes in vec(1_usize..70, 1..20)) {
        let list = List::new(rules.clone(), applications(&people, &free)).unwrap();
        let bytes = list.encode();
        let mut decoder = ListDecoder::new(rules.clone()).unwrap();
        let mut rest = bytes.as_slice();
        for size in sizes.iter().cycle() {
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            decoder.feed(piece).unwrap();
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(decoder.finish().unwrap(), list.clone());
        prop_assert_eq!(List::decode(&bytes, rules).unwrap(), list);
    }

    #[test]
    fn places_count_everybody_once((rules, people, free) in wave(), seed: [u8; 32]) {
        let list = List::new(rules, applications(&people, &free)).unwrap();
        let published = publish(list, Seed::from_bytes(seed), BEACON_VALUE);
        let verified = published.files().verify(&Known::default()).unwrap();
        let mut places: Vec<_> =
            published.list.entries().iter().map(|entry| verified.place(&entry.blind).unwrap()).collect();
        places.sort_by_key(|place| place.position);
        let mut in_class: BTreeMap<u8, u64> = BTreeMap::new();
        for (position, place) in (1..).zip(&places) {
            let class_position = in_class.entry(place.class).or_default();
            *class_position += 1;
            prop_assert_eq!((place.position, place.class_position), (position, *class_position));
            prop_assert_eq!(place.accepted, place.reason.is_none());
            prop_assert_eq!(place.of, people.len() as u64);
        }
        prop_assert!(places.iter().all(|place| place.class_of == in_class[&place.class]));
        prop_assert_eq!(places.iter().filter(|place| place.accepted).count() as u64, published.result.accepted);
        prop_assert_eq!(verified.place(&Blind::from_bytes([0; 16])), None);
    }
}
