//! Holds every answer of every test here against the document: no test knows more than it says.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use farthing_protocol::{Code, Problem};

use super::{
    document::codes,
    routes::{self, Route},
};

/// Stops where the route's entry has no such answer. `problem` is what is in the body, if it is one.
#[track_caller]
pub fn documented(method: &Method, path: &str, status: StatusCode, problem: Option<&Problem>) {
    let known =
        routes::all().find(|route| route.method.eq_ignore_ascii_case(method.as_str()) && leads(route, path));
    let Some(route) = known else {
        return;
    };
    let holds = match problem {
        Some(problem) => codes(route).contains(&problem.code),
        None => {
            route.pages.contains(&status.as_u16())
                || route
                    .answers
                    .iter()
                    .any(|answer| answer.status == status.as_u16())
        }
    };
    let code = problem.map(|problem| problem.code);
    assert!(
        holds,
        "{} {}: {status} {code:?} is not in the document",
        route.method, route.path
    );
}

#[test]
fn every_code_is_an_answer_somewhere() {
    let named: BTreeSet<_> = routes::all().flat_map(codes).map(Code::as_str).collect();
    // What is in no entry: a method that the address has no entry for.
    let elsewhere = [Code::MethodNotAllowed];
    let crosses = |code: &&Code| code.status() > 0 && !elsewhere.contains(code);
    let all: BTreeSet<_> = Code::ALL
        .iter()
        .filter(crosses)
        .map(|code| code.as_str())
        .collect();
    assert_eq!(named, all);
}

/// Whether `path` is one of the route's addresses.
fn leads(route: &Route, path: &str) -> bool {
    let (asked, known) = (path.split('/'), route.path.split('/'));
    asked.clone().count() == known.clone().count()
        && asked
            .zip(known)
            .all(|(asked, known)| asked == known || (known.starts_with('{') && !asked.is_empty()))
}
