//! A builder value and the Rust source that makes it, made together.

/// A chain of calls, such as `ColumnDef::new("email").string_len(120).not_null()`.
pub(super) struct Chain<T> {
    value: T,
    source: String,
}

impl<T> Chain<T> {
    /// Begins with a value and the source that makes it.
    pub(super) fn new(value: T, source: impl Into<String>) -> Self {
        Self { value, source: source.into() }
    }

    /// One more call: its source from the point on, and what it does.
    #[must_use]
    pub(super) fn call(mut self, source: impl AsRef<str>, act: impl FnOnce(&mut T)) -> Self {
        self.source.push('.');
        self.source.push_str(source.as_ref());
        act(&mut self.value);
        self
    }

    /// The value and its source.
    pub(super) fn finish(self) -> (T, String) {
        (self.value, self.source)
    }
}
