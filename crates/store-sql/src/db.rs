//! What runs the statements. They are written once, with named parameters, in the SQL that SQLite and PostgreSQL share.

use std::borrow::Cow;

use farthing_gateway::StoreError;

/// A transaction that is open: everything that runs on it happens, or nothing does.
///
/// Whoever implements it lets one transaction that writes run after the other, whatever process it comes from: each of
/// the statements here may look first and write then.
pub trait Db {
    /// Runs a statement; returns how many rows it changed.
    fn change(&self, sql: &'static str, params: Params<'_>) -> Result<usize, StoreError>;

    /// Runs a statement that nothing in the operation waits for: at the latest when the operation ends, which fails if
    /// this does, or if it changes another number of rows than `wanted`. Over a network, many of these cost one
    /// journey.
    fn change_by_the_end(
        &self,
        sql: &'static str,
        params: Params<'_>,
        wanted: Option<usize>,
    ) -> Result<(), StoreError> {
        let changed = self.change(sql, params)?;
        must_be(changed, wanted)
    }

    /// Runs a query, and gives each of its rows to `row`, until it says to stop by returning `false`.
    fn query(
        &self,
        sql: &'static str,
        params: Params<'_>,
        row: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError>;
}

/// Fails an operation of which a statement changed another number of rows than `wanted`.
pub fn must_be(changed: usize, wanted: Option<usize>) -> Result<(), StoreError> {
    match wanted {
        Some(wanted) if changed != wanted => Err(StoreError::Failed(format!(
            "a statement changed {changed} rows, not {wanted}"
        ))),
        _ => Ok(()),
    }
}

/// What the statements run on.
pub type Connection<'a> = dyn Db + 'a;

/// The parameters of a statement, by name.
pub type Params<'a> = &'a [(&'a str, Value<'a>)];

/// A value that goes to a statement. Where there is none, its type is still said.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// A whole number.
    Int(Option<i64>),
    /// A text.
    Text(Option<&'a str>),
    /// Bytes.
    Bytes(Option<&'a [u8]>),
}

/// A value that comes in a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Column<'a> {
    /// None.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
}

/// A row of a query.
pub trait Columns {
    /// The value of the column called `name`.
    fn get(&self, name: &str) -> Result<Column<'_>, StoreError>;

    /// The value of the first column.
    fn first(&self) -> Result<Column<'_>, StoreError>;
}

/// A row of a query.
pub type Row<'a> = dyn Columns + 'a;

/// What a column can be read as.
pub trait FromColumn: Sized {
    /// Reads it; `None` where it is something else.
    fn from_column(column: Column<'_>) -> Option<Self>;
}

impl FromColumn for i64 {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Int(number) => Some(number),
            _ => None,
        }
    }
}

impl FromColumn for u32 {
    fn from_column(column: Column<'_>) -> Option<Self> {
        i64::from_column(column)?.try_into().ok()
    }
}

impl FromColumn for u64 {
    fn from_column(column: Column<'_>) -> Option<Self> {
        i64::from_column(column)?.try_into().ok()
    }
}

/// SQLite knows no truth values: they are 0 and 1.
impl FromColumn for bool {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match i64::from_column(column)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl FromColumn for String {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }
}

impl FromColumn for Vec<u8> {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Bytes(bytes) => Some(bytes.into_owned()),
            _ => None,
        }
    }
}

impl FromColumn for [u8; 32] {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Bytes(bytes) => bytes.as_ref().try_into().ok(),
            _ => None,
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(column: Column<'_>) -> Option<Self> {
        match column {
            Column::Null => Some(None),
            column => T::from_column(column).map(Some),
        }
    }
}

/// What can go to a statement.
pub(crate) trait ToValue {
    fn to_value(&self) -> Value<'_>;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl ToValue for $number {
            fn to_value(&self) -> Value<'_> {
                Value::Int(Some(i64::from(*self)))
            }
        }

        impl ToValue for Option<$number> {
            fn to_value(&self) -> Value<'_> {
                Value::Int(self.map(i64::from))
            }
        }
    )*};
}

numbers! { i64 u32 u16 bool }

macro_rules! texts {
    ($($text:ty)*) => {$(
        impl ToValue for $text {
            fn to_value(&self) -> Value<'_> {
                Value::Text(Some(self))
            }
        }
    )*};
}

texts! { str String }

macro_rules! bytes {
    ($($bytes:ty)*) => {$(
        impl ToValue for $bytes {
            fn to_value(&self) -> Value<'_> {
                Value::Bytes(Some(self.as_ref()))
            }
        }
    )*};
}

bytes! { Vec<u8> [u8; 32] [u8] }

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl ToValue for Option<&str> {
    fn to_value(&self) -> Value<'_> {
        Value::Text(*self)
    }
}

impl ToValue for Option<String> {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self.as_deref())
    }
}

/// The parameters of a statement by name: `named_params! { ":id": id.as_str() }`.
macro_rules! named_params {
    ($($name:literal : $value:expr),* $(,)?) => {
        &[$(($name, $crate::db::ToValue::to_value(&$value))),*]
    };
}
pub(crate) use named_params;
