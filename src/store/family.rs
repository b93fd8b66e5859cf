//! Types by the lifetime of the arena that they point into.
//!
//! What an arena keeps may point into the same arena. Such data has a lifetime, and an arena that holds it
//! would have to name its own. So an arena stores data as if it lived for `'static`, which nobody outside of
//! this folder sees: data goes in through a [`super::Writer`], whose lifetime is the arena's, and comes out with
//! the lifetime of the borrow of the arena.

/// A type by lifetime.
pub trait Family: 'static {
    /// The type for data that points into an arena that lives for `'a`; threads share it.
    type At<'a>: Send + Sync;

    /// The same data for a shorter life. Its body is `value`: this is how the compiler proves that a longer
    /// lifetime may stand for a shorter one.
    fn shorten<'a, 'b: 'a>(value: &'a Self::At<'b>) -> &'a Self::At<'a>;
}

/// Declares a [`Family`] of a type that has no lifetime, or of `Type<'a>`.
macro_rules! family {
    ($(#[$doc:meta])* $vis:vis $name:ident = $at:ty) => {
        $(#[$doc])*
        $vis enum $name {}
        impl $crate::store::Family for $name {
            type At<'a> = $at;
            fn shorten<'a, 'b: 'a>(value: &'a Self::At<'b>) -> &'a Self::At<'a> {
                value
            }
        }
    };
}
pub(crate) use family;

/// Forgets the lifetime of data that goes into an arena.
///
/// # Safety
/// The result is read only through [`Family::shorten`], for a life that the data has.
pub(super) unsafe fn erase<F: Family>(value: F::At<'_>) -> F::At<'static> {
    let value = std::mem::ManuallyDrop::new(value);
    // SAFETY: the same type but for its lifetime, and read once.
    unsafe { std::ptr::read(std::ptr::from_ref(&*value).cast()) }
}
