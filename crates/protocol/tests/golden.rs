//! The golden messages of `tests/golden`, as Rust reads and writes them. The loader and `boot.js` replay the
//! same files in a browser (`tests/loader`).

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use farthing_protocol::{Connect, FrameMessage, HostMessage, limits};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    name: String,
    text: String,
    /// The text is followed by white space up to this many characters.
    #[serde(default)]
    padded_to: usize,
    accepted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    name: String,
    value: Value,
    accepted: bool,
}

#[test]
fn host_messages() {
    replay::<HostMessage>(
        include_str!("../../../tests/golden/host_messages.json"),
        limits::HOST_MESSAGE_CHARS,
        |_| true,
    );
}

#[test]
fn frame_messages() {
    replay::<FrameMessage>(
        include_str!("../../../tests/golden/frame_messages.json"),
        limits::FRAME_MESSAGE_CHARS,
        |message| match message {
            FrameMessage::Resize { height } => (1..=10_000).contains(height),
            _ => true,
        },
    );
}

#[test]
fn connect_messages() {
    let golden: Vec<Posted> =
        serde_json::from_str(include_str!("../../../tests/golden/connect_messages.json")).unwrap();
    for Posted {
        name,
        value,
        accepted,
    } in golden
    {
        let read = value
            .is_object()
            .then(|| serde_json::from_value(value).ok())
            .flatten();
        assert_eq!(read == Some(Connect::Connect { farthing: 1 }), accepted, "{name}");
    }
}

fn replay<M: DeserializeOwned + Serialize>(golden: &str, chars: usize, in_bounds: impl Fn(&M) -> bool) {
    let golden: Vec<Text> = serde_json::from_str(golden).unwrap();
    assert!(golden.iter().any(|entry| entry.accepted) && golden.iter().any(|entry| !entry.accepted));
    for Text {
        name,
        text,
        padded_to,
        accepted,
    } in golden
    {
        let text = format!("{text:<padded_to$}");
        let read = read::<M>(&text, chars).filter(&in_bounds);
        assert_eq!(read.is_some(), accepted, "{name}: {}", text.trim_end());
        if let Some(message) = read {
            // What Rust writes is what the file says, so the other side reads it.
            let as_written: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_value(message).unwrap(), as_written, "{name}");
        }
    }
}

/// `None` for what is no message. JavaScript counts UTF-16 units, so the limit does too.
fn read<M: DeserializeOwned>(text: &str, chars: usize) -> Option<M> {
    if text.encode_utf16().count() > chars {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    // serde takes ["reset"] for {"type":"reset"}, and a list for a struct; no message holds a list.
    if holds_list(&value) {
        None
    } else {
        serde_json::from_value(value).ok()
    }
}

fn holds_list(value: &Value) -> bool {
    match value {
        Value::Array(_) => true,
        Value::Object(fields) => fields.values().any(holds_list),
        _ => false,
    }
}
