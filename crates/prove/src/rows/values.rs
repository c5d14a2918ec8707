//! Values of every type, at their ends and between. The same type and row give the same value, in every table and every
//! run.

use autogen_schema::{IntegerWidth, Type};

use crate::database::Database;

/// Which of a type's values a row gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The smallest, the earliest, the empty one.
    Low,
    /// The largest, the latest, the longest.
    High,
    /// One between, different for different numbers.
    Plain(usize),
}

/// A value, not yet in the words of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Digits or a keyword, written as they are.
    Bare(String),
    /// Text, written between quotes.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// The value as SQL.
    pub(crate) fn sql(&self, facts: &dyn Database) -> String {
        match self {
            Self::Bare(text) => text.clone(),
            Self::Text(text) => facts.literal(text),
            Self::Bytes(bytes) => facts.bytes(bytes),
        }
    }
}

/// What is known about a column beside its type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    /// The labels of its enum type that exist at both ends of the plan.
    pub(crate) labels: Vec<String>,
    /// Whether it takes every letter there is, or only those of ASCII.
    pub(crate) any_letter: bool,
}

/// A value of the first type that, where this can be told, is one of all the others too: a column's type at the start of
/// a plan and at its end. `None` where no value can be made up.
pub(crate) fn value(facts: &dyn Database, types: &[Type], role: Role, limits: &Limits) -> Option<Value> {
    let first = types.first()?;
    if let Some(range) = common_range(types) {
        return Some(integer(range, role));
    }
    if let Some(length) = common_length(types) {
        return Some(text(length, role, limits));
    }
    let is_one_kind = |other: &Type| std::mem::discriminant(other) == std::mem::discriminant(first);
    if types.iter().all(is_one_kind) {
        // Between two sizes of one kind the smaller is the one to keep to; its text is never the longer one.
        let narrow = types.iter().min_by_key(|ty| ty.to_string().len() * 1000 + size(ty)).unwrap_or(first);
        return single(facts, narrow, role, limits);
    }
    mixed(facts, types, role, limits)
}

/// Two kinds of type at the two ends: a small number, or the text of the other kind's value.
fn mixed(facts: &dyn Database, types: &[Type], role: Role, limits: &Limits) -> Option<Value> {
    let (first, last) = (types.first()?, types.last()?);
    if types.iter().all(is_numeric) {
        let has_boolean = types.contains(&Type::Boolean);
        let number = match role {
            Role::Low => 0,
            Role::High => 1,
            Role::Plain(number) => {
                if has_boolean {
                    number % 2
                } else {
                    number
                }
            }
        };
        return Some(Value::Bare(match first {
            Type::Boolean if number == 0 => "FALSE".to_owned(),
            Type::Boolean => "TRUE".to_owned(),
            _ => number.to_string(),
        }));
    }
    let number = match role {
        Role::Low => 0,
        Role::High => 1,
        Role::Plain(number) => number,
    };
    let plain = |ty| single(facts, ty, Role::Plain(number), limits);
    match (text_length(first), text_length(last)) {
        (Some(_), None) => Some(match plain(last)? {
            Value::Bare(text) | Value::Text(text) => Value::Text(text),
            Value::Bytes(bytes) => Value::Text(bytes.iter().map(|_| 'v').collect()),
        }),
        _ => plain(first),
    }
}

fn is_numeric(ty: &Type) -> bool {
    matches!(ty, Type::Boolean | Type::Integer { .. } | Type::Float | Type::Double | Type::Decimal { .. } | Type::Money)
}

fn size(ty: &Type) -> usize {
    ty.to_string().chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or_default()
}

/// The numbers that all of these whole numbers have.
fn common_range(types: &[Type]) -> Option<(i128, i128)> {
    let ranges: Option<Vec<(i128, i128)>> = types.iter().map(range).collect();
    ranges?.into_iter().reduce(|(low, high), (other_low, other_high)| (low.max(other_low), high.min(other_high)))
}

fn range(ty: &Type) -> Option<(i128, i128)> {
    let Type::Integer { width, unsigned } = ty else { return None };
    let bits = match width {
        IntegerWidth::Tiny => 8,
        IntegerWidth::Small => 16,
        IntegerWidth::Medium => 24,
        IntegerWidth::Regular => 32,
        IntegerWidth::Big => 64,
    };
    let half = 1_i128 << (bits - 1);
    Some(if *unsigned { (0, 2 * half - 1) } else { (-half, half - 1) })
}

fn integer((low, high): (i128, i128), role: Role) -> Value {
    Value::Bare(match role {
        Role::Low => low.to_string(),
        Role::High => high.to_string(),
        Role::Plain(number) => number.to_string(),
    })
}

/// Texts are not made longer than this: an index over several of them must still take a row.
const LONGEST: u32 = 255;

/// The length that fits all of these, where all are text.
fn common_length(types: &[Type]) -> Option<u32> {
    types.iter().map(text_length).collect::<Option<Vec<u32>>>()?.into_iter().min()
}

