//! Arguments to parameters by position and name, before any type is looked at.
//! Source: Python reference, "Calls".

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::ArgumentTypes;
use crate::types::{Cx, Kind, Known, Parameter, ParameterKind, Signature, Type};

/// In longer lists than this, parameters are found by a table of their names.
const MANY: usize = 32;
/// If at least so many are asked for.
const MANY_ASKED: usize = 8;

/// How an argument is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind<'a> {
    Positional,
    Keyword(&'a str),
    /// `*iterable`
    Star,
    /// `**mapping`
    DoubleStar,
}

/// What is wrong with number or names of arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchError {
    /// Required parameters without an argument, by name.
    Missing(Vec<String>),
    /// The first argument too many, and how many positional ones are taken and given.
    TooMany { index: usize, expected: usize, given: usize },
    /// No parameter of this name.
    Unknown { index: usize, name: String },
    /// Two arguments for one parameter.
    AlreadyAssigned { index: usize, name: String },
    /// A positional-only parameter was named.
    PositionalOnly { index: usize, name: String },
}

impl MatchError {
    /// Whether an argument is missing. Of the parameters beside a `ParamSpec` that much is known
    /// before anything is known of what it stands for.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }
}

/// One argument after unpacking: which one, and its type where unpacking decided it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed<'a> {
    pub index: usize,
    pub ty: Option<Type>,
    pub how: How<'a>,
}

/// How an unpacked argument arrives.
#[derive(Debug, Clone, Copy)]
pub(super) enum How<'a> {
    Positional,
    Keyword(&'a str),
    /// Any number of positional arguments.
    ManyPositional,
    /// Any keyword arguments.
    ManyKeywords,
}

