use proptest::prelude::*;

/// What somebody does.
#[derive(Clone, Debug)]
pub enum Act {
    /// The shopper opens the checkout of an order.
    Quote { order: u8, fee: bool },
    /// The shopper agrees.
    Token { quote: prop::sample::Index, sealed: u8 },
    /// The merchant, or somebody else, redeems a token.
    Charge {
        token: prop::sample::Index,
        amount: i64,
        order: Option<u8>,
        key: u8,
        stranger: bool,
        capture: bool,
    },
    /// The merchant does something with a charge.
    Operate {
        charge: prop::sample::Index,
        what: What,
        amount: Option<i64>,
        key: u8,
    },
    /// The shopper objects.
    Dispute { charge: prop::sample::Index },
    /// The merchant answers.
    Answer {
        dispute: prop::sample::Index,
        accept: bool,
    },
    /// The provider decides.
    Decide {
        dispute: prop::sample::Index,
        for_merchant: bool,
    },
    /// The bank changes its mind.
    Bank { pays: bool, refuses: bool, silent: bool },
    /// The provider's workers run.
    Resolve,
    /// The provider gives back what is due.
    GiveBack,
    /// The provider erases.
    Sweep,
    /// Time passes.
    Pass { seconds: i64 },
}

#[derive(Clone, Copy, Debug)]
pub enum What {
    Capture,
    Void,
    Refund,
}

pub fn act() -> impl Strategy<Value = Act> {
    let index = any::<prop::sample::Index>;
    let wrong_amount = prop_oneof![9 => Just(150i64), 1 => prop_oneof![Just(151), Just(149), Just(1)]];
    let part = prop_oneof![2 => Just(None), 3 => (1i64..=156).prop_map(Some)];
    let what = prop_oneof![2 => Just(What::Capture), 1 => Just(What::Void), 4 => Just(What::Refund)];
    let pause = prop_oneof![
        Just(1i64),
        Just(61),
        Just(901),
        Just(1_801),
        Just(3_601),
        Just(604_801),
        Just(121 * 86_400)
    ];
    prop_oneof![
        4 => (0u8..4, prop::bool::weighted(0.3)).prop_map(|(order, fee)| Act::Quote { order, fee }),
        5 => (index(), 1u8..4).prop_map(|(quote, sealed)| Act::Token { quote, sealed }),
        7 => (
            index(), wrong_amount, prop::option::weighted(0.1, 0u8..4), 0u8..20, prop::bool::weighted(0.1), any::<bool>(),
        ).prop_map(|(token, amount, order, key, stranger, capture)| {
            Act::Charge { token, amount, order, key, stranger, capture }
        }),
        8 => (index(), what, part, 0u8..40).prop_map(|(charge, what, amount, key)| {
            Act::Operate { charge, what, amount, key }
        }),
        2 => index().prop_map(|charge| Act::Dispute { charge }),
        1 => (index(), any::<bool>()).prop_map(|(dispute, accept)| Act::Answer { dispute, accept }),
        1 => (index(), any::<bool>()).prop_map(|(dispute, for_merchant)| Act::Decide { dispute, for_merchant }),
        3 => (prop::bool::weighted(0.7), prop::bool::weighted(0.2), prop::bool::weighted(0.3))
            .prop_map(|(pays, refuses, silent)| Act::Bank { pays, refuses, silent }),
        2 => Just(Act::Resolve),
        1 => Just(Act::GiveBack),
        1 => Just(Act::Sweep),
        2 => pause.prop_map(|seconds| Act::Pass { seconds }),
    ]
}
