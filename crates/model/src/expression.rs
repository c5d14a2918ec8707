//! Rust expressions that describe columns: the closed grammar that people really write, and nothing else.
//!
//! `column_type`, `default_value` and `default_expr` are code that SeaORM pastes; what is outside the grammar is given
//! back as its text, for a notice.

use autogen_schema::{BlobSize, DefaultValue, IntegerWidth, Type};
use quote::ToTokens;
use syn::{Expr, Lit, UnOp};

use crate::outline::{RustType, plain};
use crate::parse;

/// What an expression of type `ColumnType` says.
#[derive(Clone, Debug)]
pub(crate) enum TypeExpression {
    Known(Type),
    /// The column type of this Rust type.
    Of(RustType),
    ArrayOf(Box<TypeExpression>),
    /// Outside the grammar; its text.
    Unknown(String),
}

/// What an expression of type `ColumnDef` says.
#[derive(Clone, Debug)]
pub(crate) struct ColumnExpression {
    pub(crate) ty: TypeExpression,
    pub(crate) nullable: bool,
    pub(crate) unique: bool,
    pub(crate) indexed: bool,
    pub(crate) unique_key: Option<String>,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) comment: Option<String>,
    pub(crate) extra: Option<String>,
    pub(crate) renamed_from: Option<String>,
    /// Calls outside the grammar.
    pub(crate) not_understood: Vec<String>,
}

impl ColumnExpression {
    /// A definition that says only its type.
    pub(crate) fn of(ty: TypeExpression) -> Self {
        Self {
            ty,
            nullable: false,
            unique: false,
            indexed: false,
            unique_key: None,
            default: None,
            comment: None,
            extra: None,
            renamed_from: None,
            not_understood: Vec::new(),
        }
    }
}

/// Reads what stands in `column_type = "…"` or a function that returns a `ColumnType`.
pub(crate) fn column_type(text: &str) -> TypeExpression {
    // Half of all that is written is one word.
    if let Some(known) = unit(text) {
        return TypeExpression::Known(known);
    }
    parse::expression(text).map_or_else(|| TypeExpression::Unknown(text.to_owned()), |expression| type_of(&expression))
}

/// Reads what stands in `default_expr = "…"`; `None` where it is outside the grammar.
pub(crate) fn default_value(text: &str) -> Option<DefaultValue> {
    default_of(&parse::expression(text)?)
}

/// Reads an arm of `ColumnTrait::def`.
pub(crate) fn column_definition(text: &str) -> Option<ColumnExpression> {
    definition_of(&parse::expression(text)?)
}

/// A string, however it was made owned.
pub(crate) fn string(expression: &Expr) -> Option<String> {
    match bare(expression) {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        // `Alias::new("x")`, `SeaRc::new(…)`, `Some("x")`.
        Expr::Call(call) => call.args.first().and_then(string),
        _ => None,
    }
}

/// The last name of a path expression.
pub(crate) fn last_name(expression: &Expr) -> Option<String> {
    match bare(expression) {
        Expr::Path(path) => path.path.segments.last().map(|segment| plain(&segment.ident)),
        _ => None,
    }
}

/// The expression without what does not change its meaning here.
pub(crate) fn bare(expression: &Expr) -> &Expr {
    match expression {
        Expr::Paren(inner) => bare(&inner.expr),
        Expr::Group(inner) => bare(&inner.expr),
        Expr::Reference(inner) => bare(&inner.expr),
        Expr::MethodCall(call) if is_conversion(&plain(&call.method)) && call.args.is_empty() => bare(&call.receiver),
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(inner, None)] => bare(inner),
            _ => expression,
        },
        other => other,
    }
}

fn is_conversion(method: &str) -> bool {
    matches!(
        method,
        "into"
            | "to_owned"
            | "to_string"
            | "clone"
            | "into_iden"
            | "get_column_type"
            | "as_str"
            | "take"
            | "into_owned"
    )
}

