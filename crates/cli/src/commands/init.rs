//! `autogen init`: the configuration, and a migration crate where there is none. Writes nothing over an existing file,
//! but for the `main` of a crate that is there, where `--replace-main` asks for it.

mod detect;
mod existing;
mod members;

use std::fs;
use std::path::{Path, PathBuf};

use autogen_migrate::source::{AutogenSource, Drivers, template};
use autogen_schema::Backend;

use super::Session;
use crate::args::Init;
use crate::config::FILE_NAME;
use crate::exit::{Code, Failure, Outcome};
use crate::files::{self, Edit};
use crate::settings;

/// Writes what is missing, and says what is left to do by hand.
pub(crate) fn run(session: &Session, args: &Init) -> Outcome {
    let root = &session.surroundings.folder;
    if args.replace_main && root.join(FILE_NAME).exists() {
        return replace_main(session, args);
    }
    refuse_second_configuration(root)?;
    let entities = entities(root, args)?;
    let migrations = root.join(&args.migrations);
    let mut edits = vec![Edit::Create { path: root.join(FILE_NAME), text: configuration(&entities, args) }];
    let mut advice = Vec::new();
    if has_migrations(&migrations) && args.replace_main {
        edits.extend(existing::with_our_main(&migrations, || dependency(args))?);
    } else if has_migrations(&migrations) {
        advice.extend(existing::advice(&migrations, &args.migrations.display().to_string(), || dependency(args))?);
    } else {
        let dependency = dependency(args)?;
        advice.extend(warning_of_path(&dependency));
        edits.extend(new_crate(session, &migrations, &dependency));
        let membership = members::add(root, &args.migrations);
        advice.extend(membership.advice);
        edits.extend(membership.edit);
    }
    write(&edits, &migrations)?;
    tell(session, &edits);
    for line in advice {
        session.printer.note(&format!("\n{line}"));
    }
    session.printer.note(&next(session));
    Ok(Code::Fine)
}

/// The `main` alone, in a project that has a configuration.
fn replace_main(session: &Session, args: &Init) -> Outcome {
    let migrations = session.settings()?.migrations();
    if !has_migrations(&migrations) {
        return Err(Failure::usage(format!("there is no migration crate in {}", migrations.display())));
    }
    let edits = existing::with_our_main(&migrations, || dependency(args))?;
    write(&edits, &migrations)?;
    tell(session, &edits);
    session.printer.note("\nRead the change; `autogen upgrade --dry-run` shows what is pending.");
    Ok(Code::Fine)
}

fn tell(session: &Session, edits: &[Edit]) {
    let root = &session.surroundings.folder;
    for edit in edits {
        let path = edit.path();
        session.printer.result(&format!("{} {}", edit.verb(), path.strip_prefix(root).unwrap_or(path).display()));
    }
}

fn refuse_second_configuration(root: &Path) -> Result<(), Failure> {
    let path = root.join(FILE_NAME);
    if path.exists() {
        return Err(Failure::usage(format!(
            "{} is there already, and is left as it is; edit it, or remove it first",
            path.display()
        )));
    }
    Ok(())
}

fn entities(root: &Path, args: &Init) -> Result<PathBuf, Failure> {
    match &args.entities {
        Some(path) if root.join(path).exists() => Ok(path.clone()),
        Some(path) => Err(Failure::usage(format!("there is nothing at {}, which --entities names", path.display()))),
        None => detect::entities(root).ok_or_else(|| {
            Failure::usage(format!(
                "no entities in {}: looked for {}; name their folder with --entities",
                root.display(),
                detect::PLACES.join(", ")
            ))
        }),
    }
}

fn has_migrations(folder: &Path) -> bool {
    ["Cargo.toml", "src/lib.rs", "lib.rs", "mod.rs"].iter().any(|name| folder.join(name).exists())
}

fn configuration(entities: &Path, args: &Init) -> String {
    let quoted = |path: &Path| toml::Value::String(path.to_string_lossy().replace('\\', "/")).to_string();
    format!(
        r#"# What autogen compares. Paths are relative to this file; docs/configuration.md describes every key.
entities = {}
migrations = {}

# The database, where nothing stronger names one: -u, -x url=…, DATABASE_URL, .env beside this file.
# database_url = "sqlite://app.db?mode=rwc"

# What Rust types are in SQL that autogen cannot find out:
# [types]
# "crate::ids::UserId" = "integer"
"#,
        quoted(entities),
        quoted(&args.migrations)
    )
}

