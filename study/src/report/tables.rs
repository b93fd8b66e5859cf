//! The tables and sentences of the report, by the names that they have in the template.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;

use crate::claims;
use crate::claims::both;
use crate::cold::HOSTS;
use crate::edits::KINDS;
use crate::plots::{BreakEven, break_even, lines_of_trees, of_any_threads};
use crate::rows::{Row, Rows};
use crate::statistics::{Estimate, estimate, median, ratio};
use crate::stores::{ARENAS, DIRECTORIES, ORDERS};

/// What a part says when there are no rows for it.
const NOT_MEASURED: &str = "Not measured in this run.";

/// Every part of the page.
pub fn all(results: &Path) -> Result<Vec<(&'static str, String)>> {
    let plan = std::fs::read_to_string(results.join("plan.json")).unwrap_or_default();
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap_or_default();
    let stores = Rows::read(results, "stores-counts")?;
    let tree = stores.0.first().map_or_else(|| "no tree".to_owned(), |row| row.subject.clone());
    let cores = plan["machine"].as_str().and_then(|text| text.split(", ").nth(1)).unwrap_or("?");
    let cores = cores.split(' ').next().unwrap_or("?").to_owned();
    Ok(vec![
        ("machine", machine(&plan) + &others(results)?),
        ("short", short(results)?),
        ("agree", agree(results)?),
        ("differences", differences(results)),
        ("judged", include_str!("judged.md").to_owned()),
        ("rounds", plan["rounds"].to_string()),
        ("threads", plan["threads"].to_string()),
        ("cores", cores),
        ("cold", cold(results)?),
        ("metadata", metadata(results)?),
        ("peers", peers(results)?),
        ("edits", edits(results)?),
        ("correct", correct(results)?),
        ("histories", histories(results)?),
        ("breakeven_sentence", break_even_sentence(results)?),
        ("breakeven", break_even_table(results)?),
        ("memory", memory(results)?),
        ("stores_tree", tree),
        ("stores_times", stores_times(results)?),
        ("stores", stores_table(&stores)),
        ("claims", claims_table(results)?),
        ("replay", replay(results)?),
    ])
}

fn machine(plan: &serde_json::Value) -> String {
    let trees = plan["trees"].as_array().cloned().unwrap_or_default();
    let trees: Vec<String> = trees
        .iter()
        .map(|tree| {
            format!(
                "{} ({} files, {} lines, input {})",
                tree["name"].as_str().unwrap_or("?"),
                tree["files"],
                tree["lines"],
                tree["input"].as_str().unwrap_or("?")
            )
        })
        .collect();
    let load = plan["cores that others used at the beginning"].as_f64();
    let load = load.map_or_else(|| "unknown".to_owned(), |load| format!("{load:.2} cores"));
    format!(
        "Measured on {}, with the profile `{}`, {} threads, {} rounds{}; others used {load} when it began. Trees: {}.",
        plan["machine"].as_str().unwrap_or("an unknown machine"),
        plan["profile"].as_str().unwrap_or("?"),
        plan["threads"],
        plan["rounds"],
        if plan["quick"] == true { ", quick" } else { "" },
        trees.join("; ")
    )
}

/// How busy others were while the rows were made.
fn others(results: &Path) -> Result<String> {
    let mut all = Vec::new();
    for experiment in ["cold", "stores", "edits", "peers"] {
        let rows = Rows::read(results, experiment)?;
        all.extend(rows.0.iter().filter_map(|row| row.values.get("others").copied()));
    }
    let most = all.iter().copied().fold(0.0, f64::max);
    Ok(match all.is_empty() {
        true => String::new(),
        false => format!(
            " While the timed rows were made, others used {:.1} cores in the median, {most:.1} at most{}.",
            median(&all),
            if median(&all) > 0.15 { ": take CPU time seriously, and wall time not" } else { "" }
        ),
    })
}

fn with_interval(found: Estimate, digits: usize) -> String {
    format!("{:.digits$} ({:.digits$}–{:.digits$})", found.median, found.low, found.high)
}

