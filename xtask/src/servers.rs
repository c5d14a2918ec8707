//! Finds a server of each kind for the tests: where the environment says, at its standard port, or one of our own.

use std::collections::BTreeMap;
use std::env;
use std::net::ToSocketAddrs;
use std::path::Path;
use std::process::Command;

use url::Url;

use crate::failure::{Failure, Outcome};
use crate::install::{can_install, install, package};
use crate::mysql;
use crate::private::{PrivateServer, installed, start};
use crate::probe::{Kind, lets_superuser_in, mysql_or_mariadb};

/// What may be done to get a server.
pub(crate) struct Means<'a> {
    /// Whether packages may be installed and fetched.
    pub(crate) install: bool,
    /// Where a fetched server is kept.
    pub(crate) target: &'a Path,
}

/// The servers that were found, and those that were started. Dropping it stops the latter.
#[derive(Default)]
pub(crate) struct Servers {
    urls: BTreeMap<Kind, String>,
    started: Vec<PrivateServer>,
}

impl Servers {
    /// Finds servers of the kinds that are wanted. Not to find one of the required kinds is a failure, which says in a
    /// sentence what would help.
    pub(crate) fn find(wanted: &[Kind], required: &[Kind], means: &Means<'_>) -> Outcome<Self> {
        let mut servers = Self::default();
        let mut missing = Vec::new();
        for kind in wanted {
            if !servers.take(*kind)? {
                missing.push(*kind);
            }
        }
        let packaged: Vec<Kind> = missing.iter().copied().filter(|kind| package(*kind).is_some()).collect();
        if !packaged.is_empty() && means.install && can_install() {
            install(&packaged)?;
            for kind in packaged {
                servers.take(kind)?;
            }
        }
        if missing.contains(&Kind::Mysql) {
            servers.take_mysql(required.contains(&Kind::Mysql), means)?;
        }
        missing.retain(|kind| !servers.urls.contains_key(kind));
        match missing.iter().any(|kind| required.contains(kind)) {
            true => Err(nothing_found(&missing)),
            false => Ok(servers),
        }
    }

    /// Tells a program where they are. An empty variable says that there is none: the program would look at the usual
    /// port.
    pub(crate) fn tell(&self, command: &mut Command) {
        for kind in Kind::ALL {
            command.env(kind.variable(), self.urls.get(&kind).map_or("", String::as_str));
        }
    }

    /// Takes a server that is there, or starts one from what is installed.
    fn take(&mut self, kind: Kind) -> Outcome<bool> {
        if let Some(url) = env::var(kind.variable()).ok().filter(|url| !url.is_empty()) {
            is_what_it_is_taken_for(kind, &url)?;
            println!("{}: as {} says", kind.name(), kind.variable());
            self.urls.insert(kind, url);
        } else if lets_superuser_in(kind, kind.standard_port()) {
            println!("{}: the one at port {}", kind.name(), kind.standard_port());
            self.urls.insert(kind, kind.local_url(kind.standard_port()));
        } else if let Some(programs) = installed(kind) {
            self.keep(kind, start(&programs)?);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// MySQL is seldom installed where MariaDB is; it is fetched into a folder of ours. To have none is no failure,
    /// unless it is required.
    fn take_mysql(&mut self, required: bool, means: &Means<'_>) -> Outcome<()> {
        let fetched = match mysql::unpacked(means.target) {
            Some(programs) => Ok(programs),
            None if means.install || required => mysql::fetch(means.target),
            None => Err(Failure::new("none was found, and --install-servers was not given")),
        };
        match fetched.and_then(|programs| start(&programs)) {
            Ok(server) => self.keep(Kind::Mysql, server),
            Err(failure) if required => return Err(failure),
            Err(failure) => println!("MySQL: tests without it, because {failure}"),
        }
        Ok(())
    }

    fn keep(&mut self, kind: Kind, server: PrivateServer) {
        println!("{}: a private server at {}", kind.name(), server.url);
        self.urls.insert(kind, server.url.clone());
        self.started.push(server);
    }
}

/// MySQL and MariaDB answer to the same URLs, and a test that takes one for the other proves nothing.
fn is_what_it_is_taken_for(kind: Kind, text: &str) -> Outcome<()> {
    let bad = || Failure::new(format!("{} does not hold the URL of a server", kind.variable()));
    if kind == Kind::Postgres {
        return Ok(());
    }
    let url = Url::parse(text).map_err(|_| bad())?;
    let host = url.host_str().ok_or_else(bad)?;
    let port = url.port().unwrap_or(kind.standard_port());
    let address = (host, port).to_socket_addrs().ok().and_then(|mut addresses| addresses.next()).ok_or_else(bad)?;
    match mysql_or_mariadb(address) {
        Ok(found) if found == kind => Ok(()),
        Ok(found) => {
            Err(Failure::new(format!("{} names a server at {host}:{port} that is {}", kind.variable(), found.name())))
        }
        Err(error) => Err(Failure::new(format!("the server that {} names does not answer: {error}", kind.variable()))),
    }
}

fn nothing_found(missing: &[Kind]) -> Failure {
    let names: Vec<&str> = missing.iter().map(|kind| kind.name()).collect();
    let packages: Vec<&str> = missing.iter().filter_map(|kind| package(*kind)).collect();
    let variables: Vec<&str> = missing.iter().map(|kind| kind.variable()).collect();
    let install = match packages.is_empty() {
        true => String::new(),
        false => format!("install {}, ", packages.join(" and ")),
    };
    Failure::new(format!(
        "found no server of {}: {install}give --install-servers (on Debian, as root), set {}, or test without servers \
         by --only sqlite",
        names.join(" and "),
        variables.join(" and "),
    ))
}
