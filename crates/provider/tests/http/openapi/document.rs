//! Makes the document: schemas from the types of `farthing-protocol`, answers from the table of routes.

use std::collections::BTreeMap;

use farthing_protocol::{Charge, Code, Dispute, EventKind, Operation, Problem, limits};
use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::{Contract, SchemaSettings},
};
use serde_json::{Map, Value, json};

use super::{
    examples::examples,
    routes::{self, Answer, Content, Key, Route, Takes},
};

/// The whole document, OpenAPI 3.1.
pub fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in routes::all() {
        let operation = operation(route, &mut schemas);
        let of_path = paths.entry(route.path).or_default();
        of_path.insert(route.method.to_owned(), operation);
    }
    let event = event(&mut schemas);
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Farthing",
            "version": "1",
            "description": "Checkout for small online payments. docs/PROTOCOL.md says what all of it means.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "webhooks": {"event": {"post": event}},
        "components": {
            "responses": schemas.refusals,
            "schemas": schemas.components(),
            "headers": headers(),
            "securitySchemes": {
                "secret_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A merchant's API key: secret (sk_…), or restricted (rk_…) with the permission that the operation names.",
                },
                "public_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A merchant's public API key (pk_…): it reads what is published, and may stand in a page.",
                },
            },
        },
    })
}

/// What is written and what is read differ in which members must be there, so each has a generator.
struct Schemas {
    requests: SchemaGenerator,
    answers: SchemaGenerator,
    /// Answers with one code, which many routes have.
    refusals: BTreeMap<&'static str, Value>,
}

impl Schemas {
    fn new() -> Self {
        let of = |contract| {
            let mut settings = SchemaSettings::draft2020_12();
            settings.definitions_path = "/components/schemas".into();
            settings.contract = contract;
            settings.into_generator()
        };
        Self {
            requests: of(Contract::Deserialize),
            answers: of(Contract::Serialize),
            refusals: BTreeMap::new(),
        }
    }

    fn components(mut self) -> Value {
        let mut all = self.answers.take_definitions(true);
        for (name, schema) in self.requests.take_definitions(true) {
            let other = all.insert(name.clone(), schema.clone());
            assert!(
                other.is_none_or(|other| other == schema),
                "{name} is one thing when read and another when written"
            );
        }
        let mut all = Value::Object(all);
        without_rust(&mut all);
        all
    }
}

/// Links of rustdoc are none here.
fn without_rust(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get_mut("description") {
                *text = text.replace("[`", "`").replace("`]", "`").replace('\n', " ");
            }
            members.values_mut().for_each(without_rust);
        }
        Value::Array(values) => values.iter_mut().for_each(without_rust),
        _ => {}
    }
}