fn trees(results: &Path) -> Result<Vec<String>> {
    Ok(lines_of_trees(results)?.into_iter().map(|tree| tree.0).collect())
}

fn short(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "cold")?;
    let mut out = String::new();
    for tree in trees(results)? {
        let of = |host: &str, value: &str| of_any_threads(&rows, host, &tree, value);
        let best = |value: &str| {
            let hosts = crate::cold::HOSTS.iter().filter(|host| host.starts_with("salsa"));
            hosts.map(|host| median(&of(host, value))).fold(f64::INFINITY, f64::min)
        };
        let ours = |host: &str, value: &str| median(&of(host, value));
        if ours("cells", "cpu").is_nan() {
            continue;
        }
        let _ = writeln!(
            out,
            "- **{tree}**, cold: the best of the Salsa hosts takes {:.2} times the CPU time of cells ({:.2} times that of \
             cells without remembered judgements) and {:.2} times the memory.",
            best("cpu") / ours("cells", "cpu"),
            best("cpu") / ours("cells-no-relations", "cpu"),
            best("peak") / ours("cells", "peak"),
        );
    }
    if out.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let _ = writeln!(out, "- {}", break_even_sentence(results)?);
    Ok(out)
}

fn agree(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "agree")?;
    if rows.0.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let mut out = String::from(
        "| tree | host | threads | diagnostics | same but for the order of a union's members | only cells | only the host |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in &rows.0 {
        let of = |name: &str| row.values.get(name).copied().unwrap_or(f64::NAN);
        let _ = writeln!(
            out,
            "| {} | `{}` | {} | {} | {} | {} | {} |",
            row.subject,
            row.variant,
            row.threads,
            of("lines"),
            of("order of union members"),
            of("only ours"),
            of("only theirs")
        );
    }
    Ok(out)
}

fn differences(results: &Path) -> String {
    let text = std::fs::read_to_string(results.join("differences.txt")).unwrap_or_default();
    if text.is_empty() {
        return "No line is found by one host alone.".to_owned();
    }
    let lines: Vec<String> = text.lines().take(16).map(shortened).collect();
    format!(
        "The first lines that only one host finds (all that were kept are in `study/results/differences.txt`):\n\n\
         ```text\n{}\n```",
        lines.join("\n")
    )
}

fn shortened(line: &str) -> String {
    let text: String =
        line.split(" | notes").next().unwrap_or_default().chars().take(220).collect();
    if text.len() < line.len() { format!("{text} …") } else { text }
}

fn cold(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "cold")?;
    if rows.0.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let mut out = String::from(
        "| tree | host | CPU s | wall s | peak MB | CPU, times cells |\n|---|---|---|---|---|---|\n",
    );
    for tree in trees(results)? {
        for host in HOSTS {
            let of = |host: &str, value: &str| of_any_threads(&rows, host, &tree, value);
            if of(host, "cpu").is_empty() {
                continue;
            }
            let _ = writeln!(
                out,
                "| {tree} | `{host}` | {} | {} | {} | {} |",
                with_interval(estimate(&of(host, "cpu")), 2),
                with_interval(estimate(&of(host, "wall")), 2),
                with_interval(estimate(&of(host, "peak")), 0),
                with_interval(ratio(&of(host, "cpu"), &of("cells", "cpu")), 2),
            );
        }
    }
    Ok(out)
}

fn metadata(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "counts")?;
    let mut out = String::from(
        "| tree | host | memos and keys MB | metadata MB | arenas MB | metadata, share |\n|---|---|---|---|---|---|\n",
    );
    let of_salsa = |row: &&Row| row.variant.starts_with("salsa");
    for row in rows.0.iter().filter(of_salsa) {
        let of = |name: &str| row.values.get(name).copied().unwrap_or(f64::NAN) / 1e6;
        let (data, metadata, arenas) =
            (of("salsa data bytes"), of("salsa metadata bytes"), of("arena bytes"));
        let _ = writeln!(
            out,
            "| {} | `{}` | {data:.1} | {metadata:.1} | {arenas:.1} | {:.0} % |",
            row.subject,
            row.variant,
            100.0 * metadata / (data + metadata + arenas)
        );
    }
    Ok(if rows.0.is_empty() { NOT_MEASURED.to_owned() } else { out })
}

