//! `junit`: a test suite for each file with findings, a failed test case for each finding.
//!
//! A run without findings has one suite with one case that passed, as some readers refuse an empty
//! document. Elements and attributes are those of Jenkins's `junit-10.xsd`, the schema that readers agree on.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::text::place;
use super::{Report, severity};
use crate::rules::{Diagnostic, Level};

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 4);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = counts(report.diagnostics);
    let all = all.iter().map(|(name, value)| (*name, value.as_str()));
    xml.create_element("testsuites")
        .with_attribute(("name", "ropewalk"))
        .with_attributes(all)
        .write_inner_content(|xml| {
            for in_file in report.diagnostics.chunk_by(|a, b| a.location.path == b.location.path) {
                let name = in_file.first().map_or("", |first| &first.location.path);
                suite(xml, name, &counts(in_file), |xml| {
                    in_file.iter().try_for_each(|diagnostic| case(xml, diagnostic))
                })?;
            }
            if report.diagnostics.is_empty() {
                suite(xml, "ropewalk", &numbers(1, 0), |xml| {
                    xml.create_element("testcase")
                        .with_attributes([("name", "no diagnostics"), ("classname", "ropewalk")])
                        .write_empty()
                        .map(drop)
                })?;
            }
            Ok(())
        })?;
    writeln!(out)
}

type Numbers = [(&'static str, String); 3];

fn numbers(tests: usize, failures: usize) -> Numbers {
    [("tests", tests.to_string()), ("failures", failures.to_string()), ("errors", "0".to_owned())]
}

fn is_failure(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.level, Level::Warn | Level::Error)
}

/// How many cases there are for these findings, and how many of them failed.
fn counts(diagnostics: &[Diagnostic]) -> Numbers {
    let failures = diagnostics.iter().filter(|diagnostic| is_failure(diagnostic)).count();
    numbers(diagnostics.len().max(1), failures)
}

fn suite<W: Write>(
    xml: &mut Writer<W>,
    name: &str,
    numbers: &Numbers,
    cases: impl FnOnce(&mut Writer<W>) -> io::Result<()>,
) -> io::Result<()> {
    let name = clean(name);
    xml.create_element("testsuite")
        .with_attribute(("name", name.as_str()))
        .with_attributes(numbers.iter().map(|(name, value)| (*name, value.as_str())))
        .write_inner_content(cases)?;
    Ok(())
}

fn case<W: Write>(xml: &mut Writer<W>, diagnostic: &Diagnostic) -> io::Result<()> {
    let location = &diagnostic.location;
    let name =
        format!("{} ({}:{})", diagnostic.rule.name, location.start.line, location.start.column);
    let mut text = format!("{}: {}", place(location), diagnostic.message);
    for note in &diagnostic.notes {
        text.push_str("\nnote: ");
        text.push_str(note);
    }
    for (other, words) in &diagnostic.related {
        text.push_str(&format!("\nnote: {}: {words}", place(other)));
    }
    for hint in diagnostic.all_hints() {
        text.push_str("\nhelp: ");
        text.push_str(&hint);
    }
    let (path, text, message) = (clean(&location.path), clean(&text), clean(&diagnostic.message));
    let element = xml
        .create_element("testcase")
        .with_attributes([("name", name.as_str()), ("classname", path.as_str())]);
    element.write_inner_content(|xml| {
        if is_failure(diagnostic) {
            let kind = severity(diagnostic.level);
            xml.create_element("failure")
                .with_attributes([("message", message.as_str()), ("type", kind)])
                .write_text_content(BytesText::new(&text))?;
        } else {
            xml.create_element("system-out").write_text_content(BytesText::new(&text))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Text without the control characters that no XML document may hold.
/// Source: "Extensible Markup Language (XML) 1.0", section 2.2.
fn clean(text: &str) -> String {
    let is_allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    text.chars().map(|c| if is_allowed(&c) { c } else { '\u{fffd}' }).collect()
}
