//! Comparing two answers to one question, and taking the placeholders of cycles out of an answer.
//!
//! Both go by structure: two answers of two iterations are never the same piece of memory.

use super::keys::Answer;
use crate::types::{ClassInfo, Cx, Field, FunctionInfo, MroEntry, Signature, Type};

/// Whether two answers say the same.
pub fn same_answer<'t>(cx: &Cx<'t>, left: Answer<'t>, right: Answer<'t>) -> bool {
    Comparison { cx, same: &|a, b| cx.same(a, b) }.answers(left, right)
}

/// Whether two answers say the same but for the order in which unions name their members. Functions that return each
/// other's results hand the members around, each in an order of its own, and would never agree on one.
pub fn same_but_for_order<'t>(cx: &Cx<'t>, left: Answer<'t>, right: Answer<'t>) -> bool {
    Comparison { cx, same: &|a, b| cx.same_but_for_order(a, b) }.answers(left, right)
}

/// A way to compare answers, by how their types are compared.
struct Comparison<'c, 't> {
    cx: &'c Cx<'t>,
    same: &'c dyn Fn(Type, Type) -> bool,
}

impl<'t> Comparison<'_, 't> {
    fn answers(&self, left: Answer<'t>, right: Answer<'t>) -> bool {
        match (left, right) {
            (Answer::Definition(a), Answer::Definition(b)) => {
                self.options(a.bound, b.bound)
                    && self.options(a.declared, b.declared)
                    && a.qualifiers == b.qualifiers
            }
            (Answer::Function(a), Answer::Function(b)) => self.functions(a, b),
            (Answer::Type(a), Answer::Type(b)) => (self.same)(a, b),
            (Answer::Class(a), Answer::Class(b)) => self.classes(a, b),
            (Answer::Types(a), Answer::Types(b)) => self.lists(a, b),
            (Answer::Member(None), Answer::Member(None)) => true,
            (Answer::Member(Some(a)), Answer::Member(Some(b))) => {
                (self.same)(a.ty, b.ty)
                    && self.options(a.declared, b.declared)
                    && a.qualifiers == b.qualifiers
                    && a.boundness == b.boundness
                    && a.definition == b.definition
                    && a.has_value == b.has_value
            }
            (Answer::TypeVar(a), Answer::TypeVar(b)) => {
                a.name == b.name
                    && a.kind == b.kind
                    && self.options(a.bound, b.bound)
                    && self.lists(&a.constraints, &b.constraints)
                    && self.options(a.default, b.default)
                    && a.variance == b.variance
            }
            (Answer::Alias(a), Answer::Alias(b)) => {
                a.name == b.name
                    && (self.same)(a.value, b.value)
                    && self.lists(&a.type_params, &b.type_params)
                    && a.is_circular == b.is_circular
            }
            (Answer::Fields(a), Answer::Fields(b)) => self.fields(a, b),
            (Answer::Variances(a), Answer::Variances(b)) => a == b,
            _ => false,
        }
    }

    fn options(&self, a: Option<Type>, b: Option<Type>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => (self.same)(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    fn lists(&self, a: &[Type], b: &[Type]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| (self.same)(a, b))
    }

    fn signatures(&self, a: &[Signature<'t>], b: &[Signature<'t>]) -> bool {
        let same_default = |a: &Signature<'t>, b: &Signature<'t>| {
            let mut pairs = a.parameters.iter().zip(b.parameters.iter());
            pairs.all(|(a, b)| self.options(a.default, b.default))
        };
        a.len() == b.len()
            && (a.is_empty() || (self.same)(self.cx.callable(a), self.cx.callable(b)))
            && a.iter().zip(b).all(|(a, b)| same_default(a, b))
    }

    fn functions(&self, a: &FunctionInfo<'t>, b: &FunctionInfo<'t>) -> bool {
        a.definition == b.definition
            && a.class == b.class
            && a.flags == b.flags
            && a.known == b.known
            && a.has_implementation == b.has_implementation
            && a.deprecated == b.deprecated
            && a.transform == b.transform
            && self.options(a.decorated, b.decorated)
            && self.signatures(&[a.signature], &[b.signature])
            && self.signatures(&a.overloads, &b.overloads)
    }

    fn mros(&self, a: &[MroEntry], b: &[MroEntry]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| self.cx.same_entry(a, b))
    }

    fn classes(&self, a: &ClassInfo, b: &ClassInfo) -> bool {
        let fields = match (&a.synthesized, &b.synthesized) {
            (Some(a), Some(b)) => self.fields(a, b),
            (None, None) => true,
            _ => false,
        };
        fields
            && a.class == b.class
            && a.flags == b.flags
            && a.mro_error == b.mro_error
            && a.dataclass == b.dataclass
            && a.transform == b.transform
            && a.deprecated == b.deprecated
            && self.lists(&a.type_params, &b.type_params)
            && self.lists(&a.bases, &b.bases)
            && self.mros(&a.mro, &b.mro)
            && self.options(a.metaclass, b.metaclass)
            && self.options(a.tuple_base, b.tuple_base)
            && self.options(a.new_type_base, b.new_type_base)
            && self.options(a.extra_items, b.extra_items)
    }

    fn fields(&self, a: &[Field], b: &[Field]) -> bool {
        a.len() == b.len()
            && a.iter().zip(b).all(|(a, b)| {
                a.name == b.name
                    && (self.same)(a.ty, b.ty)
                    && self.options(a.default, b.default)
                    && self.options(a.init_type, b.init_type)
                    && a.alias == b.alias
                    && a.range == b.range
                    && a.class == b.class
                    && (a.has_default, a.init, a.kw_only) == (b.has_default, b.init, b.kw_only)
                    && (a.is_init_var, a.required) == (b.is_init_var, b.required)
                    && a.read_only == b.read_only
            })
    }
}

/// An answer with every placeholder of a cycle replaced by `Unknown`.
pub fn settle<'t>(cx: &Cx<'t>, answer: Answer<'t>) -> Answer<'t> {
    let one = |ty: Type| cx.without_cycles(ty);
    let writer = cx.arena;
    match answer {
        Answer::Definition(types) => Answer::Definition(types.map(one)),
        Answer::Type(ty) => Answer::Type(one(ty)),
        Answer::Types(types) => {
            Answer::Types(cx.slice(&types.iter().map(|&ty| one(ty)).collect::<Vec<_>>()))
        }
        Answer::Member(member) => Answer::Member(member.map(|place| place.map(one))),
        Answer::Function(info) => {
            Answer::Function(writer.keep(|owned| &owned.functions, settle_function(cx, info)))
        }
        Answer::Class(info) => Answer::Class(writer.keep(|owned| &owned.classes, info.map(one))),
        Answer::TypeVar(info) => {
            Answer::TypeVar(writer.keep(|owned| &owned.type_vars, info.map(one)))
        }
        Answer::Alias(info) => Answer::Alias(writer.keep(|owned| &owned.aliases, info.map(one))),
        Answer::Fields(fields) => {
            let settled = fields.iter().map(|field| field.map(one)).collect();
            Answer::Fields(writer.keep(|owned| &owned.fields, settled))
        }
        Answer::Variances(_) => answer,
    }
}

fn settle_function<'t>(cx: &Cx<'t>, info: &FunctionInfo<'t>) -> FunctionInfo<'t> {
    let overloads = info.overloads.iter();
    info.with(
        cx.signature_without_cycles(&info.signature),
        overloads.map(|overload| cx.signature_without_cycles(overload)).collect(),
        info.decorated.map(|ty| cx.without_cycles(ty)),
    )
}
