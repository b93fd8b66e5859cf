//! Method resolution order (C3) and the walk over it.
//! Source: <https://docs.python.org/3/howto/mro.html>, "The C3 Method Resolution Order".

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::substitute::Repeated;
use super::{ClassFlags, ClassInfo, ClassRef, Cx, Data, Kind, Known, MroEntry, MroError, Type};
use crate::store::limits::{Limit, MAX_MRO};

type Key = (u8, u32, u32);

/// What an entry of an MRO is known by.
fn key(entry: &MroEntry) -> Key {
    match *entry {
        MroEntry::Class(class, _) => (0, class.module.0, class.index),
        MroEntry::Dynamic(ty) => (1, u32::from(ty.is_dynamic()), 0),
    }
}

/// The merge step of C3 over lists whose heads come first; `None` when there is no order.
///
/// The next is the head of the first list whose head stands behind the head of no other. Lists whose head may be
/// taken are kept sorted, so that thousands of bases are not looked through for each of them.
fn merge(lists: &[Vec<MroEntry>]) -> Option<Vec<MroEntry>> {
    // What a single base and the list of bases give together is the base's own order, unless that goes in circles.
    if let [only, heads] = lists
        && let [head] = heads.as_slice()
        && only.first().map(key) == Some(key(head))
    {
        let mut seen = FxHashSet::default();
        return only.iter().all(|entry| seen.insert(key(entry))).then(|| only.clone());
    }
    // Where each list begins now, and how often each entry stands behind the head of one.
    let mut begins = vec![0; lists.len()];
    let mut behind: FxHashMap<Key, usize> = FxHashMap::default();
    for entry in lists.iter().flat_map(|list| list.iter().skip(1)) {
        *behind.entry(key(entry)).or_default() += 1;
    }
    let mut with_head: FxHashMap<Key, Vec<usize>> = FxHashMap::default();
    let mut ready = BTreeSet::new();
    for (at, head) in lists.iter().enumerate().filter_map(|(at, list)| Some((at, list.first()?))) {
        with_head.entry(key(head)).or_default().push(at);
        if behind.get(&key(head)).is_none_or(|&count| count == 0) {
            ready.insert(at);
        }
    }
    let mut order = Vec::new();
    while let Some(&first) = ready.first() {
        let head = lists[first][begins[first]];
        order.push(head);
        for at in with_head.remove(&key(&head)).unwrap_or_default() {
            ready.remove(&at);
            begins[at] += 1;
            let Some(next) = lists[at].get(begins[at]).map(key) else { continue };
            let same = with_head.entry(next).or_default();
            same.push(at);
            if let Some(count) = behind.get_mut(&next) {
                *count -= 1;
                if *count == 0 {
                    ready.extend(same.iter().copied());
                }
            }
        }
    }
    with_head.is_empty().then_some(order)
}

impl<'s> Cx<'s> {
    /// The protocols among a class and those above it.
    pub fn protocols_of<'i>(&'i self, info: &'i ClassInfo) -> impl Iterator<Item = ClassRef> + 'i {
        info.mro.iter().filter_map(|entry| match *entry {
            MroEntry::Class(class, _) => {
                self.host.class(self, class).is(ClassFlags::PROTOCOL).then_some(class)
            }
            MroEntry::Dynamic(_) => None,
        })
    }

    /// Whether `__slots__` of a class, or of one above it, lists `name`: an attribute whose type
    /// nobody says.
    pub fn has_slot(&self, class: ClassRef, name: &str) -> bool {
        self.host.class(self, class).mro.iter().any(|entry| {
            let MroEntry::Class(owner, _) = *entry else { return false };
            let Some(place) = self.host.class_member(self, owner, "__slots__") else {
                return false;
            };
            let lists = |part: &Type| self.as_str(*part) == Some(name);
            match place.ty.kind() {
                Kind::Tuple => {
                    self.as_tuple(place.ty).is_some_and(|t| t.elements.iter().any(lists))
                }
                Kind::Generic => self
                    .arguments_of(place.ty)
                    .first()
                    .is_some_and(|&element| self.members(element).iter().any(|part| lists(&part))),
                _ => lists(&place.ty),
            }
        })
    }

    /// Whether a class is one of `builtins`.
    pub fn is_builtin(&self, class: ClassRef) -> bool {
        self.host.known(self, Known::Object).is_some_and(|object| object.module == class.module)
    }

    /// Linearises a class with these bases. Where there is no order, the result is a guess: bases one after the other;
    /// where it is too long, nothing is known of them.
    pub fn linearise(
        &self,
        class: ClassRef,
        own: Type,
        bases: &[Type],
    ) -> (Vec<MroEntry>, Option<MroError>) {
        let mut lists = Vec::new();
        let mut heads = Vec::new();
        let object = self.host.known(self, Known::Object);
        for &base in bases {
            let Some(base_class) = self.class_of(base) else {
                // The first base that is not known stands for all of them.
                if heads.iter().any(|head| matches!(head, MroEntry::Dynamic(_))) {
                    continue;
                }
                heads.push(MroEntry::Dynamic(base));
                // It inherits from `object`, too, which comes after it.
                let last = object.map(|object| MroEntry::Class(object, Type::class(object)));
                lists.push([MroEntry::Dynamic(base)].into_iter().chain(last).collect());
                continue;
            };
            heads.push(MroEntry::Class(base_class, base));
            lists.push(self.mro_of(base));
        }
        lists.push(heads);
        let mut order = vec![MroEntry::Class(class, own)];
        if let Some(rest) = merge(&lists) {
            order.extend(rest);
            if let Some(object) = object
                && object != class
                && !order.iter().any(|e| matches!(e, MroEntry::Class(c, _) if *c == object))
            {
                order.push(MroEntry::Class(object, Type::class(object)));
            }
            if order.len() <= MAX_MRO {
                return (order, None);
            }
            Limit::MroLength.hit();
            let last = object.map(|object| MroEntry::Class(object, Type::class(object)));
            order = vec![MroEntry::Class(class, own), MroEntry::Dynamic(Type::UNKNOWN)];
            order.extend(last);
            return (order, Some(MroError::TooLong));
        }
        for list in lists {
            for entry in list {
                if !order.iter().any(|&other| self.same_entry(other, entry)) {
                    order.push(entry);
                }
            }
        }
        // Bases that are not known may fit together all the same.
        let is_known = order.iter().all(|entry| matches!(entry, MroEntry::Class(..)));
        (order, is_known.then_some(MroError::Inconsistent))
    }

