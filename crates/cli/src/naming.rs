//! What the file of a revision is called: `file_template`, `timezone` and `truncate_slug_length` of `[render]`.

use chrono::{DateTime, FixedOffset, Local, Utc};

use crate::config::Render;
use crate::exit::Failure;
use crate::slug::slug;

/// As `sea-orm-cli migrate generate` names files.
const FILE_TEMPLATE: &str = "m%(year).4d%(month).2d%(day).2d_%(hour).2d%(minute).2d%(second).2d_%(slug)s";

/// The longest slug where nobody says otherwise.
const LONGEST_SLUG: usize = 40;

/// The words for a revision that is made now.
#[derive(Debug)]
pub(crate) struct Naming {
    template: String,
    now: DateTime<FixedOffset>,
    is_utc: bool,
    longest_slug: usize,
}

impl Naming {
    /// As `[render]` says.
    pub(crate) fn new(render: &Render, now: DateTime<Utc>) -> Result<Self, Failure> {
        let zone = render.timezone.as_deref().unwrap_or("UTC");
        Ok(Self {
            template: render.file_template.clone().unwrap_or_else(|| FILE_TEMPLATE.to_owned()),
            now: in_zone(now, zone)?,
            is_utc: zone.eq_ignore_ascii_case("utc"),
            longest_slug: render.truncate_slug_length.unwrap_or(LONGEST_SLUG),
        })
    }

    /// The time as a header says it.
    pub(crate) fn created(&self) -> String {
        let format = if self.is_utc { "%Y-%m-%d %H:%M:%S UTC" } else { "%Y-%m-%d %H:%M:%S %:z" };
        self.now.format(format).to_string()
    }

    /// The stem of the file, which is also the name of a module.
    pub(crate) fn stem(&self, id: &str, message: &str) -> Result<String, Failure> {
        let wrong = |what: String| Failure::usage(format!("file_template in autogen.toml: {what}"));
        let stem = self.filled(id, message).map_err(wrong)?;
        let stem = if stem.starts_with(|first: char| first.is_ascii_digit()) { format!("m{stem}") } else { stem };
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if let Some(letter) = stem.chars().find(|letter| !is_part(*letter)) {
            return Err(wrong(format!(
                "{stem:?} cannot be the name of a Rust module, because of {letter:?}; letters, digits and _ can stand in it"
            )));
        }
        if stem.chars().all(|letter| letter == '_') || ["lib", "main", "mod"].contains(&stem.as_str()) {
            return Err(wrong(format!("{stem:?} cannot be the name of a revision's file")));
        }
        Ok(stem)
    }

    /// The template with its tokens replaced.
    fn filled(&self, id: &str, message: &str) -> Result<String, String> {
        let mut stem = String::new();
        let mut rest = self.template.as_str();
        while let Some((before, after)) = rest.split_once('%') {
            stem.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                stem.push('%');
                rest = after;
                continue;
            }
            let token = after.strip_prefix('(').and_then(|inside| inside.split_once(')'));
            let (name, format) = token.ok_or("a % stands alone; a token is written %(slug)s, a percent sign %%")?;
            let (width, left) = width(format).ok_or_else(|| format!("%({name}) wants s, d or .2d behind it"))?;
            stem.push_str(&self.token(name, width, id, message)?);
            rest = left;
        }
        stem.push_str(rest);
        Ok(stem)
    }

    fn token(&self, name: &str, width: usize, id: &str, message: &str) -> Result<String, String> {
        let of_time = match name {
            "rev" => return Ok(id.to_owned()),
            "slug" => return Ok(slug(message, self.longest_slug)),
            "year" => "%Y",
            "month" => "%m",
            "day" => "%d",
            "hour" => "%H",
            "minute" => "%M",
            "second" => "%S",
            "epoch" => "%s",
            _ => {
                return Err(format!(
                    "%({name}) is not known; there are rev, slug, year, month, day, hour, minute, second and epoch"
                ));
            }
        };
        let number: i64 = self.now.format(of_time).to_string().parse().map_err(|_| format!("{name} is no number"))?;
        Ok(format!("{number:0width$}"))
    }
}

