//! Definitions that reach themselves without passing through a constructor of types: they mean nothing.
//!
//! ```python
//! type X = X | int            # is a union with itself
//! T = TypeVar("T", bound="T")
//! type J = list[J] | int      # is fine: a list of them is not one of them
//! ```
//! That is decided here, where they are defined. Everywhere else such an alias is `Unknown`, and such a bound is
//! none, so that nobody who follows what is behind a name has to ask whether that ends.

use rustc_hash::FxHashSet;

use crate::types::{AliasInfo, Cx, Data, DefRef, Kind, Substitution, Type, TypeVarInfo};

/// What is followed: names that stand for another type.
struct Walk<'c, 's> {
    cx: &'c Cx<'s>,
    /// The definition that must not be reached.
    wanted: DefRef,
    /// What was followed. An alias may well come once more with other arguments; types are bounded, and so are these.
    seen: FxHashSet<u128>,
}

/// Whether the value of an alias reaches the alias.
pub fn is_circular(cx: &Cx<'_>, info: &AliasInfo, definition: DefRef) -> bool {
    Walk { cx, wanted: definition, seen: FxHashSet::default() }.reaches(info.value)
}

/// The bound, constraints and default of a type variable without those that reach it, and without bounds and constraints
/// that are generic: nothing fits these, which is said where they are written.
pub fn well_founded(cx: &Cx<'_>, info: TypeVarInfo, definition: DefRef) -> TypeVarInfo {
    let reaches =
        |ty: Type| Walk { cx, wanted: definition, seen: FxHashSet::default() }.reaches(ty);
    let plain = |ty: Type| if cx.has_type_vars(ty) { Type::UNKNOWN } else { ty };
    let known = |ty: Type| if reaches(ty) { Type::UNKNOWN } else { ty };
    TypeVarInfo {
        bound: info.bound.map(|ty| known(plain(ty))),
        constraints: info.constraints.iter().map(|&ty| known(plain(ty))).collect(),
        default: info.default.map(known),
        ..info
    }
}

impl Walk<'_, '_> {
    fn reaches(&mut self, ty: Type) -> bool {
        let cx = self.cx;
        match ty.kind() {
            Kind::Union => cx.members(ty).iter().any(|member| self.reaches(member)),
            Kind::SubclassOf | Kind::Unpacked | Kind::TypeFormOf => self.reaches(cx.inner_of(ty)),
            Kind::TypeVar => {
                let Some(data) = cx.as_type_var(ty) else { return false };
                if data.kind == crate::types::TypeVarKind::SelfType {
                    return false;
                }
                self.enters(data.definition, ty, |walk| {
                    let info = cx.host.type_var(cx, data.definition);
                    info.bound.iter().chain(&info.constraints).any(|&each| walk.reaches(each))
                })
            }
            Kind::Alias => {
                let Data::Alias { definition, arguments } = *cx.payload(ty) else { return false };
                self.enters(definition, ty, |walk| {
                    let info = cx.host.alias(cx, definition);
                    // What is decided already leads to nobody who is not decided yet.
                    if arguments.is_empty() && !info.is_circular && !cx.host.is_provisional(cx) {
                        return false;
                    }
                    let arguments = cx.default_type_arguments(&info.type_params, arguments);
                    let with = Substitution::of(&info.type_params, &arguments);
                    walk.reaches(cx.substitute(info.value, &with))
                })
            }
            _ => false,
        }
    }

    /// Goes on from a definition, which `ty` names, once.
    fn enters(&mut self, definition: DefRef, ty: Type, on: impl FnOnce(&mut Self) -> bool) -> bool {
        if definition == self.wanted {
            return true;
        }
        self.seen.insert(self.cx.fingerprint(ty).0) && on(self)
    }
}
