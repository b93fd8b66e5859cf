//! Structural assignability to protocols. Source: typing spec, "Protocols".

use super::Walk;
use crate::index::{DefinitionId, DefinitionKind};
use crate::types::member::Lookup;
use crate::types::{ClassFlags, ClassRef, Cx, Kind, Known, MroEntry, PlaceType, Qualifiers, Type};

/// Names of `object` that a protocol class has anyway and that are no members of the protocol.
const NOT_MEMBERS: &[&str] = &[
    "__init__",
    "__new__",
    "__slots__",
    "__class_getitem__",
    "__doc__",
    "__module__",
    "__dict__",
    "__annotations__",
    "__abstractmethods__",
    "__parameters__",
    "__orig_bases__",
    "_is_protocol",
    "_is_runtime_protocol",
    "__init_subclass__",
    "__subclasshook__",
    "__match_args__",
    "__protocol_attrs__",
    "__weakref__",
    "__static_attributes__",
    "__firstlineno__",
    "__type_params__",
    "__annotate__",
];

impl<'s> Cx<'s> {
    /// Names of the members of a protocol, inherited ones included, and the class of each.
    pub fn protocol_members(&self, class: ClassRef) -> Vec<(&'s str, ClassRef)> {
        let info = self.host.class(self, class);
        let mut members: Vec<(&str, ClassRef)> = Vec::new();
        for entry in &info.mro {
            let MroEntry::Class(base, _) = *entry else { continue };
            if !self.host.class(self, base).is(ClassFlags::PROTOCOL) {
                continue;
            }
            for name in self.host.class_member_names(self, base, false) {
                if !NOT_MEMBERS.contains(&name) && !members.iter().any(|known| known.0 == name) {
                    members.push((name, base));
                }
            }
        }
        members
    }
}

/// What syntax defines a member.
fn definition_kind(cx: &Cx<'_>, member: &PlaceType) -> Option<DefinitionKind> {
    let definition = member.definition?;
    let index = cx.host.index(definition.module);
    let id = DefinitionId::from_u32(definition.index);
    index.definitions.get(id).map(|definition| definition.kind)
}

fn is_class(ty: Type) -> bool {
    matches!(ty.kind(), Kind::Class | Kind::GenericClass)
}

impl<'s> Walk<'_, 's, '_> {
    /// Whether `source` has every member of the protocol `target`, with assignable types.
    pub(super) fn implements(&mut self, source: Type, target: Type, class: ClassRef) -> bool {
        self.by_definition(source, target, |walk| {
            walk.cx
                .protocol_members(class)
                .into_iter()
                .all(|(name, owner)| walk.has_member(source, target, name, owner))
        })
    }

    fn has_member(&mut self, source: Type, target: Type, name: &str, owner: ClassRef) -> bool {
        let cx = self.cx;
        if name == "__hash__" {
            // A protocol may ask for objects without a hash.
            let is_refused = cx
                .host
                .class_member(cx, owner, name)
                .is_some_and(|place| place.declared.unwrap_or(place.ty).is_none());
            return cx.is_unhashable(source) == is_refused;
        }
        if name == "__class__" {
            return self.has_class(source, target, owner);
        }
        let Some(declared) = cx.host.class_member(cx, owner, name) else { return true };
        let kind = definition_kind(cx, &declared);
        if matches!(kind, Some(DefinitionKind::Import | DefinitionKind::ImportFrom)) {
            // What the body imports for its own use is nothing that others must have.
            return true;
        }
        let is_class_object =
            matches!(source.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf);
        if name == "__call__" {
            return self.has_call(source, target);
        }
        let is_refused = match source.kind() {
            _ if !is_class_object || is_method(declared.ty) => false,
            Kind::SubclassOf => !cx.inner_of(source).is(Type::UNKNOWN) && is_class_var(&declared),
            _ => !class_object_has(cx, source, name, &declared),
        };
        if is_refused {
            return false;
        }
        let is_only_read =
            declared.ty.kind() == Kind::Property && cx.property_setter(declared.ty).is_none();
        if matches!(source.kind(), Kind::Instance | Kind::Generic)
            && cx.instance_member_place(source, name).is_none()
            && !is_only_read
            && !cx.info_of(source).is_some_and(|info| info.may_be_given(name))
        {
            // What `__getattr__` gives can be read, and promises no more.
            return false;
        }
        let of_metaclass = (is_class_object && name.starts_with("__") && name.ends_with("__"))
            .then(|| cx.metaclass_method(source, name))
            .flatten();
        let found = of_metaclass.or_else(|| cx.attribute(source, name).found_all());
        let Some(found) = found else { return false };
        if found.is_unknown() {
            return true;
        }
        let Some(wanted) = cx.attribute_for(target, name, source) else { return true };
        let wanted = match kind {
            // A nested class is a member whose value is a class: a subclass of it will do.
            Some(DefinitionKind::Class) if is_class(wanted) => {
                cx.subclass_of(cx.instance_of(wanted))
            }
            _ => wanted,
        };
        self.check(found, wanted)
            && self.mutable_member((source, target), found, wanted, &declared, name)
    }

