//! `ropewalk init`: a starting configuration, with what other checkers' configurations say.
//!
//! It is added to `pyproject.toml` where there is one, and written to `ropewalk.toml` elsewhere.

use std::path::Path;

use anyhow::Context;

use super::migrate::{Migration, migrate};
use super::output::{Stop, note, to_stdout};
use crate::project::config::{Options, read_text, write_whole};

/// Runs the command.
///
/// # Errors
/// When there is a configuration already, or a file can't be read or written.
pub fn run(folder: &Path, force: bool, dry_run: bool) -> Result<(), Stop> {
    if !folder.is_dir() {
        return Err(anyhow::anyhow!("no such folder: {}", folder.display()).into());
    }
    // Shown as people write it.
    let here = if folder == Path::new(".") { Path::new("") } else { folder };
    let own = here.join("ropewalk.toml");
    let pyproject = here.join("pyproject.toml");
    let pyproject_text = read(&pyproject)?;
    let pyproject_table: toml::Table = match &pyproject_text {
        Some(text) => toml::from_str(text)
            .map_err(|error| anyhow::anyhow!("{}: {}", pyproject.display(), error.message()))?,
        None => toml::Table::new(),
    };
    let configured = pyproject_table.get("tool").is_some_and(|tool| tool.get("ropewalk").is_some());
    if !force && !dry_run && (own.exists() || configured) {
        let place = if own.exists() { &own } else { &pyproject };
        return Err(anyhow::anyhow!(
            "{} has a configuration already; --force writes ropewalk.toml anew",
            place.display()
        )
        .into());
    }
    let migration = migrate(folder, &pyproject_table, &|name| read(&folder.join(name)))?;
    let to_pyproject = pyproject_text.is_some() && !force && !own.exists();
    let text = render(&migration, if to_pyproject { "tool.ropewalk." } else { "" })?;
    if dry_run {
        return to_stdout(|out| out.write_all(text.as_bytes()));
    }
    let (path, whole) = match pyproject_text {
        Some(old) if to_pyproject => {
            let gap = if old.ends_with('\n') || old.is_empty() { "\n" } else { "\n\n" };
            (pyproject, format!("{old}{gap}{text}"))
        }
        _ => (own, text),
    };
    write_whole(&path, whole.as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))?;
    note(match to_pyproject {
        true => format!("added `[tool.ropewalk]` to {}", path.display()),
        false => format!("wrote {}", path.display()),
    });
    for origin in &migration.origins {
        note(format!("taken over from {origin}"));
    }
    for left in &migration.left_out {
        note(format!("not taken over: {left}"));
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Option<String>> {
    read_text(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The options as TOML, tables prefixed, with what was left out as comments.
fn render(migration: &Migration, prefix: &str) -> anyhow::Result<String> {
    let mut text = String::from("# ropewalk: https://github.com/ropewalk/ropewalk\n");
    for origin in &migration.origins {
        text.push_str(&format!("# taken over from {origin}\n"));
    }
    for left in &migration.left_out {
        text.push_str(&format!("# not taken over: {left}\n"));
    }
    if migration.options == Options::default() {
        text.push_str(&format!(
            "\n[{prefix}rules]\n# `ropewalk rules` lists all rules: name = \"error\", \"warn\" or \"ignore\".\n"
        ));
        return Ok(text);
    }
    let body = toml::to_string_pretty(&migration.options).context("cannot write the options")?;
    text.push('\n');
    for line in body.lines() {
        if let Some(header) = line.strip_prefix("[[") {
            text.push_str(&format!("[[{prefix}{header}"));
        } else if let Some(header) = line.strip_prefix('[') {
            text.push_str(&format!("[{prefix}{header}"));
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    Ok(text)
}
