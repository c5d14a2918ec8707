//! Column types.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::EnumName;

/// The type of a column, in the vocabulary that the supported databases share.
///
/// A reader gives the type as its source says it. A dialect's `spell` (in `autogen-diff`) then replaces each type by
/// the one that its database would report, so that after spelling `==` decides. What has no variant here is
/// [`Type::Other`] with the database's own text; what a reader could not resolve is [`Type::Opaque`], which is never
/// claimed to differ from anything.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Type {
    /// True or false; `tinyint(1)` on MySQL.
    Boolean,
    /// A whole number.
    Integer {
        /// How many bytes it takes.
        width: IntegerWidth,
        /// Whether it has no sign (MySQL).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unsigned: bool,
    },
    /// A 32-bit floating-point number.
    Float,
    /// A 64-bit floating-point number.
    Double,
    /// An exact number.
    Decimal {
        /// Total digits and digits after the point.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precision: Option<(u32, u32)>,
    },
    /// An amount of money.
    Money,
    /// Text of a fixed length, in characters.
    Char {
        /// The length; `None` where none is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length: Option<u32>,
    },
    /// Text of a limited length, in characters.
    Varchar {
        /// The limit; `None` where none is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length: Option<u32>,
    },
    /// Text without a declared limit.
    Text {
        /// Which of MySQL's sizes; [`TextSize::Regular`] elsewhere.
        size: TextSize,
    },
    /// Bytes of a fixed length.
    Binary {
        /// The length in bytes.
        length: u32,
    },
    /// Bytes of a limited length.
    VarBinary {
        /// The limit in bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length: Option<u32>,
    },
    /// Bytes without a declared limit.
    Blob {
        /// Which of MySQL's sizes; [`BlobSize::Regular`] elsewhere.
        size: BlobSize,
    },
    /// A bit string of a fixed length.
    Bit {
        /// The length in bits; `None` means 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length: Option<u32>,
    },
    /// A bit string of a limited length.
    VarBit {
        /// The limit in bits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length: Option<u32>,
    },
    /// A calendar date.
    Date,
    /// A time of day.
    Time {
        /// Digits of the fraction of a second.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precision: Option<u32>,
        /// Whether it carries an offset (`timetz`).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        with_time_zone: bool,
    },
    /// A date and time without a zone: `timestamp without time zone`, `datetime`.
    DateTime {
        /// Digits of the fraction of a second.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precision: Option<u32>,
    },
    /// SeaQuery's `Timestamp`: `timestamp` on MySQL; the same as [`Type::DateTime`] on PostgreSQL.
    Timestamp {
        /// Digits of the fraction of a second.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precision: Option<u32>,
    },
    /// A moment in time: `timestamp with time zone`; `timestamp` on MySQL.
    TimestampWithTimeZone {
        /// Digits of the fraction of a second.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precision: Option<u32>,
    },
    /// MySQL's `year`.
    Year,
    /// A span of time.
    Interval {
        /// The fields as PostgreSQL writes them, such as `day to second`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fields: Option<String>,
        /// Digits of the fraction of a second.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precision: Option<u32>,
    },
    /// JSON kept as text.
    Json,
    /// JSON kept decomposed (`jsonb`).
    JsonBinary,
    /// A UUID.
    Uuid,
    /// An IP address, with or without a network.
    Inet,
    /// An IP network.
    Cidr,
    /// A MAC address.
    MacAddr,
    /// PostgreSQL's `ltree`.
    LTree,
    /// pgvector's `vector`.
    Vector {
        /// The number of dimensions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dimensions: Option<u32>,
    },
    /// One of a list of labels. PostgreSQL has a named type (see [`crate::Schema::enums`]) and no labels here;
    /// MySQL has labels and no name. An entity says both.
    Enum {
        /// The name of the type.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<EnumName>,
        /// The labels, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        labels: Vec<String>,
    },
    /// An array; PostgreSQL keeps no number of dimensions, so neither does this.
    Array {
        /// The type of the elements.
        element: Box<Type>,
    },
    /// A type in the database's own words, exactly as it would be written in a column definition.
    Other {
        /// The text.
        text: String,
    },
    /// A type that the entity reader could not resolve.
    Opaque {
        /// The Rust type as it stands in the source.
        path: String,
    },
}

/// The size of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntegerWidth {
    /// One byte.
    Tiny,
    /// Two bytes.
    Small,
    /// Three bytes (MySQL's `mediumint`).
    Medium,
    /// Four bytes.
    Regular,
    /// Eight bytes.
    Big,
}

