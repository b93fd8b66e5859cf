//! Attributes of what is of several types at once. Each part may give one, and the most precise counts;
//! what `hasattr` found is a part that gives one attribute and no other.

use super::{AttributeResult, Cx, Data, Kind, Type};

impl<'s> Cx<'s> {
    pub(super) fn intersection_attribute(&self, ty: Type, name: &str) -> AttributeResult {
        let Data::Intersection(parts) = *self.data(ty) else {
            return AttributeResult::missing(ty);
        };
        let mut best: Option<AttributeResult> = None;
        for &part in parts.iter().filter(|part| part.kind() != Kind::Not) {
            if !self.may_have(part, name) {
                continue;
            }
            let found = self.attribute_with(part, name, ty);
            if found.missing.is_empty() {
                best = Some(match best {
                    None => found,
                    Some(best) => self.more_precise(best, found),
                });
            }
        }
        self.found_or_missing(best, ty)
    }

    /// Whether a part of an intersection may be what gives it an attribute. Who asks for one attribute
    /// learns of no other, but of a protocol, whose methods come together, one is often asked for.
    fn may_have(&self, part: Type, name: &str) -> bool {
        if part.kind() != Kind::WithAttribute || name.starts_with("__") {
            return true;
        }
        matches!(*self.data(part), Data::Text(known) if known == name)
    }

    /// What two classes say of an attribute of an object that is of both: the narrower type, or
    /// both where neither is. Of methods that differ, the one of the class that was asked for last.
    fn more_precise(&self, best: AttributeResult, found: AttributeResult) -> AttributeResult {
        if found.ty.is_dynamic() || self.is_subtype(best.ty, found.ty) {
            return if best.ty.is_dynamic() { found } else { best };
        }
        if best.ty.is_dynamic() || self.is_subtype(found.ty, best.ty) {
            return found;
        }
        let is_callable =
            |ty: Type| matches!(ty.kind(), Kind::Function | Kind::Method | Kind::Callable);
        if is_callable(best.ty) || is_callable(found.ty) {
            return found;
        }
        let both = self.intersect2(best.ty, found.ty);
        if both.is_never() { found } else { AttributeResult { ty: both, ..best } }
    }
}