    /// The MRO of a class object or an instance, specialised.
    pub fn mro_of(&self, ty: Type) -> Vec<MroEntry> {
        let Some(class) = self.class_of(ty) else { return Vec::new() };
        let info = self.host.class(self, class);
        let with = self.class_substitution(ty);
        let mut repeated = Repeated::new(&with, info.mro.len());
        let specialised = |entry: &MroEntry| match *entry {
            MroEntry::Class(class, ty) => MroEntry::Class(class, repeated.substitute(self, ty)),
            MroEntry::Dynamic(_) => *entry,
        };
        info.mro.iter().map(specialised).collect()
    }

    /// The class of an instance, a class object, or `type[C]`.
    pub fn class_of(&self, ty: Type) -> Option<ClassRef> {
        match ty.kind() {
            Kind::Class => ty.as_class(),
            Kind::Instance => ty.as_instance(),
            Kind::Generic | Kind::GenericClass => match *self.data(ty) {
                Data::Generic { class, .. } => Some(class),
                _ => None,
            },
            Kind::Tuple => self.host.known(self, Known::Tuple),
            _ => None,
        }
    }

    /// The facts about the class of an instance or a class object.
    pub fn info_of(&self, ty: Type) -> Option<&'s ClassInfo> {
        Some(self.host.class(self, self.class_of(ty)?))
    }

    /// The arguments of a specialised class or instance.
    pub fn arguments_of(&self, ty: Type) -> &'s [Type] {
        match ty.kind() {
            Kind::Generic | Kind::GenericClass => match self.data(ty) {
                Data::Generic { arguments, .. } => arguments,
                _ => &[],
            },
            _ => &[],
        }
    }

    /// An instance of a class object (`Class`, `GenericClass`); type arguments default.
    pub fn instance_of(&self, class_object: Type) -> Type {
        match class_object.kind() {
            Kind::Class => match class_object.as_class() {
                Some(class) => self.instance_of_class(class),
                None => Type::UNKNOWN,
            },
            Kind::GenericClass => match *self.data(class_object) {
                Data::Generic { class, arguments } => self.generic(class, arguments),
                _ => Type::UNKNOWN,
            },
            Kind::SubclassOf => self.inner_of(class_object),
            Kind::Union => self.map_union(class_object, |member| self.instance_of(member)),
            _ => Type::UNKNOWN,
        }
    }

    /// An instance of `class` with default type arguments.
    pub fn instance_of_class(&self, class: ClassRef) -> Type {
        if self.host.type_params(self, class).is_empty() {
            return Type::instance(class);
        }
        self.generic(class, &self.default_arguments(class))
    }

    /// An instance of `class` as seen within the class: its own type parameters as arguments.
    pub fn identity_instance(&self, class: ClassRef) -> Type {
        self.generic(class, self.identity_arguments(class))
    }

    /// `ty` seen as an instance of `class` that it inherits from, with that class's arguments.
    pub fn as_super(&self, ty: Type, class: ClassRef) -> Option<Type> {
        let own = self.class_of(ty)?;
        if own == class && ty.kind() != Kind::Tuple {
            return Some(match ty.kind() {
                Kind::Class | Kind::GenericClass => self.instance_of(ty),
                _ => ty,
            });
        }
        if ty.kind() == Kind::Tuple {
            let generic = self.tuple_as_generic(ty);
            return if own == class { Some(generic) } else { self.as_super(generic, class) };
        }
        let info = self.host.class(self, own);
        info.mro.iter().find_map(|entry| match *entry {
            MroEntry::Class(other, base) if other == class => {
                Some(self.instance_of(self.substitute(base, &self.class_substitution(ty))))
            }
            _ => None,
        })
    }

    /// A tuple as `tuple[T]` in the sense of the class statement: one argument, the union.
    pub fn tuple_as_generic(&self, ty: Type) -> Type {
        let element = self.tuple_element_union(ty);
        match self.host.known(self, Known::Tuple) {
            Some(class) => self.generic_raw(class, &[element]),
            None => Type::UNKNOWN,
        }
    }

    /// The union of a tuple's element types.
    pub fn tuple_element_union(&self, ty: Type) -> Type {
        let Some(tuple) = self.as_tuple(ty) else { return Type::UNKNOWN };
        self.union(
            tuple
                .elements
                .iter()
                .map(|&element| {
                    if self
                        .as_type_var(element)
                        .is_some_and(|d| d.kind == super::TypeVarKind::TypeVarTuple)
                    {
                        self.object()
                    } else {
                        element
                    }
                })
                .collect::<Vec<_>>(),
        )
    }
}
