//! Plots, made from raw rows alone.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::rows::Rows;
use crate::statistics::{estimate, median};

/// A line of a plot.
pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

/// What a plot shows, besides its lines.
pub struct Frame<'f> {
    pub title: &'f str,
    pub x: &'f str,
    pub y: &'f str,
}

const SIZE: (u32, u32) = (760, 420);

/// Draws all plots that there are rows for; gives their files and titles.
pub fn draw(results: &Path, images: &Path) -> Result<Vec<(String, String)>> {
    std::fs::create_dir_all(images)?;
    let mut drawn = Vec::new();
    let mut add = |file: &str, frame: &Frame<'_>, lines: &[Line]| -> Result<()> {
        if lines.iter().any(|line| !line.points.is_empty()) {
            lines_plot(&images.join(file), frame, lines)?;
            drawn.push((file.to_owned(), frame.title.to_owned()));
        }
        Ok(())
    };
    let cold = Rows::read(results, "cold")?;
    let lines_of = lines_of_trees(results)?;
    for (value, file, title, y) in [
        ("cpu", "cold-cpu.svg", "Cold: CPU time", "CPU seconds"),
        ("peak", "cold-peak.svg", "Cold: memory at the peak", "megabytes"),
    ] {
        let frame = Frame { title, x: "lines of code", y };
        let lines = cold.distinct(|row| row.variant.clone()).into_iter().map(|host| {
            let mut points = Vec::new();
            for (tree, size) in &lines_of {
                let values = of_any_threads(&cold, &host, tree, value);
                if !values.is_empty() {
                    points.push((*size, median(&values)));
                }
            }
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            Line { name: host, points }
        });
        add(file, &frame, &lines.collect::<Vec<_>>())?;
    }
    let frame = Frame {
        title: "Edits of a core body after which one Salsa process has taken less CPU time than batch runs",
        x: "lines of code",
        y: "edits",
    };
    add("break-even.svg", &frame, &break_even_lines(results, &lines_of)?)?;
    let replay = Rows::read(results, "replay")?;
    let frame =
        Frame { title: "Replay: how many times faster than one worker", x: "workers", y: "times" };
    let lines = replay.distinct(|row| row.subject.clone()).into_iter().map(|tree| {
        let at = |workers| median(&replay.values("replay", &tree, workers, "seconds"));
        let points = crate::replay::WORKERS.iter();
        #[expect(clippy::cast_precision_loss, reason = "at most 128")]
        let points = points.map(|&workers| (workers as f64, at(1) / at(workers))).collect();
        Line { name: tree, points }
    });
    add("replay.svg", &frame, &lines.collect::<Vec<_>>())?;
    for (claim, file, title, x) in [
        (
            "ordered-sets",
            "ordered-sets.svg",
            "Building a union: ordered set against slice",
            "members",
        ),
        ("small-maps", "small-maps.svg", "A lookup in a small map", "entries"),
    ] {
        let rows = Rows::read(results, &format!("claim-{claim}"))?;
        let frame = Frame { title, x, y: "nanoseconds" };
        let lines = rows.distinct(|row| row.variant.clone()).into_iter().map(|variant| {
            let of_size = |size: String| {
                let found = estimate(&rows.values(&variant, &size, 1, "ns")).median;
                size.parse().ok().map(|size: f64| (size, found))
            };
            let points = rows.distinct(|row| row.subject.clone()).into_iter().filter_map(of_size);
            Line { name: variant.clone(), points: points.collect() }
        });
        add(file, &frame, &lines.collect::<Vec<_>>())?;
    }
    Ok(drawn)
}

/// The values of all rows of a variant on a tree.
pub fn of_any_threads(rows: &Rows, variant: &str, tree: &str, value: &str) -> Vec<f64> {
    let is_it = |row: &&crate::rows::Row| row.variant == variant && row.subject == tree;
    rows.0.iter().filter(is_it).filter_map(|row| row.values.get(value).copied()).collect()
}

/// The trees of a run with their lines of code.
pub fn lines_of_trees(results: &Path) -> Result<Vec<(String, f64)>> {
    let Ok(text) = std::fs::read_to_string(results.join("plan.json")) else {
        return Ok(Vec::new());
    };
    let plan: serde_json::Value = serde_json::from_str(&text)?;
    let trees = plan["trees"].as_array().cloned().unwrap_or_default();
    let mut found: Vec<(String, f64)> = trees
        .iter()
        .filter_map(|tree| Some((tree["name"].as_str()?.to_owned(), tree["lines"].as_f64()?)))
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    Ok(found)
}

