//! A real MySQL server on a machine whose distribution has none.
//!
//! Debian's stable releases carry MariaDB only; its unstable one carries MySQL too, built against newer libraries than
//! a stable machine has. So the packages are unpacked into a folder of ours, never installed, and the server is started
//! by the dynamic loader that came with them, on the libraries that came with them.

use std::env::consts::ARCH;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian::{archive, is_debian};
use crate::failure::{Failure, Outcome, run_quietly};
use crate::private::Programs;
use crate::probe::Kind;

const PACKAGE: &str = "mysql-server-core";
const KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// The unpacked server, where an earlier run has fetched it.
pub(crate) fn unpacked(target: &Path) -> Option<Programs> {
    let root = folder(target);
    root.is_dir().then(|| programs(&root)).flatten()
}

/// Fetches and unpacks the server into the target directory: about 400 MB there, and a minute.
pub(crate) fn fetch(target: &Path) -> Outcome<Programs> {
    if !is_debian() || ARCH != "x86_64" {
        return Err(Failure::new("fetching a MySQL server needs Debian on amd64"));
    }
    let uri = archive().ok_or_else(|| Failure::new("found no Debian archive in this machine's package sources"))?;
    println!("fetching {PACKAGE} from {uri}");
    fs::create_dir_all(target).map_err(Failure::at(target))?;
    let work = tempfile::Builder::new().prefix("mysql-server-").tempdir_in(target).map_err(Failure::at(target))?;
    let packages = download(work.path(), &uri)?;

    let root = work.path().join("root");
    for package in packages {
        run_quietly(Command::new("dpkg").arg("--extract").arg(package).arg(&root))?;
    }
    // The rename is last, so that a folder of that name is always whole.
    fs::rename(&root, folder(target)).map_err(Failure::at(&root))?;
    unpacked(target).ok_or_else(|| Failure::new("the packages of MySQL hold no server or no loader"))
}

fn folder(target: &Path) -> PathBuf {
    target.join("mysql-server")
}

/// Downloads the package and all it depends on, with a package database of our own that knows of nothing installed.
fn download(work: &Path, uri: &str) -> Outcome<Vec<PathBuf>> {
    let apt = work.join("apt");
    for folder in ["lists/partial", "archives/partial"] {
        let folder = apt.join(folder);
        fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
    }
    let write = |name: &str, text: String| {
        let path = apt.join(name);
        fs::write(&path, text).map_err(Failure::at(&path))
    };
    write("status", String::new())?;
    write("sources.list", format!("deb [signed-by={KEYS}] {uri} sid main\n"))?;

    run_quietly(Command::new("apt-get").args(options(&apt)).arg("update"))?;
    run_quietly(Command::new("apt-get").args(options(&apt)).args(["install", "--yes", "--download-only", PACKAGE]))?;

    let archives = apt.join("archives");
    let entries = fs::read_dir(&archives).map_err(Failure::at(&archives))?.flatten().map(|entry| entry.path());
    Ok(entries.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).collect())
}

fn options(apt: &Path) -> Vec<String> {
    let apt = apt.display();
    vec![
        format!("-oDir::Etc::sourcelist={apt}/sources.list"),
        "-oDir::Etc::sourceparts=/dev/null".to_owned(),
        "-oDir::Etc::preferencesparts=/dev/null".to_owned(),
        format!("-oDir::State={apt}"),
        format!("-oDir::State::lists={apt}/lists"),
        format!("-oDir::State::status={apt}/status"),
        format!("-oDir::Cache={apt}"),
        format!("-oDir::Cache::archives={apt}/archives"),
        // A folder below a home directory is not readable to apt's own user.
        "-oAPT::Sandbox::User=root".to_owned(),
        "-oDebug::NoLocking=1".to_owned(),
        "-oAPT::Install-Recommends=false".to_owned(),
    ]
}

fn programs(root: &Path) -> Option<Programs> {
    let loader = ["usr/lib64", "lib64"].map(|folder| root.join(folder).join("ld-linux-x86-64.so.2"));
    let loader = loader.into_iter().find(|path| path.exists())?;
    let server = root.join("usr/sbin/mysqld");
    if !server.is_file() {
        return None;
    }
    let libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/mysql/private"];
    let libraries = libraries.map(|folder| root.join(folder).display().to_string()).join(":");
    let serve: Vec<OsString> = vec![loader.into(), "--library-path".into(), libraries.into(), server.into()];
    let places = [
        ("--basedir", "usr"),
        ("--lc-messages-dir", "usr/share/mysql"),
        ("--character-sets-dir", "usr/share/mysql/charsets"),
        ("--plugin-dir", "usr/lib/mysql/plugin"),
    ];
    let places = places.map(|(option, place)| OsString::from(format!("{option}={}", root.join(place).display())));
    Some(Programs { kind: Kind::Mysql, initialise: serve.clone(), serve, places: places.into() })
}
