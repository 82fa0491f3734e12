//! What a press on “Pay” must have been preceded by.

use farthing_flow::{Event, PLAIN_SIGHT_MS, Sight, State};
use proptest::prelude::*;

use crate::{
    rig::Rig,
    walk::{acts, config},
    words::{Seen, describe},
};

fn sights() -> impl Strategy<Value = Sight> {
    prop_oneof![
        0..=2 * PLAIN_SIGHT_MS,
        Just(PLAIN_SIGHT_MS - 1),
        Just(PLAIN_SIGHT_MS),
        any::<u32>()
    ]
    .prop_map(Sight)
}

proptest! {
    #![proptest_config(config())]

    /// A token is asked for exactly by a press in plain sight; any other is told, and leaves the form as it is, so that
    /// the next one can be better.
    #[test]
    fn only_a_press_in_plain_sight_pays(sight in sights(), next in sights()) {
        let rig = Rig::at("order:A quote details agree");
        let (flow, effects) = rig.flow.step(Event::PayPressed(sight));
        let seen: Vec<_> = effects.iter().map(|effect| Seen::of(effect).0.to_string()).collect();
        prop_assert_eq!(matches!(flow.state(), State::Sealing(_)), sight.0 >= PLAIN_SIGHT_MS);
        if sight.0 < PLAIN_SIGHT_MS {
            prop_assert_eq!(describe(flow.state()), "ready(1) complete agreed notice:frame_covered");
            prop_assert_eq!(seen, ["tell failed frame_covered"]);
            let (flow, _) = flow.step(Event::PayPressed(next));
            prop_assert_eq!(matches!(flow.state(), State::Sealing(_)), next.is_plain());
        }
    }

    /// However a checkout came to where it is: a press on what is covered asks for nothing.
    #[test]
    fn a_press_on_what_is_covered_asks_for_nothing(acts in acts(), ms in 0..PLAIN_SIGHT_MS) {
        let mut rig = Rig::default();
        acts.iter().for_each(|act| drop(rig.act(act)));
        let (_, effects) = rig.flow.step(Event::PayPressed(Sight(ms)));
        let asks = effects.iter().any(|effect| !matches!(Seen::of(effect).0, Seen::TellFailed(_)));
        prop_assert!(!asks);
    }
}