/// When a database that stays has cost less than a batch run for each edit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BreakEven {
    /// After so many edits.
    After(f64),
    /// An edit costs it as much as a batch run.
    Never,
    NotMeasured,
}

/// The break-even for edits of one kind, in CPU time.
pub fn break_even(results: &Path, host: &str, tree: &str, kind: &str) -> Result<BreakEven> {
    let (cold, edits) = (Rows::read(results, "cold")?, Rows::read(results, "edits")?);
    let batch = median(&of_any_threads(&cold, "cells", tree, "cpu"));
    let first = median(&of_any_threads(&cold, host, tree, "cpu"));
    let warm = median(&of_any_threads(&edits, host, tree, &format!("{kind}: cpu")));
    Ok(match () {
        () if batch.is_nan() || first.is_nan() || warm.is_nan() => BreakEven::NotMeasured,
        () if warm >= batch => BreakEven::Never,
        // The first check of both, then one more for each edit.
        () => BreakEven::After(((first - batch) / (batch - warm)).max(0.0)),
    })
}

fn break_even_lines(results: &Path, trees: &[(String, f64)]) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for host in crate::edits::HOSTS {
        for kind in ["comment at the end", "core body", "core body, new local"] {
            let mut points = Vec::new();
            for (tree, size) in trees {
                if let BreakEven::After(edits) = break_even(results, host, tree, kind)? {
                    points.push((*size, edits));
                }
            }
            lines.push(Line { name: format!("{host}, {kind}"), points });
        }
    }
    Ok(lines)
}

/// A number at an axis, with as few characters as it takes.
fn shortened(value: f64) -> String {
    match value {
        _ if value >= 1e6 => format!("{} M", value / 1e6),
        _ if value >= 1e3 => format!("{}k", value / 1e3),
        _ => format!("{value}"),
    }
}

fn lines_plot(path: &Path, frame: &Frame<'_>, lines: &[Line]) -> Result<()> {
    let all = || lines.iter().flat_map(|line| &line.points).filter(|point| point.1 > 0.0);
    let range = |of: fn(&(f64, f64)) -> f64| {
        let low = all().map(of).fold(f64::INFINITY, f64::min);
        let high = all().map(of).fold(0.0, f64::max);
        (low * 0.8, high * 1.25)
    };
    let (mut x, y) = (range(|point| point.0), range(|point| point.1));
    // Room on the right for what the lines are called.
    x.1 *= (x.1 / x.0).powf(0.6);
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    let failed = |error: &dyn std::fmt::Display| anyhow!("cannot draw {}: {error}", path.display());
    root.fill(&WHITE).map_err(|error| failed(&error))?;
    let mut chart = ChartBuilder::on(&root)
        .caption(frame.title, ("sans-serif", 17))
        .margin(12)
        .x_label_area_size(42)
        .y_label_area_size(64)
        .build_cartesian_2d((x.0..x.1).log_scale(), (y.0..y.1).log_scale())
        .map_err(|error| failed(&error))?;
    let mesh = &mut chart.configure_mesh();
    mesh.x_desc(frame.x).y_desc(frame.y).label_style(("sans-serif", 13));
    mesh.light_line_style(TRANSPARENT).x_labels(5).y_labels(12);
    let short = |value: &f64| shortened(*value);
    mesh.x_label_formatter(&short).y_label_formatter(&short);
    mesh.draw().map_err(|error| failed(&error))?;
    for (at, line) in lines.iter().enumerate() {
        let color = Palette99::pick(at).to_rgba();
        let points: Vec<(f64, f64)> =
            line.points.iter().copied().filter(|point| point.1 > 0.0).collect();
        let series = LineSeries::new(points, color.stroke_width(2)).point_size(3);
        chart
            .draw_series(series)
            .map_err(|error| failed(&error))?
            .label(&line.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color));
    }
    let labels = &mut chart.configure_series_labels();
    labels.background_style(WHITE.mix(0.8)).border_style(BLACK).label_font(("sans-serif", 12));
    labels.position(SeriesLabelPosition::MiddleRight);
    labels.draw().map_err(|error| failed(&error))?;
    root.present().map_err(|error| failed(&error))
}
