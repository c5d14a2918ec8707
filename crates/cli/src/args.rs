//! The command line.

mod revisions;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::revisions::{
    Branches, Current, Downgrade, Edit, Heads, History, Init, Marks, Merge, Placing, Running, Show, Stamp, Status,
    Upgrade,
};
use crate::printing::Color;

/// Writes SeaORM migrations from the difference between entities and a live database.
#[derive(Debug, Parser)]
#[command(
    name = "autogen",
    version,
    arg_required_else_help = true,
    subcommand_negates_reqs = true,
    after_help = "\
Examples:
  autogen init            write autogen.toml and a migration crate
  autogen -m \"add email\"  write the migration from database to entities
  autogen upgrade         apply what is pending
  autogen check           exit 1 where database and entities differ
  autogen downgrade -1    take the last revision back

The database URL comes from, strongest first: -u, -x url=…, DATABASE_URL in
the environment, .env beside autogen.toml, autogen.toml."
)]
pub(crate) struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) common: Common,

    /// Compare and write a revision: short for `autogen revision --autogenerate -m TEXT`.
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,

    /// How to compare for -m.
    #[command(flatten)]
    pub(crate) comparing: Comparing,

    /// How to prove what -m writes.
    #[command(flatten)]
    pub(crate) proving: Proving,

    /// How to write it.
    #[command(flatten)]
    pub(crate) writing: Writing,

    /// The command.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Common {
    /// Do everything as if started in this folder.
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    pub(crate) directory: Option<PathBuf>,

    /// The configuration file, in the place of AUTOGEN_CONFIG or the nearest autogen.toml upwards.
    #[arg(short, long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,

    /// The database.
    #[arg(short = 'u', long, value_name = "URL", global = true, hide_env_values = true)]
    pub(crate) database_url: Option<String>,

    /// Something for the migrations, which ask for it with `autogen_migrate::x_argument`; `url` names the database.
    #[arg(short = 'x', value_name = "KEY=VALUE", global = true)]
    pub(crate) extra: Vec<String>,

    /// Say more: all of a revision; the queries that read a database, and their times. Twice, show their text too.
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(crate) verbose: u8,

    /// When to use colour; `auto` is on a terminal, unless NO_COLOR is set.
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write autogen.toml and, where there is none, a migration crate.
    Init(Init),
    /// Write a revision: empty, or with --autogenerate from the difference between entities and database.
    Revision(Revision),
    /// Apply revisions: builds the migration crate and runs it.
    #[command(after_help = "\
Examples:
  autogen upgrade               apply everything that is pending
  autogen upgrade 4f2a9c1b7e04  apply up to and with this revision
  autogen upgrade +1            apply the next one
  autogen upgrade --dry-run     show what would be applied")]
    Upgrade(Upgrade),
    /// Take revisions back: builds the migration crate and runs it.
    #[command(after_help = "\
Examples:
  autogen downgrade -1            take the last revision back
  autogen downgrade 1d0e6b5c9a77  take back everything after this revision
  autogen downgrade base          take everything back")]
    Downgrade(Downgrade),
    /// Show the revision that the database is at.
    Current(Current),
    /// List the revisions, newest first.
    #[command(after_help = "\
Examples:
  autogen history -r 1d0e:head     from a revision to the head, both included
  autogen history -r -3:current    the last ones that are applied
  autogen history -i               mark where the database is")]
    History(History),
    /// List the revisions that no other follows.
    Heads(Heads),
    /// List the revisions that several others follow, and those.
    Branches(Branches),
    /// Show all of a revision.
    Show(Show),
    /// Open a revision's file in $VISUAL or $EDITOR.
    Edit(Edit),
    /// Bring branches together: write a revision with several parents.
    Merge(Merge),
    /// Record that the database is at these revisions, without running anything.
    Stamp(Stamp),
    /// Create the version table where it is not there.
    EnsureVersion,
    /// Show where the database is: its revision, the heads, what is pending, what differs from the entities.
    Status(Status),
    /// Compare entities with the database: exit 0 in sync, 1 on a difference or a pending revision.
    #[command(after_help = "\
Examples:
  autogen check                 compare, as autogen.toml says
  autogen check --format json   the same report for a program
  autogen check --entities entity -u postgres://ann@localhost/app
                                compare without any configuration")]
    Check(Check),
    /// Accept the differences that there are today: they are left alone for as long as both sides stay what they are.
    #[command(after_help = "\
