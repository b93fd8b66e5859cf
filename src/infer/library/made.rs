//! Members that a library makes for the classes of its users, of which neither code nor stubs have a trace.

use ruff_python_ast::{Expr, Stmt};

use crate::index::{DefinitionNode, ScopeId};
use crate::infer::region::with_region;
use crate::types::{ClassInfo, ClassRef, Cx, Known, MroEntry, Type};

/// What is made for each field of a kind: the name, and what reading it gives.
struct OfField {
    /// Before and after the name of the field.
    affixes: (&'static str, &'static str),
    /// Names of classes of which one is in the MRO of the field.
    fields: &'static [&'static str],
    gives: Gives,
}

#[derive(Clone, Copy)]
enum Gives {
    /// Something that is not known.
    Anything,
    /// A method without arguments that must be given, which returns text.
    TextMethod,
}

/// Classes of a library for whose subclasses it makes members.
struct Maker {
    /// Module and name of the base class.
    base: (&'static str, &'static str),
    of_fields: &'static [OfField],
    /// Members that all of them have.
    always: &'static [&'static str],
    /// What follows the name of another class in the name of what leads to its objects.
    backwards: &'static str,
    /// The keyword with which a field gives that name itself.
    named_by: &'static str,
}

const MAKERS: &[Maker] = &[Maker {
    base: ("django.db.models.base", "Model"),
    of_fields: &[
        OfField {
            affixes: ("", "_id"),
            fields: &["ForeignKey", "OneToOneField"],
            gives: Gives::Anything,
        },
        OfField { affixes: ("get_", "_display"), fields: &["Field"], gives: Gives::TextMethod },
        OfField {
            affixes: ("get_next_by_", ""),
            fields: &["DateField", "DateTimeField"],
            gives: Gives::Anything,
        },
        OfField {
            affixes: ("get_previous_by_", ""),
            fields: &["DateField", "DateTimeField"],
            gives: Gives::Anything,
        },
        OfField { affixes: ("get_", "_order"), fields: &["Field"], gives: Gives::Anything },
        OfField { affixes: ("set_", "_order"), fields: &["Field"], gives: Gives::Anything },
    ],
    always: &["id", "get_next_in_order", "get_previous_in_order"],
    backwards: "_set",
    named_by: "related_name",
}];

fn maker_of(cx: &Cx<'_>, info: &ClassInfo) -> Option<(&'static Maker, ClassRef)> {
    info.mro.iter().find_map(|entry| {
        let MroEntry::Class(base, _) = *entry else { return None };
        let module = &cx.host.module(base.module).name;
        let maker = MAKERS.iter().find(|maker| {
            *maker.base.0 == **module && *cx.host.class(cx, base).name == *maker.base.1
        })?;
        Some((maker, base))
    })
}

/// Whether a class inherits from one that makes members and says nothing about types: the library is there without
/// stubs, so that fields are what stands in the body and not what instances have.
pub fn is_untyped_model(cx: &Cx<'_>, info: &ClassInfo) -> bool {
    maker_of(cx, info)
        .is_some_and(|(_, base)| base != info.class && !cx.host.module(base.module).is_stub)
}

/// The member called `name` that a library makes for an instance of the class `info`.
pub fn made_member(cx: &Cx<'_>, info: &ClassInfo, name: &str) -> Option<Type> {
    let (maker, base) = maker_of(cx, info)?;
    if base == info.class {
        return None;
    }
    if maker.always.contains(&name) {
        return Some(Type::UNKNOWN);
    }
    for rule in maker.of_fields {
        let (before, after) = rule.affixes;
        let field = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        if field.is_some_and(|field| is_field(cx, info, field, rule.fields)) {
            return Some(match rule.gives {
                Gives::Anything => Type::UNKNOWN,
                Gives::TextMethod => {
                    cx.callable(&[cx.gradual_signature(cx.known_instance(Known::Str))])
                }
            });
        }
    }
    let leads_back = name.strip_suffix(maker.backwards).is_some_and(|rest| !rest.is_empty());
    (leads_back || is_named_by(cx, info, maker.named_by, name)).then_some(Type::UNKNOWN)
}

/// Whether the classes of an MRO have a variable of that name which is made by one of the classes `kinds`.
fn is_field(cx: &Cx<'_>, info: &ClassInfo, name: &str, kinds: &[&str]) -> bool {
    info.mro.iter().any(|entry| {
        let MroEntry::Class(class, _) = *entry else { return false };
        let Some(place) = cx.host.class_member(cx, class, name) else { return false };
        place.ty.is_dynamic()
            || cx.info_of(place.ty).is_some_and(|field| {
                field.mro.iter().any(|entry| match *entry {
                    MroEntry::Class(base, _) => kinds.contains(&&*cx.host.class(cx, base).name),
                    MroEntry::Dynamic(_) => true,
                })
            })
    })
}

/// Whether a class in one of the modules of the MRO has a field that gives the name `name` to what leads back from
/// the class that the field refers to, or has that name itself: what leads to the one object of it is called so.
fn is_named_by(cx: &Cx<'_>, info: &ClassInfo, keyword: &str, name: &str) -> bool {
    info.mro.iter().any(|entry| {
        let MroEntry::Class(class, _) = *entry else { return false };
        if cx.host.module(class.module).is_stub {
            return false;
        }
        with_region(cx, class.module, ScopeId::MODULE, |region| {
            region.nodes().definitions.iter().any(|node| match node {
                DefinitionNode::Class(stmt) => {
                    stmt.name.to_lowercase() == name
                        || stmt.body.iter().any(|stmt| gives_name(stmt, keyword, name))
                }
                _ => false,
            })
        })
    })
}

fn gives_name(stmt: &Stmt, keyword: &str, name: &str) -> bool {
    let value = match stmt {
        Stmt::Assign(assign) => Some(&*assign.value),
        Stmt::AnnAssign(assign) => assign.value.as_deref(),
        _ => None,
    };
    let Some(Expr::Call(call)) = value else { return false };
    let given = call.arguments.find_keyword(keyword);
    given.and_then(|given| given.value.as_string_literal_expr()).is_some_and(|text| {
        let text = text.value.to_str();
        // Abstract classes give names with a place for that of the class.
        text == name || text.contains('%')
    })
}
