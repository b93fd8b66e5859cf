//! `__slots__`: names that cannot be set, and names that are class variables as well.
//! Source: Python reference, "`__slots__`".

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::TextRange;

use super::Subject;
use crate::index::DefinitionNode;
use crate::infer::class::string_literal;
use crate::infer::flow::is_reachable;
use crate::policy::Policy;
use crate::rules;
use crate::source::is_type_checking;
use crate::types::{ClassFlags, ClassRef, Cx, DataclassOptions, Known, MroEntry, Type};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let explicit = explicit_slots(subject);
    let by_dataclass =
        subject.info.dataclass.is_some_and(|options| options.contains(DataclassOptions::SLOTS));
    if explicit.is_some() && by_dataclass {
        let reason = "`slots=True` is given and `__slots__` is defined";
        region.report(
            subject.name_range(),
            rules::invalid_dataclass::invalid_dataclass(&subject.info.name, reason),
        );
    }
    if let Some(slots) = &explicit {
        for slot in slots {
            let is_variable = subject.last_definition(slot).is_some_and(|definition| {
                if for_checkers(subject, region.index.definitions[definition].name_range) {
                    return false;
                }
                matches!(
                    region.nodes().definitions[definition],
                    DefinitionNode::Assignment { .. } | DefinitionNode::Function(_)
                ) || matches!(
                    region.nodes().definitions[definition],
                    DefinitionNode::AnnotatedAssignment { stmt, .. } if stmt.value.is_some()
                )
            });
            if is_variable {
                let finding = rules::invalid_slots::slot_conflicts_with_class_variable(
                    &subject.info.name,
                    slot,
                );
                region.report(subject.range_of(slot), finding);
            }
        }
    }
    let own: Option<Vec<String>> = match (explicit, by_dataclass) {
        (Some(slots), _) => Some(slots.into_iter().map(str::to_owned).collect()),
        (None, true) => {
            let fields = region.cx.host.fields(region.cx, subject.class);
            Some(fields.iter().map(|field| field.name.to_string()).collect())
        }
        (None, false) => None,
    };
    if let Some(own) = own {
        attributes(subject, &own);
    }
}

/// Whether a part of the class's body is there for checkers only: `if TYPE_CHECKING:`.
fn for_checkers(subject: &Subject<'_, '_, '_>, range: TextRange) -> bool {
    subject.stmt.body.iter().any(|stmt| match stmt {
        Stmt::If(test) if test.range.contains_range(range) => is_type_checking(&test.test),
        _ => false,
    })
}

fn is_dead(subject: &Subject<'_, '_, '_>, definition: crate::index::DefinitionId) -> bool {
    let region = subject.region;
    !is_reachable(region, region.index.definitions[definition].reach)
}

/// The names in `__slots__`, when they are plain to see.
fn explicit_slots<'r>(subject: &Subject<'r, '_, '_>) -> Option<Vec<&'r str>> {
    let definition = subject.last_definition("__slots__")?;
    // Where a checker shall not look (`if not TYPE_CHECKING:`), attributes are as elsewhere.
    if is_dead(subject, definition) {
        return None;
    }
    let value = subject.region.nodes().definitions[definition].assigned()?;
    match value {
        Expr::StringLiteral(_) => Some(vec![string_literal(value)?]),
        Expr::Tuple(tuple) => tuple.elts.iter().map(string_literal).collect(),
        Expr::List(list) => list.elts.iter().map(string_literal).collect(),
        Expr::Set(set) => set.elts.iter().map(string_literal).collect(),
        Expr::Dict(dict) => {
            dict.items.iter().map(|item| item.key.as_ref().and_then(string_literal)).collect()
        }
        _ => None,
    }
}

