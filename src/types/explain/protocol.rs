//! A value in place of a protocol: the members that it lacks, or the one that does not fit.

use super::{Explainer, list_of_names};
use crate::types::{ClassRef, Kind, PlaceType, Qualifiers, Type};

impl<'s> Explainer<'_, 's> {
    pub(super) fn protocol(&mut self, source: Type, target: Type, class: ClassRef, depth: u32) {
        let cx = self.cx;
        let members = cx.protocol_members(class);
        let name = self.show(target);
        let missing = self.missing_members(source, class);
        if let Some(&(first, owner)) = missing.first() {
            let shown: Vec<String> =
                missing.iter().map(|(member, _)| format!("`{member}`")).collect();
            let own = self.show(source);
            // What the protocol is of says nothing of a member that is not there.
            let name = &cx.host.class(cx, class).name;
            self.note(format!("`{own}` has no {}, which `{name}` asks for", list_of_names(&shown)));
            let definition =
                cx.host.class_member(cx, owner, first).and_then(|place| place.definition);
            return self.place(definition, format!("`{first}` of `{name}` is declared here"));
        }
        for (member, owner) in members {
            let Some(declared) = cx.host.class_member(cx, owner, member) else { continue };
            if self.member(source, target, member, &declared, depth) {
                let words = format!("`{member}` of `{name}` is declared here");
                return self.place(declared.definition, words);
            }
        }
    }

    /// The members of a protocol that a value does not have, each with the class that asks for it.
    pub(super) fn missing_members(
        &self,
        source: Type,
        class: ClassRef,
    ) -> Vec<(&'s str, ClassRef)> {
        let cx = self.cx;
        let lacks = |member: &&(&'s str, ClassRef)| match member.0 {
            "__hash__" => cx.is_unhashable(source),
            "__call__" => cx.signatures(source).is_none(),
            "__class__" => false,
            // What `__getattr__` may give is not promised.
            other if matches!(source.kind(), Kind::Instance | Kind::Generic) => {
                cx.instance_member_place(source, other).is_none()
            }
            other => cx.attribute(source, other).found_all().is_none(),
        };
        cx.protocol_members(class).iter().filter(lacks).copied().collect()
    }

    /// Whether one member is what does not fit; says so.
    fn member(
        &mut self,
        source: Type,
        target: Type,
        member: &str,
        declared: &PlaceType,
        depth: u32,
    ) -> bool {
        let cx = self.cx;
        let Some(wanted) = cx.attribute_for(target, member, source) else { return false };
        let found = match member {
            "__call__" => Some(source),
            _ => cx.attribute(source, member).found_all(),
        };
        let Some(found) = found.filter(|found| !found.is_dynamic()) else { return false };
        let (own, name) = (self.show(source), self.show(target));
        if !self.fits(found, wanted) {
            let (wanted_text, found_text) = self.show_apart(wanted, found);
            self.note(format!(
                "`{member}` of `{own}` does not fit: expected `{wanted_text}`, found `{found_text}`"
            ));
            self.pair(found, wanted, depth + 1);
            return true;
        }
        self.cannot_be_set(source, (found, wanted), member, declared, (&own, &name))
    }

    /// A member that can be set through the protocol.
    fn cannot_be_set(
        &mut self,
        source: Type,
        (found, wanted): (Type, Type),
        member: &str,
        declared: &PlaceType,
        (own, name): (&str, &str),
    ) -> bool {
        let cx = self.cx;
        let fixed = Qualifiers::FINAL.union(Qualifiers::READ_ONLY);
        let is_variable = declared.declared.is_some()
            && !matches!(declared.ty.kind(), Kind::Function | Kind::Method | Kind::Callable)
            && (declared.ty.kind() != Kind::Property || cx.property_setter(declared.ty).is_some());
        if !is_variable || declared.qualifiers.intersects(fixed) {
            return false;
        }
        let Some(place) = cx.instance_member_place(source, member) else { return false };
        let is_fixed = match place.ty.kind() {
            Kind::Property => cx.property_setter(place.ty).is_none(),
            _ => cx.is_read_only_place(source, member, &place),
        };
        if is_fixed {
            self.note(format!(
                "`{member}` is read-only in `{own}`, and can be set through `{name}`"
            ));
            self.found.hints.push(format!(
                "declare `{member}` as a read-only property in `{name}` if it is only read"
            ));
            return true;
        }
        if place.declared.is_some() && !cx.is_assignable(wanted, found) {
            let (wanted, found) = self.show_apart(wanted, found);
            self.note(format!(
                "`{member}` can be set through `{name}`, so it must be a `{wanted}` and no `{found}`"
            ));
            self.found.hints.push(format!(
                "declare `{member}` as a read-only property in `{name}` if it is only read"
            ));
            return true;
        }
        false
    }
}