/// Arguments paired with the parameters that take them.
#[derive(Debug, Default)]
pub(super) struct Matched<'a> {
    /// Argument and index of its parameter.
    pub pairs: SmallVec<[(Passed<'a>, usize); 8]>,
    /// Positional arguments after `*iterable`, with the parameters that it may have left to them, by index.
    pub after_many: Vec<(Passed<'a>, Vec<usize>)>,
    pub errors: Vec<MatchError>,
}

impl<'s> Cx<'s> {
    /// The arguments with tuples and typed dicts unpacked, and the indices of those that cannot be.
    pub(super) fn unpack_arguments<'a>(
        &self,
        arguments: &'a dyn ArgumentTypes,
    ) -> (SmallVec<[Passed<'a>; 8]>, Vec<super::CallError<'s>>)
    where
        's: 'a,
    {
        let mut passed: SmallVec<[Passed<'a>; 8]> = SmallVec::new();
        let mut errors = Vec::new();
        for (index, kind) in arguments.kinds().iter().enumerate() {
            match *kind {
                ArgumentKind::Positional => {
                    passed.push(Passed { index, ty: None, how: How::Positional });
                }
                ArgumentKind::Keyword(name) => {
                    passed.push(Passed { index, ty: None, how: How::Keyword(name) });
                }
                ArgumentKind::Star => {
                    let ty = arguments.ty(index, None);
                    if !self.unpack_star(index, ty, &mut passed) {
                        errors.push(super::CallError::NotIterable {
                            index,
                            found: ty,
                            is_mapping: false,
                        });
                        passed.push(Passed {
                            index,
                            ty: Some(Type::UNKNOWN),
                            how: How::ManyPositional,
                        });
                    }
                }
                ArgumentKind::DoubleStar => {
                    let ty = arguments.ty(index, None);
                    if !self.unpack_double_star(index, ty, &mut passed) {
                        errors.push(super::CallError::NotIterable {
                            index,
                            found: ty,
                            is_mapping: true,
                        });
                        passed.push(Passed {
                            index,
                            ty: Some(Type::UNKNOWN),
                            how: How::ManyKeywords,
                        });
                    }
                }
            }
        }
        (passed, errors)
    }

    /// The elements of a union of tuples of one length, position by position; a member that is not known may be
    /// one of them.
    fn union_of_tuples(&self, ty: Type) -> Option<Vec<Type>> {
        let ty = self.expand_alias(ty);
        if ty.kind() != Kind::Union {
            return None;
        }
        let unknown = self.members(ty).iter().find(|each| each.is_dynamic());
        let known = self.filter_union(ty, |each| !each.is_dynamic());
        let shapes: Vec<_> =
            self.members(known).iter().map(|each| self.tuple_shape(each)).collect::<Option<_>>()?;
        let length = shapes.first()?.fixed_len()?;
        if shapes.iter().any(|shape| shape.fixed_len() != Some(length)) {
            return None;
        }
        let column =
            |at: usize| self.union(shapes.iter().map(|shape| shape.elements[at]).chain(unknown));
        Some((0..length).map(column).collect())
    }

    fn unpack_star(&self, index: usize, ty: Type, into: &mut SmallVec<[Passed<'_>; 8]>) -> bool {
        let mut push = |ty: Type, how| into.push(Passed { index, ty: Some(ty), how });
        if ty.kind() == Kind::ParamSpecPart || ty.kind() == Kind::Unpacked {
            push(ty, How::ManyPositional);
            return true;
        }
        if let Some(shape) = self.tuple_shape(ty) {
            let (before, part, after) = shape.parts();
            for &element in before {
                push(element, How::Positional);
            }
            if let Some(part) = part {
                let is_pack = self
                    .as_type_var(part)
                    .is_some_and(|d| d.kind == crate::types::TypeVarKind::TypeVarTuple);
                push(if is_pack { self.unpacked(part) } else { part }, How::ManyPositional);
            }
            for &element in after {
                push(element, How::Positional);
            }
            return true;
        }
        if let Some(elements) = self.union_of_tuples(ty) {
            for element in elements {
                push(element, How::Positional);
            }
            return true;
        }
        match self.iterate(ty) {
            Some(element) => {
                push(element, How::ManyPositional);
                true
            }
            None => false,
        }
    }

    fn unpack_double_star<'a>(
        &self,
        index: usize,
        ty: Type,
        into: &mut SmallVec<[Passed<'a>; 8]>,
    ) -> bool
    where
        's: 'a,
    {
        if ty.is_dynamic() || ty.kind() == Kind::ParamSpecPart {
            into.push(Passed { index, ty: Some(ty), how: How::ManyKeywords });
            return true;
        }
        let is_typed_dict =
            self.info_of(ty).is_some_and(|info| info.is(crate::types::ClassFlags::TYPED_DICT));
        if is_typed_dict {
            let Some(class) = self.class_of(ty) else { return false };
            let with = self.class_substitution(ty);
            for field in self.host.fields(self, class) {
                into.push(Passed {
                    index,
                    ty: Some(self.substitute(field.ty, &with)),
                    how: How::Keyword(&field.name),
                });
            }
            return true;
        }
        match self.mapping_value(ty) {
            Some(value) => {
                into.push(Passed { index, ty: Some(value), how: How::ManyKeywords });
                true
            }
            None => false,
        }
    }

    /// The value type of a mapping with string keys.
    pub fn mapping_value(&self, ty: Type) -> Option<Type> {
        if ty.is_dynamic() {
            return Some(ty);
        }
        if ty.kind() == Kind::Union {
            let mut values = Vec::new();
            for member in self.members(ty).iter() {
                values.push(self.mapping_value(member)?);
            }
            return Some(self.union(values));
        }
        if self.info_of(ty).is_some_and(|info| info.is(crate::types::ClassFlags::TYPED_DICT)) {
            let extra = self.typed_dict_extra(ty).filter(|extra| !extra.1).map(|extra| extra.0);
            let items = self.typed_dict_items(ty);
            return Some(self.union(items.iter().map(|item| item.ty).chain(extra)));
        }
        let string = self.known_instance(Known::Str);
        if let Some(&[keys, value]) = self.container_arguments(ty) {
            return self.is_assignable(keys, string).then_some(value);
        }
        let keys = self.attribute(ty, "keys").found_all()?;
        let keys = self.iterate(self.call_with(keys, &[])?)?;
        if !self.is_assignable(keys, string) {
            return None;
        }
        self.call_dunder(ty, "__getitem__", &[keys])
    }
}

/// Pairs arguments with parameters.
pub(super) fn match_arguments<'s, 'a>(
    signature: &Signature<'s>,
    passed: &[Passed<'a>],
) -> Matched<'a> {
    let list = signature.parameters;
    let mut state = State {
        list,
        filled: SmallVec::from_elem(false, list.len()),
        matched: Matched::default(),
        many_keywords: false,
    };
    state.positional(passed);
    state.keywords(passed);
    state.missing();
    state.matched
}

struct State<'p, 'a> {
    list: &'p [Parameter<'p>],
    filled: SmallVec<[bool; 8]>,
    matched: Matched<'a>,
    many_keywords: bool,
}

fn takes_position<'s>(parameter: &Parameter<'s>) -> bool {
    matches!(parameter.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
}

/// Where the first parameter of a name stands, of those of some kinds. Where many names are asked for among many, they
/// are looked up in a table; for a few it would cost more than it saves.
fn numbered<'p>(
    list: &'p [Parameter<'p>],
    asked: usize,
    is_wanted: fn(ParameterKind) -> bool,
) -> impl Fn(&str) -> Option<usize> + 'p {
    let wanted = move || list.iter().enumerate().filter(move |(_, it)| is_wanted(it.kind));
    let known: OnceCell<FxHashMap<&str, usize>> = OnceCell::new();
    let table = move || wanted().rev().map(|(at, parameter)| (parameter.name, at)).collect();
    let has_table = list.len() >= MANY && asked >= MANY_ASKED;
    move |name| match has_table {
        false => wanted().find(|(_, it)| it.name == name).map(|(at, _)| at),
        true => known.get_or_init(table).get(name).copied(),
    }
}

