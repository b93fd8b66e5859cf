//! Typed dictionaries against each other and against mappings.
//! Source: typing spec, "Typed dictionaries", "Assignability".

use super::Walk;
use crate::types::{ClassRef, Cx, Field, Known, Type};

impl<'s> Cx<'s> {
    /// The items of a typed dict, specialised.
    pub fn typed_dict_items(&self, ty: Type) -> Vec<Field> {
        let Some(class) = self.class_of(ty) else { return Vec::new() };
        let with = self.class_substitution(ty);
        let mut fields = self.host.fields(self, class).to_vec();
        for field in &mut fields {
            field.ty = self.substitute(field.ty, &with);
        }
        fields
    }

    /// The type of items that are not declared: `None` when there are none (closed).
    /// An open typed dict may hold anything, read as `object`.
    pub fn typed_dict_extra(&self, ty: Type) -> Option<(Type, bool)> {
        let info = self.info_of(ty)?;
        match info.extra_items {
            Some(extra) if extra.is_never() => None,
            Some(extra) => Some((self.substitute(extra, &self.class_substitution(ty)), false)),
            None if info.is(crate::types::ClassFlags::CLOSED) => None,
            None => Some((self.object(), true)),
        }
    }
}

impl<'s> Walk<'_, 's, '_> {
    pub(super) fn typed_dict(
        &mut self,
        source: Type,
        target: Type,
        _from: ClassRef,
        _to: ClassRef,
    ) -> bool {
        let cx = self.cx;
        let (have, want) = (cx.typed_dict_items(source), cx.typed_dict_items(target));
        let source_extra = cx.typed_dict_extra(source);
        for item in &want {
            let found = have.iter().find(|field| field.name == item.name);
            let Some(found) = found else {
                // A missing item is fine when it may be absent and cannot be something else.
                if item.required || !item.read_only && source_extra.is_none_or(|e| e.1) {
                    return false;
                }
                match source_extra {
                    None => continue,
                    Some((extra, _)) if self.check(extra, item.ty) => continue,
                    Some(_) => return false,
                }
            };
            if !self.item(found, item) {
                return false;
            }
        }
        self.extra_items(source_extra, target, &have, &want)
    }

    fn item(&mut self, found: &Field, wanted: &Field) -> bool {
        if wanted.required && !found.required {
            return false;
        }
        if wanted.read_only {
            return self.check(found.ty, wanted.ty);
        }
        if found.read_only || (!wanted.required && found.required) {
            return false;
        }
        self.check_invariant(found.ty, wanted.ty)
    }

    fn extra_items(
        &mut self,
        source_extra: Option<(Type, bool)>,
        target: Type,
        have: &[Field],
        want: &[Field],
    ) -> bool {
        let cx = self.cx;
        let target_extra = cx.typed_dict_extra(target);
        if let Some((_, true)) = target_extra {
            return true;
        }
        let others = have.iter().filter(|f| !want.iter().any(|w| w.name == f.name));
        match target_extra {
            None => source_extra.is_none() && others.count() == 0,
            Some((wanted, _)) => {
                let Some((extra, is_open)) = source_extra else {
                    return others
                        .into_iter()
                        .all(|field| !field.required && self.check_invariant(field.ty, wanted));
                };
                !is_open
                    && self.check_invariant(extra, wanted)
                    && others
                        .into_iter()
                        .all(|field| !field.required && self.check_invariant(field.ty, wanted))
            }
        }
    }

    /// A typed dict is a `Mapping[str, object]`, or of the union of its items when it is closed.
    pub(super) fn typed_dict_as_mapping(
        &mut self,
        source: Type,
        target: Type,
        class: ClassRef,
    ) -> bool {
        let cx = self.cx;
        let items = cx.typed_dict_items(source);
        let value = match cx.typed_dict_extra(source) {
            Some((extra, false)) => cx.union(items.iter().map(|item| item.ty).chain([extra])),
            None => cx.union(items.iter().map(|item| item.ty)),
            Some((extra, true)) => extra,
        };
        let str_type = cx.known_instance(Known::Str);
        if cx.is_known(class, Known::Dict) {
            let extra = cx.typed_dict_extra(source);
            let uniform = matches!(extra, Some((_, false)))
                && items.iter().all(|item| {
                    !item.required && !item.read_only && cx.is_equivalent(item.ty, value)
                });
            return uniform
                && self.check(cx.known_generic(Known::Dict, &[str_type, value]), target);
        }
        let mapping = cx.known_generic(Known::Mapping, &[str_type, value]);
        cx.class_of(mapping).is_some_and(|mapping| mapping != class) && self.check(mapping, target)
            || cx.is_known(class, Known::Mapping) && self.check(mapping, target)
    }
}