/// MySQL's sizes of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// `tinytext`: 255 bytes.
    Tiny,
    /// `text`: 64 KiB on MySQL, unlimited elsewhere.
    #[default]
    Regular,
    /// `mediumtext`: 16 MiB.
    Medium,
    /// `longtext`: 4 GiB.
    Long,
}

/// MySQL's sizes of binary objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlobSize {
    /// `tinyblob`: 255 bytes.
    Tiny,
    /// `blob`: 64 KiB on MySQL, unlimited elsewhere.
    #[default]
    Regular,
    /// `mediumblob`: 16 MiB.
    Medium,
    /// `longblob`: 4 GiB.
    Long,
}

impl Type {
    /// A signed whole number of the given width.
    pub const fn integer(width: IntegerWidth) -> Self {
        Self::Integer { width, unsigned: false }
    }

    /// `varchar(length)`.
    pub const fn varchar(length: u32) -> Self {
        Self::Varchar { length: Some(length) }
    }

    /// Text of the regular size.
    pub const fn text() -> Self {
        Self::Text { size: TextSize::Regular }
    }

    /// A type in the database's own words.
    pub fn other(text: impl Into<String>) -> Self {
        Self::Other { text: text.into() }
    }

    /// Whether the reader could not resolve the type.
    pub const fn is_opaque(&self) -> bool {
        matches!(self, Self::Opaque { .. })
    }
}

/// A short name for people: `varchar(120)`, `bigint`, `timestamptz(3)`. Not SQL of any database.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sized = |f: &mut fmt::Formatter<'_>, name: &str, size: &Option<u32>| match size {
            Some(size) => write!(f, "{name}({size})"),
            None => f.write_str(name),
        };
        match self {
            Self::Boolean => f.write_str("boolean"),
            Self::Integer { width, unsigned } => {
                let name = match width {
                    IntegerWidth::Tiny => "tinyint",
                    IntegerWidth::Small => "smallint",
                    IntegerWidth::Medium => "mediumint",
                    IntegerWidth::Regular => "integer",
                    IntegerWidth::Big => "bigint",
                };
                write!(f, "{name}{}", if *unsigned { " unsigned" } else { "" })
            }
            Self::Float => f.write_str("float"),
            Self::Double => f.write_str("double"),
            Self::Decimal { precision: Some((digits, scale)) } => write!(f, "decimal({digits},{scale})"),
            Self::Decimal { precision: None } => f.write_str("decimal"),
            Self::Money => f.write_str("money"),
            Self::Char { length } => sized(f, "char", length),
            Self::Varchar { length } => sized(f, "varchar", length),
            Self::Text { size } => f.write_str(match size {
                TextSize::Tiny => "tinytext",
                TextSize::Regular => "text",
                TextSize::Medium => "mediumtext",
                TextSize::Long => "longtext",
            }),
            Self::Binary { length } => write!(f, "binary({length})"),
            Self::VarBinary { length } => sized(f, "varbinary", length),
            Self::Blob { size } => f.write_str(match size {
                BlobSize::Tiny => "tinyblob",
                BlobSize::Regular => "blob",
                BlobSize::Medium => "mediumblob",
                BlobSize::Long => "longblob",
            }),
            Self::Bit { length } => sized(f, "bit", length),
            Self::VarBit { length } => sized(f, "varbit", length),
            Self::Date => f.write_str("date"),
            Self::Time { precision, with_time_zone: false } => sized(f, "time", precision),
            Self::Time { precision, with_time_zone: true } => sized(f, "timetz", precision),
            Self::DateTime { precision } => sized(f, "datetime", precision),
            Self::Timestamp { precision } => sized(f, "timestamp", precision),
            Self::TimestampWithTimeZone { precision } => sized(f, "timestamptz", precision),
            Self::Year => f.write_str("year"),
            Self::Interval { fields, precision } => match fields {
                Some(fields) => sized(f, &format!("interval {fields}"), precision),
                None => sized(f, "interval", precision),
            },
            Self::Json => f.write_str("json"),
            Self::JsonBinary => f.write_str("jsonb"),
            Self::Uuid => f.write_str("uuid"),
            Self::Inet => f.write_str("inet"),
            Self::Cidr => f.write_str("cidr"),
            Self::MacAddr => f.write_str("macaddr"),
            Self::LTree => f.write_str("ltree"),
            Self::Vector { dimensions } => sized(f, "vector", dimensions),
            Self::Enum { name: Some(name), .. } => write!(f, "enum {name}"),
            Self::Enum { name: None, labels } => write!(f, "enum({})", labels.join(", ")),
            Self::Array { element } => write!(f, "{element}[]"),
            Self::Other { text } => f.write_str(text),
            Self::Opaque { path } => write!(f, "{path} (not understood)"),
        }
    }
}
