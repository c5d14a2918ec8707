//! Compares two schemas and writes the migration between them
