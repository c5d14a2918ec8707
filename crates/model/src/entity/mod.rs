//! Entities, each as its own file says: names of SQL, types resolved, relations still as paths.

mod expanded;
mod model;

use std::collections::BTreeMap;

use autogen_schema::{AutoIncrement, Column, DefaultValue, EnumType, Notice, NoticeKind, Place, TableName, Type};

use crate::extra::{self, Extra};
use crate::outline::{Field, RustType};
use crate::relations::Relation;
use crate::resolve::{Found, Resolver, complete};
use crate::sources::{ModuleId, Program};
use crate::types::Types;
use crate::{SeaOrmVersion, names};

/// What one entity says.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) module: ModuleId,
    /// The name of its `Entity` type.
    pub(crate) entity: String,
    pub(crate) table: TableName,
    pub(crate) place: Place,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<DraftColumn>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) ignored: Vec<String>,
    /// The table's name before, where the entity tells.
    pub(crate) renamed_from: Option<String>,
}

/// A column with what becomes a key or an index.
#[derive(Clone, Debug)]
pub(crate) struct DraftColumn {
    /// The variant of `enum Column`.
    pub(crate) variant: String,
    pub(crate) column: Column,
    /// Whether the type was said in so many words, not implied by the Rust type.
    pub(crate) type_is_said: bool,
    pub(crate) is_primary: bool,
    /// Its place in the key where that is not its place among the columns.
    pub(crate) key_position: usize,
    pub(crate) unique: bool,
    pub(crate) indexed: bool,
    pub(crate) unique_key: Option<String>,
    pub(crate) renamed_from: Option<String>,
    pub(crate) extra: Extra,
}

/// What reading entities needs and gathers.
pub(crate) struct Reader<'a> {
    pub(crate) resolver: &'a Resolver<'a>,
    /// The one that the resolver looks names up in.
    pub(crate) program: &'a Program,
    pub(crate) types: Types<'a>,
    pub(crate) version: SeaOrmVersion,
    pub(crate) notices: Vec<Notice>,
}

/// What a module says.
pub(crate) struct Findings {
    pub(crate) drafts: Vec<Draft>,
    /// The enum types that columns have.
    pub(crate) enums: Vec<EnumType>,
    pub(crate) notices: Vec<Notice>,
}

/// The entities of these modules, in their order.
pub(crate) fn read_all(
    program: &mut Program,
    modules: &[ModuleId],
    types: &BTreeMap<String, String>,
    version: SeaOrmVersion,
) -> Vec<Findings> {
    complete(program, modules, |resolver, modules| {
        let mut reader = Reader::new(resolver, types, version);
        let findings = modules.iter().map(|module| {
            let drafts = read(&mut reader, *module);
            let enums = std::mem::take(&mut reader.types.enums);
            let notices = std::mem::take(&mut reader.notices);
            (Findings { drafts, enums, notices }, resolver.take_missing())
        });
        findings.collect()
    })
}

/// The entities of a module.
pub(crate) fn read(reader: &mut Reader<'_>, module: ModuleId) -> Vec<Draft> {
    let models = model::read(reader, module);
    if models.is_empty() { expanded::read(reader, module) } else { models }
}

/// Types that are as known as what they hold.
const WRAPPERS: [&str; 3] = ["Vec", "Option", "Cow"];

/// What was said about one column, however it was said.
struct ColumnSource<'a> {
    variant: String,
    name: String,
    ty: Type,
    type_is_said: bool,
    nullable: bool,
    is_primary: bool,
    unique: bool,
    indexed: bool,
    unique_key: Option<String>,
    default: Option<DefaultValue>,
    comment: Option<String>,
    extra: Option<String>,
    renamed_from: Option<String>,
    place: &'a Place,
}