fn peers(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "peers")?;
    if rows.0.is_empty() {
        return Ok("Another checker was not run beside these.".to_owned());
    }
    let mut out = String::from(
        "For scale, a checker that is built on Salsa from the ground up, with its own inference, so that its answers and \
         its work differ:\n\n| tree | program | CPU s | wall s | peak MB |\n|---|---|---|---|---|\n",
    );
    for tree in trees(results)? {
        for program in rows.distinct(|row| row.variant.clone()) {
            let of = |value: &str| estimate(&of_any_threads(&rows, &program, &tree, value));
            if of("cpu").median.is_nan() {
                continue;
            }
            let _ = writeln!(
                out,
                "| {tree} | {program} | {} | {} | {} |",
                with_interval(of("cpu"), 2),
                with_interval(of("wall"), 2),
                with_interval(of("peak"), 0)
            );
        }
    }
    Ok(out)
}

fn edits(results: &Path) -> Result<String> {
    let (rows, cold) = (Rows::read(results, "edits")?, Rows::read(results, "cold")?);
    if rows.0.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let mut out = String::from("| edit |");
    let mut columns = Vec::new();
    for tree in trees(results)? {
        for host in crate::edits::HOSTS {
            if !of_any_threads(&rows, host, &tree, "cold cpu").is_empty() {
                let _ = write!(out, " {tree}, {} |", host.trim_start_matches("salsa-"));
                columns.push((tree.clone(), host));
            }
        }
    }
    let _ = write!(out, "\n|---|{}\n| *batch run* |", "---|".repeat(columns.len()));
    for (tree, _) in &columns {
        let _ = write!(out, " {:.3} |", median(&of_any_threads(&cold, "cells", tree, "cpu")));
    }
    out.push_str("\n| *cold, same process* |");
    for (tree, host) in &columns {
        let _ = write!(out, " {:.3} |", median(&of_any_threads(&rows, host, tree, "cold cpu")));
    }
    out.push('\n');
    for kind in KINDS {
        let _ = write!(out, "| {kind} |");
        for (tree, host) in &columns {
            let of = |value: &str| {
                median(&of_any_threads(&rows, host, tree, &format!("{kind}: {value}")))
            };
            match (of("cpu"), of("lines that differ")) {
                (cpu, _) if cpu.is_nan() => out.push_str(" – |"),
                (cpu, lines) if lines.is_nan() => out += &format!(" {cpu:.3} |"),
                (cpu, lines) => out += &format!(" {cpu:.3} ({lines}) |"),
            }
        }
        out.push('\n');
    }
    Ok(out)
}

fn correct(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "edits-compared")?;
    if rows.0.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let (mut compared, mut same, mut figures) = (0, 0, Vec::new());
    for row in &rows.0 {
        for kind in KINDS {
            let of = |value: &str| row.values.get(&format!("{kind}: {value}")).copied();
            if let (Some(wrong), Some(order)) = (of("wrong lines"), of("other order")) {
                compared += 1;
                if wrong + order == 0.0 {
                    same += 1;
                } else {
                    figures.push(format!(
                        "{} on {} after *{kind}*: {order} lines with another order of members, {wrong} others",
                        row.variant, row.subject
                    ));
                }
            }
        }
    }
    let rest = if figures.is_empty() { String::new() } else { format!(" {}.", figures.join("; ")) };
    Ok(format!("{same} of {compared} were the same, byte for byte.{rest}"))
}