fn text_length(ty: &Type) -> Option<u32> {
    match ty {
        Type::Char { length } | Type::Varchar { length } => Some(length.unwrap_or(LONGEST).min(LONGEST)),
        Type::Text { .. } => Some(LONGEST),
        _ => None,
    }
}

fn text(length: u32, role: Role, limits: &Limits) -> Value {
    let length = length as usize;
    let (letters, rest) = match role {
        Role::Low => (String::new(), None),
        Role::High if limits.any_letter => ("é漢🦀 it's \"100%\" ; -- ".to_owned(), Some('z')),
        Role::High => ("it's \"100%\" ; -- ".to_owned(), Some('z')),
        // One letter tells rows apart where there is room for no more.
        Role::Plain(number) if length < 3 => (char::from(b'a' + (number % 26) as u8).to_string(), None),
        Role::Plain(number) => (format!("v{number}"), None),
    };
    let rest = std::iter::repeat(rest).map_while(|letter| letter);
    Value::Text(letters.chars().chain(rest).take(length).collect())
}

/// A value of one type.
fn single(facts: &dyn Database, ty: &Type, role: Role, limits: &Limits) -> Option<Value> {
    let pick = |low: &str, high: &str, plain: &dyn Fn(usize) -> String| match role {
        Role::Low => low.to_owned(),
        Role::High => high.to_owned(),
        Role::Plain(number) => plain(number),
    };
    let bare = |low: &str, high: &str, plain: &dyn Fn(usize) -> String| Some(Value::Bare(pick(low, high, plain)));
    let quoted = |low: &str, high: &str, plain: &dyn Fn(usize) -> String| Some(Value::Text(pick(low, high, plain)));
    let calendar = facts.calendar();
    let day = |number: usize| format!("2024-02-{:02}", number % 28 + 1);
    match ty {
        Type::Boolean => bare("FALSE", "TRUE", &|number| if number % 2 == 0 { "FALSE" } else { "TRUE" }.to_owned()),
        Type::Integer { .. } => range(ty).map(|range| integer(range, role)),
        Type::Float | Type::Double => bare("-1.5e30", "1.5e30", &|number| format!("{number}.25")),
        Type::Decimal { precision } => {
            let highest = decimal(precision.unwrap_or((20, 0)));
            bare(&format!("-{highest}"), &highest, &|number| number.to_string())
        }
        Type::Money => bare("0", "1234.56", &|number| format!("{number}.25")),
        Type::Char { .. } | Type::Varchar { .. } | Type::Text { .. } => {
            text_length(ty).map(|length| text(length, role, limits))
        }
        Type::Binary { length } => Some(bytes(Some(*length), *length, role)),
        Type::VarBinary { length } => Some(bytes(None, length.unwrap_or(LONGEST), role)),
        Type::Blob { .. } => Some(bytes(None, LONGEST, role)),
        Type::Bit { length } => Some(bits(length.unwrap_or(1), role)),
        Type::VarBit { length } => Some(bits(length.unwrap_or(8).min(64), role)),
        Type::Date => quoted(calendar.dates[0], calendar.dates[1], &day),
        Type::Time { with_time_zone, .. } => {
            let zone = if *with_time_zone { calendar.zone } else { "" };
            let time = |text: &str| format!("{text}{zone}");
            quoted(&time("00:00:00"), &time("23:59:59"), &|number| time(&format!("12:00:{:02}", number % 60)))
        }
        Type::DateTime { .. } => {
            quoted(calendar.date_times[0], calendar.date_times[1], &|number| format!("{} 12:00:00", day(number)))
        }
        Type::Timestamp { .. } => {
            quoted(calendar.moments[0], calendar.moments[1], &|number| format!("{} 12:00:00", day(number)))
        }
        Type::TimestampWithTimeZone { .. } => {
            let moment = |text: &str| format!("{text}{}", calendar.zone);
            let plain = |number| moment(&format!("{} 12:00:00", day(number)));
            quoted(&moment(calendar.moments[0]), &moment(calendar.moments[1]), &plain)
        }
        Type::Year => bare("1901", "2155", &|number| (2000 + number).to_string()),
        Type::Interval { .. } => quoted("0", "1000 years", &|number| format!("{number} days")),
        Type::Json | Type::JsonBinary => quoted("{}", "{\"a\": [1, null, \"it's\"]}", &|number| format!("[{number}]")),
        Type::Uuid => {
            let uuid = |tail: usize| format!("00000000-0000-4000-8000-{tail:012x}");
            quoted(&uuid(0), "ffffffff-ffff-ffff-ffff-ffffffffffff", &uuid)
        }
        Type::Inet => quoted("0.0.0.0", "ffff::1/64", &|number| format!("10.0.0.{}", number % 256)),
        Type::Cidr => quoted("0.0.0.0/0", "ffff::/64", &|number| format!("10.0.{}.0/24", number % 256)),
        Type::MacAddr => {
            quoted("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", &|number| format!("08:00:2b:00:00:{:02x}", number % 256))
        }
        Type::LTree => quoted("a", "a.b.c", &|number| format!("v{number}")),
        Type::Vector { dimensions } => {
            let vector = |number: &str| vec![number; dimensions.unwrap_or(1) as usize].join(",");
            quoted(&format!("[{}]", vector("0")), &format!("[{}]", vector("1")), &|number| {
                format!("[{}]", vector(&number.to_string()))
            })
        }
        Type::Enum { labels, .. } => label(if labels.is_empty() { &limits.labels } else { labels }, role),
        Type::Array { element } => array(facts, element, role, limits),
        Type::Other { text } => {
            let number = match role {
                Role::Low => 0,
                Role::High => 1,
                Role::Plain(number) => number,
            };
            facts.own_value(text, number).map(Value::Bare)
        }
        Type::Opaque { .. } => None,
    }
}

