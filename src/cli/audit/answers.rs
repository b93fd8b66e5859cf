//! Questions that are answered in words and tables: why something is alive, coverage, the public surface.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context;

use super::{Collected, place};
use crate::audit::conventions::Conventions;
use crate::audit::coverage::{Coverage, Missing, Share, Source, by_symbol, coverage};
use crate::audit::edges::edges;
use crate::audit::imports::graph::ImportGraph;
use crate::audit::live::{is_test, lives};
use crate::audit::picture::{self, Files, Picture};
use crate::audit::program::Program;
use crate::audit::settings::{AuditSettings, Confidence};
use crate::audit::{Found, api, dead, why};
use crate::cli::Exit;
use crate::cli::changed::RunAt;
use crate::cli::check::{Findings, finish_found};
use crate::cli::engine::{CheckRequest, source_text};
use crate::cli::high::HiArgs;
use crate::cli::low::{ApiArgs, CheckArgs, PartOption, TypeArgs};
use crate::cli::output::{Stop, note, to_stdout};
use crate::cli::owners::ShownOwners;
use crate::rules::{Diagnostic, Finding, low_coverage};

/// `audit why NAME`.
pub(super) fn why(
    high: &HiArgs,
    facts: &Collected,
    settings: &AuditSettings,
    name: &str,
) -> Result<Exit, Stop> {
    let program = Program::new(&facts.modules);
    let conventions = Conventions::new(&program, settings);
    let edges = edges(&program, &conventions);
    let lives = lives(&program, &edges, settings, &conventions);
    let question = dead::Dead { program: &program, edges: &edges, lives: &lives, settings };
    let found = why::find(&question, name);
    if found.is_empty() {
        let near = why::near(&program, name).map(|near| format!("; did you mean `{near}`?"));
        let near = near.unwrap_or_default();
        return Err(anyhow::anyhow!("no definition is called `{name}`{near}").into());
    }
    let mut text = String::new();
    for node in found {
        for (at, step) in why::explain(&question, node).into_iter().enumerate() {
            let indent = if at == 0 { "" } else { "  " };
            let place = step.place.map_or_else(String::new, |(path, offset)| {
                let line = line_of(high, &path, offset);
                format!(" ({path}:{line})")
            });
            let _ = writeln!(text, "{indent}{}{place}", step.words);
        }
    }
    to_stdout(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn line_of(high: &HiArgs, path: &str, offset: u32) -> usize {
    let text = source_text(&high.working_directory, path);
    let before = text.as_deref().and_then(|text| text.get(..offset as usize));
    before.map_or(1, |before| before.matches('\n').count() + 1)
}

/// `audit api`.
pub(super) fn api(
    high: &HiArgs,
    facts: &Collected,
    settings: &AuditSettings,
    args: &ApiArgs,
    gather: RunAt<'_, Collected>,
) -> Result<Exit, Stop> {
    if facts.modules.is_empty() {
        return Err(anyhow::anyhow!("there is no Python file to look at").into());
    }
    let surface = |facts: &Collected| {
        let program = Program::new(&facts.modules);
        let conventions = Conventions::new(&program, settings);
        let lives = lives(&program, &edges(&program, &conventions), settings, &conventions);
        api::surface(&program, &lives.is_test)
    };
    let now = surface(facts);
    let Some(revision) = &args.since else {
        let mut text = String::new();
        for (name, entry) in &now {
            let ty = if entry.ty.is_empty() { String::new() } else { format!(": {}", entry.ty) };
            let _ = writeln!(text, "{} {name}{ty}", entry.kind);
        }
        to_stdout(|out| out.write_all(text.as_bytes()))?;
        return Ok(Exit::Clean);
    };
    let run = |change: &dyn Fn(&CheckRequest) -> CheckRequest| Ok(surface(&gather(change)?));
    let before = crate::cli::changed::at_revision(&high.working_directory, revision, &run)
        .context("--since")?;
    let found = api::changes(&before, &now);
    let diagnostics = place::placed(high, found, args.args.confidence.into());
    finish(&args.args.check, high, facts, diagnostics)
}

/// Ends an audit that has found `diagnostics`.
fn finish(
    args: &CheckArgs,
    high: &HiArgs,
    facts: &Collected,
    diagnostics: Vec<Diagnostic>,
) -> Result<Exit, Stop> {
    let found = Findings {
        diagnostics,
        checked: facts.checked.clone(),
        internal_errors: facts.failed,
        ..Findings::default()
    };
    finish_found(args, high, found)
}

/// `audit types`: a table, and findings for what is below the gate, or less than it was.
pub(super) fn types(
    high: &HiArgs,
    facts: Collected,
    settings: &AuditSettings,
    args: &TypeArgs,
    gather: RunAt<'_, Collected>,
) -> Result<Exit, Stop> {
    let measure = |facts: &Collected| {
        let program = Program::new(&facts.modules);
        coverage(&program, settings, &tests_of(&program))
    };
    let coverage = measure(&facts);
    let program = Program::new(&facts.modules);
    let rows = match args.by {
        Some(part) => by_part(high, &program, &coverage, part)?,
        None => BTreeMap::new(),
    };
    let text = table(high, &coverage, &rows);
    if high.presentation.quiet == 0 {
        note(text.trim_end());
    }
    let mut found =
        args.min_coverage.map_or_else(Vec::new, |least| gate(&coverage, settings, least));
    if let Some(revision) = &args.since {
        let run = |change: &dyn Fn(&CheckRequest) -> CheckRequest| Ok(measure(&gather(change)?));
        let before = crate::cli::changed::at_revision(&high.working_directory, revision, &run)
            .context("--since")?;
        found.extend(lost(&before, &coverage, settings, revision));
    }
    let diagnostics = place::placed(high, found, Confidence::Certain);
    finish(&args.args.check, high, &facts, diagnostics)
}

fn tests_of(program: &Program<'_>) -> Vec<bool> {
    program.modules.iter().map(|each| is_test(&each.path)).collect()
}

/// The shares of parts of the program.
fn by_part(
    high: &HiArgs,
    program: &Program<'_>,
    coverage: &Coverage,
    part: PartOption,
) -> anyhow::Result<BTreeMap<String, Share>> {
    if part == PartOption::Symbol {
        return Ok(by_symbol(program, &tests_of(program)));
    }
    let owners = ShownOwners::around(&high.working_directory)?;
    if part == PartOption::Owner && owners.is_none() {
        anyhow::bail!("--by owner: there is no CODEOWNERS file");
    }
    let mut rows: BTreeMap<String, Share> = BTreeMap::new();
    for module in &program.modules {
        let Some(share) = coverage.modules.get(&module.path) else { continue };
        let package = || match (module.is_package, module.name.rsplit_once('.')) {
            (false, Some((package, _))) => package.to_owned(),
            _ => module.name.to_string(),
        };
        let name = match part {
            PartOption::Owner => owners.as_ref().and_then(|owners| owners.of(&module.path)),
            PartOption::Package => Some(package()),
            PartOption::Module | PartOption::Symbol => Some(module.path.to_string()),
        };
        let name = name.unwrap_or_else(|| "(no owner)".to_owned());
        rows.entry(name).or_default().add(*share);
    }
    Ok(rows)
}

/// What the page of the report draws.
pub(super) fn picture(
    high: &HiArgs,
    facts: &Collected,
    settings: &AuditSettings,
    found: &[Found],
) -> anyhow::Result<Picture> {
    let program = Program::new(&facts.modules);
    let coverage = coverage(&program, settings, &tests_of(&program));
    let graph = ImportGraph::new(&facts.modules, settings);
    let line_at = |path: &str, at: u32| u32::try_from(line_of(high, path, at)).unwrap_or(u32::MAX);
    let owners = ShownOwners::around(&high.working_directory)?;
    let owner_of = |path: &str| owners.as_ref().and_then(|owners| owners.of(path));
    let files = Files { line_at: &line_at, owner_of: &owner_of };
    Ok(picture::picture(&facts.modules, &graph, &coverage, found, settings, &files))
}

/// The projects that have less than they should.
pub(super) fn gate(coverage: &Coverage, settings: &AuditSettings, least: f64) -> Vec<Found> {
    let few = coverage.projects.iter().filter(|(_, share)| share.known_percent() < least);
    few.filter_map(|(prefix, share)| {
        let finding = low_coverage::too_low(shown_project(prefix), share.known_percent(), least);
        at_project(coverage, settings, prefix, finding)
    })
    .collect()
}

/// The projects that have less than they had.
fn lost(before: &Coverage, now: &Coverage, settings: &AuditSettings, revision: &str) -> Vec<Found> {
    // What is printed is what is compared.
    let rounded = |share: &Share| (share.known_percent() * 100.0).round() / 100.0;
    let both = now.projects.iter().filter_map(|(prefix, share)| {
        Some((prefix, rounded(share), rounded(before.projects.get(prefix)?)))
    });
    both.filter(|(_, known, before)| known < before)
        .filter_map(|(prefix, known, before)| {
            let finding = low_coverage::less(shown_project(prefix), known, before, revision);
            at_project(now, settings, prefix, finding)
        })
        .collect()
}

fn shown_project(prefix: &str) -> &str {
    if prefix.is_empty() { "the program" } else { prefix }
}

/// A finding about a project, at its first module.
fn at_project(
    coverage: &Coverage,
    settings: &AuditSettings,
    prefix: &str,
    finding: Finding,
) -> Option<Found> {
    let project_of =
        |path: &str| settings.project_of(path).map_or("", |project| &project.prefix).to_owned();
    let path = coverage.modules.keys().find(|path| project_of(path) == prefix)?;
    Some(Found::new(finding, Confidence::Certain, path, (0, 0)))
}

/// Coverage as a table, with the ten annotations that would help most.
fn table(high: &HiArgs, coverage: &Coverage, rows: &BTreeMap<String, Share>) -> String {
    let mut text = String::from("annotated   known  expressions\n");
    let mut row = |name: &str, share: &Share| {
        let _ = writeln!(
            text,
            "{:>7.1} % {:>5.1} % {:>12}  {name}",
            share.annotated_percent(),
            share.known_percent(),
            share.expressions
        );
    };
    row("all", &coverage.total);
    for (prefix, share) in coverage.projects.iter().filter(|_| coverage.projects.len() > 1) {
        row(if prefix.is_empty() { "." } else { prefix }, share);
    }
    for (name, share) in rows {
        row(name, share);
    }
    let (packages, own): (Vec<&Source>, Vec<&Source>) =
        coverage.sources.iter().partition(|source| source.missing == Missing::Package);
    let lists = [
        (
            "declarations that would help most, with the expressions that are unknown without them",
            own,
        ),
        (
            "packages of no known types, with the expressions that are unknown because of that",
            packages,
        ),
    ];
    for (title, sources) in lists.iter().filter(|(_, sources)| !sources.is_empty()) {
        let _ = writeln!(text, "\n{title}:");
        for source in sources.iter().take(10) {
            let (path, at) = &source.place;
            let line = line_of(high, path, *at);
            let what = match source.missing {
                Missing::Parameter => "an annotation of the parameter ",
                Missing::Result => "a declared result of ",
                Missing::Variable => "an annotation of ",
                Missing::Package => "",
            };
            let _ =
                writeln!(text, "{:>6}  {what}`{}` ({path}:{line})", source.unknown, source.name);
        }
    }
    text
}
