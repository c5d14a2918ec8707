//! What the catalog hides from a user. It never says that it hides something; only the grants tell.

use std::collections::BTreeSet;

use autogen_schema::{Notice, NoticeKind};

use crate::Error;

use super::Flavour;
use super::catalog::Catalog;

/// Says what may be hidden, or refuses where a plan made of what is visible would be wrong.
///
/// # Errors
///
/// MariaDB shows no foreign key at all to a user who has no right besides `SELECT`: read as it is shown, every key of
/// the entities would be missing.
pub(super) fn check(catalog: &Catalog, flavour: Flavour) -> Result<Vec<Notice>, Error> {
    let rights: BTreeSet<&str> = catalog.grants.iter().map(|row| row.privilege.as_str()).collect();
    let mut hidden = Vec::new();
    if flavour == Flavour::Mariadb && catalog.foreign_keys.is_empty() && !may_see_keys(&rights) {
        if !catalog.has_roles {
            return Err(Error::NotPermitted {
                query: "foreign keys",
                reason: format!(
                    "MariaDB shows them only to a user who has another right than SELECT on {}, such as REFERENCES",
                    catalog.database
                ),
            });
        }
        hidden.push(("REFERENCES", "foreign keys"));
    }
    let wanted = [("TRIGGER", "triggers"), ("EVENT", "events"), ("SHOW VIEW", "definitions of views")];
    hidden.extend(wanted.into_iter().filter(|(right, _)| !rights.contains(right)));
    Ok(hidden.into_iter().map(|(right, what)| notice(catalog, right, what)).collect())
}

/// Any of these shows them; USAGE is the word for no right.
fn may_see_keys(rights: &BTreeSet<&str>) -> bool {
    ["REFERENCES", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX"]
        .iter()
        .any(|right| rights.contains(right))
}

fn notice(catalog: &Catalog, right: &str, what: &str) -> Notice {
    let database = &catalog.database;
    let reason = if catalog.has_roles { "unless a role grants it, " } else { "" };
    let message = format!("the database user has no {right} on {database}: {reason}{what} are not visible; grant it");
    Notice::new(NoticeKind::NotUnderstood, message)
}
