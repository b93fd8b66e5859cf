//! Places: what can be assigned and narrowed, a name followed by a few attributes or constant subscripts.
//!
//! A place belongs to the scope in which it is mentioned, wherever its root name resolves to.

use bitflags::bitflags;
use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, Number, UnaryOp};
use thin_vec::ThinVec;

use super::ids::{DefinitionId, FlowId};

/// The longest path that is kept as a place; what is longer is an ordinary attribute lookup.
pub const MAX_SEGMENTS: usize = 5;

/// One step from a place to a longer one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceSegment {
    /// `.name`
    Attribute(Name),
    /// `[3]`, `[-1]`
    Index(i64),
    /// `["key"]`
    Key(Name),
}

/// A name, or a path that starts at a name: `x`, `self.x`, `a.b.c`, `a[0]`, `a["k"].b`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceExpr {
    /// The name the path starts at.
    pub root: Name,
    /// The steps after it; empty for a bare name.
    pub segments: ThinVec<PlaceSegment>,
}

impl PlaceExpr {
    /// The place that is the bare name `name`.
    #[must_use]
    pub fn name(name: Name) -> Self {
        Self { root: name, segments: ThinVec::new() }
    }

    /// The place that `expr` spells, if it spells one. A walrus spells its target.
    #[must_use]
    pub fn from_expr(expr: &Expr) -> Option<Self> {
        let mut reversed = ThinVec::new();
        let mut current = expr;
        let root = loop {
            match current {
                Expr::Name(name) => break name.id.clone(),
                Expr::Named(named) => current = &named.target,
                _ if reversed.len() == MAX_SEGMENTS => return None,
                Expr::Attribute(attribute) => {
                    reversed.push(PlaceSegment::Attribute(attribute.attr.id.clone()));
                    current = &attribute.value;
                }
                Expr::Subscript(subscript) => {
                    reversed.push(match constant_subscript(&subscript.slice)? {
                        Subscript::Index(index) => PlaceSegment::Index(index),
                        Subscript::Key(key) => PlaceSegment::Key(Name::new(key)),
                    });
                    current = &subscript.value;
                }
                _ => return None,
            }
        };
        reversed.reverse();
        Some(Self { root, segments: reversed })
    }

    /// Whether this is a bare name.
    #[must_use]
    pub fn is_name(&self) -> bool {
        self.segments.is_empty()
    }
}

impl std::fmt::Display for PlaceExpr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.root)?;
        for segment in &self.segments {
            match segment {
                PlaceSegment::Attribute(name) => write!(f, ".{name}")?,
                PlaceSegment::Index(index) => write!(f, "[{index}]")?,
                PlaceSegment::Key(key) => write!(f, "[{:?}]", key.as_str())?,
            }
        }
        Ok(())
    }
}

/// A subscript that can be part of a place.
pub(super) enum Subscript<'a> {
    /// An integer literal, perhaps negative.
    Index(i64),
    /// A string literal.
    Key(&'a str),
}

/// The constant that `slice` is, if a place may be subscripted with it.
pub(super) fn constant_subscript(slice: &Expr) -> Option<Subscript<'_>> {
    match slice {
        Expr::StringLiteral(string) => Some(Subscript::Key(string.value.to_str())),
        Expr::NumberLiteral(number) => integer(&number.value).map(Subscript::Index),
        Expr::UnaryOp(unary) if unary.op == UnaryOp::USub => match &*unary.operand {
            Expr::NumberLiteral(number) => integer(&number.value).map(|i| Subscript::Index(-i)),
            _ => None,
        },
        _ => None,
    }
}

fn integer(number: &Number) -> Option<i64> {
    match number {
        Number::Int(int) => int.as_i64(),
        Number::Float(_) | Number::Complex { .. } => None,
    }
}

bitflags! {
    /// What is known about a place of a scope, as a set of bits.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct PlaceFlags: u8 {
        /// A name that belongs to this scope: bound, deleted or declared here, and not `global` or `nonlocal`. A
        /// bare name without it is *free*: it is narrowed here, or bound for another scope, and [`FlowId::START`]
        /// means "look it up outside". Never set for longer places.
        const BOUND = 1;
        /// Has a declaration in this scope.
        const DECLARED = 1 << 1;
        /// Named by a `global` statement in this scope.
        const GLOBAL = 1 << 2;
        /// Named by a `nonlocal` statement in this scope, or in a comprehension the target of a walrus, which binds
        /// in the scope around it.
        const NONLOCAL = 1 << 3;
        /// Read in this scope.
        const USED = 1 << 4;
        /// Bound by a `from` import in this scope.
        const IMPORTED = 1 << 5;
    }
}

/// The definitions of a place: mostly none or one, which need no memory of their own.
#[derive(Debug)]
pub enum Definitions {
    /// At most one.
    Few(Option<DefinitionId>),
    /// Several.
    Many(Box<[DefinitionId]>),
}

impl From<&[DefinitionId]> for Definitions {
    fn from(ids: &[DefinitionId]) -> Self {
        match *ids {
            [] => Self::Few(None),
            [only] => Self::Few(Some(only)),
            _ => Self::Many(ids.into()),
        }
    }
}

impl std::ops::Deref for Definitions {
    type Target = [DefinitionId];

    fn deref(&self) -> &[DefinitionId] {
        match self {
            Self::Few(ids) => ids.as_slice(),
            Self::Many(ids) => ids,
        }
    }
}

impl<'d> IntoIterator for &'d Definitions {
    type Item = &'d DefinitionId;
    type IntoIter = std::slice::Iter<'d, DefinitionId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A place of a scope.
#[derive(Debug)]
pub struct Place {
    /// How it is spelled.
    pub expr: PlaceExpr,
    /// What is known about it.
    pub flags: PlaceFlags,
    /// Its value at the end of the scope (see [`super::SemanticIndex::public`]).
    pub end_flow: FlowId,
    /// Every definition made in this scope, in order: bindings and declarations.
    pub definitions: Definitions,
    /// Definitions made in other scopes, through `global` or `nonlocal`.
    pub foreign_definitions: ThinVec<DefinitionId>,
}

const _: () = assert!(size_of::<Place>() <= 64);

impl Place {
    /// Whether the scope binds it; see [`PlaceFlags::BOUND`].
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.flags.contains(PlaceFlags::BOUND)
    }

    /// Whether the scope declares it.
    #[must_use]
    pub fn is_declared(&self) -> bool {
        self.flags.contains(PlaceFlags::DECLARED)
    }

    /// Whether a `from` import of this scope binds it.
    #[must_use]
    pub const fn is_imported(&self) -> bool {
        self.flags.contains(PlaceFlags::IMPORTED)
    }

    /// Whether a `global` statement names it.
    #[must_use]
    pub fn is_global(&self) -> bool {
        self.flags.contains(PlaceFlags::GLOBAL)
    }

    /// Whether a `nonlocal` statement names it.
    #[must_use]
    pub fn is_nonlocal(&self) -> bool {
        self.flags.contains(PlaceFlags::NONLOCAL)
    }

    /// Whether the scope itself reads it.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.flags.contains(PlaceFlags::USED)
    }
}