/// The highest number with so many digits, so many of them after the point.
fn decimal((digits, scale): (u32, u32)) -> String {
    let whole = "9".repeat(digits.saturating_sub(scale).max(1) as usize);
    let (whole, scale) = if digits > scale { (whole, scale) } else { ("0".to_owned(), digits) };
    if scale == 0 { whole } else { format!("{whole}.{}", "9".repeat(scale as usize)) }
}

fn bytes(fixed: Option<u32>, longest: u32, role: Role) -> Value {
    let longest = longest.min(LONGEST) as usize;
    let fixed = fixed.map(|length| length as usize);
    Value::Bytes(match role {
        Role::Low => vec![0; fixed.unwrap_or(0)],
        Role::High => (0..fixed.unwrap_or(longest)).map(|at| 0xff - (at % 256) as u8).collect(),
        Role::Plain(number) => {
            let mut bytes = vec![(number % 256) as u8; 1];
            bytes.resize(fixed.unwrap_or(longest.min(2)), 0x27);
            bytes
        }
    })
}

fn bits(length: u32, role: Role) -> Value {
    let length = length.clamp(1, 64) as usize;
    let digits = match role {
        Role::Low => "0".repeat(length),
        Role::High => "1".repeat(length),
        Role::Plain(number) => {
            let digits = format!("{number:0length$b}");
            digits[digits.len() - length..].to_owned()
        }
    };
    Value::Bare(format!("b'{digits}'"))
}

fn label(labels: &[String], role: Role) -> Option<Value> {
    let label = match role {
        Role::Low => labels.first(),
        Role::High => labels.last(),
        Role::Plain(number) => labels.get(number.checked_rem(labels.len())?),
    };
    label.cloned().map(Value::Text)
}

fn array(facts: &dyn Database, element: &Type, role: Role, limits: &Limits) -> Option<Value> {
    if role == Role::Low {
        return Some(Value::Text("{}".to_owned()));
    }
    let number = if let Role::Plain(number) = role { number } else { 1 };
    let content = match value(facts, std::slice::from_ref(element), Role::Plain(number), limits)? {
        Value::Bare(text) | Value::Text(text) => text.replace('\\', "\\\\").replace('"', "\\\""),
        Value::Bytes(_) => String::new(),
    };
    let repeated = if role == Role::High { format!("\"{content}\",NULL") } else { format!("\"{content}\"") };
    Some(Value::Text(format!("{{{repeated}}}")))
}

#[cfg(test)]
mod tests {
    use autogen_schema::Backend;

    use super::*;
    use crate::database::database;

    fn sql(types: &[Type], role: Role) -> String {
        let limits = Limits { labels: Vec::new(), any_letter: true };
        value(database(Backend::Postgres), types, role, &limits)
            .map(|value| value.sql(database(Backend::Postgres)))
            .unwrap_or_default()
    }

    #[test]
    fn a_value_fits_both_ends() {
        let (small, big) = (Type::integer(IntegerWidth::Small), Type::integer(IntegerWidth::Big));
        assert_eq!(sql(&[big.clone(), small.clone()], Role::High), "32767");
        assert_eq!(sql(&[small, big], Role::Low), "-32768");
        assert_eq!(sql(&[Type::varchar(40), Type::varchar(4)], Role::High), "'é漢🦀 '");
        assert_eq!(sql(&[Type::text(), Type::Uuid], Role::Plain(3)), "'00000000-0000-4000-8000-000000000003'");
        assert_eq!(sql(&[Type::Boolean, Type::integer(IntegerWidth::Regular)], Role::High), "TRUE");
    }

    #[test]
    fn numbers_fill_their_digits() {
        let decimal = |digits, scale| Type::Decimal { precision: Some((digits, scale)) };
        assert_eq!(sql(&[decimal(5, 2)], Role::High), "999.99");
        assert_eq!(sql(&[decimal(2, 2)], Role::Low), "-0.99");
        assert_eq!(sql(&[Type::Bit { length: Some(3) }], Role::Plain(13)), "b'101'");
    }
}
