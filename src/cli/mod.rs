//! The command: flags, settings, exit codes, what is printed where.
//!
//! Diagnostics go to standard output; progress, notes and errors go to standard error.

mod audit;
mod baselines;
mod changed;
mod check;
mod describe;
mod documents;
pub mod engine;
mod environment;
mod high;
mod init;
mod listed;
mod low;
mod matrix;
mod migrate;
mod neighbours;
mod output;
mod owners;
mod progress;
mod ready;
mod shards;
mod supervise;
mod suppress;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches};

use crate::project::config::{ColorOption, LevelOption};
use low::{Command, GlobalArgs, LowArgs, RuleArgs};
use output::{Stop, report_error};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing that counts was found.
    Clean,
    /// Something was.
    Findings,
    /// Usage, configuration, or input and output.
    Usage,
    /// A failure of ropewalk itself.
    Internal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Internal => 101,
        })
    }
}

/// Runs the command with the arguments and environment of the process.
#[must_use]
pub fn main() -> ExitCode {
    // Before anything else is done: who waits for a check needs no memory for it.
    if std::env::args_os().skip(1).any(|argument| argument == "check")
        && let Some(code) = supervise::run()
    {
        return code;
    }
    let lookup = |name: &str| std::env::var_os(name);
    let matches = LowArgs::command().get_matches();
    let mut args = match LowArgs::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    match &mut args.command {
        Command::Check(check) => order_rule_flags(&mut check.rules, &matches),
        Command::Audit(audit) => order_audit_flags(audit, &matches),
        Command::Suppress(suppress) => order_rule_flags(&mut suppress.rules, &matches),
        _ => {}
    }
    let exit = match dispatch(&args, &lookup) {
        Ok(exit) => exit,
        // The reader has had what it wanted.
        Err(Stop::BrokenPipe) => Exit::Clean,
        Err(Stop::Error(error)) => {
            let color = wants_color(&args.global, std::io::stderr().is_terminal(), &lookup);
            report_error(&error, color);
            Exit::Usage
        }
    };
    exit.into()
}

fn dispatch(args: &LowArgs, lookup: environment::Lookup<'_>) -> Result<Exit, Stop> {
    let color = wants_color(&args.global, std::io::stdout().is_terminal(), lookup);
    match &args.command {
        Command::Check(check) => return check::run(check, &args.global, lookup),
        Command::Audit(audit) => return audit::run(audit, &args.global, lookup),
        Command::Merge(merge) => return shards::merge::run(merge, &args.global, lookup),
        Command::Suppress(suppress) => return suppress::run(suppress, &args.global, lookup),
        Command::Explain { rule } => describe::explain(rule, color)?,
        Command::Rules { json } => describe::list_rules(*json, color)?,
        Command::Init { path, force, dry_run } => init::run(path, *force, *dry_run)?,
        Command::Completions { shell } => describe::completions(*shell)?,
        Command::Man => describe::man()?,
        Command::Schema => describe::schema()?,
    }
    Ok(Exit::Clean)
}

fn wants_color(global: &GlobalArgs, is_terminal: bool, lookup: environment::Lookup<'_>) -> bool {
    match global.color.unwrap_or_default() {
        ColorOption::Always => true,
        ColorOption::Never => false,
        ColorOption::Auto => environment::color(lookup).unwrap_or(is_terminal),
    }
}

/// The same for the flags of a question of the audit.
fn order_audit_flags(audit: &mut low::AuditCommand, matches: &ArgMatches) {
    let Some((_, inner)) = matches.subcommand() else { return };
    match &mut audit.question {
        Some(question) => order_rule_flags(&mut question.args_mut().check.rules, inner),
        None => order_rule_flags(&mut audit.args.check.rules, matches),
    }
}

/// Puts `--error`, `--warn` and `--ignore` in the order in which they were written: the later wins.
fn order_rule_flags(rules: &mut RuleArgs, matches: &ArgMatches) {
    let Some((_, matches)) = matches.subcommand() else { return };
    let mut flags: Vec<(usize, String, LevelOption)> = Vec::new();
    let kinds = [
        ("error", &rules.error, LevelOption::Error),
        ("warn", &rules.warn, LevelOption::Warn),
        ("ignore", &rules.ignore, LevelOption::Ignore),
    ];
    for (id, values, level) in kinds {
        let places = matches.indices_of(id).into_iter().flatten();
        flags.extend(places.zip(values).map(|(place, value)| (place, value.clone(), level)));
    }
    flags.sort_by_key(|(place, ..)| *place);
    rules.in_order = flags.into_iter().map(|(_, value, level)| (value, level)).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_consistent() {
        LowArgs::command().debug_assert();
    }
}
