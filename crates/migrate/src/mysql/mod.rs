//! Steps on MySQL and MariaDB, which commit at every DDL statement: each statement is journalled, so that a step that
//! was cut short can be told, and a generated one gone on with.
//!
//! The statements of a generated file depend on nothing but the file. So they are taken down first, by the [`recorder`],
//! and then run one by one with the [`journal`]. A file that somebody wrote by hand may depend on what its statements
//! answer, so it runs on a plain connection, and the [`observer`] notes what SeaORM reports of it.

mod doubt;
mod journal;
mod observer;
mod recorder;

use sea_orm_migration::sea_orm::{DatabaseConnection, DbErr, TransactionTrait};

use crate::history::{self, Entry, Outcome};
use crate::session::Session;
use crate::step::{self, Booking, StepError};
use crate::work::Work;

/// Runs one migration. `earlier` are the journalled statements of the run that is gone on with; `booking` has its name.
pub(crate) async fn run(
    db: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
    is_generated: bool,
    earlier: Vec<Entry>,
) -> Result<(), StepError> {
    // The journal has a connection of its own, so that no transaction and no lost connection takes it along.
    let books = Session::open(db).await.map_err(step::nothing_happened)?;
    let done = journalled(db, &books.db, work, booking, is_generated, earlier).await;
    if let Err(error) = &done {
        let failed = booking.ended(Outcome::Failed, Some(error.source.to_string()));
        // The error itself says more than that it could not be written down.
        let _noted = history::update(&books.db, &failed).await;
    }
    books.close().await;
    done
}

async fn journalled(
    db: &DatabaseConnection,
    books: &DatabaseConnection,
    work: &mut Work<'_, '_>,
    booking: &Booking<'_>,
    is_generated: bool,
    earlier: Vec<Entry>,
) -> Result<(), StepError> {
    let opened = if earlier.is_empty() {
        history::insert(books, &booking.entry).await
    } else {
        history::update(books, &booking.entry).await
    };
    opened.map_err(step::nothing_happened)?;
    match if is_generated { recorder::statements(work).await } else { None } {
        Some(statements) => {
            let earlier = earlier.into_iter().filter_map(|entry| Some((entry.statement?, entry))).collect();
            journal::Journal { books, booking, earlier }.run(db, work, statements).await?;
        }
        None => observer::run(db, books, work, booking).await?,
    }
    book(db, booking).await.map_err(|source| StepError { source, state: step::row_missing(booking.direction) })
}

/// The version row, the end of the step and the end of its journal: all of them, or none.
async fn book(db: &DatabaseConnection, booking: &Booking<'_>) -> Result<(), DbErr> {
    let transaction = db.begin().await?;
    booking.write_version(&transaction).await?;
    history::update(&transaction, &booking.ended(Outcome::Done, None)).await?;
    history::forget_statements(&transaction, &booking.entry.run).await?;
    transaction.commit().await
}
