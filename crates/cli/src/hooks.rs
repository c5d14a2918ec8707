//! `[[post_write_hooks]]`: what runs over a revision's file once it is written.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::config::Hook;
use crate::exit::Failure;
use crate::settings::Settings;

/// What stands for the file's path in a hook's command.
const FILE: &str = "{file}";

/// Runs the hooks over this file, in their order. The first that fails ends it.
pub(crate) fn run(settings: &Settings, file: &Path) -> Result<(), Failure> {
    settings.config.post_write_hooks.iter().try_for_each(|hook| run_one(settings, hook, file))
}

fn run_one(settings: &Settings, hook: &Hook, file: &Path) -> Result<(), Failure> {
    let failed = |what: String| {
        Failure::usage(format!(
            "{} is written, but the post_write_hook `{}` {what}; mend it in autogen.toml and run it over the file, or \
             throw the revision away with `autogen discard head`",
            settings.shown(file),
            hook.command.join(" "),
        ))
    };
    let path = file.to_string_lossy();
    let mut words: Vec<String> = hook.command.iter().map(|word| word.replace(FILE, &path)).collect();
    if !hook.command.iter().any(|word| word.contains(FILE)) {
        words.push(path.into_owned());
    }
    let Some((program, arguments)) = words.split_first() else { return Err(failed("names no program".into())) };
    let folder = hook.cwd.as_ref().map_or_else(|| settings.root.clone(), |cwd| settings.root.join(cwd));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(&folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(format!("could not be started in {}: {error}", folder.display())))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).trim().to_owned());
    let said = said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    Err(failed(format!("ended with {}{}", output.status, if said.is_empty() { said } else { format!(":\n{said}\n") })))
}
