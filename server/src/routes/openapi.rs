//! `GET /api/v1/openapi.json`: what a phone, or another program, may send.

use app::rooms::offline::rules::{BATCH, BATCH_BYTES, WAITING};
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The description, in OpenAPI 3.1.
pub async fn description() -> Response {
    Json(document()).into_response()
}

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "祥和 Xianghe",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What waited on a phone. A request carries the session cookie of a person; envelopes of somebody else are answered with sign_in and stay with their phone. Send photos first, then the envelopes that name them. The same id with the same payload is answered with the same receipt, however often it is sent."
        },
        "paths": {
            "/api/v1/sync": { "post": sync() },
            "/api/v1/photos/{id}": { "put": photo() },
            "/api/v1/openapi.json": { "get": { "summary": "This description", "responses": { "200": { "description": "OpenAPI 3.1" } } } }
        },
        "components": { "schemas": schemas() }
    })
}

fn sync() -> Value {
    let sent = json!({ "type": "object", "required": ["envelopes"], "properties": { "envelopes": { "type": "array", "maxItems": BATCH, "items": { "$ref": "#/components/schemas/Envelope" } } } });
    let answered = json!({ "type": "object", "required": ["receipts"], "properties": { "receipts": { "type": "array", "items": { "$ref": "#/components/schemas/Receipt" } } } });
    json!({
        "summary": "Applies envelopes, one receipt each",
        "description": format!("At most {BATCH} envelopes and {BATCH_BYTES} bytes. An envelope that cannot be read is answered like any other and never keeps the rest from being applied."),
        "requestBody": { "required": true, "content": { "application/json": { "schema": sent } } },
        "responses": {
            "200": { "description": "A receipt for each envelope, in their order", "content": { "application/json": { "schema": answered } } },
            "413": { "description": "More bytes than one request may have: send fewer at once" },
            "422": { "description": "No list of envelopes, or too many", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } }
        }
    })
}

fn photo() -> Value {
    let parameter = |name: &str, place: &str, about: &str| json!({ "name": name, "in": place, "required": place == "path", "schema": { "type": "string" }, "description": about });
    json!({
        "summary": "Keeps a photo under the id that the phone gave it; twice is once",
        "description": "A photo that nothing was hung on within 48 hours is removed.",
        "parameters": [
            parameter("id", "path", "A UUID made by the sender"),
            parameter("tag", "query", "The code of the sticker that the report is about"),
            parameter("community", "query", "The community, where there is no sticker")
        ],
        "requestBody": { "required": true, "content": { "image/jpeg": {}, "image/png": {}, "image/webp": {} } },
        "responses": {
            "200": { "description": "Kept" },
            "422": { "description": "Not a picture that can be read, with what to do", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } },
            "429": { "description": "Too many; Retry-After says how many seconds to wait" }
        }
    })
}

