//! phonenumbers, the Python port of libphonenumber: what it makes of numbers as people type them.

use farthing_instrument::{PhoneError, PhoneNumber, Validity};

/// How the two differ, when, and why.
struct Difference {
    when: fn(&Row<'_>) -> bool,
    why: &'static str,
}

struct Row<'a> {
    text: &'a str,
    code: u16,
    /// What phonenumbers reads.
    theirs: Option<&'a str>,
    ours: Result<PhoneNumber, Validity<PhoneError>>,
}

const DIFFERENCES: [Difference; 5] = [
    Difference {
        when: |row| row.text.starts_with("00") && row.is_ours_alone(),
        why: "00 is taken for + everywhere, as most of the world dials it: no number of any country begins so",
    },
    Difference {
        // The countries whose lengths have a gap.
        when: |row| {
            let gaps = [31, 220, 231, 243, 290, 354, 376, 423, 508, 677, 683, 685];
            gaps.contains(&row.code) && row.is_ours_alone()
        },
        why: "of a country's lengths the shortest and the longest are known, and not which between is given out",
    },
    Difference {
        when: |row| row.code == 57 && row.text.contains('0') && row.is_ours_alone(),
        why: "in Colombia no 0 is dialled before a mobile number, and whoever writes one means the number behind it",
    },
    Difference {
        when: |row| row.code == 54 && row.text.contains("15-") && row.is_theirs_alone(),
        why: "in Argentina 15 is dialled in the midst of a mobile number: it is typed as +54 9, or refused as too long",
    },
    Difference {
        when: |row| row.code == 241 && row.is_theirs_alone(),
        why: "in Gabon 0 was a number's own, and is one of many that are left out now: without it, it is taken",
    },
];

impl Row<'_> {
    fn is_ours_alone(&self) -> bool {
        self.theirs.is_none() && self.ours.is_ok()
    }

    fn is_theirs_alone(&self) -> bool {
        self.theirs.is_some() && self.ours.is_err()
    }
}

#[test]
fn phone_numbers_are_those_of_phonenumbers() {
    let Some(judged) = crate::run("phone_numbers_are_those_of_phonenumbers", "phones.py") else {
        return;
    };
    let (mut alike, mut differing, mut unknown) = (0, [0; DIFFERENCES.len()], Vec::new());
    for row in &judged {
        let text = row[0].as_str().unwrap();
        let code = u16::try_from(row[1].as_u64().unwrap()).unwrap();
        let row = Row {
            text,
            code,
            theirs: row[2].as_str(),
            ours: PhoneNumber::parse(text, code),
        };
        if row.ours.as_ref().ok().map(PhoneNumber::expose) == row.theirs {
            alike += 1;
            continue;
        }
        match DIFFERENCES.iter().position(|difference| (difference.when)(&row)) {
            Some(place) => differing[place] += 1,
            None => {
                let ours = row.ours.as_ref().map(PhoneNumber::expose);
                unknown.push(format!("{text} in {code}: {ours:?}; theirs {:?}", row.theirs));
            }
        }
    }
    assert!(unknown.is_empty(), "{}\n{}", unknown.len(), unknown.join("\n"));
    assert!(alike > 2_500, "{alike}");
    for (count, difference) in differing.iter().zip(&DIFFERENCES) {
        assert!(
            *count > 0,
            "there is no such difference any more: {}",
            difference.why
        );
    }
}