    /// A member that the protocol lets be written must be writable with the same type.
    fn mutable_member(
        &mut self,
        (source, target): (Type, Type),
        found: Type,
        wanted: Type,
        declared: &PlaceType,
        name: &str,
    ) -> bool {
        let cx = self.cx;
        let own = cx.instance_member_place(source, name);
        let protocol_class_var = declared.qualifiers.contains(Qualifiers::CLASS_VAR);
        let is_data = declared.declared.is_some()
            && !is_method(declared.ty)
            && declared.ty.kind() != Kind::Property;
        if !is_data {
            return self.settable_property((source, target), declared, own.as_ref(), name);
        }
        if let Some(module) = source.as_module() {
            // A variable without a declaration may be set to more than what it is.
            let is_declared = cx
                .host
                .module_member(cx, module, name)
                .is_some_and(|place| place.declared.is_some());
            let held = if is_declared { found } else { cx.promote_literals(found) };
            return self.check_invariant(held, wanted);
        }
        let Some(own) = own else { return true };
        let is_class_object = matches!(source.kind(), Kind::Class | Kind::GenericClass);
        if !is_class_object {
            if protocol_class_var && own.ty.kind() == Kind::Property {
                return false;
            }
            let own_class_var = own.qualifiers.contains(Qualifiers::CLASS_VAR) || is_method(own.ty);
            let is_on_instances = own.qualifiers.contains(Qualifiers::INSTANCE_ONLY);
            if protocol_class_var != own_class_var
                && (own.declared.is_some() || protocol_class_var && is_on_instances)
            {
                return false;
            }
        }
        let read_only =
            declared.qualifiers.intersects(Qualifiers::FINAL.union(Qualifiers::READ_ONLY));
        if read_only {
            return true;
        }
        if own.ty.kind() == Kind::Property || cx.is_read_only_place(source, name, &own) {
            return match own.ty.kind() {
                Kind::Property => self.setter_takes(own.ty, wanted),
                _ => false,
            };
        }
        own.declared.is_none() || self.check_invariant(found, wanted)
    }

    /// A property with a setter must be writable in the implementation.
    fn settable_property(
        &mut self,
        (source, target): (Type, Type),
        declared: &PlaceType,
        own: Option<&PlaceType>,
        name: &str,
    ) -> bool {
        let cx = self.cx;
        if declared.ty.kind() != Kind::Property || cx.property_setter(declared.ty).is_none() {
            return true;
        }
        let Some(own) = own else { return true };
        match own.ty.kind() {
            Kind::Property => {
                cx.property_setter(own.ty).is_some() && self.sets_the_same(source, target, name)
            }
            // What the setter of the protocol takes is put into a variable that is declared to hold it.
            _ => {
                !own.qualifiers.contains(Qualifiers::FINAL)
                    && !cx.is_read_only_place(source, "", own)
                    && self.variable_takes(own, declared)
            }
        }
    }

    /// Whether the setter of a property takes whatever that of the protocol takes, each as it is for `source`.
    fn sets_the_same(&mut self, source: Type, target: Type, name: &str) -> bool {
        let cx = self.cx;
        let (Some(wanted), Some(taken)) =
            (cx.taken_by_setter(target, name, source), cx.taken_by_setter(source, name, source))
        else {
            return true;
        };
        cx.has_type_vars(taken) || self.check(wanted, taken)
    }

