//! A value in place of a `TypedDict`: the key that is missing or does not fit.

use super::Explainer;
use crate::types::{ClassFlags, Known, Type};

impl Explainer<'_, '_> {
    pub(super) fn typed_dict(&mut self, source: Type, target: Type) {
        let cx = self.cx;
        let name = self.show(target);
        if cx.is_instance_of(source, Known::Dict) {
            self.note(format!("a plain `dict` is no `{name}`: nobody knows which keys it has"));
            self.found.hints.push(format!("write the dictionary where a `{name}` is expected"));
            return;
        }
        if !cx.info_of(source).is_some_and(|info| info.is(ClassFlags::TYPED_DICT)) {
            return;
        }
        let (have, want) = (cx.typed_dict_items(source), cx.typed_dict_items(target));
        let own = self.show(source);
        for item in want.iter() {
            let key = &item.name;
            let Some(found) = have.iter().find(|field| field.name == item.name) else {
                if item.required {
                    return self
                        .note(format!("`{own}` has no key `{key}`, which `{name}` requires"));
                }
                continue;
            };
            if item.required && !found.required {
                return self.note(format!(
                    "key `{key}` may be missing in `{own}`, and `{name}` requires it"
                ));
            }
            if !item.read_only && found.read_only {
                return self.note(format!(
                    "key `{key}` is read-only in `{own}`, and can be set through `{name}`"
                ));
            }
            if !item.read_only && !item.required && found.required {
                return self.note(format!(
                    "key `{key}` can be deleted through `{name}`, and `{own}` requires it"
                ));
            }
            let fits =
                self.fits(found.ty, item.ty) && (item.read_only || self.fits(item.ty, found.ty));
            if !fits {
                let (expected, found) = (self.show(item.ty), self.show(found.ty));
                return self.note(format!("key `{key}`: expected `{expected}`, found `{found}`"));
            }
        }
    }
}
