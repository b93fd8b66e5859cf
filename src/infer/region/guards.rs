//! What around a statement lets it fail.

use std::cell::RefCell;

use smallvec::SmallVec;

use super::Region;
use crate::infer::flow::swallows_exceptions;
use crate::policy::Policy;
use crate::types::{Known, Type};

/// What lets the statements of a body fail.
#[derive(Debug, Clone, Copy)]
pub enum Guard {
    /// An `except` clause for instances of this type.
    Handler(Type),
    /// A context manager of this type.
    Manager { ty: Type, is_async: bool },
}

/// What the statements around let fail, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Guards(RefCell<SmallVec<[Guard; 4]>>);

impl Guards {
    /// Runs `work` with `more` around it.
    fn with<T>(&self, more: impl IntoIterator<Item = Guard>, work: impl FnOnce() -> T) -> T {
        let before = self.0.borrow().len();
        self.0.borrow_mut().extend(more);
        let result = work();
        self.0.borrow_mut().truncate(before);
        result
    }

    fn any(&self, test: impl Fn(Guard) -> bool) -> bool {
        self.0.borrow().iter().any(|&guard| test(guard))
    }
}

impl Region<'_, '_> {
    /// Runs `work`, which checks a body that may fail as far as `guards` say.
    pub fn guarded<T>(
        &self,
        guards: impl IntoIterator<Item = Guard>,
        work: impl FnOnce() -> T,
    ) -> T {
        self.guards.with(guards, work)
    }

    /// Whether the statement that is checked may be there to fail: in a `try` with handlers, or under a
    /// context manager that swallows exceptions, like `pytest.raises`.
    pub fn expects_failure(&self) -> bool {
        self.cx.holds(Policy::ExpectedFailure)
            && self.guards.any(|guard| match guard {
                Guard::Handler(_) => true,
                Guard::Manager { ty, is_async } => {
                    ty.is_dynamic() || swallows_exceptions(self, ty, is_async)
                }
            })
    }

    /// Whether code that fails with one of `errors` is expected to: a `try` around it has a handler for
    /// that error, and not just for any, or a `with` around it may swallow what is raised.
    pub fn expects_error(&self, errors: &[Known]) -> bool {
        let cx = self.cx;
        let catches = |caught: Type| {
            let is_named = |part: &Type| {
                let broad = [Known::Exception, Known::BaseException];
                part.as_instance()
                    .is_some_and(|class| !broad.iter().any(|&b| cx.is_known(class, b)))
            };
            cx.members(caught).iter().filter(is_named).any(|part| {
                errors.iter().any(|&error| cx.is_assignable(cx.known_instance(error), part))
            })
        };
        cx.holds(Policy::ExpectedFailure)
            && self.guards.any(|guard| match guard {
                Guard::Handler(caught) => catches(caught),
                Guard::Manager { ty, is_async } => swallows_exceptions(self, ty, is_async),
            })
    }
}
