//! What a walk reports.

use std::cell::RefCell;

use ruff_text_size::{Ranged, TextRange};

use super::Region;
use crate::rules::Finding;
use crate::types::Type;

/// A finding with its range in the file of the region.
#[derive(Debug, Clone)]
pub struct Report {
    pub finding: Finding,
    pub range: TextRange,
    /// What was found and what was expected, where that is to be explained.
    why: Option<Misfit>,
}

/// What did not fit, to be explained once it is certain that it is reported.
#[derive(Debug, Clone, Copy)]
pub enum Misfit {
    /// A value of the first type where the second is expected.
    Value(Type, Type),
    /// A member of the first type in place of the second.
    Override(Type, Type),
}

/// What a walk has reported so far.
#[derive(Debug, Default)]
pub(super) struct Reports(RefCell<Vec<Report>>);

impl Region<'_, '_> {
    /// Reports a finding, unless the walk is quiet.
    pub fn report(&self, at: impl Ranged, finding: Finding) {
        if !self.is_quiet() {
            self.reports.0.borrow_mut().push(Report { finding, range: at.range(), why: None });
        }
    }

    /// Reports a finding about two types that do not fit; why is found out when the reports are taken.
    pub fn report_misfit(&self, at: impl Ranged, finding: Finding, misfit: Misfit) {
        if !self.is_quiet() {
            let why = Some(misfit);
            self.reports.0.borrow_mut().push(Report { finding, range: at.range(), why });
        }
    }

    /// Runs `work` and says whether it had anything to report; nothing of that is kept.
    pub fn trial<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let before = self.report_count();
        let result = self.loudly(work);
        let is_fine = self.report_count() == before;
        self.reports.0.borrow_mut().truncate(before);
        (result, is_fine)
    }

    /// Takes what was reported, with its reasons.
    pub fn take_reports(&self) -> Vec<Report> {
        let mut reports = self.reports.0.take();
        for report in &mut reports {
            if let Some(misfit) = report.why.take() {
                crate::infer::because::explain(self.cx, self.module, &mut report.finding, misfit);
            }
        }
        reports
    }

    /// Puts the findings since `start` on another range: those of a quoted annotation.
    pub fn move_reports(&self, start: usize, to: impl Ranged) {
        for report in self.reports.0.borrow_mut().iter_mut().skip(start) {
            report.range = to.range();
        }
    }

    /// How many findings there are so far.
    pub fn report_count(&self) -> usize {
        self.reports.0.borrow().len()
    }
}
