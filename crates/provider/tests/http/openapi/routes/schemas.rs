//! What has no type in `farthing-protocol`: wrappers, the published fees, and the standards' own.

use farthing_protocol::{Bearer, ConsentRecord, Currency, Dispute, MerchantId, MethodKind, PriceId, limits};
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::json;

use super::of;

pub fn anything(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object"})
}

pub fn text(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[A-Za-z0-9._-]{1,80}$"})
}

pub fn hash(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[0-9a-f]{64}$"})
}

/// A merchant, or a price of one.
pub fn whose(schemas: &mut SchemaGenerator) -> Schema {
    let (merchant, price) = (of::<MerchantId>(schemas), of::<PriceId>(schemas));
    json_schema!({"anyOf": [merchant, price]})
}

pub fn sri(schemas: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object", "additionalProperties": false, "required": ["release", "src", "integrity"],
        "properties": {
            "release": hash(schemas),
            "src": {"type": "string", "format": "uri"},
            "integrity": {"type": "string", "pattern": "^sha256-[A-Za-z0-9+/]{43}=$"},
        },
    })
}

pub fn manifest(schemas: &mut SchemaGenerator) -> Schema {
    let file = json!({
        "type": "object", "additionalProperties": false, "required": ["name", "size", "sha256"],
        "properties": {
            "name": text(schemas), "sha256": hash(schemas),
            "size": {"type": "integer", "minimum": 0, "maximum": 16_777_216},
        },
    });
    json_schema!({
        "type": "object", "additionalProperties": false, "required": ["release", "loader", "files"],
        "properties": {
            "release": {"type": "string", "pattern": "^([0-9a-f]{32}|dev)$"},
            "loader": file,
            "files": {"type": "array", "minItems": 1, "maxItems": 64, "items": file},
        },
    })
}

pub fn disputes(schemas: &mut SchemaGenerator) -> Schema {
    let each = of::<Dispute>(schemas);
    json_schema!({
        "type": "object", "additionalProperties": false, "required": ["disputes"],
        "properties": {"disputes": {"type": "array", "maxItems": 100, "items": each}},
    })
}

pub fn consent(schemas: &mut SchemaGenerator) -> Schema {
    let record = of::<ConsentRecord>(schemas);
    json_schema!({
        "type": "object", "additionalProperties": false, "required": ["consent", "jws"],
        "properties": {"consent": record, "jws": {"type": "string"}},
    })
}

pub fn fees(schemas: &mut SchemaGenerator) -> Schema {
    let (method, currency) = (of::<MethodKind>(schemas), of::<Currency>(schemas));
    let bearer = of::<Bearer>(schemas);
    let amount = json!({"type": "integer", "minimum": 0, "maximum": limits::AMOUNT_MINOR});
    let rate = json!({"type": "integer", "minimum": 0, "maximum": 10_000});
    let small = json!({
        "type": "object", "additionalProperties": false, "required": ["below", "fixed", "rate_bp"],
        "description": "Other terms for payments below an amount.",
        "properties": {"below": amount, "fixed": amount, "rate_bp": rate},
    });
    let each = json!({
        "type": "object", "additionalProperties": false,
        "required": ["method", "currency", "bearer", "fixed", "rate_bp", "floor", "text"],
        "properties": {
            "method": method, "currency": currency, "bearer": bearer,
            "fixed": amount, "rate_bp": rate, "floor": amount, "cap": amount, "small": small,
            "text": {"type": "string", "description": "The same in one English sentence."},
        },
    });
    json_schema!({
        "type": "object", "additionalProperties": false, "required": ["fees"],
        "properties": {"fees": {"type": "array", "maxItems": farthing_gateway::fee::SCHEDULES, "items": each}},
    })
}

pub fn jwks(_: &mut SchemaGenerator) -> Schema {
    let coordinate = json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"});
    let key = json!({
        "type": "object", "required": ["kty", "crv", "x", "alg", "use"],
        "properties": {
            "kty": {"enum": ["EC", "OKP"]}, "crv": {"enum": ["P-256", "Ed25519"]},
            "x": coordinate, "y": coordinate, "kid": {"type": "string", "maxLength": 64},
            "alg": {"enum": ["ES256", "EdDSA"]}, "use": {"const": "sig"},
        },
    });
    json_schema!({
        "type": "object", "required": ["keys"],
        "properties": {"keys": {"type": "array", "minItems": 1, "items": key}},
    })
}
