//! Runs SeaORM migrations: the revision graph, the version table, the lock
