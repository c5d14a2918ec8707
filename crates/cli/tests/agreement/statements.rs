//! What SeaORM itself would run to create an entity.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sea_orm::{DbBackend, EntityTrait, Schema, Statement};

use super::database::Server;

/// The statements of the entities added so far.
#[derive(Default)]
pub(crate) struct Judge {
    entities: Vec<Box<dyn Fn(DbBackend) -> Vec<Statement>>>,
}

impl Judge {
    /// Adds an entity; the list of fixtures calls this for each.
    pub(crate) fn add<E: EntityTrait>(&mut self) {
        self.entities.push(Box::new(statements::<E>));
    }

    /// The SQL of all entities, each statement once; the panic where SeaORM panics.
    pub(crate) fn statements(&self, server: Server) -> Result<Vec<String>, String> {
        let backend = match server {
            Server::Sqlite => DbBackend::Sqlite,
            Server::Postgres => DbBackend::Postgres,
            Server::Mariadb | Server::Mysql => DbBackend::MySql,
        };
        let mut all = Vec::new();
        for entity in &self.entities {
            let made = catch_unwind(AssertUnwindSafe(|| entity(backend)));
            for statement in made.map_err(|_| "SeaORM panics".to_owned())? {
                if !all.contains(&statement.sql) {
                    all.push(statement.sql);
                }
            }
        }
        Ok(all)
    }
}

fn statements<E: EntityTrait>(backend: DbBackend) -> Vec<Statement> {
    let schema = Schema::new(backend);
    let mut statements = Vec::new();
    if backend == DbBackend::Postgres {
        statements.extend(schema.create_enum_from_entity(E::default()).iter().map(|create| backend.build(create)));
    }
    statements.push(backend.build(&schema.create_table_from_entity(E::default())));
    statements.extend(schema.create_index_from_entity(E::default()).iter().map(|create| backend.build(create)));
    statements
}
