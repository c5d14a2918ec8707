//! Reads a live database into a schema
