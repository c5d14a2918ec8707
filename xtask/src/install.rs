//! Installs database servers from Debian's packages.

use std::process::Command;

use crate::debian::is_debian;
use crate::failure::{Outcome, run_quietly};
use crate::private::is_root;
use crate::probe::Kind;

/// True where [`install`] can work at all.
pub(crate) fn can_install() -> bool {
    is_debian() && is_root()
}

/// Installs the packages. What they start by themselves is left alone: tests use private servers.
pub(crate) fn install(kinds: &[Kind]) -> Outcome<()> {
    let packages: Vec<&str> = kinds.iter().filter_map(|kind| package(*kind)).collect();
    println!("installing {}", packages.join(" and "));
    run_quietly(apt_get().arg("update"))?;
    run_quietly(apt_get().args(["install", "-y"]).args(packages))
}

/// The Debian package with the server; none has MySQL's.
pub(crate) fn package(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Postgres => Some("postgresql"),
        Kind::Mariadb => Some("mariadb-server"),
        Kind::Mysql => None,
    }
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q");
    command
}
