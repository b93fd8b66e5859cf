//! Typed dictionaries against each other and against mappings.
//! Source: typing spec, "Typed dictionaries", "Assignability".

use std::borrow::Cow;

use super::Walk;
use crate::types::{ClassFlags, ClassRef, Cx, Field, Known, Type};

impl<'s> Cx<'s> {
    /// The items of a typed dict, specialised.
    pub fn typed_dict_items(&self, ty: Type) -> Cow<'s, [Field]> {
        let Some(class) = self.class_of(ty) else { return Cow::Borrowed(&[]) };
        let fields = self.host.fields(self, class);
        let with = self.class_substitution(ty);
        if with.is_empty() {
            return Cow::Borrowed(fields);
        }
        let mut fields = fields.to_vec();
        for field in &mut fields {
            field.ty = self.substitute(field.ty, &with);
        }
        Cow::Owned(fields)
    }

    /// An item of a typed dict, specialised.
    pub fn typed_dict_item(&self, ty: Type, name: &str) -> Option<Field> {
        let fields = self.host.fields(self, self.class_of(ty)?);
        let mut field = fields.iter().find(|field| *field.name == *name)?.clone();
        field.ty = self.substitute(field.ty, &self.class_substitution(ty));
        Some(field)
    }

    /// The type of items that are not declared: `None` when there are none (closed).
    /// An open typed dict may hold anything, read as `object`.
    pub fn typed_dict_extra(&self, ty: Type) -> Option<(Type, bool)> {
        let extra = self.extra_item(ty)?;
        Some((extra.ty, extra.is_open))
    }

    /// The pseudo-item that stands for all items that are not declared.
    fn extra_item(&self, ty: Type) -> Option<Extra> {
        let info = self.info_of(ty)?;
        match info.extra_items {
            Some(extra) if extra.is_never() => None,
            Some(extra) => Some(Extra {
                ty: self.substitute(extra, &self.class_substitution(ty)),
                is_open: false,
                read_only: info.is(ClassFlags::EXTRA_READ_ONLY),
            }),
            None if info.is(ClassFlags::CLOSED) => None,
            None => Some(Extra { ty: self.object(), is_open: true, read_only: true }),
        }
    }
}

/// Items that are not declared; none of them is required.
#[derive(Clone, Copy)]
struct Extra {
    ty: Type,
    /// Nothing was said of them: `ReadOnly[object]`.
    is_open: bool,
    read_only: bool,
}

impl<'s> Walk<'_, 's, '_> {
    /// Whether one typed dict has what the other asks for.
    pub(super) fn typed_dict(&mut self, source: Type, target: Type) -> bool {
        self.by_definition(source, target, |walk| walk.has_items(source, target))
    }

    fn has_items(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let (have, want) = (cx.typed_dict_items(source), cx.typed_dict_items(target));
        let source_extra = cx.extra_item(source);
        for item in want.iter() {
            let found = have.iter().find(|field| field.name == item.name);
            let fits = match (found, source_extra) {
                (Some(found), _) => self.item(found, item),
                // A missing item is fine when it may be absent and cannot be something else.
                (None, _) if item.required => false,
                (None, None) => item.read_only,
                (None, Some(extra)) if item.read_only => self.check(extra.ty, item.ty),
                (None, Some(extra)) => !extra.read_only && self.check_invariant(extra.ty, item.ty),
            };
            if !fits {
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

    /// What the target does not declare against its pseudo-item.
    fn extra_items(
        &mut self,
        source_extra: Option<Extra>,
        target: Type,
        have: &[Field],
        want: &[Field],
    ) -> bool {
        let cx = self.cx;
        let mut others = have.iter().filter(|f| !want.iter().any(|w| w.name == f.name));
        let Some(wanted) = cx.extra_item(target) else {
            return source_extra.is_none() && others.next().is_none();
        };
        if wanted.is_open {
            return true;
        }
        let extra_fits = source_extra.is_none_or(|extra| match wanted.read_only {
            true => self.check(extra.ty, wanted.ty),
            false => !extra.read_only && self.check_invariant(extra.ty, wanted.ty),
        });
        extra_fits
            && others.all(|field| match wanted.read_only {
                true => self.check(field.ty, wanted.ty),
                false => {
                    !field.required && !field.read_only && self.check_invariant(field.ty, wanted.ty)
                }
            })
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