fn histories(results: &Path) -> Result<String> {
    let (rows, compared) =
        (Rows::read(results, "histories")?, Rows::read(results, "histories-compared")?);
    if rows.0.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let mut out = String::from(
        "| repository | host | commits | of these, made again | cold CPU s | an edit: median | 90 % | most | lines that differ from a cold run |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for repository in rows.distinct(|row| row.subject.clone()) {
        for host in crate::edits::HOSTS {
            let of = |value: &str| median(&of_any_threads(&rows, host, &repository, value));
            let checked =
                |value: &str| median(&of_any_threads(&compared, host, &repository, value));
            let _ = writeln!(
                out,
                "| {repository} | `{host}` | {} | {} | {:.2} | {:.3} | {:.3} | {:.3} | {}, and {} in the order of a union |",
                of("commits"),
                of("made again"),
                of("cold cpu"),
                of("warm cpu, median"),
                of("warm cpu, 90 %"),
                of("warm cpu, most"),
                checked("wrong lines"),
                checked("other order"),
            );
        }
    }
    Ok(out)
}

const BREAK_EVEN_KINDS: &[&str] = &[
    "comment at the end",
    "body",
    "body, new local",
    "core body",
    "core body, new local",
    "core signature",
    "core new definition",
];

fn break_even_table(results: &Path) -> Result<String> {
    if Rows::read(results, "edits")?.0.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let mut out = String::from("| tree | host |");
    BREAK_EVEN_KINDS.iter().for_each(|kind| out += &format!(" {kind} |"));
    let _ = writeln!(out, "\n|---|---|{}", "---|".repeat(BREAK_EVEN_KINDS.len()));
    for tree in trees(results)? {
        for host in crate::edits::HOSTS {
            let _ = write!(out, "| {tree} | `{host}` |");
            for kind in BREAK_EVEN_KINDS {
                match break_even(results, host, &tree, kind)? {
                    BreakEven::After(edits) => out += &format!(" {edits:.1} |"),
                    BreakEven::Never => out.push_str(" never |"),
                    BreakEven::NotMeasured => out.push_str(" not measured |"),
                }
            }
            out.push('\n');
        }
    }
    Ok(out)
}

fn break_even_sentence(results: &Path) -> Result<String> {
    let mut found = Vec::new();
    let mut never = 0;
    for tree in trees(results)? {
        for host in crate::edits::HOSTS {
            for kind in BREAK_EVEN_KINDS {
                match break_even(results, host, &tree, kind)? {
                    BreakEven::After(edits) => found.push(edits),
                    BreakEven::Never => never += 1,
                    BreakEven::NotMeasured => {}
                }
            }
        }
    }
    if found.is_empty() {
        return Ok("The break-even was not measured.".to_owned());
    }
    let (low, high) = (
        found.iter().copied().fold(f64::INFINITY, f64::min),
        found.iter().copied().fold(0.0, f64::max),
    );
    let never = match never {
        0 => String::new(),
        never => format!(
            " In {never} of {} cases an edit costs it as much as a batch run.",
            found.len() + never
        ),
    };
    Ok(format!(
        "In one sentence: a run that ends after one check is cheaper without an incremental layer, and a process that stays is \
         cheaper with one from the {}. edit on at the latest (the {}. at the earliest), for every tree and edit that was \
         measured.{never}",
        high.ceil().max(1.0),
        low.ceil().max(1.0),
    ))
}

fn memory(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "edits-memory")?;
    if rows.0.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let mut out = String::from(
        "| tree | host | edits | CPU s of one | resident MB, before → after | arenas MB | memos and keys MB | metadata MB |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for row in &rows.0 {
        let of = |name: &str| row.values.get(name).copied().unwrap_or(f64::NAN);
        let pair = |name: &str| {
            format!("{:.1} → {:.1}", of(&format!("{name} before")) / 1e6, of(name) / 1e6)
        };
        let _ = writeln!(
            out,
            "| {} | `{}` | {} | {:.3} | {:.0} → {:.0} | {} | {} | {} |",
            row.subject,
            row.variant,
            of("edits"),
            of("cpu of an edit"),
            of("resident before"),
            of("resident after"),
            pair("arena bytes"),
            pair("salsa data bytes"),
            pair("salsa metadata bytes"),
        );
    }
    Ok(out)
}

