//! Questions about types that come back to themselves.
//!
//! ```python
//! class A:
//!     __call__: "A"
//! ```
//! What `A()` can be called with is what its `__call__` can be called with, which is `A()`. No memo knows of such
//! questions: they are answered where they stand, so each is noted while it is under way, and the one that comes
//! back is told so. Types are bounded ([`crate::store::limits`]), so what grows on the way round comes back, too.

use std::cell::{Cell, RefCell};

use super::{Cx, Type};
use crate::source::stack;

/// A kind of question.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// With what can it be called?
    Signatures,
    /// What runs when the class is called?
    Constructor,
    /// What does its `__get__` give?
    Descriptor,
    /// What is it when it is called with these types, as a tuple?
    Call(Type),
    /// Which exceptions does an `except` clause with it catch?
    Caught,
}

/// See the module's documentation.
#[derive(Default)]
pub struct UnderWay {
    steps: RefCell<Vec<(Step, Type)>>,
    turned_back: Cell<u32>,
}

impl UnderWay {
    /// How often a question has come back to itself so far.
    pub fn turned_back(&self) -> u32 {
        self.turned_back.get()
    }
}

impl Cx<'_> {
    /// The answer to a question about `ty`; `None` when the same question is under way.
    pub fn once<T>(&self, step: Step, ty: Type, answer: impl FnOnce() -> T) -> Option<T> {
        let is_same = |&(other, about): &(Step, Type)| {
            self.same(about, ty)
                && match (step, other) {
                    (Step::Call(these), Step::Call(those)) => self.same(these, those),
                    _ => std::mem::discriminant(&step) == std::mem::discriminant(&other),
                }
        };
        if self.under_way.steps.borrow().iter().rev().any(is_same) {
            self.under_way.turned_back.set(self.under_way.turned_back() + 1);
            return None;
        }
        self.under_way.steps.borrow_mut().push((step, ty));
        let answer = stack::deeper(answer);
        self.under_way.steps.borrow_mut().pop();
        Some(answer)
    }
}
