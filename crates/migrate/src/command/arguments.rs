//! What can be typed.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::runner::{Goal, HalfDone};

#[derive(Debug, Parser)]
#[command(about = "Applies and reverts the migrations that are compiled into this program")]
#[command(
    after_help = "The database is the one in the environment variable DATABASE_URL; DATABASE_SCHEMA becomes the \
search_path on PostgreSQL."
)]
pub(super) struct Arguments {
    /// How long to wait for another process that runs migrations on the same database, in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60)]
    pub(super) lock_timeout: u64,
    /// `text` for people, `json-lines` for programs: one object a line
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Something for the migrations, which ask for it with `autogen_migrate::x_argument`; can be given several times
    #[arg(short = 'x', global = true, value_name = "KEY=VALUE")]
    pub(super) x: Vec<String>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    JsonLines,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Apply what is pending, up to and including the target
    Upgrade {
        /// A revision or the beginning of its name, `head`, `heads`, or `+N` for the next N
        #[arg(default_value = "head", allow_negative_numbers = true)]
        target: String,
        #[command(flatten)]
        run: Run,
    },
    /// Revert what was applied after the target
    Downgrade {
        /// A revision or the beginning of its name, `base`, or `-N` for the last N
        #[arg(allow_negative_numbers = true, required_unless_present = "only")]
        target: Option<String>,
        #[command(flatten)]
        run: Run,
    },
    /// Show which revision the database is at
    Current {
        /// Also when each was made, and its file's message
        #[arg(short, long)]
        verbose: bool,
        /// End with 1 where the database is not at all heads
        #[arg(long)]
        check_heads: bool,
    },
    /// Show all revisions, newest first
    History {
        /// Only a range: `a:b`, `a:` or `:b`; `current` and steps such as `-3:current` are known
        #[arg(short = 'r', long, value_name = "RANGE", allow_hyphen_values = true)]
        rev_range: Option<String>,
        /// Also when each was made
        #[arg(short, long)]
        verbose: bool,
        /// Mark the revision that the database is at
        #[arg(short, long)]
        indicate_current: bool,
    },
    /// Show the revisions that nothing follows
    Heads {
        /// Leave out those that another branch depends on
        #[arg(long)]
        resolve_dependencies: bool,
    },
    /// Show where branches begin, and what they begin with
    Branches,
    /// Show one revision in full
    Show {
        /// A revision, `head` or `current`
        #[arg(allow_negative_numbers = true)]
        revision: String,
    },
    /// Record that the database is at these revisions, without running anything
    Stamp {
        /// Revisions on different branches, `head`, `heads` or `base`
        #[arg(required = true, allow_negative_numbers = true)]
        revisions: Vec<String>,
        /// Remove all rows first, also those of revisions that this program does not have
        #[arg(long)]
        purge: bool,
    },
    /// Show every revision and whether it is applied
    Status,
    /// Apply the next migrations, as SeaORM's own command line does
    Up {
        /// How many; all where it is not given
        #[arg(short, long = "num")]
        num: Option<usize>,
    },
    /// Revert the last migrations, as SeaORM's own command line does
    Down {
        /// How many
        #[arg(short, long = "num", default_value_t = 1)]
        num: usize,
    },
    /// Revert all migrations and apply them again
    Refresh,
    /// Revert all migrations
    Reset,
}

/// How `upgrade` and `downgrade` go about it.
#[derive(Debug, Default, Args)]
pub(super) struct Run {
    /// Run exactly this revision; can be given several times
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    pub(super) only: Vec<String>,
    /// Show what would be run, and run nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Go on with a revision that was cut short on MySQL or MariaDB: pass over what ran, try again what is in doubt
    #[arg(long, conflicts_with = "restart")]
    resume: bool,
    /// Begin such a revision anew, after what it had done was taken back by hand
    #[arg(long)]
    restart: bool,
    /// One transaction around the whole run (PostgreSQL and SQLite)
    #[arg(long)]
    pub(super) single_transaction: bool,
    /// Print the SQL of a range FROM:TO, which is run on the empty database that AUTOGEN_SCRATCH_URL names, or on one in
    /// memory for SQLite
    #[arg(long, conflicts_with_all = ["only", "dry_run", "resume", "restart", "single_transaction"])]
    pub(super) sql: bool,
}

impl Run {
    pub(super) fn goal(&self, target: &str) -> Goal {
        if self.only.is_empty() { target.into() } else { Goal::Stems(self.only.clone()) }
    }

    pub(super) fn half_done(&self) -> HalfDone {
        match (self.resume, self.restart) {
            (true, _) => HalfDone::Resume,
            (false, true) => HalfDone::Restart,
            (false, false) => HalfDone::Report,
        }
    }
}

/// `key=value` as a pair.
pub(super) fn pair(text: &str) -> (String, String) {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    (key.to_owned(), value.to_owned())
}