fn operation(route: &Route, schemas: &mut Schemas) -> Value {
    let mut answers: BTreeMap<String, Value> = BTreeMap::new();
    for answer in route.answers {
        answers.insert(answer.status.to_string(), success(answer, schemas));
    }
    let mut refused: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in codes(route) {
        refused.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in refused {
        let page = route.pages.contains(&status);
        let mut answer = refusal(status, &codes, page, schemas);
        if let ([code], false) = (&codes[..], page) {
            schemas.refusals.insert(code.as_str(), answer);
            answer = json!({"$ref": format!("#/components/responses/{}", code.as_str())});
        }
        answers.insert(status.to_string(), answer);
    }
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.summary,
        "tags": [route.tag],
        "responses": answers,
    });
    let parameters = parameters(route, schemas);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    match route.key {
        Key::None => {}
        Key::Public => operation["security"] = json!([{"secret_key": []}, {"public_key": []}]),
        Key::Secret(permission) => {
            operation["security"] = json!([{"secret_key": []}]);
            operation["description"] = format!("Needs the permission `{permission}`.").into();
        }
    }
    if let Takes::Body(json, form) = route.takes {
        let mut content = json!({"application/json": shown(&json(&mut schemas.requests))});
        if let Some(form) = form {
            content["application/x-www-form-urlencoded"] = json!({"schema": form(&mut schemas.requests)});
        }
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    if let Takes::Form(form) = route.takes {
        let content = json!({"application/x-www-form-urlencoded": {"schema": form(&mut schemas.requests)}});
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation
}

/// What is sent to a merchant's address (docs/PROTOCOL.md, "Events").
fn event(schemas: &mut Schemas) -> Value {
    let schema = schemas.answers.subschema_for::<Event>();
    json!({
        "operationId": "event",
        "summary": "Something happened (Standard Webhooks).",
        "tags": ["merchant"],
        "requestBody": {"required": true, "content": {"application/json": shown(&schema)}},
        "responses": {"2XX": {"description": "It was taken; anything else, and it is sent again."}},
    })
}

/// The body of a webhook. The provider writes it out of its parts.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "for its schema alone")]
struct Event {
    /// What happened.
    r#type: EventKind,
    /// When, in RFC 3339.
    timestamp: String,
    /// What it happened to, as it was then.
    data: Subject,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
#[expect(dead_code, reason = "for its schema alone")]
enum Subject {
    Charge(Charge),
    Operation(Operation),
    Dispute(Dispute),
}

/// Every code that this route can answer with.
pub fn codes(route: &Route) -> Vec<Code> {
    let mut codes = vec![Code::TooManyRequests, Code::Internal, Code::Busy];
    if !matches!(route.takes, Takes::Nothing) {
        codes.extend([
            Code::BodyMalformed,
            Code::BodyTooLarge,
            Code::ContentTypeUnsupported,
            Code::RequestTimeout,
        ]);
    }
    if !matches!(route.key, Key::None) {
        codes.extend([Code::KeyMissing, Code::KeyUnknown, Code::KeyNotAllowed]);
    }
    if route.idempotent {
        codes.extend([
            Code::IdempotencyKeyMissing,
            Code::IdempotencyKeyMalformed,
            Code::IdempotencyKeyReused,
            Code::RequestInFlight,
        ]);
    }
    if route.same_origin {
        codes.push(Code::OriginNotRegistered);
    }
    codes.extend(route.codes);
    // In the order of the list in docs/PROTOCOL.md.
    codes.sort_by_key(|code| Code::ALL.iter().position(|one| one == code));
    codes.dedup();
    codes
}

fn success(answer: &Answer, schemas: &mut Schemas) -> Value {
    let mut made = json!({"description": answer.says, "headers": {"x-request-id": header("x-request-id")}});
    for name in answer.headers {
        made["headers"][*name] = header(name);
    }
    for content in answer.content {
        let (kind, content) = match content {
            Content::Json(schema) => ("application/json", shown(&schema(&mut schemas.answers))),
            Content::Text(kind) => (*kind, json!({"schema": {"type": "string"}})),
            Content::Bytes => ("*/*", json!({})),
        };
        made["content"][kind] = content;
    }
    made
}

/// JSON of this schema, with the examples that docs/PROTOCOL.md has of it.
fn shown(schema: &Schema) -> Value {
    let reference = schema.get("$ref").and_then(Value::as_str).unwrap_or_default();
    let examples = examples(reference.rsplit('/').next().unwrap_or_default());
    if examples == json!({}) {
        json!({"schema": schema})
    } else {
        json!({"schema": schema, "examples": examples})
    }
}

fn refusal(status: u16, codes: &[Code], page: bool, schemas: &mut Schemas) -> Value {
    let titles: Vec<_> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.as_str(), code.title()))
        .collect();
    let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    let problem: Schema = schemas.answers.subschema_for::<Problem>();
    let problem = json!({
        "allOf": [problem],
        "properties": {"status": {"const": status}, "code": {"enum": names}},
    });
    let mut made = json!({
        "description": titles.join("\n\n"),
        "headers": {"x-request-id": header("x-request-id")},
        "content": {"application/problem+json": {"schema": problem}},
    });
    if page {
        made["content"]["text/html"] = json!({"schema": {"type": "string"}});
    }
    match status {
        401 => made["headers"]["www-authenticate"] = header("www-authenticate"),
        503 => made["headers"]["retry-after"] = header("retry-after"),
        409 | 429 => made["headers"]["retry-after"] = header("retry-after-where-it-helps"),
        _ => {}
    }
    made
}

fn parameters(route: &Route, schemas: &mut Schemas) -> Vec<Value> {
    let in_path = route.parameters.iter().map(|(name, schema)| {
        let schema = schema(&mut schemas.requests);
        json!({"name": name, "in": "path", "required": true, "schema": schema})
    });
    let mut all: Vec<_> = in_path.collect();
    if route.locale {
        all.push(json!({
            "name": "locale",
            "in": "query",
            "required": false,
            "description": "The language of the page, as BCP 47 writes it. One that there is no page in is as none at all.",
            "schema": {"type": "string"},
        }));
    }
    if route.idempotent {
        all.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "required": true,
            "description": "A new one for each thing to be done, and the same one when it is asked again.",
            "schema": {
                "type": "string",
                "pattern": format!("^[!-~]{{1,{}}}$", limits::IDEMPOTENCY_KEY_BYTES),
            },
        }));
    }
    all
}

fn header(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}

fn headers() -> Value {
    let text = |description: &str, required: bool, pattern: &str| {
        json!({
            "description": description,
            "required": required,
            "schema": {"type": "string", "pattern": pattern},
        })
    };
    let wait = "After how many seconds to ask again.";
    json!({
        "x-request-id": text("The request's id, to ask about.", true, "^req_[0-9a-f]{16}$"),
        "retry-after": text(wait, true, "^[0-9]{1,6}$"),
        "retry-after-where-it-helps": text(wait, false, "^[0-9]{1,6}$"),
        "www-authenticate": text("Which kind of key is wanted (RFC 6750).", true, "^Bearer$"),
        "location": text("Where the thing is that was made.", true, "^/v1/"),
        "idempotency-replayed": text("There, where an earlier request with the same key did it.", false, "^true$"),
        "etag": text("The content's hash.", true, "^\".+\"$"),
        "access-control-allow-origin": text("Any page may read it.", true, "^\\*$"),
        "content-disposition": text("A file to keep.", true, "^attachment; filename=\"farthing-.+\\.json\"$"),
    })
}
