//! How schemas are compared: what a person decides about it.

/// How schemas are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What to do with what only the database has.
    pub unmanaged: Unmanaged,
}

/// What to do with what only the database has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmanaged {
    /// Keep it and mention it.
    #[default]
    Report,
    /// Keep it in silence.
    Ignore,
    /// Drop it.
    Drop,
}