impl ColumnSource<'_> {
    fn into_column(self, version: SeaOrmVersion) -> DraftColumn {
        let mut column = Column::new(self.name, self.ty);
        column.nullable = self.nullable;
        column.default = self.default;
        column.comment = self.comment;
        column.origin = self.place.clone().into();
        let mut extra = self.extra.as_deref().map(extra::parse).unwrap_or_default();
        extra.apply(&mut column, self.place);
        let unique = self.unique || extra.unique;
        DraftColumn {
            variant: self.variant,
            column,
            type_is_said: self.type_is_said,
            is_primary: self.is_primary,
            key_position: 0,
            unique,
            // 1.x makes an index beside the unique constraint.
            indexed: self.indexed && (!unique || version == SeaOrmVersion::V1),
            unique_key: self.unique_key,
            renamed_from: self.renamed_from,
            extra,
        }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(resolver: &'a Resolver<'a>, types: &'a BTreeMap<String, String>, version: SeaOrmVersion) -> Self {
        let types = Types::new(resolver, types, version);
        Self { resolver, program: resolver.program, types, version, notices: Vec::new() }
    }

    /// Says that the type of a column could not be resolved, and what to do.
    fn note_opaque(&mut self, module: ModuleId, table: &TableName, column: &str, ty: &Type, place: &Place) {
        let Type::Opaque { path } = ty else { return };
        let key = self.type_key(module, path);
        let message = format!(
            "the type `{path}` of {table}.{column} could not be resolved, so it is not compared; \
             say what it is with `\"{key}\" = \"…\"` under [types] in autogen.toml, or with `column_type`"
        );
        self.notices.push(Notice::new(NoticeKind::OpaqueType, message).on(table).named(column).at(Some(place)));
    }

    /// The name under which `[types]` finds a type: its path where it has one.
    fn type_key(&mut self, module: ModuleId, path: &str) -> String {
        let Some(ty) = RustType::parse(path) else { return path.to_owned() };
        // Of `Vec<Point>` it is `Point` that is unknown.
        if let Some(wrapped) = ty.last_segment().filter(|last| WRAPPERS.contains(&last.name.as_str()))
            && let Some(argument) = wrapped.arguments.first()
        {
            return self.type_key(module, &argument.text);
        }
        match ty.names().and_then(|names| self.resolver.resolve(module, &names)).map(|(found, _)| found) {
            Some(Found::Item(home, _, name)) => {
                let mut steps = self.program.module_path(home);
                steps.push(name);
                let same = self.program.modules[home].krate == self.program.modules[module].krate;
                let krate = &self.program.crates[self.program.modules[home].krate].manifest.name;
                let first = if same || krate.is_empty() { "crate" } else { krate };
                format!("{first}::{}", steps.join("::"))
            }
            Some(Found::External(path)) => path.join("::"),
            Some(Found::Module(_)) | None => path.to_owned(),
        }
    }

    /// Says that something outside the grammar was left out.
    fn note(&mut self, table: &TableName, name: &str, place: &Place, message: String) {
        self.notices.push(Notice::new(NoticeKind::NotUnderstood, message).on(table).named(name).at(Some(place)));
    }

    /// Says that SeaORM ignores an attribute.
    fn note_unknown(&mut self, table: &TableName, meta: &crate::attributes::Meta, on: &str, known: &[&str]) {
        let advice = match names::nearest(&meta.name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "SeaORM ignores it".to_owned(),
        };
        let message = format!("unknown attribute `{}` on {on}; {advice}", meta.name);
        let notice = Notice::new(NoticeKind::UnknownAttribute, message).on(table).named(meta.name.clone());
        self.notices.push(notice.at(Some(&meta.place)));
    }

    /// Sets auto-increment where SeaORM would, and where a database could.
    fn number(&mut self, table: &TableName, columns: &mut [DraftColumn]) {
        for column in columns.iter_mut().filter(|column| column.is_primary) {
            if is_numberable(&column.column.ty) {
                column.column.auto_increment = Some(AutoIncrement::Unspecified);
                continue;
            }
            let name = column.column.name.clone();
            let message = format!(
                "SeaORM would number the primary key {table}.{name}, and no database numbers a {}; \
                 it is read as not numbered; say `auto_increment = false`",
                column.column.ty
            );
            if let Some(place) = column.column.origin.place().cloned() {
                self.note(table, &name, &place, message);
            }
        }
    }
}

fn is_numberable(ty: &Type) -> bool {
    matches!(ty, Type::Integer { .. } | Type::Opaque { .. } | Type::Decimal { .. } | Type::Other { .. })
}

/// The name of a field as SeaORM sees it.
fn field_name(field: &Field) -> &str {
    field.name.as_deref().unwrap_or_default()
}
