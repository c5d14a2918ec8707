//! Where scratch databases are made, and what becomes of a command that uses one.

use autogen_diff::report::{Proof, ProofStatus};
use autogen_prove::Place;
use autogen_schema::Backend;

use crate::args::ScratchPlace;
use crate::exit::{Code, Failure};
use crate::settings::{Settings, parse_url};

/// Where a scratch database for this kind of database is made: as the command line says, or `autogen.toml`.
pub(crate) fn place(
    folder: &std::path::Path,
    settings: Option<&Settings>,
    args: &ScratchPlace,
    backend: Backend,
) -> Result<Place, Failure> {
    let configured = settings.and_then(|settings| Some((settings, settings.config.scratch_urls.get(&backend)?)));
    let url = match (&args.scratch_url, configured) {
        (Some(text), _) => Some(parse_url(text, "--scratch-url", folder)?),
        (None, Some((settings, text))) => Some(parse_url(text, "scratch_urls in autogen.toml", &settings.root)?),
        (None, None) => None,
    };
    Ok(Place { url, on_server: args.scratch_on_server, shared: false })
}

/// The proof of a plan that nobody wanted to have proven.
pub(crate) fn skipped() -> Proof {
    Proof::without_answers(ProofStatus::Skipped, "--no-prove")
}

/// Stops where a plan was found to be wrong.
pub(crate) fn refuse_failed(proof: &Proof) -> Result<(), Failure> {
    match proof.status {
        ProofStatus::Proven | ProofStatus::Unproven | ProofStatus::Skipped => Ok(()),
        ProofStatus::Failed => Err(Failure::new(
            Code::Migration,
            format!(
                "nothing was written, because the migration is not right{}: {}\n\
                 Change what it says where that is in your hands (a view that is in the way, say), or write it all the \
                 same with --no-prove and mend the file; where autogen is wrong, please report it.",
                proof.database.as_ref().map(|database| format!(" on {database}")).unwrap_or_default(),
                proof.reason.as_deref().unwrap_or("no reason is known")
            ),
        )),
    }
}

/// Waits for work on a scratch database, unless somebody presses Ctrl-C: it is then dropped, and its databases with it.
pub(crate) async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    tokio::select! {
        done = work => Ok(done),
        pressed = tokio::signal::ctrl_c() => {
            // Where the signal cannot be waited for, it ends the process by itself.
            let reason = pressed.err().map(|error| format!(" ({error})")).unwrap_or_default();
            Err(Failure::new(Code::Interrupted, format!("interrupted{reason}; nothing was written")))
        }
    }
}