/// What the new crate gets `autogen-migrate` from.
fn dependency(args: &Init) -> Result<AutogenSource, Failure> {
    match args.migrate_from.as_deref() {
        None => {
            let own = own_checkout();
            own.ok_or_else(|| {
                Failure::usage(
                    "this autogen was built from a folder that is gone, so it cannot say where autogen-migrate is; give --migrate-from with a version, a path, or git=URL",
                )
            })
        }
        Some(text) => Ok(parse_dependency(text, &std::env::current_dir().unwrap_or_default())),
    }
}

fn parse_dependency(text: &str, folder: &Path) -> AutogenSource {
    if let Some(url) = text.strip_prefix("git=") {
        return AutogenSource::Git(url.to_owned());
    }
    if text.starts_with(|first: char| first.is_ascii_digit() || "^~=<>*".contains(first)) {
        return AutogenSource::Version(text.to_owned());
    }
    let path = folder.join(text.strip_prefix("path=").unwrap_or(text));
    AutogenSource::Path(path.canonicalize().unwrap_or(path).to_string_lossy().into_owned())
}

/// The folder of `autogen-migrate` beside the sources that this program was built from.
fn own_checkout() -> Option<AutogenSource> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("migrate");
    path.join("Cargo.toml").is_file().then(|| AutogenSource::Path(path.to_string_lossy().into_owned()))
}

fn warning_of_path(dependency: &AutogenSource) -> Option<String> {
    match dependency {
        AutogenSource::Path(path) => Some(format!(
            "The migration crate takes autogen-migrate from {path}, which exists on this machine only: give --migrate-from, or change its Cargo.toml, before you commit it."
        )),
        AutogenSource::Version(_) | AutogenSource::Git(_) => None,
    }
}

fn new_crate(session: &Session, folder: &Path, dependency: &AutogenSource) -> Vec<Edit> {
    let name = folder.file_name().map_or_else(|| "migration".into(), |name| name.to_string_lossy().into_owned());
    template(&name, dependency, drivers(session))
        .into_iter()
        .map(|file| Edit::Create { path: folder.join(file.path), text: file.text })
        .collect()
}

/// The driver of the database that is named, or all of them: a build without the right one fails late.
fn drivers(session: &Session) -> Drivers {
    let url = settings::url_before_project(&session.common, &session.surroundings);
    match url.map(|url| url.backend()) {
        Ok(Backend::Sqlite) => Drivers { sqlite: true, ..Drivers::default() },
        Ok(Backend::Postgres) => Drivers { postgres: true, ..Drivers::default() },
        Ok(Backend::Mysql | Backend::Mariadb) => Drivers { mysql: true, ..Drivers::default() },
        Err(_) => Drivers { sqlite: true, postgres: true, mysql: true },
    }
}

/// The folders are made first: files are written beside the place they go to.
fn write(edits: &[Edit], migrations: &Path) -> Result<(), Failure> {
    let failure = |error: std::io::Error| Failure::usage(format!("could not make {}: {error}", migrations.display()));
    let was_there = migrations.exists();
    for edit in edits {
        if let Some(folder) = edit.path().parent() {
            fs::create_dir_all(folder).map_err(failure)?;
        }
    }
    files::write_all(edits).map_err(|error| {
        if !was_there {
            // Only empty folders go.
            let _ = fs::remove_dir(migrations.join("src"));
            let _ = fs::remove_dir(migrations);
        }
        Failure::usage(error.to_string())
    })
}

fn next(session: &Session) -> String {
    let url = settings::url_before_project(&session.common, &session.surroundings);
    let database =
        if url.is_ok() { "" } else { "name the database (database_url in autogen.toml, or DATABASE_URL), then " };
    format!("\nNext: {database}run `autogen -m \"what you changed\"`.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_is_a_version_a_path_or_a_repository() {
        let here = Path::new("/project");
        let parse = |text| parse_dependency(text, here);
        assert_eq!(parse("0.1"), AutogenSource::Version("0.1".into()));
        assert_eq!(parse("git=https://example.org/autogen"), AutogenSource::Git("https://example.org/autogen".into()));
        assert_eq!(parse("vendor/migrate"), AutogenSource::Path("/project/vendor/migrate".into()));
        assert_eq!(parse("/opt/migrate"), AutogenSource::Path("/opt/migrate".into()));
    }

    #[test]
    fn the_configuration_reads_back() {
        let args = Init { entities: None, migrations: "db/migration".into(), migrate_from: None, replace_main: false };
        let config = crate::config::Config::parse(&configuration(Path::new("src/entities"), &args));
        let config = config.expect("the file is as the reader wants it");
        assert_eq!(config.entities, [PathBuf::from("src/entities")]);
        assert_eq!(config.migrations, PathBuf::from("db/migration"));
    }
}