    /// Whether a variable that its class declares holds what the setter of a protocol's property takes.
    fn variable_takes(&self, own: &PlaceType, property: &PlaceType) -> bool {
        let cx = self.cx;
        let taken = cx.property_setter(property.ty).and_then(|setter| cx.set_type(setter));
        let (Some(held), Some(taken)) = (own.declared, taken) else { return true };
        let is_plain =
            matches!(held.kind(), Kind::Instance | Kind::Generic | Kind::Union | Kind::None)
                && cx.dunder(held, "__set__").is_none();
        !is_plain
            || cx.has_type_vars(held)
            || cx.has_type_vars(taken)
            || cx.is_assignable(taken, held)
    }

    /// Whether the setter of a property is there and takes a value of type `wanted`.
    fn setter_takes(&self, property: Type, wanted: Type) -> bool {
        let cx = self.cx;
        let Some(setter) = cx.property_setter(property) else { return false };
        let is_open = |ty: Type| cx.has_type_vars(ty);
        cx.set_type(setter).is_none_or(|taken| {
            is_open(taken) || is_open(wanted) || cx.is_assignable(wanted, taken)
        })
    }

    fn has_call(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let Some(wanted) = cx.attribute_for(target, "__call__", source) else { return true };
        let Some(from) = cx.signatures(source) else {
            return source.is_dynamic() || cx.info_of(source).is_some_and(|info| info.is_dynamic());
        };
        let Some(to) = cx.signatures(wanted) else { return true };
        self.check_signatures(&from, &to)
    }

    /// Whether the class of `source` is what a protocol declares `__class__` to be. Every object has the property of
    /// `object`, which reads and takes its own class.
    fn has_class(&mut self, source: Type, target: Type, owner: ClassRef) -> bool {
        let cx = self.cx;
        let Some(declared) = cx.host.class_member(cx, owner, "__class__") else { return true };
        if declared.ty.kind() != Kind::Property {
            return true;
        }
        let found = cx.attribute(source, "__class__").ty;
        let Some(wanted) = cx.declared_member(target, "__class__", source) else { return true };
        if found.is_dynamic() {
            return true;
        }
        let is_settable = cx.property_setter(declared.ty).is_some();
        self.check(found, wanted)
            && (!is_settable || self.sets_the_same(source, target, "__class__"))
    }
}

/// Whether a member of a protocol is a `ClassVar`: an object has it by its class, so a class would by its metaclass.
fn is_class_var(declared: &PlaceType) -> bool {
    declared.declared.is_some()
        && declared.ty.kind() != Kind::Property
        && declared.qualifiers.contains(Qualifiers::CLASS_VAR)
}

/// Whether a class object has a data member of a protocol: by what its body gives a value, not by
/// declarations of what its instances have, or by its metaclass.
fn class_object_has(cx: &Cx<'_>, source: Type, name: &str, declared: &PlaceType) -> bool {
    if is_class_var(declared) {
        return false;
    }
    let is_variable = declared.declared.is_some() && declared.ty.kind() != Kind::Property;
    let Some(own) = cx.class_lookup(source, name) else { return true };
    if own.place.qualifiers.contains(Qualifiers::INSTANCE_ONLY) && !own.place.has_value {
        return false;
    }
    let of_instances = own.place.declared.is_some()
        && !own.place.qualifiers.intersects(Qualifiers::CLASS_VAR.union(Qualifiers::FINAL));
    !(is_variable && of_instances)
}

fn is_method(ty: Type) -> bool {
    matches!(ty.kind(), Kind::Function | Kind::Method | Kind::Callable)
}

impl<'s> Cx<'s> {
    /// A member as the class of `ty` declares it, read on `receiver`.
    fn declared_member(&self, ty: Type, name: &str, receiver: Type) -> Option<Type> {
        let class_object = self.generic_class_of(ty, self.class_of(ty)?);
        let member = self.class_lookup(class_object, name)?;
        let lookup = Lookup { receiver: Some(receiver), class: class_object };
        Some(self.bind_member(&member, lookup))
    }

