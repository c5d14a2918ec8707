//! Reads SeaORM entities from source into a schema