fn type_of(expression: &Expr) -> TypeExpression {
    let expression = bare(expression);
    let known = match expression {
        Expr::Path(_) => last_name(expression).and_then(|name| unit(&name)),
        Expr::Call(call) => match called_on(&call.func) {
            Some(of) => return TypeExpression::Of(of),
            None => {
                let arguments: Vec<&Expr> = call.args.iter().collect();
                match last_name(&call.func).as_deref() {
                    Some("Array") => return array(&arguments, expression),
                    Some(name) => with_arguments(name, &arguments),
                    None => None,
                }
            }
        },
        _ => None,
    };
    known.map_or_else(|| TypeExpression::Unknown(text(expression)), TypeExpression::Known)
}

/// `<T as ValueType>::column_type` and `T::db_type` mean the column type of `T`.
fn called_on(function: &Expr) -> Option<RustType> {
    let Expr::Path(path) = bare(function) else { return None };
    let method = plain(&path.path.segments.last()?.ident);
    if !matches!(method.as_str(), "column_type" | "db_type") {
        return None;
    }
    if let Some(qualified) = &path.qself {
        return Some(RustType::read(&qualified.ty));
    }
    let mut of = path.path.clone();
    of.segments.pop();
    of.segments.pop_punct();
    RustType::parse(&of.to_token_stream().to_string())
}

fn array(arguments: &[&Expr], whole: &Expr) -> TypeExpression {
    let [element] = arguments else { return TypeExpression::Unknown(text(whole)) };
    let element = match bare(element) {
        // `RcOrArc::new(…)`, `Arc::new(…)`, `SeaRc::new(…)`.
        Expr::Call(call) if last_name(&call.func).as_deref() == Some("new") => call.args.first(),
        other => Some(other),
    };
    match element.map(type_of) {
        Some(TypeExpression::Unknown(_)) | None => TypeExpression::Unknown(text(whole)),
        Some(element) => TypeExpression::ArrayOf(Box::new(element)),
    }
}

fn text(expression: &Expr) -> String {
    expression.to_token_stream().to_string()
}

/// The column types without arguments.
fn unit(name: &str) -> Option<Type> {
    let signed = Type::integer;
    let unsigned = |width| Type::Integer { width, unsigned: true };
    Some(match name {
        "Text" => Type::text(),
        "Blob" => Type::Blob { size: BlobSize::Regular },
        "TinyInteger" => signed(IntegerWidth::Tiny),
        "SmallInteger" => signed(IntegerWidth::Small),
        "Integer" => signed(IntegerWidth::Regular),
        "BigInteger" => signed(IntegerWidth::Big),
        "TinyUnsigned" => unsigned(IntegerWidth::Tiny),
        "SmallUnsigned" => unsigned(IntegerWidth::Small),
        "Unsigned" => unsigned(IntegerWidth::Regular),
        "BigUnsigned" => unsigned(IntegerWidth::Big),
        "Float" => Type::Float,
        "Double" => Type::Double,
        "DateTime" => Type::DateTime { precision: None },
        "Timestamp" => Type::Timestamp { precision: None },
        "TimestampWithTimeZone" => Type::TimestampWithTimeZone { precision: None },
        "Time" => Type::Time { precision: None, with_time_zone: false },
        "Date" => Type::Date,
        "Year" => Type::Year,
        "Boolean" => Type::Boolean,
        "Json" => Type::Json,
        "JsonBinary" => Type::JsonBinary,
        "Uuid" => Type::Uuid,
        "Cidr" => Type::Cidr,
        "Inet" => Type::Inet,
        "MacAddr" => Type::MacAddr,
        "LTree" => Type::LTree,
        _ => return None,
    })
}

/// The column types with arguments, in today's and yesterday's spelling.
fn with_arguments(name: &str, arguments: &[&Expr]) -> Option<Type> {
    let first = arguments.first().copied();
    Some(match name {
        "Char" => Type::Char { length: optional_number(first?)? },
        "String" | "string" => Type::Varchar { length: length(first?)? },
        "VarBinary" | "var_binary" => Type::VarBinary { length: length(first?)? },
        "Binary" => binary(first?)?,
        "Decimal" => Type::Decimal { precision: pair(first?)? },
        // SeaQuery can write digits after `money`; no database takes them.
        "Money" => Type::Money,
        "Bit" => Type::Bit { length: optional_number(first?)? },
        "VarBit" => Type::VarBit { length: Some(number(first?)?) },
        "Vector" => Type::Vector { dimensions: optional_number(first?)? },
        "Interval" => interval(arguments)?,
        "Custom" | "custom" => Type::other(string(first?)?),
        // Until 0.10 these took a precision.
        "DateTime" => Type::DateTime { precision: optional_number(first?)? },
        "Timestamp" => Type::Timestamp { precision: optional_number(first?)? },
        "TimestampWithTimeZone" => Type::TimestampWithTimeZone { precision: optional_number(first?)? },
        "Time" => Type::Time { precision: optional_number(first?)?, with_time_zone: false },
        "TinyInteger" | "SmallInteger" | "Integer" | "BigInteger" | "Float" | "Double" | "Year" => unit(name)?,
        _ => return None,
    })
}