    /// What the setter of a property takes that the class of `ty` has, for `receiver`.
    fn taken_by_setter(&self, ty: Type, name: &str, receiver: Type) -> Option<Type> {
        let instance = self.fallback_instance(ty);
        let class_object = self.generic_class_of(instance, self.class_of(instance)?);
        let member = self.class_lookup(class_object, name)?;
        let taken = self.set_type(self.property_setter(member.place.ty)?)?;
        let own = self.class_substitution(member.owner);
        Some(self.substitute(taken, &own.with_self(self.fallback_instance(receiver))))
    }

    /// The declared type of the value that the setter of a property takes.
    fn set_type(&self, setter: Type) -> Option<Type> {
        let signatures = self.signatures(setter)?;
        let [signature] = signatures.as_slice() else { return None };
        let parameter = signature.parameters.get(1)?;
        parameter.is_annotated.then_some(parameter.ty)
    }

    /// A special method that the metaclass of a class object defines: an implicit call of it does
    /// not look at the class itself.
    fn metaclass_method(&self, class_object: Type, name: &str) -> Option<Type> {
        let instance = match class_object.kind() {
            Kind::SubclassOf => self.inner_of(class_object),
            _ => self.instance_of(class_object),
        };
        let meta = self.metaclass_of(self.info_of(instance)?);
        let owner = self.class_lookup_after(meta, name, None, false)?.class?;
        let is_own = !self.is_known(owner, Known::Type) && !self.is_known(owner, Known::Object);
        is_own.then(|| self.dunder(class_object, name)).flatten()
    }

    /// Whether `__hash__` is set to `None` on the class of `ty`. A class object has the hash of its metaclass.
    pub fn is_unhashable(&self, ty: Type) -> bool {
        if is_class(ty) {
            return false;
        }
        let instance = self.fallback_instance(ty);
        let Some(class) = self.class_of(instance) else { return false };
        self.class_lookup(Type::class(class), "__hash__")
            .is_some_and(|member| member.place.ty.is_none())
            || self.is_dataclass_unhashable(class)
            || self.compares_without_hash(class)
    }

    /// A class that says what is equal to it, and nothing of hashes, has none.
    fn compares_without_hash(&self, class: ClassRef) -> bool {
        let owner =
            |name| self.class_lookup(Type::class(class), name).and_then(|member| member.class);
        let (Some(equal), Some(hash)) = (owner("__eq__"), owner("__hash__")) else { return false };
        equal != hash
            && self.host.class(self, equal).dataclass.is_none()
            && !self.host.module(equal.module).is_stub
            && self.host.class(self, equal).inherits(hash)
    }

    fn is_dataclass_unhashable(&self, class: ClassRef) -> bool {
        use crate::types::DataclassOptions as Options;
        let info = self.host.class(self, class);
        let Some(options) = info.dataclass else { return false };
        options.contains(Options::EQ)
            && !options.contains(Options::FROZEN)
            && !options.contains(Options::UNSAFE_HASH)
            && !options.contains(Options::TRANSFORM)
            && self.host.class_member(self, class, "__hash__").is_none()
    }

    /// The place that an instance attribute or class member comes from.
    pub fn instance_member_place(&self, source: Type, name: &str) -> Option<PlaceType> {
        let instance = self.fallback_instance(source);
        let class_object = match instance.kind() {
            Kind::Class | Kind::GenericClass => instance,
            Kind::TypeVar => return self.instance_member_place(self.upper_bound(instance)?, name),
            _ => Type::class(self.class_of(instance)?),
        };
        Some(self.class_lookup(class_object, name)?.place)
    }

    /// Whether writing this attribute is forbidden: `Final`, a frozen dataclass, a named tuple.
    pub fn is_read_only_place(&self, source: Type, _name: &str, place: &PlaceType) -> bool {
        if place.qualifiers.contains(Qualifiers::FINAL) {
            return true;
        }
        if place.qualifiers.contains(Qualifiers::CLASS_VAR) {
            return false;
        }
        let instance = self.fallback_instance(source);
        let Some(info) = self.info_of(instance) else { return false };
        info.is(ClassFlags::NAMED_TUPLE)
            || info.dataclass.is_some_and(|o| o.contains(crate::types::DataclassOptions::FROZEN))
            || self.host.known(self, Known::Enum).is_some_and(|e| info.inherits(e))
    }
}
