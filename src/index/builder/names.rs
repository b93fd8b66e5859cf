//! Names as small numbers while a module is walked, so that places are found by comparing integers.
//!
//! The frozen index holds the names themselves again.

use ruff_python_ast::Expr;
use ruff_python_ast::name::Name;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::index::place::{MAX_SEGMENTS, PlaceExpr, PlaceSegment, Subscript, constant_subscript};

/// A name of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NameId(u32);

/// [`PlaceSegment`] with numbers for names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum SegmentKey {
    Attribute(NameId),
    Index(i64),
    Key(NameId),
}

/// A place as it is spelled, before it is one of some scope.
#[derive(Debug)]
pub(super) struct Path {
    pub root: NameId,
    pub segments: SmallVec<[SegmentKey; MAX_SEGMENTS]>,
}

/// Every name seen so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: FxHashMap<Name, NameId>,
    names: Vec<Name>,
}

impl Names {
    /// The number of a name, new or not.
    pub fn intern(&mut self, name: &Name) -> NameId {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        let id = NameId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.ids.insert(name.clone(), id);
        self.names.push(name.clone());
        id
    }

    /// The number of a name that was seen.
    pub fn get(&self, name: &str) -> Option<NameId> {
        self.ids.get(name).copied()
    }

    /// The name with this number.
    pub fn name(&self, id: NameId) -> &Name {
        &self.names[id.0 as usize]
    }

    /// The path that `expr` spells, if it is short enough. A walrus spells its target.
    pub fn path(&mut self, expr: &Expr) -> Option<Path> {
        let mut segments: SmallVec<[SegmentKey; MAX_SEGMENTS]> = SmallVec::new();
        let mut current = expr;
        let root = loop {
            match current {
                Expr::Name(name) => break self.intern(&name.id),
                Expr::Named(named) => current = &named.target,
                _ if segments.len() == MAX_SEGMENTS => return None,
                Expr::Attribute(attribute) => {
                    segments.push(SegmentKey::Attribute(self.intern(&attribute.attr.id)));
                    current = &attribute.value;
                }
                Expr::Subscript(subscript) => {
                    segments.push(match constant_subscript(&subscript.slice)? {
                        Subscript::Index(index) => SegmentKey::Index(index),
                        Subscript::Key(key) => SegmentKey::Key(self.intern(&Name::new(key))),
                    });
                    current = &subscript.value;
                }
                _ => return None,
            }
        };
        segments.reverse();
        Some(Path { root, segments })
    }

    /// The segment that leads from `expr`'s value to `expr`, if all names in it were seen before.
    pub fn last_segment(&self, expr: &Expr) -> Option<SegmentKey> {
        match expr {
            Expr::Attribute(attribute) => {
                Some(SegmentKey::Attribute(self.get(attribute.attr.as_str())?))
            }
            Expr::Subscript(subscript) => Some(match constant_subscript(&subscript.slice)? {
                Subscript::Index(index) => SegmentKey::Index(index),
                Subscript::Key(key) => SegmentKey::Key(self.get(key)?),
            }),
            _ => None,
        }
    }

    /// The frozen form of a path.
    pub fn place_expr(&self, root: NameId, segments: &[SegmentKey]) -> PlaceExpr {
        let segments = segments.iter().map(|segment| match *segment {
            SegmentKey::Attribute(name) => PlaceSegment::Attribute(self.name(name).clone()),
            SegmentKey::Index(index) => PlaceSegment::Index(index),
            SegmentKey::Key(name) => PlaceSegment::Key(self.name(name).clone()),
        });
        PlaceExpr { root: self.name(root).clone(), segments: segments.collect() }
    }
}
