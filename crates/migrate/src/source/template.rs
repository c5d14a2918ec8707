//! The files of a new migration crate, in the layout that `sea-orm-cli migrate init` gives.

/// How the new crate depends on `autogen-migrate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AutogenSource {
    /// A published version, as in `0.1`.
    Version(String),
    /// A checkout on this machine.
    Path(String),
    /// A repository.
    Git(String),
}

/// Which database drivers the new crate is built with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drivers {
    /// SQLite.
    pub sqlite: bool,
    /// PostgreSQL.
    pub postgres: bool,
    /// MySQL and MariaDB.
    pub mysql: bool,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFile {
    /// The path within the new folder, with `/` between folders.
    pub path: &'static str,
    /// The content.
    pub text: String,
}

/// The files of a new migration crate without a first migration. `name` is the name of the package.
pub fn template(name: &str, autogen: &AutogenSource, drivers: Drivers) -> Vec<TemplateFile> {
    let file = |path, text| TemplateFile { path, text };
    vec![
        file("Cargo.toml", manifest(name, autogen, drivers)),
        file("build.rs", BUILD.to_owned()),
        file("src/lib.rs", LIB.to_owned()),
        file("src/main.rs", MAIN.replace("migration::", &format!("{}::", name.replace('-', "_")))),
        file("README.md", README.to_owned()),
    ]
}

fn manifest(name: &str, autogen: &AutogenSource, drivers: Drivers) -> String {
    let source = match autogen {
        AutogenSource::Version(version) => format!("version = {}", quoted(version)),
        AutogenSource::Path(path) => format!("path = {}", quoted(path)),
        AutogenSource::Git(url) => format!("git = {}", quoted(url)),
    };
    let chosen = |names: [&str; 3]| {
        let wanted = [drivers.sqlite, drivers.postgres, drivers.mysql];
        let names = names.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(name, _)| format!("\"{name}\""));
        names.collect::<Vec<_>>()
    };
    let own = chosen(["sqlite", "postgres", "mysql"]).join(", ");
    let mut features = vec!["\"runtime-tokio-rustls\"".to_owned()];
    features.extend(chosen(["sqlx-sqlite", "sqlx-postgres", "sqlx-mysql"]));
    let features = features.join(", ");
    let lib = name.replace('-', "_");
    format!(
        r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
publish = false

[lib]
name = "{lib}"
path = "src/lib.rs"

[dependencies]
autogen-migrate = {{ {source}, default-features = false, features = [{own}] }}
sea-orm-migration = {{ version = "2.0", default-features = false, features = [{features}] }}
tokio = {{ version = "1", features = ["macros", "rt"] }}
"#
    )
}

/// A TOML string. A Windows path has backslashes.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

const LIB: &str = "\
pub use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}
";

pub(super) const MAIN: &str = "\
use std::process::ExitCode;

/// The revision graph, which build.rs reads from the migrations.
const REVISIONS: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/revisions.txt\"));

#[tokio::main(flavor = \"current_thread\")]
async fn main() -> ExitCode {
    autogen_migrate::main_with_graph(migration::Migrator, REVISIONS).await
}
";

/// Plain `std`, so that it is compiled in a moment: the program itself parses what it collects.
pub(super) const BUILD: &str = "\
//! Compiles the texts of the migrations into the program, which reads the revision graph from them.

use std::path::Path;
use std::{env, fs};

fn main() {
    println!(\"cargo::rerun-if-changed=src\");
    let mut revisions = Vec::new();
    for entry in fs::read_dir(\"src\").expect(\"the folder src\") {
        let path = entry.expect(\"an entry of src\").path();
        if path.extension().is_some_and(|end| end == \"rs\") {
            let text = fs::read_to_string(&path).expect(\"a source file\");
            let stem = path.file_stem().expect(\"a file name\").to_string_lossy();
            revisions.push(format!(\"= {stem} {}\\n{text}\", text.len()));
        }
    }
    revisions.sort();
    let folder = env::var(\"OUT_DIR\").expect(\"cargo sets OUT_DIR\");
    let file = Path::new(&folder).join(\"revisions.txt\");
    fs::write(file, revisions.concat()).expect(\"a place to write\");
}
";

const README: &str = "\
# Migrations

Written by `autogen` from the difference between the entities and the database, and edited by hand where needed.

```sh
autogen -m \"add email\"       # write the next migration
autogen upgrade              # apply what is pending
autogen downgrade -1         # revert the last one
```

In production the binary of this crate is enough; it needs no sources and takes the database from the environment:

```sh
DATABASE_URL=postgres://app@db/app ./migration upgrade
DATABASE_URL=postgres://app@db/app ./migration current
```
";
