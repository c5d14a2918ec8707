//! Which server listens at an address, and whether a superuser gets in without a password: the first few messages of
//! the two wire protocols, and nothing more of them.
//!
//! A driver would do the same with two hundred crates; this command is built before anything else is.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What a server says it is. MySQL and MariaDB speak one protocol and are two servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Postgres,
    Mariadb,
    Mysql,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Postgres, Self::Mariadb, Self::Mysql];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
            Self::Mysql => "MySQL",
        }
    }

    /// The variable that tells the tests where the server is.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "AUTOGEN_TEST_POSTGRES_URL",
            Self::Mariadb => "AUTOGEN_TEST_MARIADB_URL",
            Self::Mysql => "AUTOGEN_TEST_MYSQL_URL",
        }
    }

    pub(crate) fn standard_port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Mariadb | Self::Mysql => 3306,
        }
    }

    /// Where the superuser without a password finds the server on this machine.
    pub(crate) fn local_url(self, port: u16) -> String {
        match self {
            Self::Postgres => format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            Self::Mariadb | Self::Mysql => format!("mysql://root@127.0.0.1:{port}"),
        }
    }
}

/// True where the server at this local port is of this kind and lets its superuser in without a password.
pub(crate) fn lets_superuser_in(kind: Kind, port: u16) -> bool {
    let answer = || -> io::Result<bool> {
        let mut stream = open(SocketAddr::from(([127, 0, 0, 1], port)))?;
        match kind {
            Kind::Postgres => postgres_login(&mut stream),
            Kind::Mariadb | Kind::Mysql => mysql_login(&mut stream, kind),
        }
    };
    answer().unwrap_or(false)
}

/// What the server at an address that speaks MySQL's protocol says it is.
pub(crate) fn mysql_or_mariadb(address: SocketAddr) -> io::Result<Kind> {
    let packet = read_packet(&mut open(address)?)?;
    greeting_version(&packet.body).map(kind_of_version)
}

fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let patience = Duration::from_secs(3);
    let stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    Ok(stream)
}

/// `StartupMessage` as `postgres`; the server answers `R` with 0 where no password is wanted.
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>
fn postgres_login(stream: &mut (impl Read + Write)) -> io::Result<bool> {
    let mut message = vec![0, 0, 0, 0, 0, 3, 0, 0];
    message.extend_from_slice(b"user\0postgres\0database\0postgres\0\0");
    let length = u32::try_from(message.len()).expect("a startup message is short");
    message[..4].copy_from_slice(&length.to_be_bytes());
    stream.write_all(&message)?;

    let mut answer = [0; 9];
    stream.read_exact(&mut answer)?;
    stream.write_all(b"X\0\0\0\x04")?;
    Ok(answer[0] == b'R' && answer[5..] == [0, 0, 0, 0])
}

/// Logs in as `root` with an empty password, which every authentication plugin answers with nothing.
/// <https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html>
fn mysql_login(stream: &mut (impl Read + Write), wanted: Kind) -> io::Result<bool> {
    const LONG_PASSWORD: u32 = 0x1;
    const PROTOCOL_41: u32 = 0x200;
    const SECURE_CONNECTION: u32 = 0x8000;
    const PLUGIN_AUTH: u32 = 0x8_0000;
    const OK: u8 = 0x00;
    const SWITCH_PLUGIN: u8 = 0xfe;

    let greeting = read_packet(stream)?;
    if kind_of_version(greeting_version(&greeting.body)?) != wanted {
        return Ok(false);
    }
    let mut login = Vec::new();
    login.extend_from_slice(&(LONG_PASSWORD | PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH).to_le_bytes());
    login.extend_from_slice(&0x00ff_ffff_u32.to_le_bytes());
    login.push(33);
    login.extend_from_slice(&[0; 23]);
    login.extend_from_slice(b"root\0\0mysql_native_password\0");
    write_packet(stream, greeting.number + 1, &login)?;

    let mut answer = read_packet(stream)?;
    if answer.body.first() == Some(&SWITCH_PLUGIN) {
        write_packet(stream, answer.number + 1, &[])?;
        answer = read_packet(stream)?;
    }
    Ok(answer.body.first() == Some(&OK))
}

struct Packet {
    number: u8,
    body: Vec<u8>,
}

fn read_packet(stream: &mut impl Read) -> io::Result<Packet> {
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    let mut body = vec![0; usize::from(head[0]) | usize::from(head[1]) << 8 | usize::from(head[2]) << 16];
    stream.read_exact(&mut body)?;
    Ok(Packet { number: head[3], body })
}

fn write_packet(stream: &mut impl Write, number: u8, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).expect("a login is short").to_le_bytes();
    stream.write_all(&[&length[..3], &[number], body].concat())
}

/// The greeting begins with the protocol's number, 10, and the version as a text that ends with a zero.
fn greeting_version(greeting: &[u8]) -> io::Result<&str> {
    let text = greeting.strip_prefix(&[10]).and_then(|rest| rest.split(|byte| *byte == 0).next());
    text.and_then(|text| std::str::from_utf8(text).ok())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not a greeting of MySQL or MariaDB"))
}

fn kind_of_version(version: &str) -> Kind {
    if version.to_ascii_lowercase().contains("mariadb") { Kind::Mariadb } else { Kind::Mysql }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mariadb_and_mysql_are_told_apart_by_what_they_say() {
        for (version, kind) in [
            ("5.5.5-10.11.19-MariaDB-0+deb12u1", Kind::Mariadb),
            ("11.4.2-MariaDB", Kind::Mariadb),
            ("9.5.0-1", Kind::Mysql),
            ("8.0.43-0ubuntu0.24.04.1", Kind::Mysql),
        ] {
            let greeting = [&[10], version.as_bytes(), &[0, 7, 0, 0, 0]].concat();
            assert_eq!(greeting_version(&greeting).map(kind_of_version).ok(), Some(kind), "{version}");
        }
    }

    #[test]
    fn another_server_at_the_port_is_no_greeting() {
        assert!(greeting_version(b"SSH-2.0-OpenSSH_9.2").is_err());
    }

    #[test]
    fn nobody_listening_is_no_server() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
        for kind in Kind::ALL {
            assert!(!lets_superuser_in(kind, free.port()));
        }
    }
}
