//! What the loud walk notes for the audit: what the objects of attributes are, and what is never reached.

use ruff_text_size::{TextRange, TextSize};
use smallvec::SmallVec;

use crate::types::{ClassRef, Cx, Data, Kind, Known, ModuleId, Type};

/// What is at the other end of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seen {
    /// Not known.
    Unknown,
    /// A class or an instance of it.
    Class(ClassRef),
    /// What comes after this class.
    Super(ClassRef),
    /// A module.
    Module(ModuleId),
    /// Something without members that code here defines.
    Other,
}

/// What one walk noted.
#[derive(Debug, Default)]
pub struct Observed {
    /// By the place of the attribute's name.
    pub receivers: Vec<(TextSize, Seen)>,
    /// Statements that are never reached, as far as types tell.
    pub unreached: Vec<TextRange>,
    /// Expressions of no known type, and all expressions, by the place of the scope's name.
    pub counts: Vec<(TextSize, (u32, u32))>,
    /// The expressions of no known type, if that was asked for.
    pub unknown: Vec<TextRange>,
    /// Whether they are to be noted.
    pub wants_unknown: bool,
}

impl Observed {
    /// Adds what another walk of the same module noted.
    pub fn append(&mut self, mut other: Self) {
        self.receivers.append(&mut other.receivers);
        self.unreached.append(&mut other.unreached);
        self.counts.append(&mut other.counts);
        self.unknown.append(&mut other.unknown);
    }

    /// Puts what was noted in order, each once.
    pub fn settle(&mut self) {
        self.receivers.sort_unstable();
        self.receivers.dedup();
    }

    /// Notes what `object` is where an attribute of it is used.
    pub(crate) fn receiver(&mut self, cx: &Cx<'_>, at: TextSize, object: Type) {
        let mut seen: SmallVec<[Seen; 4]> = SmallVec::new();
        collect(cx, object, &mut seen, 0);
        seen.sort_unstable();
        seen.dedup();
        self.receivers.extend(seen.into_iter().map(|each| (at, each)));
    }
}

/// Types nest; what is deeper than this is not looked at.
const DEEPEST: u32 = 6;

fn collect(cx: &Cx<'_>, ty: Type, seen: &mut SmallVec<[Seen; 4]>, depth: u32) {
    if depth > DEEPEST || seen.len() > 64 {
        seen.push(Seen::Unknown);
        return;
    }
    let class = |ty: Type| cx.class_of(ty).map_or(Seen::Other, Seen::Class);
    match ty.kind() {
        Kind::Union => {
            for member in cx.members(ty).iter() {
                collect(cx, member, seen, depth + 1);
            }
        }
        Kind::Intersection => {
            if let Data::Intersection(parts) = *cx.data(ty) {
                for &part in parts.iter() {
                    collect(cx, part, seen, depth + 1);
                }
            }
        }
        Kind::Module => seen.push(ty.as_module().map_or(Seen::Unknown, Seen::Module)),
        // Some module, which may be one of the program.
        Kind::Instance if ty.as_instance().is_some_and(|of| cx.is_known(of, Known::ModuleType)) => {
            seen.push(Seen::Unknown);
        }
        Kind::Instance | Kind::Generic | Kind::Class | Kind::GenericClass | Kind::Tuple => {
            seen.push(class(ty));
        }
        Kind::Enum => seen.push(cx.as_enum(ty).map_or(Seen::Unknown, |(of, _)| Seen::Class(of))),
        Kind::SubclassOf => collect(cx, cx.inner_of(ty), seen, depth + 1),
        Kind::TypeVar => {
            let constraints = cx.constraints_of(ty);
            if !constraints.is_empty() {
                constraints.iter().for_each(|&each| collect(cx, each, seen, depth + 1));
            } else if let Some(bound) = cx.upper_bound(ty) {
                collect(cx, bound, seen, depth + 1);
            } else {
                seen.push(Seen::Unknown);
            }
        }
        Kind::Super => {
            if let Data::Super { pivot, .. } = *cx.data(ty) {
                seen.push(Seen::Super(pivot));
            }
        }
        Kind::Alias => collect(cx, cx.expand_alias(ty), seen, depth + 1),
        Kind::None
        | Kind::Bool
        | Kind::Int
        | Kind::BigInt
        | Kind::Str
        | Kind::Bytes
        | Kind::LiteralString
        | Kind::Function
        | Kind::Method
        | Kind::Callable
        | Kind::Property
        | Kind::Not => seen.push(Seen::Other),
        _ => seen.push(Seen::Unknown),
    }
}