/// The format behind a token, `s`, `d`, `.2d` or `02d`, as how many digits there are at least, and what follows it.
fn width(format: &str) -> Option<(usize, &str)> {
    let letter = format.find(|letter: char| letter.is_ascii_alphabetic())?;
    let (digits, rest) = format.split_at(letter);
    let rest = rest.strip_prefix(['s', 'd'])?;
    let digits = digits.strip_prefix('.').unwrap_or(digits);
    let width = if digits.is_empty() { 0 } else { digits.parse().ok().filter(|width| *width <= 20)? };
    Some((width, rest))
}

fn in_zone(now: DateTime<Utc>, zone: &str) -> Result<DateTime<FixedOffset>, Failure> {
    if zone.eq_ignore_ascii_case("utc") {
        return Ok(now.fixed_offset());
    }
    if zone.eq_ignore_ascii_case("local") {
        return Ok(now.with_timezone(&Local).fixed_offset());
    }
    let offset: FixedOffset = zone.parse().map_err(|_| {
        Failure::usage(format!(
            "timezone in autogen.toml: {zone:?} is none of \"UTC\", \"local\" and an offset like \"+02:00\""
        ))
    })?;
    Ok(now.with_timezone(&offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(template: &str, message: &str) -> Result<String, String> {
        let render = Render { file_template: Some(template.into()), ..Render::default() };
        made(&render).stem("4f2a9c1b7e04", message).map_err(|failure| failure.to_string())
    }

    fn made(render: &Render) -> Naming {
        let now = DateTime::from_timestamp(1_795_185_004, 0).expect("a time");
        Naming::new(render, now).expect("the settings are right")
    }

    #[test]
    fn a_file_is_named_as_sea_orm_names_it() {
        let naming = made(&Render::default());
        assert_eq!(naming.stem("4f2a", "add email").ok().as_deref(), Some("m20261120_143004_add_email"));
        assert_eq!(naming.created(), "2026-11-20 14:30:04 UTC");
    }

    #[test]
    fn the_tokens_of_alembic_are_known() {
        let check = |template: &str, expected: &str| assert_eq!(stem(template, "add email").as_deref(), Ok(expected));
        check("m_%(rev)s_%(slug)s", "m_4f2a9c1b7e04_add_email");
        check("v%(year)d_%(month)02d_%(day).2d_%(hour)d%(minute).2d%(second)s", "v2026_11_20_14304");
        check("m%(epoch)s", "m1795185004");
        check("%(year)s_%(slug)s", "m2026_add_email");
    }

    #[test]
    fn what_is_no_module_is_refused() {
        for (template, word) in [
            ("%(slug)s-%(rev)s", "'-'"),
            ("m%%%(slug)s", "'%'"),
            ("%(user)s", "%(user)"),
            ("%(slug)", "wants s"),
            ("100% %(slug)s", "stands alone"),
            ("lib", "\"lib\""),
            ("./%(slug)s", "'.'"),
        ] {
            let message = stem(template, "add email").expect_err(template);
            assert!(message.contains(word), "{template}: {message}");
        }
    }

    #[test]
    fn the_time_is_that_of_the_zone() {
        let naming = made(&Render { timezone: Some("+02:00".into()), ..Render::default() });
        assert_eq!(naming.created(), "2026-11-20 16:30:04 +02:00");
        let now = DateTime::from_timestamp(0, 0).expect("a time");
        let wrong = Naming::new(&Render { timezone: Some("Mars".into()), ..Render::default() }, now);
        assert!(wrong.expect_err("no such zone").to_string().contains("Mars"));
    }

    #[test]
    fn a_slug_is_as_long_as_is_wanted() {
        let render = Render { truncate_slug_length: Some(8), ..Render::default() };
        assert!(made(&render).stem("4f2a", "add an email address").is_ok_and(|stem| stem.ends_with("_add_an")));
    }
}
