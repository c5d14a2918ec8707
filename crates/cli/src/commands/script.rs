//! `autogen upgrade FROM:TO --sql` and `autogen downgrade FROM:TO --sql`: the script that a DBA can run.

use autogen_migrate::source::Project;
use autogen_migrate::{Direction, range};
use autogen_prove::{Place, Scratch};
use autogen_schema::{Backend, DatabaseUrl};

use super::Session;
use super::upgrade::Order;
use super::verify::model;
use crate::exit::{Code, Failure, Outcome};
use crate::settings::Settings;
use crate::{runner, scratch};

/// Prints the SQL of a range. The database of the project is not written to, and on SQLite not even opened.
pub(super) async fn run(session: &Session, settings: &Settings, project: &Project, order: Order<'_>) -> Outcome {
    let Order { direction, target, running } = order;
    if direction == Direction::Down && !target.contains(':') {
        return Err(Failure::usage(format!(
            "downgrade with --sql needs a range FROM:TO, as in `autogen downgrade head:{target} --sql`"
        )));
    }
    // A wrong range is cheaper to find before a build than after it.
    range(&project.graph(), target, direction).map_err(|error| Failure::graph(error.to_string()))?;
    if !project.uses_autogen {
        return Err(Failure::usage(
            "the migration crate's main is SeaORM's own, which cannot write SQL; `autogen init --replace-main` gives it autogen's",
        ));
    }
    let program = runner::build(&project.folder)?;
    let told = session.arguments_for_migrations();
    let mut arguments: Vec<&str> = told.iter().flat_map(|text| ["-x", text]).collect();
    let direction = direction.to_string();
    arguments.extend([direction.as_str(), target, "--sql"]);
    let url = settings.url()?;
    let place = scratch::place(&session.surroundings.folder, Some(settings), &running.scratch, url.backend())?;
    match url.backend() {
        Backend::Sqlite => {
            let memory = DatabaseUrl::parse("sqlite::memory:").map_err(|error| Failure::usage(error.to_string()))?;
            runner::write_sql(&program, settings, project, &memory, &arguments).await
        }
        Backend::Postgres | Backend::Mysql | Backend::Mariadb => {
            let model = model(session, settings, &running.scratch).await?;
            let made = Scratch::create(&model, &Place { shared: true, ..place }).await;
            let made =
                made.map_err(|error| Failure::new(Code::Database, format!("could not write the SQL: {error}")))?;
            let outcome = runner::write_sql(&program, settings, project, made.url(), &arguments).await;
            made.remove().await;
            outcome
        }
    }
}
