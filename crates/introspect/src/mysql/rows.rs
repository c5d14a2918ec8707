//! The rows of the catalog as they come. Nothing is interpreted here.

use crate::Error;
use crate::query::Row;

/// What a row says.
pub(super) trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self, Error>;
}

/// A row whose fields are called as the columns of its query.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        pub(super) struct $name {
            $(pub(super) $field: $ty,)*
        }

        impl FromRow for $name {
            fn from_row(row: &Row) -> Result<Self, Error> {
                Ok(Self { $($field: row.get(stringify!($field))?,)* })
            }
        }
    };
}

row! {
    /// A base table, a view or a sequence.
    TableRow {
        name: String,
        kind: String,
        engine: Option<String>,
        collation: Option<String>,
        options: Option<String>,
        comment: Option<String>,
    }
}

impl TableRow {
    pub(super) fn is_base_table(&self) -> bool {
        matches!(self.kind.as_str(), "BASE TABLE" | "SYSTEM VERSIONED")
    }
}

row! {
    /// A column.
    ColumnRow {
        name: String,
        column_type: String,
        nullable: String,
        default_value: Option<String>,
        extra: Option<String>,
        generation: Option<String>,
        charset: Option<String>,
        collation: Option<String>,
        comment: Option<String>,
        reference_system: Option<i64>,
    }
}

row! {
    /// One part of an index.
    IndexRow {
        name: String,
        non_unique: i64,
        column_name: Option<String>,
        expression: Option<String>,
        direction: Option<String>,
        prefix: Option<i64>,
        method: String,
        comment: Option<String>,
        ignored: String,
    }
}

row! {
    /// One column of a foreign key.
    ForeignKeyRow {
        name: String,
        column_name: String,
        referenced_schema: String,
        referenced_table: String,
        referenced_column: String,
        on_delete: String,
        on_update: String,
    }
}

row! {
    /// A check.
    CheckRow {
        name: String,
        expression: String,
        enforced: String,
        level: String,
    }
}

row! {
    /// A partition, or one part of it.
    PartitionRow {
        name: String,
        part_name: Option<String>,
        method: Option<String>,
        part_method: Option<String>,
        expression: Option<String>,
        part_expression: Option<String>,
        bound: Option<String>,
        comment: Option<String>,
    }
}

row! {
    /// A trigger.
    TriggerRow {
        name: String,
        table_name: String,
        timing: String,
        event: String,
        body: Option<String>,
        definer: Option<String>,
    }
}

row! {
    /// A view.
    ViewRow {
        name: String,
        body: Option<String>,
        check_option: Option<String>,
        definer: Option<String>,
        security: Option<String>,
        algorithm: Option<String>,
    }
}

row! {
    /// A function or procedure.
    RoutineRow {
        name: String,
        kind: String,
        returns: Option<String>,
        charset: Option<String>,
        body: Option<String>,
        is_deterministic: String,
        data_access: Option<String>,
        security: Option<String>,
        comment: Option<String>,
        definer: Option<String>,
    }
}

row! {
    /// A parameter of a function or procedure.
    ParameterRow {
        routine: String,
        kind: String,
        mode: Option<String>,
        name: Option<String>,
        parameter_type: Option<String>,
        charset: Option<String>,
    }
}

row! {
    /// A scheduled event.
    EventRow {
        name: String,
        body: Option<String>,
        kind: String,
        execute_at: Option<String>,
        interval_value: Option<String>,
        interval_field: Option<String>,
        starts: Option<String>,
        ends: Option<String>,
        status: String,
        on_completion: Option<String>,
        comment: Option<String>,
        definer: Option<String>,
    }
}

row! {
    /// A sequence (MariaDB), by its place among the sequences.
    SequenceRow {
        place: i64,
        start_value: String,
        minimum: String,
        maximum: String,
        increment: String,
        cache: String,
        cycles: i64,
    }
}
