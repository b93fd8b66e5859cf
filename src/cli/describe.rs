//! `explain` and `rules`: what the rules say of themselves; `completions`, `man` and `schema`.
//!
//! All of it is made from the same tables that the checks use.

use std::io;

use anstyle::{AnsiColor, Style as Ansi};
use clap::CommandFactory;

use super::high::rule_names;
use super::low::LowArgs;
use super::output::{Stop, to_stdout};
use crate::project::config::json_schema;
use crate::report::rule_url;
use crate::rules::{self, Level, Rule};

/// Prints the documentation of a rule.
///
/// # Errors
/// When there is no such rule.
pub fn explain(name: &str, color: bool) -> Result<(), Stop> {
    let Some(rule) = rules::named_elsewhere(name) else {
        return Err(unknown_rule(name).into());
    };
    to_stdout(|out| {
        if name != rule.name {
            writeln!(out, "`{name}` of other checkers is `{}` here.\n", rule.name)?;
        }
        let heading = format!("# {}", rule.name);
        if color {
            let bold = AnsiColor::Cyan.on_default().bold();
            writeln!(out, "{}{heading}{}", bold.render(), bold.render_reset())?;
        } else {
            writeln!(out, "{heading}")?;
        }
        writeln!(
            out,
            "\n{}. Default level: {}.\n",
            sentence(rule.summary),
            rule.default_level.name()
        )?;
        for line in rule.documentation.lines() {
            if color && line.starts_with('#') {
                let bold = Ansi::new().bold();
                writeln!(out, "{}{line}{}", bold.render(), bold.render_reset())?;
            } else {
                writeln!(out, "{line}")?;
            }
        }
        writeln!(out, "\n<{}>", rule_url(rule.name))
    })
}

/// What is wrong with the name of a rule, and what was probably meant.
pub fn unknown_rule(name: &str) -> anyhow::Error {
    if let Some(rule) = rules::named_elsewhere(name) {
        return anyhow::anyhow!("unknown rule `{name}`; it is called `{}` here", rule.name);
    }
    // A part of a name is what somebody types who knows it roughly.
    let is_part = |rule: &&str| name.len() > 3 && rule.contains(name);
    let holding: Vec<&str> = rule_names().into_iter().filter(is_part).collect();
    let beginning: Vec<&str> =
        holding.iter().copied().filter(|rule| rule.starts_with(name)).collect();
    let meant = if beginning.is_empty() { holding } else { beginning };
    if (1..=MEANT).contains(&meant.len()) {
        let meant = rules::either(&meant);
        return anyhow::anyhow!("unknown rule `{name}`; did you mean {meant}?");
    }
    match rules::nearest(name, rule_names()) {
        Some(near) => anyhow::anyhow!("unknown rule `{name}`; did you mean `{near}`?"),
        None => anyhow::anyhow!("unknown rule `{name}`; `ropewalk rules` lists them"),
    }
}

/// More rules than these are better listed.
const MEANT: usize = 4;

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().collect::<String>() + chars.as_str(),
        None => String::new(),
    }
}

/// Lists the rules.
///
/// # Errors
/// When standard output can't be written to.
pub fn list_rules(json: bool, color: bool) -> Result<(), Stop> {
    to_stdout(|out| {
        if json {
            let rules: Vec<serde_json::Value> =
                rules::ALL.iter().map(|rule| to_json(rule)).collect();
            serde_json::to_writer_pretty(&mut *out, &rules)?;
            return writeln!(out);
        }
        let width = rules::ALL.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
        for rule in rules::ALL {
            let level = format!("{:<6}", rule.default_level.name());
            let level = if color { paint(rule.default_level, &level) } else { level };
            writeln!(out, "{:<width$}  {level}  {}", rule.name, rule.summary)?;
        }
        Ok(())
    })
}

fn to_json(rule: &Rule) -> serde_json::Value {
    serde_json::json!({
        "name": rule.name,
        "default-level": rule.default_level.name(),
        "summary": rule.summary,
        "documentation": rule.documentation,
        "url": rule_url(rule.name),
    })
}

fn paint(level: Level, text: &str) -> String {
    let ansi = match level {
        Level::Error => AnsiColor::BrightRed.on_default(),
        Level::Warn => AnsiColor::Yellow.on_default(),
        Level::Info => AnsiColor::BrightBlue.on_default(),
        Level::Ignore => Ansi::new().dimmed(),
    };
    format!("{}{text}{}", ansi.render(), ansi.render_reset())
}

/// Prints completions for a shell.
///
/// # Errors
/// When standard output can't be written to.
pub fn completions(shell: clap_complete::Shell) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut LowArgs::command(), "ropewalk", &mut bytes);
    to_stdout(|out| out.write_all(&bytes))
}

/// Prints the man page: the command, then a section for each subcommand.
///
/// # Errors
/// When standard output can't be written to.
pub fn man() -> Result<(), Stop> {
    let bytes = man_page()?;
    to_stdout(|out| out.write_all(&bytes))
}

fn man_page() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut command = LowArgs::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut bytes)?;
    for subcommand in command.get_subcommands().filter(|it| it.get_name() != "help") {
        let page = clap_mangen::Man::new(subcommand.clone());
        page.render_name_section(&mut bytes)?;
        page.render_synopsis_section(&mut bytes)?;
        page.render_options_section(&mut bytes)?;
    }
    Ok(bytes)
}

/// Prints the JSON schema of the configuration.
///
/// # Errors
/// When standard output can't be written to.
pub fn schema() -> Result<(), Stop> {
    let rules: Vec<(&str, &str)> =
        rules::ALL.iter().map(|rule| (rule.name, rule.summary)).collect();
    let text = serde_json::to_string_pretty(&json_schema(&rules)).map_err(anyhow::Error::from)?;
    to_stdout(|out| writeln!(out, "{text}"))
}
