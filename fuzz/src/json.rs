use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What `bytes` say as a `T`, if they are one. Written again it is the same: no member was ignored, and there is no
/// other way to say it. Lists are left out, which every edge refuses before it reads.
#[must_use]
pub fn read<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Option<T> {
    read_or(bytes, &[])
}

/// As [`read`], of what may leave out the members of `usual`, which are these then.
#[must_use]
pub fn read_or<T: DeserializeOwned + Serialize>(bytes: &[u8], usual: &[(&str, &str)]) -> Option<T> {
    let read: T = serde_json::from_slice(bytes).ok()?;
    let Value::Object(mut said) = serde_json::from_slice(bytes).unwrap() else {
        return None;
    };
    for (name, value) in usual {
        said.entry(*name).or_insert_with(|| Value::from(*value));
    }
    assert_eq!(serde_json::to_value(&read).unwrap(), Value::Object(said));
    Some(read)
}

/// The names of the members of `object`, in the order of the alphabet.
#[must_use]
pub fn members(object: &Value) -> Vec<&str> {
    let Value::Object(object) = object else {
        panic!("no object: {object}")
    };
    let mut names: Vec<&str> = object.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
