//! How a walk reads what it is at.

use bitflags::bitflags;

use super::Region;

bitflags! {
    /// How a walk reads what it is at. Work that needs another mode is run in it, and the mode before comes back as a
    /// whole: nobody has to undo what they set.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::infer) struct Mode: u8 {
        /// Findings are dropped.
        const QUIET = 1;
        /// Names mean what they mean at the end of their scope: a deferred annotation is read.
        const DEFERRED = 1 << 1;
        /// The value of an alias is read: type variables stay open.
        const ALIAS_VALUE = 1 << 2;
        /// The bases of a class are read: its variables stay open, those of an alias without arguments do not.
        const BASES = 1 << 3;
        /// There is a loop around the statement that is checked: it may run again in the same scope.
        const LOOP = 1 << 4;
        /// The test of an `assert` is checked.
        const ASSERT = 1 << 5;
        /// The words of a `raise` or of an `assert` are checked.
        const MESSAGE = 1 << 6;
        /// Every argument of the function is given: its defaults say nothing.
        const GIVEN = 1 << 7;
    }
}

impl Mode {
    /// The mode in which a module is read: forward references are allowed everywhere in a stub.
    /// Source: typing spec, "Distributing type information", "Stub files".
    pub(super) const fn of_module(is_stub: bool) -> Self {
        Self::DEFERRED.only_if(is_stub)
    }

    /// The mode, or none.
    pub(in crate::infer) const fn only_if(self, condition: bool) -> Self {
        if condition { self } else { Self::empty() }
    }
}

impl Region<'_, '_> {
    /// Whether the walk is in all of `mode`.
    pub(in crate::infer) fn is_in(&self, mode: Mode) -> bool {
        self.mode.get().contains(mode)
    }

    /// Runs `work` in `mode` too.
    pub(in crate::infer) fn in_mode<T>(&self, mode: Mode, work: impl FnOnce() -> T) -> T {
        self.with_mode(self.mode.get() | mode, work)
    }

    /// The region, in `mode` too.
    pub(in crate::infer) fn in_mode_from_now(self, mode: Mode) -> Self {
        self.mode.set(self.mode.get() | mode);
        self
    }

    /// Runs `work` without reporting anything.
    pub fn quietly<T>(&self, work: impl FnOnce() -> T) -> T {
        self.in_mode(Mode::QUIET, work)
    }

    /// Whether findings are dropped now.
    pub fn is_quiet(&self) -> bool {
        self.is_in(Mode::QUIET)
    }

    /// Runs `work` where findings are kept.
    pub(super) fn loudly<T>(&self, work: impl FnOnce() -> T) -> T {
        self.with_mode(self.mode.get() - Mode::QUIET, work)
    }

    fn with_mode<T>(&self, mode: Mode, work: impl FnOnce() -> T) -> T {
        let before = self.mode.replace(mode);
        let result = work();
        self.mode.set(before);
        result
    }
}
