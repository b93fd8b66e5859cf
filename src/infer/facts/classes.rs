//! What types know of the classes of a module: their order of bases, and what comes from outside.

use super::names::Symbols;
use super::{Class, ClassName, class_flags as flag};
use crate::index::DefinitionId;
use crate::types::{ClassFlags, ClassRef, Cx, Kind, ModuleInfo, MroEntry};

/// Modules whose classes do nothing with their subclasses or their members.
const HARMLESS: &[&str] = &[
    "builtins",
    "typing",
    "typing_extensions",
    "abc",
    "enum",
    "_typeshed",
    "collections.abc",
    "types",
    "collections",
    "_collections_abc",
    "numbers",
    "contextlib",
];

/// The name of a class by its definition.
pub(super) fn class_name(cx: &Cx<'_>, class: ClassRef, names: &mut Symbols) -> ClassName {
    let definition = class.definition();
    let module = cx.host.module(definition.module);
    let index = cx.host.index(definition.module);
    let entry = &index.definitions[DefinitionId::from_u32(definition.index)];
    let own = index.scopes[entry.scope]
        .places
        .get(entry.place)
        .map_or("", |place| place.expr.root.as_str());
    ClassName {
        path: names.sym(&module.path),
        name: names.sym(&format!("{}.{own}", module.name)),
        at: entry.name_range.start().to_u32(),
        is_ours: is_ours(module),
    }
}

/// Whether a module belongs to the audited code: checked here, or in another project of the workspace.
pub(super) fn is_ours(module: &ModuleInfo) -> bool {
    module.is_checked
        || (module.has_file && !module.is_third_party && !module.path.starts_with("typeshed/"))
}

/// Whether all that a module does is in the audited code: what has a stub may be written in another language.
fn is_written_here(module: &ModuleInfo) -> bool {
    is_ours(module) && !module.is_stub
}

/// The facts of a class, but for its decorators.
pub(super) fn class_facts(cx: &Cx<'_>, class: ClassRef, def: u32, names: &mut Symbols) -> Class {
    let info = cx.host.class(cx, class);
    let mut flags = 0;
    let mut set = |condition: bool, flag: u32| flags |= if condition { flag } else { 0 };
    set(info.is_dynamic() || info.mro_error.is_some(), flag::DYNAMIC);
    set(info.is(ClassFlags::DYNAMIC_MEMBERS), flag::GETATTR);
    set(info.is(ClassFlags::ENUM), flag::ENUM);
    set(info.is(ClassFlags::PROTOCOL), flag::PROTOCOL);
    set(info.is(ClassFlags::TYPED_DICT), flag::TYPED_DICT);
    set(info.is(ClassFlags::NAMED_TUPLE) || info.tuple_base.is_some(), flag::NAMED_TUPLE);
    let is_data = info.is(ClassFlags::DATACLASS) || info.dataclass.is_some();
    set(is_data || info.transform.is_some(), flag::DATACLASS);
    let meta = info.metaclass;
    let is_plain_meta = meta.is_none_or(|meta| {
        meta.kind() == Kind::Class
            && cx.class_of(meta).is_some_and(|class| {
                let name = &*cx.host.module(class.module).name;
                HARMLESS.contains(&name)
            })
    });
    set(!is_plain_meta, flag::REGISTERED);
    let mut mro = Vec::new();
    for entry in &info.mro {
        let MroEntry::Class(base, _) = *entry else { continue };
        let module = cx.host.module(base.module);
        let name = &*module.name;
        let base_info = cx.host.class(cx, base);
        set(name == "builtins" && &*base_info.name == "BaseException", flag::EXCEPTION);
        set(name == "abc" || base_info.metaclass.is_some(), flag::ABSTRACT);
        if base != class {
            let is_harmless = is_written_here(module) || HARMLESS.contains(&name);
            set(!is_harmless, flag::OUTSIDE_BASE);
            let has = |member: &str| cx.host.class_member(cx, base, member).is_some();
            set(!HARMLESS.contains(&name) && has("__init_subclass__"), flag::REGISTERED);
        }
        if !HARMLESS.contains(&name) {
            let has = |member: &str| cx.host.class_member(cx, base, member).is_some();
            set(has("__getattr__") || has("__getattribute__"), flag::GETATTR);
        }
        mro.push(names.class(cx, base));
    }
    Class { def, mro: mro.into(), flags }
}

/// Whether a class from outside of the checked code has a member called `name` that `class` inherits.
pub(super) fn overrides_outside(cx: &Cx<'_>, class: ClassRef, name: &str) -> bool {
    let info = cx.host.class(cx, class);
    info.mro.iter().any(|entry| match *entry {
        MroEntry::Class(base, _) => {
            base != class
                && !is_written_here(cx.host.module(base.module))
                && cx.host.class_member(cx, base, name).is_some()
        }
        MroEntry::Dynamic(_) => false,
    })
}
