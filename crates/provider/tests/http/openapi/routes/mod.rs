//! What each route takes and answers, beside what all of its kind have in common.

mod challenges;
mod merchant;
mod pay;
mod public;
mod schemas;

use farthing_protocol::Code;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Writes a schema, and what it needs, into the document.
pub type Schemed = fn(&mut SchemaGenerator) -> Schema;

/// Every route.
pub fn all() -> impl Iterator<Item = &'static Route> {
    merchant::ROUTES
        .iter()
        .chain(public::ROUTES)
        .chain(challenges::ROUTES)
        .chain(pay::ROUTES)
}

/// One route. What is not said is as in [`GET`].
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub id: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    pub parameters: &'static [(&'static str, Schemed)],
    /// Whether its address may name the language of a page.
    pub locale: bool,
    pub takes: Takes,
    pub key: Key,
    /// Whether it needs an `Idempotency-Key`.
    pub idempotent: bool,
    /// Whether it is for the provider's own pages.
    pub same_origin: bool,
    pub answers: &'static [Answer],
    /// The codes of its own.
    pub codes: &'static [Code],
    /// Refusals with these statuses can be pages, for people.
    pub pages: &'static [u16],
}

/// Which API key it needs.
pub enum Key {
    None,
    /// Any that works.
    Public,
    /// One with this permission.
    Secret(&'static str),
}

/// What a request's body is.
pub enum Takes {
    Nothing,
    /// JSON, and a form where that is taken as well.
    Body(Schemed, Option<Schemed>),
    /// A form.
    Form(Schemed),
}

/// An answer that is no refusal.
pub struct Answer {
    pub status: u16,
    pub says: &'static str,
    pub content: &'static [Content],
    pub headers: &'static [&'static str],
}

/// What a body is.
pub enum Content {
    Json(Schemed),
    /// Text of this media type.
    Text(&'static str),
    Bytes,
}

const GET: Route = Route {
    method: "get",
    path: "",
    id: "",
    tag: "",
    summary: "",
    parameters: &[],
    locale: false,
    takes: Takes::Nothing,
    key: Key::None,
    idempotent: false,
    same_origin: false,
    answers: &[],
    codes: &[],
    pages: &[],
};
const POST: Route = Route {
    method: "post",
    ..GET
};
const OK: Answer = Answer {
    status: 200,
    says: "It is this.",
    content: &[],
    headers: &[],
};
const CREATED: Answer = Answer {
    status: 201,
    says: "It was made.",
    ..OK
};

fn of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Schema {
    schemas.subschema_for::<T>()
}
