//! Where a project has its entities.

use std::fs;
use std::path::{Path, PathBuf};

/// The usual places, the most usual first.
pub(super) const PLACES: [&str; 12] = [
    "entity",
    "entities",
    "crates/entity",
    "crates/entities",
    "src/entity",
    "src/entities",
    "src/models",
    "src/model",
    "src/db/entities",
    "src/database/entities",
    "models",
    "src",
];

/// The first of the usual places that holds an entity.
pub(super) fn entities(root: &Path) -> Option<PathBuf> {
    PLACES.into_iter().map(PathBuf::from).find(|place| holds_entity(&root.join(place), 0))
}

/// The word that every entity has, in both formats: a derive, or the attribute of SeaORM 2.
fn is_entity(text: &str) -> bool {
    text.contains("DeriveEntityModel") || text.contains("DeriveEntity") || text.contains("sea_orm::model")
}

fn holds_entity(folder: &Path, depth: usize) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let mut folders = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            folders.push(path);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && fs::read_to_string(&path).is_ok_and(|text| is_entity(&text))
        {
            return true;
        }
    }
    let is_deep = depth > 8;
    !is_deep && folders.iter().filter(|path| !path.ends_with("target")).any(|path| holds_entity(path, depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_holds_an_entity_is_found() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("the folder is ours");
            fs::write(path, text).expect("the folder is ours");
        };
        write("src/models/mod.rs", "pub mod user;");
        assert_eq!(entities(root.path()), None);
        write("src/models/user.rs", "#[derive(DeriveEntityModel)]\npub struct Model {}");
        assert_eq!(entities(root.path()), Some("src/models".into()));
        write("entity/src/lib.rs", "#[sea_orm::model]\npub struct Model {}");
        assert_eq!(entities(root.path()), Some("entity".into()));
    }
}
