//! The only place that writes to the terminal: results to stdout, everything else to stderr.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

/// When to use colour; `auto` means on a terminal, unless `NO_COLOR` is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    // No doc comments: clap would spend a paragraph on each value.
    #[default]
    Auto,
    Always,
    Never,
}

/// Where a command prints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    /// Whether results may hold colour.
    pub(crate) paint: bool,
    paint_errors: bool,
    /// How much is said of what goes on beside the result.
    pub(crate) verbosity: u8,
    /// Whether somebody looks at what goes to stderr.
    is_watched: bool,
}

impl Printer {
    /// A printer for the terminal as it is now.
    pub(crate) fn new(color: Color, verbosity: u8) -> Self {
        Self {
            paint: wants_color(color, io::stdout().is_terminal()),
            paint_errors: wants_color(color, io::stderr().is_terminal()),
            verbosity,
            is_watched: io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        }
    }

    /// Whether [`Printer::progress`] is seen.
    pub(crate) fn is_watched(self) -> bool {
        self.is_watched
    }

    /// Replaces the last line of the terminal; with nothing, takes it away.
    pub(crate) fn progress(self, text: &str) {
        let mut terminal = io::stderr().lock();
        // A terminal that is gone is no failure of ours.
        let _ = write!(terminal, "\r\x1b[2K{text}").and_then(|()| terminal.flush());
    }

    /// Whether what goes to stderr may hold colour.
    pub(crate) fn paint_errors(self) -> bool {
        self.paint_errors
    }

    /// Prints a result, with a line end where it has none.
    pub(crate) fn result(self, text: &str) {
        write_line(&mut io::stdout().lock(), text);
    }

    /// Says something beside the result.
    pub(crate) fn note(self, text: &str) {
        write_line(&mut io::stderr().lock(), &scrub(text));
    }

    /// Asks a person, who must be there: input and messages are a terminal's. `None` where nobody is, or the input ends.
    pub(crate) fn ask(self, question: &str) -> Option<String> {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return None;
        }
        let mut stream = io::stderr().lock();
        write!(stream, "{}", scrub(question)).and_then(|()| stream.flush()).ok()?;
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer).ok()?;
        (read > 0).then(|| answer.trim().to_owned())
    }

    /// Says what is worth attention.
    pub(crate) fn warning(self, text: &str) {
        let label = if self.paint_errors { "\x1b[1;33mwarning\x1b[0m" } else { "warning" };
        self.note(&format!("{label}: {text}"));
    }

    /// Says why the command could not do its job.
    pub(crate) fn error(self, text: &str) {
        let label = if self.paint_errors { "\x1b[1;31merror\x1b[0m" } else { "error" };
        self.note(&format!("{label}: {text}"));
    }
}

fn wants_color(color: Color, is_terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        // https://no-color.org: any value that is not empty counts.
        Color::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

fn write_line(stream: &mut impl Write, text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    // A reader that went away (`autogen history | head -1`) is no failure of ours.
    let _ = write!(stream, "{text}{end}").and_then(|()| stream.flush());
}

/// `text` with the password of everything that looks like a URL replaced.
///
/// Messages that we write ourselves name a URL through [`autogen_schema::DatabaseUrl`], which hides it. This is for
/// what others quote: clap repeats an argument that it does not know, a parser the line that it cannot read.
pub(crate) fn scrub(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`')).unwrap_or(after.len());
        clean.push_str(before);
        clean.push_str(&scrub_url(&after[..end]));
        rest = &after[end..];
    }
    clean.push_str(rest);
    clean
}

fn scrub_url(url: &str) -> String {
    let url = match (url.find(':'), url.rfind('@')) {
        (Some(colon), Some(at)) if colon < at => format!("{}:***{}", &url[..colon], &url[at..]),
        _ => url.to_owned(),
    };
    let Some((place, query)) = url.split_once('?') else { return url };
    let pairs: Vec<String> = query.split('&').map(scrub_pair).collect();
    format!("{place}?{}", pairs.join("&"))
}

fn scrub_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((key, _)) if ["password", "passwd", "pwd"].iter().any(|word| key.to_ascii_lowercase().contains(word)) => {
            format!("{key}=***")
        }
        _ => pair.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_quoted_text_is_hidden() {
        for (text, expected) in [
            ("unexpected 'postgres://ann:s3cr@t/x@h/d' found", "unexpected 'postgres://ann:***@h/d' found"),
            ("mysql://h/d?ssl=1&password=s3cr and more", "mysql://h/d?ssl=1&password=*** and more"),
            ("see https://docs.rs/x and postgres://localhost/d", "see https://docs.rs/x and postgres://localhost/d"),
            ("sqlite://app.db?mode=rwc", "sqlite://app.db?mode=rwc"),
        ] {
            assert_eq!(scrub(text), expected);
        }
    }

    #[test]
    fn colour_is_for_terminals_and_for_those_who_ask() {
        assert!(wants_color(Color::Always, false));
        assert!(!wants_color(Color::Never, true));
        assert!(!wants_color(Color::Auto, false));
    }
}
