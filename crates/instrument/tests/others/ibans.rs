//! schwifty and python-stdnum, each with the registry in its own words.

use farthing_instrument::{Iban, IbanError, Validity};

/// What one of the others takes and we don't, by which of them, when, and why. We take nothing that one of them doesn't.
struct Difference {
    schwifty: bool,
    stdnum: bool,
    when: fn(&str, Validity<IbanError>) -> bool,
    why: &'static str,
}

const DIFFERENCES: [Difference; 4] = [
    Difference {
        schwifty: false,
        stdnum: true,
        when: |text, _| matches!(&text[2..4], "00" | "01" | "99"),
        why: "they fit as 97, 98 and 02 do, and ISO 13616 makes 02 to 98: one account has one IBAN",
    },
    Difference {
        schwifty: true,
        stdnum: false,
        when: |_, ours| ours == Validity::Wrong(IbanError::Country),
        why: "SWIFT's registry does not have the country: its banks use another's, or IBANs of their own",
    },
    Difference {
        schwifty: true,
        stdnum: false,
        when: |text, ours| text.starts_with("BR") && ours == Validity::Wrong(IbanError::Structure),
        why: "schwifty has letters where Brazil's bank, branch and account have digits in the registry",
    },
    Difference {
        schwifty: true,
        stdnum: true,
        when: |text, _| text.bytes().filter(u8::is_ascii_digit).count() < 4,
        why: "the structure allows it, no bank gives such an account out, and there are no last four to show",
    },
];

#[test]
fn ibans_are_those_of_schwifty_and_stdnum() {
    let Some(judged) = crate::run("ibans_are_those_of_schwifty_and_stdnum", "ibans.py") else {
        return;
    };
    let (mut alike, mut differing) = (0, [0; DIFFERENCES.len()]);
    for row in &judged {
        let text = row[0].as_str().unwrap();
        let (schwifty, stdnum) = (row[1] == true, row[2] == true);
        let ours = Iban::validity(text);
        if [schwifty, stdnum] == [ours == Validity::Complete; 2] {
            alike += 1;
            continue;
        }
        let known = DIFFERENCES.iter().position(|difference| {
            ours != Validity::Complete
                && (difference.schwifty, difference.stdnum) == (schwifty, stdnum)
                && (difference.when)(text, ours)
        });
        let Some(place) = known else {
            panic!("{text}: {ours:?}; schwifty {schwifty}, stdnum {stdnum}")
        };
        differing[place] += 1;
    }
    assert!(alike > 10_000, "{alike}");
    for (count, difference) in differing.iter().zip(&DIFFERENCES) {
        assert!(
            *count > 0,
            "there is no such difference any more: {}",
            difference.why
        );
    }
}
