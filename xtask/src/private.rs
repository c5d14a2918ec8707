//! Database servers of our own: in a temporary directory, at a free port, stopped at the end.

use std::ffi::OsString;
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome, run_quietly};
use crate::probe::{Kind, lets_superuser_in};

/// Runs the server, waits for the pipe on its input to close, stops the server and removes its directory. The pipe
/// closes however this process ends, so that no server is left behind when the tests are interrupted.
const KEEPER: &str = r#"
directory=$1 signal=$2; shift 2
"$@" & server=$!
read -r _
kill -"$signal" "$server"
wait "$server"
rm -rf "$directory"
"#;

/// A running server. Dropping it stops the server.
pub(crate) struct PrivateServer {
    pub(crate) url: String,
    keeper: Child,
    pipe: Option<ChildStdin>,
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        drop(self.pipe.take());
        // A keeper that cannot be waited for has ended; there is nothing left to stop.
        let _ended = self.keeper.wait();
    }
}

/// The programs of one server: what makes an empty data directory, and what serves it.
pub(crate) struct Programs {
    pub(crate) kind: Kind,
    /// Makes a data directory. Empty where the server does that itself.
    pub(crate) initialise: Vec<OsString>,
    pub(crate) serve: Vec<OsString>,
    /// Where the server finds its own files, where that is not what it was built for. Such a server lies in a folder
    /// of ours, perhaps below a home that nobody else can enter.
    pub(crate) places: Vec<OsString>,
}

/// Finds the programs where they are installed, in `PATH` or where Debian keeps them.
pub(crate) fn installed(kind: Kind) -> Option<Programs> {
    match kind {
        Kind::Postgres => {
            let folder = postgres_folders().into_iter().find(|folder| folder.join("initdb").is_file())?;
            let initialise = vec![folder.join("initdb").into()];
            Some(Programs { kind, initialise, serve: vec![folder.join("postgres").into()], places: vec![] })
        }
        Kind::Mariadb => {
            let initialise = vec![find("mariadb-install-db")?.into()];
            Some(Programs { kind, initialise, serve: vec![find("mariadbd")?.into()], places: vec![] })
        }
        Kind::Mysql => {
            let server = find("mysqld").filter(|program| !says_mariadb(program))?;
            Some(Programs { kind, initialise: vec![server.clone().into()], serve: vec![server.into()], places: vec![] })
        }
    }
}

/// Starts a server on an empty data directory and waits until it lets its superuser in.
pub(crate) fn start(programs: &Programs) -> Outcome<PrivateServer> {
    let directory = tempfile::Builder::new().prefix("autogen-server-").tempdir().map_err(temporary)?.keep();
    let directory = directory.canonicalize().map_err(Failure::at(&directory))?;
    let user = if programs.places.is_empty() { unprivileged()? } else { None };
    if let Some(user) = user {
        chown(&directory, Some(user.0), Some(user.1)).map_err(Failure::at(&directory))?;
    }
    let started = serve(programs, &directory, user);
    if started.is_err() {
        // The reason is in the failure already; a directory that stays behind is the smaller trouble.
        let _removed = fs::remove_dir_all(&directory);
    }
    started
}

fn serve(programs: &Programs, directory: &Path, user: Option<(u32, u32)>) -> Outcome<PrivateServer> {
    let kind = programs.kind;
    let data = directory.join("data");
    let more = programs.places.iter().cloned().chain(as_root_on_purpose(programs));
    let more: Vec<OsString> = more.collect();
    let mut initialise = command(&programs.initialise, user);
    run_quietly(initialise.args(initialise_arguments(kind, &data)).args(&more).current_dir(directory))?;

    let port = free_port()?;
    let log = directory.join("log");
    let said = File::create(&log).map_err(Failure::at(&log))?;
    let mut keeper = Command::new("sh");
    as_user(&mut keeper, user);
    keeper
        .args(["-c", KEEPER, "keeper"])
        .arg(directory)
        .arg(stop_signal(kind))
        .args(&programs.serve)
        .args(serve_arguments(kind, directory, port))
        .args(&more)
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(said.try_clone().map_err(Failure::at(&log))?)
        .stderr(said)
        // Its own group: an interrupt at the terminal is for us, and the pipe tells the keeper.
        .process_group(0);
    let mut keeper = keeper.spawn().map_err(|error| Failure::new(format!("could not start a shell: {error}")))?;
    let server = PrivateServer { url: kind.local_url(port), pipe: keeper.stdin.take(), keeper };
    wait_for(kind, port, &log)?;
    Ok(server)
}

