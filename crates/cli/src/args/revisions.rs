//! The options of the commands that deal with revisions.

use std::path::PathBuf;

use clap::Args;

use super::{Format, ScratchPlace};

/// `autogen init`
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// The entities: a crate or a folder. Without it the usual places are tried.
    #[arg(long, value_name = "PATH")]
    pub(crate) entities: Option<PathBuf>,

    /// The folder of the migration crate.
    #[arg(long, value_name = "DIR", default_value = "migration")]
    pub(crate) migrations: PathBuf,

    /// What the migration crate depends on for `autogen-migrate`: a version, a path, or git=URL.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) migrate_from: Option<String>,

    /// Give a migration crate that is there autogen's main in the place of SeaORM's, with the graph compiled in.
    #[arg(long)]
    pub(crate) replace_main: bool,
}

/// Where a new revision stands in the history.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Placing {
    /// The revision that it follows: `head` where nothing is said, `base` for a new root; more than one makes a merge.
    #[arg(long = "head", value_name = "REVISION")]
    pub(crate) heads: Vec<String>,

    /// What else is said of it.
    #[command(flatten)]
    pub(crate) marks: Marks,
}

/// What is said of a new revision beside its place.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Let it follow a revision that others follow already: a new branch.
    #[arg(long)]
    pub(crate) splice: bool,

    /// A name for the branch that begins with it.
    #[arg(long = "branch-label", value_name = "NAME")]
    pub(crate) labels: Vec<String>,

    /// A revision of another branch that has to be applied before it.
    #[arg(long, value_name = "REVISION")]
    pub(crate) depends_on: Vec<String>,

    /// Its id, in the place of one that is computed.
    #[arg(long, value_name = "ID")]
    pub(crate) rev_id: Option<String>,
}

/// `autogen merge`
#[derive(Args, Debug)]
pub(crate) struct Merge {
    /// The revisions to bring together.
    #[arg(value_name = "REVISION", default_value = "heads")]
    pub(crate) revisions: Vec<String>,

    /// What the merge is for.
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,

    /// What else is said of it.
    #[command(flatten)]
    pub(crate) marks: Marks,
}

/// `autogen upgrade`
#[derive(Args, Debug)]
pub(crate) struct Upgrade {
    /// `head`, `heads`, a revision (its id, the beginning of it, or its file's name), or +N; a range FROM:TO with --sql.
    #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
    pub(crate) target: String,

    /// How to run.
    #[command(flatten)]
    pub(crate) running: Running,
}

/// `autogen downgrade`
#[derive(Args, Debug)]
pub(crate) struct Downgrade {
    /// -N, `base`, or the revision to return to; a range FROM:TO with --sql.
    #[arg(value_name = "TARGET", allow_negative_numbers = true)]
    pub(crate) target: String,

    /// How to run.
    #[command(flatten)]
    pub(crate) running: Running,
}

/// How revisions are run.
#[derive(Args, Clone, Debug)]
pub(crate) struct Running {
    /// Show what would be run, and run nothing. Nothing is built.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// The form of the plan that --dry-run shows.
    #[arg(long, value_name = "FORM", requires = "dry_run")]
    pub(crate) format: Option<Format>,

    /// Print the SQL of the range, in the place of running it; it is run on a scratch database, and taken down there.
    #[arg(
        long,
        conflicts_with_all = ["dry_run", "single_transaction", "resume", "restart", "lock_timeout"]
    )]
    pub(crate) sql: bool,

    /// Where to run it for --sql.
    #[command(flatten)]
    pub(crate) scratch: ScratchPlace,

    /// How long to wait for another process that runs migrations on the same database.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) lock_timeout: u64,

    /// One transaction around everything that is run (PostgreSQL and SQLite).
    #[arg(long)]
    pub(crate) single_transaction: bool,

    /// Go on with a revision that was cut short on MySQL or MariaDB: pass over what ran, try again what is in doubt.
    #[arg(long, conflicts_with = "restart")]
    pub(crate) resume: bool,

    /// Begin such a revision anew, after what it had done was taken back by hand.
    #[arg(long)]
    pub(crate) restart: bool,
}

/// `autogen current`
#[derive(Args, Debug)]
pub(crate) struct Current {
    /// Exit 1 where the database is not at all heads.
    #[arg(long)]
    pub(crate) check_heads: bool,

    /// The form of the result.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
}

/// `autogen history`
#[derive(Args, Debug)]
pub(crate) struct History {
    /// Only a range: a:b, a: or :b, both ends included; `current` and steps such as -3:current are known.
    #[arg(short = 'r', long, value_name = "RANGE", allow_hyphen_values = true)]
    pub(crate) rev_range: Option<String>,

    /// Mark the revision that the database is at.
    #[arg(short, long)]
    pub(crate) indicate_current: bool,

    /// The form of the result.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
}

/// `autogen heads`
#[derive(Args, Debug)]
pub(crate) struct Heads {
    /// Leave out those that another branch depends on.
    #[arg(long)]
    pub(crate) resolve_dependencies: bool,

    /// The form of the result.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
}

/// `autogen branches`
#[derive(Args, Debug)]
pub(crate) struct Branches {
    /// The form of the result.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
}

/// `autogen show`
#[derive(Args, Debug)]
pub(crate) struct Show {
    /// A revision, `head`, `heads` or `current`.
    #[arg(value_name = "REVISION", default_value = "heads", allow_negative_numbers = true)]
    pub(crate) revision: String,

    /// The form of the result.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
}

/// `autogen edit`
#[derive(Args, Debug)]
pub(crate) struct Edit {
    /// A revision, `head`, `heads` or `current`.
    #[arg(value_name = "REVISION", default_value = "head", allow_negative_numbers = true)]
    pub(crate) revision: String,
}

/// `autogen stamp`
#[derive(Args, Debug)]
pub(crate) struct Stamp {
    /// Revisions on different branches, `head`, `heads` or `base`.
    #[arg(value_name = "REVISION", required = true, allow_negative_numbers = true)]
    pub(crate) revisions: Vec<String>,

    /// Remove all rows first, also those of revisions that no file has.
    #[arg(long)]
    pub(crate) purge: bool,

    /// How long to wait for another process that runs migrations on the same database.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) lock_timeout: u64,

    /// The form of the result.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
}

/// `autogen status`
#[derive(Args, Debug)]
pub(crate) struct Status {
    /// Exit 1 where a revision is pending or unknown, or the database differs from the entities.
    #[arg(long)]
    pub(crate) check: bool,

    /// The form of the result.
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
}
