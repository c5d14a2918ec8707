//! The `-x key=value` arguments of a run, which a migration can ask for.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

static ARGUMENTS: RwLock<BTreeMap<String, String>> = RwLock::new(BTreeMap::new());

/// What `-x key=value` said for this key, in this run of `upgrade` or `downgrade`. A key without `=` has an empty value.
///
/// ```
/// autogen_migrate::set_x_arguments([("tenant".to_owned(), "acme".to_owned())]);
/// assert_eq!(autogen_migrate::x_argument("tenant").as_deref(), Some("acme"));
/// assert_eq!(autogen_migrate::x_argument("colour"), None);
/// ```
pub fn x_argument(key: &str) -> Option<String> {
    ARGUMENTS.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
}

/// Sets the arguments that [`x_argument`] gives, in the place of all that were set before. `main` does this.
pub fn set_x_arguments(arguments: impl IntoIterator<Item = (String, String)>) {
    *ARGUMENTS.write().unwrap_or_else(PoisonError::into_inner) = arguments.into_iter().collect();
}