Examples:
  autogen baseline --dry-run   show what would be accepted
  autogen baseline             accept it, in autogen.lock")]
    Baseline(Baseline),
    /// Compare two schemas, wherever they come from.
    #[command(after_help = "\
A source is `entities` or `database` (of the project), a database URL, a folder
of entities, or a JSON file that `autogen inspect --format json` wrote.

Examples:
  autogen diff --from sqlite://old.db --to sqlite://new.db
  autogen diff --from postgres://localhost/live --to schema.json --format sql
                                the statements between them, for psql
  autogen diff --from postgres://localhost/a --to postgres://localhost/b --exit-code")]
    Diff(Diff),
    /// Run all revisions from nothing on a scratch database: each up, each down, each up again, and compare at the end.
    Verify(Verify),
    /// Throw away a revision that was not applied: its file, its registration and its part of autogen.lock.
    Discard(Discard),
    /// Show a schema as it is read: `entities`, `database`, a database URL, a folder of entities, or a JSON file.
    Inspect(Inspect),
}

/// `autogen revision`
#[derive(Args, Debug)]
pub(crate) struct Revision {
    /// What the revision does, in a few words.
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,

    /// Compare entities with the database and write what is between them.
    #[arg(long)]
    pub(crate) autogenerate: bool,

    /// Where it stands in the history.
    #[command(flatten)]
    pub(crate) placing: Placing,

    /// How to compare for --autogenerate.
    #[command(flatten)]
    pub(crate) comparing: Comparing,

    /// How to prove what --autogenerate writes.
    #[command(flatten)]
    pub(crate) proving: Proving,

    /// How to write it.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// How a generated revision is written, or shown instead.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Writing {
    /// Write nothing; print the file, how its registration would change the list, and the SQL.
    #[arg(long, requires = "message")]
    pub(crate) dry_run: bool,

    /// Write nothing; print the SQL of both directions.
    #[arg(long, requires = "message")]
    pub(crate) sql: bool,

    /// Write nothing; print the file.
    #[arg(long, requires = "message")]
    pub(crate) stdout: bool,

    /// Write the newest revision anew, which must be neither applied nor edited.
    #[arg(long, requires = "message")]
    pub(crate) amend: bool,

    /// Check that the migration crate builds with the new file.
    #[arg(long, requires = "message")]
    pub(crate) build: bool,

    /// Let others work meanwhile (PostgreSQL): indexes concurrently, constraints checked afterwards, in as many revisions as it takes.
    #[arg(long, requires = "message")]
    pub(crate) online: bool,
}

impl Writing {
    /// Whether nothing is written.
    pub(crate) const fn is_preview(&self) -> bool {
        self.dry_run || self.sql || self.stdout
    }
}

/// What goes with -m and with --autogenerate.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Comparing {
    /// The form of the report.
    #[arg(long, value_name = "FORM", requires = "message")]
    pub(crate) format: Option<Format>,

    /// Drop what only the database has, and forget what was declared and accepted before.
    #[arg(long, requires = "message")]
    pub(crate) strict: bool,

    /// A rename, as users.name=full_name, old_table=new_table, index:users.old=new or enum:role.old=new.
    #[arg(long = "rename", value_name = "OLD=NEW", requires = "message")]
    pub(crate) renames: Vec<autogen_schema::Rename>,

    /// What existing rows hold in a column that becomes required, as users.email="'unknown'".
    #[arg(long = "backfill", value_name = "TABLE.COLUMN=SQL", requires = "message")]
    pub(crate) backfills: Vec<autogen_schema::Backfill>,
}

impl Comparing {
    /// Whether anything is said that needs a comparison.
    pub(crate) fn is_said(&self) -> bool {
        self.strict || !self.renames.is_empty() || !self.backfills.is_empty()
    }
}

/// How a generated revision is proven.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Proving {
    /// Write the revision without running it on a scratch database first.
    #[arg(long, requires = "message")]
    pub(crate) no_prove: bool,

    /// Where to run it.
    #[command(flatten)]
    pub(crate) scratch: ScratchPlace,
}