/// `StringLen::N(64)`, `StringLen::None`, `Some(64)`, `None`, `64`.
fn length(expression: &Expr) -> Option<Option<u32>> {
    match bare(expression) {
        Expr::Call(call) => match last_name(&call.func)?.as_str() {
            "N" | "Some" => Some(Some(number(call.args.first()?)?)),
            _ => None,
        },
        // `Max` is a MySQL row-size error more often than a wish; it is read as no limit.
        Expr::Path(_) => matches!(last_name(expression)?.as_str(), "None" | "Max").then_some(None),
        other => number(other).map(Some),
    }
}

/// `255`, and `BlobSize::…` of old.
fn binary(expression: &Expr) -> Option<Type> {
    match bare(expression) {
        Expr::Path(_) => Some(Type::Blob {
            size: match last_name(expression)?.as_str() {
                "Tiny" => BlobSize::Tiny,
                "Medium" => BlobSize::Medium,
                "Long" => BlobSize::Long,
                _ => return None,
            },
        }),
        Expr::Call(call) if last_name(&call.func)? == "Blob" => Some(match optional_number(call.args.first()?)? {
            Some(length) => Type::Binary { length },
            None => Type::Blob { size: BlobSize::Regular },
        }),
        other => number(other).map(|length| Type::Binary { length }),
    }
}

fn interval(arguments: &[&Expr]) -> Option<Type> {
    let [fields, precision] = arguments else { return None };
    let fields = match bare(fields) {
        Expr::Call(call) if last_name(&call.func)? == "Some" => Some(spaced(&last_name(call.args.first()?)?)),
        other => match last_name(other)?.as_str() {
            "None" => None,
            _ => return None,
        },
    };
    Some(Type::Interval { fields, precision: optional_number(precision)? })
}

/// `DayToSecond` is `day to second`.
fn spaced(variant: &str) -> String {
    heck::ToSnakeCase::to_snake_case(variant).replace('_', " ")
}

fn pair(expression: &Expr) -> Option<Option<(u32, u32)>> {
    match bare(expression) {
        Expr::Call(call) if last_name(&call.func)? == "Some" => match bare(call.args.first()?) {
            Expr::Tuple(tuple) if tuple.elems.len() == 2 => {
                Some(Some((number(&tuple.elems[0])?, number(&tuple.elems[1])?)))
            }
            _ => None,
        },
        other => (last_name(other)? == "None").then_some(None),
    }
}

fn optional_number(expression: &Expr) -> Option<Option<u32>> {
    match bare(expression) {
        Expr::Call(call) if last_name(&call.func)? == "Some" => number(call.args.first()?).map(Some),
        other => match number(other) {
            Some(number) => Some(Some(number)),
            None => (last_name(other)? == "None").then_some(None),
        },
    }
}

