//! How long it takes to read many entities.
//!
//! `cargo run --release -p autogen-model --example bench_model -- 1000`
//!
//! Writes that many files of ten fields each into a temporary folder and reads them several times.

use std::fmt::Write as _;
use std::io::Write;
use std::time::Instant;

use autogen_model::{Options, read};

// As in the command.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(1000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let mut root = String::from("pub mod types;\n");
    for at in 0..count {
        writeln!(root, "pub mod table_{at};")?;
        std::fs::write(folder.path().join(format!("table_{at}.rs")), entity(at, count))?;
    }
    std::fs::write(folder.path().join("mod.rs"), root)?;
    std::fs::write(folder.path().join("types.rs"), TYPES)?;

    let options = Options {
        root: folder.path().to_path_buf(),
        entities: vec![folder.path().to_path_buf()],
        ..Options::default()
    };
    let mut out = std::io::stdout().lock();
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        let reading = read(&options)?;
        times.push(start.elapsed());
        assert_eq!((reading.entities, reading.files), (count, count + 2), "everything is read");
    }
    times.sort();
    writeln!(
        out,
        "{count} entities, read {} times: {:?} at best, {:?} in the middle",
        times.len(),
        times[0],
        times[times.len() / 2]
    )?;
    Ok(())
}

const TYPES: &str = r#"
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveValueType)]
pub struct Price(pub i64);

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "status", rename_all = "snake_case")]
pub enum Status {
    Open,
    Closed,
}
"#;

/// Ten fields, a relation, and the code that entities usually carry along.
fn entity(at: usize, count: usize) -> String {
    let other = (at + 1) % count;
    format!(
        r#"//! Table number {at}.

use sea_orm::entity::prelude::*;
use serde::{{Deserialize, Serialize}};

use super::types::{{Price, Status}};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveEntityModel)]
#[sea_orm(table_name = "table_{at}")]
pub struct Model {{
    #[sea_orm(primary_key)]
    pub id: i32,
    #[sea_orm(unique)]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    #[sea_orm(column_type = "Decimal(Some((10, 2)))", default_value = 0)]
    pub amount: Decimal,
    pub price: Price,
    pub status: Status,
    #[sea_orm(default_expr = "Expr::current_timestamp()")]
    pub created_at: DateTimeWithTimeZone,
    pub settings: Option<Json>,
    #[sea_orm(indexed)]
    pub owner: Uuid,
    pub other_id: Option<i32>,
}}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {{
    #[sea_orm(
        belongs_to = "super::table_{other}::Entity",
        from = "Column::OtherId",
        to = "super::table_{other}::Column::Id",
        on_delete = "SetNull"
    )]
    Other,
}}

impl Related<super::table_{other}::Entity> for Entity {{
    fn to() -> RelationDef {{
        Relation::Other.def()
    }}
}}

impl ActiveModelBehavior for ActiveModel {{}}

impl Model {{
    pub fn is_open(&self) -> bool {{
        self.status == Status::Open && self.note.as_deref().is_some_and(|note| !note.is_empty())
    }}
}}
"#
    )
}