fn wait_for(kind: Kind, port: u16, log: &Path) -> Outcome<()> {
    let patience = Duration::from_secs(60);
    let begin = Instant::now();
    while begin.elapsed() < patience {
        if lets_superuser_in(kind, port) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let said = fs::read_to_string(log).unwrap_or_default();
    let last = said.lines().last().unwrap_or("it said nothing");
    Err(Failure::new(format!("a private {} server did not start: {last}", kind.name())))
}

fn initialise_arguments(kind: Kind, data: &Path) -> Vec<OsString> {
    let data_option = |name: &str| OsString::from(format!("{name}={}", data.display()));
    match kind {
        Kind::Postgres => vec![
            data_option("--pgdata"),
            "--username=postgres".into(),
            "--auth=trust".into(),
            "--encoding=UTF8".into(),
            "--locale=C".into(),
            "--no-sync".into(),
        ],
        Kind::Mariadb => vec![
            "--no-defaults".into(),
            data_option("--datadir"),
            "--auth-root-authentication-method=normal".into(),
            "--skip-test-db".into(),
        ],
        Kind::Mysql => vec![
            "--no-defaults".into(),
            data_option("--datadir"),
            "--initialize-insecure".into(),
            "--secure-file-priv=NULL".into(),
        ],
    }
}

/// Nothing needs to outlive a crash, so nothing is synchronised to the disk.
fn serve_arguments(kind: Kind, directory: &Path, port: u16) -> Vec<OsString> {
    let data = directory.join("data").display().to_string();
    let directory = directory.display();
    let arguments = match kind {
        Kind::Postgres => {
            let mut arguments = vec!["-D".to_owned(), data, "-p".to_owned(), port.to_string()];
            for setting in [
                "listen_addresses=127.0.0.1".to_owned(),
                format!("unix_socket_directories={directory}"),
                "fsync=off".to_owned(),
                "synchronous_commit=off".to_owned(),
                "full_page_writes=off".to_owned(),
                "max_connections=200".to_owned(),
            ] {
                arguments.extend(["-c".to_owned(), setting]);
            }
            arguments
        }
        Kind::Mariadb | Kind::Mysql => {
            let mut arguments = vec![
                "--no-defaults".to_owned(),
                format!("--datadir={data}"),
                format!("--socket={directory}/socket"),
                format!("--pid-file={directory}/pid"),
                format!("--port={port}"),
                "--bind-address=127.0.0.1".to_owned(),
                "--max-connections=400".to_owned(),
                "--skip-log-bin".to_owned(),
                "--innodb-flush-log-at-trx-commit=0".to_owned(),
                "--innodb-buffer-pool-size=128M".to_owned(),
            ];
            if kind == Kind::Mysql {
                arguments.extend(["--mysqlx=OFF".to_owned(), "--secure-file-priv=NULL".to_owned()]);
            }
            arguments
        }
    };
    arguments.into_iter().map(OsString::from).collect()
}

/// PostgreSQL waits for its clients on `TERM`; `INT` sends them away.
fn stop_signal(kind: Kind) -> &'static str {
    match kind {
        Kind::Postgres => "INT",
        Kind::Mariadb | Kind::Mysql => "TERM",
    }
}

fn command(words: &[OsString], user: Option<(u32, u32)>) -> Command {
    let (program, arguments) = words.split_first().expect("a server's programs are named");
    let mut command = Command::new(program);
    command.args(arguments);
    as_user(&mut command, user);
    command
}

fn as_user(command: &mut Command, user: Option<(u32, u32)>) {
    if let Some((user, group)) = user {
        command.uid(user).gid(group);
    }
}

/// MySQL runs as root where it is told so. It listens to this machine only and reads and writes no files for clients.
fn as_root_on_purpose(programs: &Programs) -> Option<OsString> {
    (!programs.places.is_empty() && is_root()).then(|| "--user=root".into())
}

/// The user and group to run as: nobody's where we are root, whom the servers refuse.
fn unprivileged() -> Outcome<Option<(u32, u32)>> {
    if !is_root() {
        return Ok(None);
    }
    let list = Path::new("/etc/passwd");
    let users = fs::read_to_string(list).map_err(Failure::at(list))?;
    let nobody = users.lines().find_map(|line| {
        let mut fields = line.strip_prefix("nobody:")?.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    nobody.map(Some).ok_or_else(|| {
        Failure::new(
            "database servers refuse to run as root, and this machine has no user `nobody`; run as another user",
        )
    })
}

/// True for the superuser, who alone owns this process's folder in `/proc` as user 0.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn free_port() -> Outcome<u16> {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| Failure::new(format!("could not find a free port: {error}")))
}

/// A program by name, with links followed: PostgreSQL looks for its own files beside itself.
fn find(name: &str) -> Option<PathBuf> {
    folders().into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())?.canonicalize().ok()
}

fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian keeps servers out of an ordinary user's path.
    let more = ["/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(more).collect()
}

/// The folders with PostgreSQL's programs: the one in `PATH`, then Debian's, newest first.
fn postgres_folders() -> Vec<PathBuf> {
    let in_path = find("initdb").and_then(|program| program.parent().map(Path::to_path_buf));
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    debian.sort_by(|one, other| other.cmp(one));
    in_path.into_iter().chain(debian.into_iter().map(|(_, folder)| folder)).collect()
}

fn says_mariadb(program: &Path) -> bool {
    let said = Command::new(program).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).to_ascii_lowercase().contains("mariadb")
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn temporary(error: std::io::Error) -> Failure {
    Failure::new(format!("could not make a temporary directory: {error}"))
}