fn number(expression: &Expr) -> Option<u32> {
    match bare(expression) {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

fn default_of(expression: &Expr) -> Option<DefaultValue> {
    match bare(expression) {
        Expr::Lit(literal) => literal_default(&literal.lit),
        Expr::Unary(negative) if matches!(negative.op, UnOp::Neg(_)) => match default_of(&negative.expr)? {
            DefaultValue::Number(digits) => Some(DefaultValue::Number(format!("-{digits}"))),
            DefaultValue::Null | DefaultValue::Boolean(_) | DefaultValue::Text(_) | DefaultValue::Expression(_) => None,
        },
        Expr::Call(call) if is_function_of(&call.func, "Func") => function_call(&last_name(&call.func)?, &call.args),
        Expr::Call(call) => called_default(&last_name(&call.func)?, call.args.first()),
        Expr::Path(_) => keyword(&last_name(expression)?),
        _ => None,
    }
}

/// A literal as SeaQuery writes it: `1.50` is the number 1.5.
pub(crate) fn literal_default(literal: &Lit) -> Option<DefaultValue> {
    Some(match literal {
        Lit::Str(text) => DefaultValue::Text(text.value()),
        Lit::Char(letter) => DefaultValue::Text(letter.value().to_string()),
        Lit::Bool(value) => DefaultValue::Boolean(value.value()),
        Lit::Int(number) => DefaultValue::Number(number.base10_digits().to_owned()),
        Lit::Float(number) => DefaultValue::Number(number.base10_parse::<f64>().ok()?.to_string()),
        _ => return None,
    })
}

/// The functions of `Expr` and its relatives.
fn called_default(function: &str, argument: Option<&Expr>) -> Option<DefaultValue> {
    match (function, argument) {
        ("current_timestamp", None) => keyword("CurrentTimestamp"),
        ("current_date", None) => keyword("CurrentDate"),
        ("current_time", None) => keyword("CurrentTime"),
        ("null", None) => Some(DefaultValue::Null),
        ("cust" | "custom_keyword" | "Custom", Some(argument)) => match bare(argument) {
            Expr::Lit(_) => string(argument).map(DefaultValue::Expression),
            Expr::Call(_) => string(argument).map(DefaultValue::Expression),
            _ => None,
        },
        (
            "val" | "value" | "Value" | "from" | "Constant" | "Keyword" | "keyword" | "Some" | "Bool" | "TinyInt"
            | "SmallInt" | "Int" | "BigInt" | "TinyUnsigned" | "SmallUnsigned" | "Unsigned" | "BigUnsigned" | "Float"
            | "Double" | "String" | "Char",
            Some(argument),
        ) => default_of(argument),
        _ => None,
    }
}

/// Whether a function belongs to this type: `Func::cust`.
fn is_function_of(function: &Expr, of: &str) -> bool {
    match bare(function) {
        Expr::Path(path) => path.path.segments.iter().rev().nth(1).is_some_and(|segment| segment.ident == of),
        _ => false,
    }
}

/// `Func::cust("f")` without arguments; with arguments it is a chain of calls that nobody writes in an attribute.
fn function_call(
    function: &str,
    arguments: &syn::punctuated::Punctuated<Expr, syn::Token![,]>,
) -> Option<DefaultValue> {
    match function {
        "cust" => string(arguments.first()?).map(|name| DefaultValue::Expression(format!("{name}()"))),
        "random" => Some(DefaultValue::expression("RANDOM()")),
        _ => None,
    }
}

fn keyword(name: &str) -> Option<DefaultValue> {
    Some(match name {
        "CurrentTimestamp" => DefaultValue::expression("CURRENT_TIMESTAMP"),
        "CurrentDate" => DefaultValue::expression("CURRENT_DATE"),
        "CurrentTime" => DefaultValue::expression("CURRENT_TIME"),
        "Null" | "None" => DefaultValue::Null,
        _ => return None,
    })
}

fn definition_of(expression: &Expr) -> Option<ColumnExpression> {
    let Expr::MethodCall(call) = bare(expression) else {
        // A function that returns a whole definition, such as `Kind::db_type()`.
        return Some(ColumnExpression::of(type_of(expression)));
    };
    let method = plain(&call.method);
    if method == "def" {
        return Some(ColumnExpression::of(type_of(&call.receiver)));
    }
    let mut definition = definition_of(&call.receiver)?;
    let argument = call.args.first();
    let text_of = || argument.and_then(string);
    match method.as_str() {
        "null" | "nullable" => definition.nullable = true,
        "unique" => definition.unique = true,
        "indexed" => definition.indexed = true,
        "unique_key" => definition.unique_key = text_of(),
        "comment" => definition.comment = text_of(),
        "extra" => definition.extra = text_of(),
        "renamed_from" => definition.renamed_from = text_of(),
        "seaography_ignore" => {}
        "default_value" | "default" => match argument.and_then(default_of) {
            Some(default) => definition.default = Some(default),
            None => definition.not_understood.push(format!("{method}({})", argument.map(text).unwrap_or_default())),
        },
        _ => definition.not_understood.push(method),
    }
    Some(definition)
}
