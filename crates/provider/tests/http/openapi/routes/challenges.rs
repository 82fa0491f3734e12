use farthing_protocol::{ChallengeId, Code};
use schemars::{Schema, SchemaGenerator, json_schema};

use super::{Answer, Content::Text, GET, OK, POST, Route, Schemed, Takes, of};

const CHALLENGE: (&str, Schemed) = ("challenge", of::<ChallengeId>);
const PAGE: Answer = Answer {
    content: &[Text("text/html")],
    ..OK
};

pub const ROUTES: &[Route] = &[
    Route {
        path: "/v1/challenges/{challenge}",
        id: "challenge",
        tag: "frame",
        summary: "The page on which a challenge is met, for the frame to show within itself.",
        parameters: &[CHALLENGE],
        answers: &[PAGE],
        codes: &[Code::NotFound],
        pages: &[404],
        ..GET
    },
    Route {
        path: "/v1/challenges/{challenge}",
        id: "passcode",
        tag: "frame",
        summary: "The passcode, by the form on that page.",
        parameters: &[CHALLENGE],
        takes: Takes::Form(passcode),
        same_origin: true,
        answers: &[
            PAGE,
            Answer {
                status: 303,
                says: "Back to the page, which says how it ended.",
                headers: &["location"],
                ..OK
            },
        ],
        codes: &[Code::NotFound],
        pages: &[400, 404],
        ..POST
    },
    Route {
        path: "/v1/challenges/{challenge}/back",
        id: "back",
        tag: "frame",
        summary: "Where the bank's own page leads back to.",
        parameters: &[CHALLENGE],
        answers: &[PAGE],
        codes: &[Code::NotFound],
        ..GET
    },
    Route {
        path: "/v1/challenge.js",
        id: "challenge_script",
        tag: "frame",
        summary: "The script of the page on which a passcode is typed.",
        answers: &[Answer {
            content: &[Text("text/javascript")],
            ..OK
        }],
        ..GET
    },
];

fn passcode(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object", "additionalProperties": false, "required": ["passcode"],
        "properties": {"passcode": {"type": "string", "pattern": "^([0-9][ -]?){4,10}$"}},
    })
}