fn stores_table(rows: &Rows) -> String {
    if rows.0.is_empty() {
        return NOT_MEASURED.to_owned();
    }
    let mut out = String::from(
        "| order | arenas of | threads | waits | ms waited | published | in vain | cycle | types | twice | trees |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for order in ORDERS {
        for arenas in ARENAS {
            let variant = format!("{order}/{arenas}/flurry");
            for row in rows.0.iter().filter(|row| row.variant == variant) {
                let of = |name: &str| row.values.get(name).copied().unwrap_or(f64::NAN);
                let owner = if *arenas == "both" { "module and worker" } else { arenas };
                let _ = writeln!(
                    out,
                    "| {order} | {owner} | {} | {} | {:.1} | {} | {} | {} | {} | {} | {} |",
                    row.threads,
                    both(row, "write rights waited for"),
                    both(row, "nanoseconds waited") / 1e6,
                    both(row, "published"),
                    both(row, "computed in vain"),
                    both(row, "computed for a cycle"),
                    of("types"),
                    of("types in another arena too"),
                    of("trees made again"),
                );
            }
        }
    }
    out
}

fn stores_times(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "stores")?;
    let Some(first) = rows.0.first() else { return Ok(NOT_MEASURED.to_owned()) };
    let mut out = String::from(
        "| order | arenas of | directory | CPU s | wall s | peak MB | CPU, times the shipped |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let variants = ORDERS.iter().flat_map(|order| {
        ARENAS.iter().flat_map(move |arenas| {
            DIRECTORIES.iter().map(move |directory| (order, arenas, directory))
        })
    });
    for (order, arenas, directory) in variants {
        let variant = format!("{order}/{arenas}/{directory}");
        let of = |variant: &str, value: &str| of_any_threads(&rows, variant, &first.subject, value);
        if of(&variant, "cpu").is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "| {order} | {arenas} | {directory} | {} | {} | {} | {} |",
            with_interval(estimate(&of(&variant, "cpu")), 2),
            with_interval(estimate(&of(&variant, "wall")), 2),
            with_interval(estimate(&of(&variant, "peak")), 0),
            with_interval(ratio(&of(&variant, "cpu"), &of("two-phase/module/flurry", "cpu")), 2),
        );
    }
    Ok(out)
}

fn claims_table(results: &Path) -> Result<String> {
    let mut out = String::from("| claim | verdict | figures |\n|---|---|---|\n");
    for claim in claims::ALL {
        let rows = Rows::read(results, &format!("claim-{}", claim.name))?;
        let found = (claim.judge)(&rows, results)?;
        let _ = writeln!(out, "| {} | **{}** | {} |", claim.sentence, found.verdict, found.figures);
    }
    Ok(out)
}

fn replay(results: &Path) -> Result<String> {
    let rows = Rows::read(results, "replay")?;
    if rows.0.is_empty() {
        return Ok(NOT_MEASURED.to_owned());
    }
    let mut out = String::from("| tree | real 1 → replay 1, s | real 2 → replay 2, s |");
    let more = &crate::replay::WORKERS[2..];
    more.iter().for_each(|workers| out += &format!(" {workers} |"));
    let _ = writeln!(out, " longest message, s |\n|---|---|---|{}---|", "---|".repeat(more.len()));
    for tree in rows.distinct(|row| row.subject.clone()) {
        let at = |variant: &str, workers: usize| {
            median(&rows.values(variant, &tree, workers, "seconds"))
        };
        let _ = write!(out, "| {tree} |");
        for workers in [1, 2] {
            let _ = write!(out, " {:.2} → {:.2} |", at("real", workers), at("replay", workers));
        }
        more.iter().for_each(|&workers| out += &format!(" {:.2} |", at("replay", workers)));
        let longest = median(&rows.values("replay", &tree, 1, "longest"));
        let _ = writeln!(out, " {longest:.2} |");
    }
    Ok(out)
}