impl<'a> State<'_, 'a> {
    fn positional(&mut self, passed: &[Passed<'a>]) {
        let slots: SmallVec<[usize; 8]> =
            (0..self.list.len()).filter(|&at| takes_position(&self.list[at])).collect();
        let star = self.list.iter().position(|p| p.kind == ParameterKind::Variadic);
        let named = |parameter: &Parameter| {
            passed.iter().any(|p| matches!(p.how, How::Keyword(name) if name == parameter.name))
                && parameter.kind == ParameterKind::Standard
        };
        let mut next = 0;
        let mut given = 0;
        let mut first_extra = None;
        let mut before_many = None;
        for argument in passed {
            match argument.how {
                How::Positional => {
                    given += 1;
                    if let Some(&slot) = slots.get(next) {
                        next += 1;
                        self.filled[slot] = true;
                        self.matched.pairs.push((*argument, slot));
                    } else if let Some(star) = star {
                        self.matched.pairs.push((*argument, star));
                    } else {
                        let left = before_many.map_or(&[][..], |before: usize| &slots[before..]);
                        if left.is_empty() {
                            first_extra.get_or_insert(argument.index);
                        } else {
                            self.matched.after_many.push((*argument, left.to_vec()));
                        }
                    }
                }
                How::ManyPositional => {
                    before_many.get_or_insert(next);
                    while let Some(&slot) = slots.get(next) {
                        if named(&self.list[slot]) {
                            break;
                        }
                        next += 1;
                        self.filled[slot] |= self.list[slot].default.is_none();
                        self.matched.pairs.push((*argument, slot));
                    }
                    if let Some(star) = star {
                        self.matched.pairs.push((*argument, star));
                    }
                }
                How::Keyword(_) | How::ManyKeywords => {}
            }
        }
        if let Some(index) = first_extra {
            self.matched.errors.push(MatchError::TooMany { index, expected: slots.len(), given });
        }
    }

    fn keywords(&mut self, passed: &[Passed<'a>]) {
        // `**kwargs: Never` takes nothing.
        let keywords =
            self.list.iter().position(|p| p.kind == ParameterKind::Keywords && !p.ty.is_never());
        let asked = passed.iter().filter(|each| matches!(each.how, How::Keyword(_))).count();
        let by_name = numbered(self.list, asked, |kind| {
            matches!(kind, ParameterKind::Standard | ParameterKind::KeywordOnly)
        });
        let by_position = numbered(self.list, asked, |kind| kind == ParameterKind::PositionalOnly);
        for argument in passed {
            let How::Keyword(name) = argument.how else { continue };
            if let Some(slot) = by_name(name) {
                if self.filled[slot] {
                    self.matched.errors.push(MatchError::AlreadyAssigned {
                        index: argument.index,
                        name: name.to_owned(),
                    });
                    continue;
                }
                self.filled[slot] = true;
                self.matched.pairs.push((*argument, slot));
            } else if let Some(keywords) = keywords {
                self.matched.pairs.push((*argument, keywords));
            } else {
                let positional_only = by_position(name).is_some();
                let (index, name) = (argument.index, name.to_owned());
                self.matched.errors.push(if positional_only {
                    MatchError::PositionalOnly { index, name }
                } else {
                    MatchError::Unknown { index, name }
                });
            }
        }
        let mut is_unknown_seen = false;
        for argument in passed {
            if !matches!(argument.how, How::ManyKeywords) {
                continue;
            }
            self.many_keywords = true;
            // A second mapping of which nothing is known says no more than the first.
            let is_unknown = argument.ty.is_some_and(|ty| ty.is_dynamic());
            if is_unknown && std::mem::replace(&mut is_unknown_seen, true) {
                continue;
            }
            for at in 0..self.list.len() {
                let parameter = &self.list[at];
                let takes_name =
                    matches!(parameter.kind, ParameterKind::Standard | ParameterKind::KeywordOnly);
                if takes_name && !self.filled[at] {
                    self.filled[at] |= parameter.default.is_none();
                    self.matched.pairs.push((*argument, at));
                }
            }
            if let Some(keywords) = keywords {
                self.matched.pairs.push((*argument, keywords));
            }
        }
    }

    fn missing(&mut self) {
        let names: Vec<String> = self
            .list
            .iter()
            .zip(&self.filled)
            .enumerate()
            .filter(|(_, (p, filled))| {
                !**filled
                    && p.default.is_none()
                    && !matches!(p.kind, ParameterKind::Variadic | ParameterKind::Keywords)
            })
            // Parameters of `Callable[[int], str]` have no names.
            .map(
                |(at, (p, _))| {
                    if p.name.is_empty() { format!("#{}", at + 1) } else { p.name.to_string() }
                },
            )
            .collect();
        // What has a name that nobody knows is most likely what is missing.
        let is_misnamed =
            self.matched.errors.iter().any(|error| matches!(error, MatchError::Unknown { .. }));
        if !names.is_empty() && !is_misnamed {
            self.matched.errors.push(MatchError::Missing(names));
        }
    }
}