/// Attributes that methods set must have a slot here or above, unless some base has a `__dict__`.
fn attributes(subject: &Subject<'_, '_, '_>, own: &[String]) {
    let region = subject.region;
    let cx = region.cx;
    let mut slots: Vec<String> = own.to_vec();
    for entry in subject.info.mro.iter().skip(1) {
        let MroEntry::Class(base, _) = *entry else { return };
        match base_slots(cx, base) {
            Some(more) => slots.extend(more),
            None => return,
        }
    }
    if slots.iter().any(|slot| slot == "__dict__") || has_own_setter(cx, subject.class) {
        return;
    }
    for attribute in region.index.instance_attributes(subject.body) {
        if attribute.on_class || slots.iter().any(|slot| *slot == *attribute.name) {
            continue;
        }
        let is_descriptor = cx
            .host
            .class_member(cx, subject.class, &attribute.name)
            .is_some_and(|place| place.ty.kind() == crate::types::Kind::Property);
        let inherited = subject.info.mro.iter().skip(1).any(|entry| match *entry {
            MroEntry::Class(base, _) => cx.host.class_member(cx, base, &attribute.name).is_some(),
            MroEntry::Dynamic(_) => true,
        });
        if is_descriptor || inherited {
            continue;
        }
        let finding = rules::invalid_slots::not_in_slots(&subject.info.name, &attribute.name);
        region.report(region.index.definitions[attribute.definition].name_range, finding);
    }
}

/// Whether instances of `class` have no place for an attribute `name`: every class of the MRO lists its slots,
/// and none of them this one.
pub fn lacks_slot(cx: &Cx<'_>, class: ClassRef, name: &str) -> bool {
    if !cx.host.class(cx, class).is(ClassFlags::SLOTS) {
        return false;
    }
    let all = cx.host.class(cx, class).mro.iter().all(|entry| match *entry {
        MroEntry::Class(base, _) => base_slots(cx, base)
            .is_some_and(|slots| slots.iter().all(|slot| slot != name && slot != "__dict__")),
        MroEntry::Dynamic(_) => false,
    });
    all && !has_own_setter(cx, class)
}

/// Whether a class sets attributes itself, so that they may be anywhere.
fn has_own_setter(cx: &Cx<'_>, class: ClassRef) -> bool {
    let is_plain = |owner| cx.is_known(owner, Known::Object);
    cx.holds(Policy::OwnSetter)
        && !cx
            .class_lookup(Type::class(class), "__setattr__")
            .is_some_and(|member| member.class.is_some_and(is_plain))
}

/// Built-in classes whose instances have no `__dict__`, so that a subclass with `__slots__` has none.
const WITHOUT_DICT: [Known; 12] = [
    Known::Object,
    Known::Int,
    Known::Float,
    Known::Complex,
    Known::Str,
    Known::Bytes,
    Known::Bytearray,
    Known::Tuple,
    Known::List,
    Known::Dict,
    Known::Set,
    Known::FrozenSet,
];

/// The slots of a base; `None` when its instances have a `__dict__`.
fn base_slots(cx: &Cx<'_>, base: ClassRef) -> Option<Vec<String>> {
    let info = cx.host.class(cx, base);
    if WITHOUT_DICT.iter().any(|&known| cx.is_known(base, known)) {
        return Some(Vec::new());
    }
    if info.is(ClassFlags::NAMED_TUPLE) || cx.is_known(base, Known::NamedTuple) {
        return Some(cx.host.fields(cx, base).iter().map(|field| field.name.to_string()).collect());
    }
    // The abstract classes of collections have empty slots, which their stubs do not say.
    if cx.host.module(base.module).is_stub && &*cx.host.module(base.module).name == "typing" {
        return Some(Vec::new());
    }
    if info.dataclass.is_some_and(|options| options.contains(DataclassOptions::SLOTS)) {
        return Some(cx.host.fields(cx, base).iter().map(|field| field.name.to_string()).collect());
    }
    if info.is(ClassFlags::DYNAMIC_MEMBERS)
        || !cx.host.class_member_names(cx, base, false).contains(&"__slots__")
    {
        return None;
    }
    let place = cx.host.class_member(cx, base, "__slots__")?;
    let shape = cx.tuple_shape(place.ty)?;
    shape.elements.iter().map(|&name| Some(cx.as_str(name)?.to_owned())).collect()
}