fn schemas() -> Value {
    let uuid = json!({ "type": "string", "format": "uuid" });
    let maybe = json!({ "type": ["string", "null"], "format": "uuid" });
    let words = |about: &str| json!({ "type": "string", "description": about });
    json!({
        "Envelope": {
            "type": "object",
            "required": ["id", "app_version", "client_time", "kind", "payload"],
            "properties": {
                "id": uuid,
                "account": maybe,
                "membership": maybe,
                "community": maybe,
                "person": maybe,
                "app_version": { "type": "string" },
                "client_time": { "type": "integer", "description": "The sender's clock in milliseconds since 1970: shown, never trusted" },
                "kind": { "type": "string", "enum": WAITING },
                "payload": { "oneOf": [
                    { "$ref": "#/components/schemas/Report" }, { "$ref": "#/components/schemas/MeToo" },
                    { "$ref": "#/components/schemas/Comment" }, { "$ref": "#/components/schemas/Advance" },
                    { "$ref": "#/components/schemas/Inspect" }, { "$ref": "#/components/schemas/Sign" },
                    { "$ref": "#/components/schemas/Check" },
                    { "$ref": "#/components/schemas/Sheet" },
                    { "$ref": "#/components/schemas/Apply" },
                    { "$ref": "#/components/schemas/Invite" }
                ] }
            }
        },
        "Report": { "type": "object", "required": ["text", "photos"], "properties": {
            "tag": { "type": ["string", "null"] }, "place": maybe, "category": { "type": ["string", "null"] },
            "text": { "type": "string", "maxLength": 500 }, "photos": { "type": "array", "maxItems": 6, "items": uuid }, "contact": { "type": ["string", "null"] }
        } },
        "MeToo": { "type": "object", "required": ["ticket"], "properties": { "ticket": uuid } },
        "Comment": { "type": "object", "required": ["ticket", "text"], "properties": { "ticket": uuid, "text": { "type": "string", "maxLength": 500 } } },
        "Advance": { "type": "object", "required": ["ticket", "version", "step"], "properties": {
            "ticket": uuid, "version": { "type": "integer", "description": "The version that the person looked at" },
            "step": { "type": "object", "required": ["step"], "properties": { "step": { "type": "string" } } }
        } },
        "Inspect": { "type": "object", "required": ["project", "items", "words"], "properties": {
            "project": uuid, "milestone": { "type": ["integer", "null"], "description": "The milestone that it judges, from 1" },
            "items": { "type": "array", "maxItems": 20, "items": { "type": "object", "required": ["verdict"], "properties": {
                "verdict": { "enum": ["pass", "fail", "not_applicable"] }, "note": { "type": "string", "maxLength": 200 }
            } }, "description": "Each item of the project's checklist, in its order" },
            "words": { "type": "string", "maxLength": 400 }, "mend_days": { "type": ["integer", "null"] },
            "photos": { "type": "array", "maxItems": 6, "items": uuid }
        } },
        "Sheet": { "type": "object", "required": ["round", "marks"], "properties": {
            "round": uuid, "marks": { "type": "array", "items": { "type": "object", "required": ["item"], "properties": {
                "item": { "type": "string" }, "halves": { "type": ["integer", "null"], "description": "Half points; -1 for “cannot say”" }, "remark": { "type": "string", "maxLength": 200 }
            } } },
            "photos": { "type": "array", "maxItems": 6, "items": { "type": "object", "required": ["photo", "spot"], "properties": {
                "photo": uuid, "spot": { "type": "integer", "description": "The place of its mark in `marks`, from 0" }
            } } },
            "without": { "type": "array", "items": uuid, "description": "Photos of an earlier sheet that are taken away" }
        } },
        "Apply": { "type": "object", "required": ["round", "vehicle"], "properties": {
            "round": uuid, "vehicle": uuid, "second": { "type": "boolean", "description": "It is the home's second car" },
            "card": { "type": "boolean", "description": "The applicant has a disability card, which the desk will look at" }
        } },
        "Invite": { "type": "object", "required": ["day"], "properties": {
            "day": { "type": "string", "description": "YYYY-MM-DD: today or one of the days after" }, "name": { "type": "string", "maxLength": 20 },
            "plate": { "type": "string", "description": "The plate of the visitor's car; empty for somebody on foot" }
        } },
        "Check": { "type": "object", "required": ["round", "asset", "passed"], "properties": {
            "round": uuid, "asset": uuid, "passed": { "type": "boolean" }, "reading": { "type": ["integer", "null"], "description": "What the gauge shows, in hundredths" },
            "note": { "type": "string", "maxLength": 200, "description": "Needed when it failed" }, "photos": { "type": "array", "maxItems": 3, "items": uuid }
        } },
        "Sign": { "type": "object", "required": ["inspection"], "properties": { "inspection": uuid, "words": { "type": "string", "maxLength": 200 } } },
        "Receipt": { "type": "object", "required": ["id", "status"], "properties": {
            "id": { "type": "string" },
            "status": { "enum": ["done", "rejected", "sign_in", "update", "later"] },
            "number": words("The number that people use"),
            "version": { "type": "integer" },
            "zh": words("What to tell the person, in Chinese"),
            "en": words("The same in English"),
            "current": { "type": "integer", "description": "In a conflict, the version now" },
            "standing": { "type": "object", "properties": { "zh": { "type": "string" }, "en": { "type": "string" } }, "description": "In a conflict, where the thing stands now" },
            "meanwhile": { "type": "array", "items": { "type": "object", "properties": { "zh": { "type": "string" }, "en": { "type": "string" } } }, "description": "In a conflict, what others did meanwhile, the newest first" },
            "retry_after": { "type": "integer", "description": "Seconds until the next try can succeed" }
        } },
        "Error": { "description": "One of the errors of the program, e.g. {\"Invalid\": [{\"field\", \"zh\", \"en\"}]} or \"NotSignedIn\"" }
    })
}
