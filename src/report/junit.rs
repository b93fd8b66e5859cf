//! `junit`: a test suite for each file with findings, a failed test case for each finding.
//!
//! A run without findings has one suite with one case that passed, as some readers refuse an empty
//! document.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::text::place;
use super::{Report, severity};
use crate::rules::{Diagnostic, Level};

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::new("ropewalk");
    for in_file in report.diagnostics.chunk_by(|a, b| a.location.path == b.location.path) {
        let Some(first) = in_file.first() else { continue };
        let mut suite = TestSuite::new(first.location.path.to_string());
        suite.add_test_cases(in_file.iter().map(case));
        document.add_test_suite(suite);
    }
    if report.diagnostics.is_empty() {
        let mut suite = TestSuite::new("ropewalk");
        suite.add_test_case(TestCase::new("no diagnostics", TestCaseStatus::success()));
        document.add_test_suite(suite);
    }
    document.serialize(&mut *out).map_err(io::Error::other)?;
    writeln!(out)
}

fn case(diagnostic: &Diagnostic) -> TestCase {
    let mut status = match diagnostic.level {
        Level::Info | Level::Ignore => TestCaseStatus::success(),
        Level::Warn | Level::Error => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    let mut description = format!("{}: {}", place(&diagnostic.location), diagnostic.message);
    for hint in &diagnostic.hints {
        description.push_str("\nhelp: ");
        description.push_str(hint);
    }
    status.set_message(diagnostic.message.as_str());
    status.set_type(severity(diagnostic.level));
    status.set_description(description);
    let name = format!(
        "{} ({}:{})",
        diagnostic.rule.name, diagnostic.location.start.line, diagnostic.location.start.column
    );
    let mut case = TestCase::new(name, status);
    case.set_classname(diagnostic.location.path.to_string());
    case.extra.insert("line".into(), diagnostic.location.start.line.to_string().into());
    case
}