/// Where a scratch database is made.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ScratchPlace {
    /// A server to make scratch databases on; without it they are made on the database's own server, if that is this
    /// machine.
    #[arg(long, value_name = "URL", hide_env_values = true)]
    pub(crate) scratch_url: Option<String>,

    /// Make scratch databases on the database's own server even where that is another machine.
    #[arg(long)]
    pub(crate) scratch_on_server: bool,
}

/// `autogen verify`
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// The form of the result.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,

    /// Where to run the revisions.
    #[command(flatten)]
    pub(crate) scratch: ScratchPlace,
}

/// `autogen check`
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The form of the report.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,

    /// What only the database has is a difference, whatever was declared or accepted before.
    #[arg(long)]
    pub(crate) strict: bool,

    /// Compare these entities, without configuration, lock and migration crate. May be given more than once.
    #[arg(long, value_name = "PATH")]
    pub(crate) entities: Vec<PathBuf>,
}

/// `autogen baseline`
#[derive(Args, Debug)]
pub(crate) struct Baseline {
    /// Show what would be accepted, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// How long to wait for a process that runs migrations on the same database.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) lock_timeout: u64,
}

/// `autogen diff`
#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// The schema to start from.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) from: String,

    /// The schema to arrive at.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) to: String,

    /// The form: a report for people or programs, or the SQL that takes the first to the second.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: SchemaFormat,

    /// Exit 1 where there is a difference.
    #[arg(long)]
    pub(crate) exit_code: bool,

    /// What existing rows hold in a column that becomes required, as users.email="'unknown'".
    #[arg(long = "backfill", value_name = "TABLE.COLUMN=SQL")]
    pub(crate) backfills: Vec<autogen_schema::Backfill>,

    /// The database that is meant, where no source is one: sqlite, postgres, mysql or mariadb.
    #[arg(long, value_name = "NAME")]
    pub(crate) backend: Option<autogen_schema::Backend>,
}

/// `autogen discard`
#[derive(Args, Debug)]
pub(crate) struct Discard {
    /// The revision: its id, the beginning of it, its file's name, or `head`.
    #[arg(value_name = "REVISION")]
    pub(crate) revision: String,
}

/// `autogen inspect`
#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// `entities`, `database`, a database URL, a folder of entities, or a JSON file that this command wrote.
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,

    /// The form: text for people, JSON for programs, SQL that makes the schema in an empty database.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: SchemaFormat,

    /// The database whose SQL is meant, where the source is none: sqlite, postgres, mysql or mariadb.
    #[arg(long, value_name = "NAME")]
    pub(crate) backend: Option<autogen_schema::Backend>,
}

/// The forms of a schema, and of the difference between two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaFormat {
    #[default]
    Text,
    Json,
    Sql,
}

/// The forms of a report: `text` for people, `json` for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    // No doc comments: clap would spend a paragraph on each value.
    #[default]
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once("autogen").chain(line.split_whitespace()))
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_message_alone_is_enough() {
        let cli = parse("-m email -u sqlite://a.db").expect("the main job");
        assert_eq!(cli.message.as_deref(), Some("email"));
        assert_eq!(cli.common.database_url.as_deref(), Some("sqlite://a.db"));
    }

    #[test]
    fn a_negative_number_is_a_target() {
        for (line, expected) in [
            ("downgrade -1", "-1"),
            ("downgrade base", "base"),
            ("-C sub downgrade -12", "-12"),
            ("downgrade --lock-timeout 5 -1", "-1"),
            ("downgrade -1 --dry-run", "-1"),
        ] {
            let cli = parse(line).expect("a target");
            let Some(Command::Downgrade(downgrade)) = cli.command else { panic!("{line} is a downgrade") };
            assert_eq!(downgrade.target, expected);
        }
    }

    #[test]
    fn common_options_may_stand_after_the_command() {
        let cli = parse("check -u sqlite://a.db -C sub --format json -x url=sqlite://b.db").expect("all are options");
        assert_eq!(cli.common.directory, Some("sub".into()));
        assert_eq!(cli.common.extra, ["url=sqlite://b.db"]);
    }

    #[test]
    fn a_downgrade_needs_a_target_and_an_upgrade_does_not() {
        assert!(parse("downgrade").is_err());
        let Ok(Cli { command: Some(Command::Upgrade(upgrade)), .. }) = parse("upgrade") else {
            panic!("upgrade stands alone")
        };
        assert_eq!(upgrade.target, "head");
    }
}
