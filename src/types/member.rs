//! Member lookup: what `object.name` is, for every form of object, with descriptors bound.

use smallvec::SmallVec;

use super::host::Boundness;
use super::{
    ClassFlags, ClassInfo, ClassRef, Cx, Data, DefRef, FunctionFlags, Kind, Known, Member,
    MroEntry, PlaceType, Qualifiers, Signature, SpecialForm, Substitution, Type, TypeVarKind,
    under_way::Step,
};
use crate::index::{DefinitionId, DefinitionKind};
use crate::policy::Policy;

/// The answer to an attribute lookup.
#[derive(Debug, Clone)]
pub struct AttributeResult {
    /// The type that the read gives; `Unknown` where nothing was found.
    pub ty: Type,
    /// Members of the object's type that do not have the attribute.
    pub missing: SmallVec<[Type; 2]>,
    /// Whether the attribute may not be set yet.
    pub possibly_unbound: bool,
    /// The place that it came from, when that is one place.
    pub place: Option<PlaceType>,
}

/// Where a lookup begins and what it binds to.
#[derive(Debug, Clone, Copy)]
pub struct Lookup {
    /// The instance, or `None` for a lookup on a class object.
    pub receiver: Option<Type>,
    /// The class object.
    pub class: Type,
}

impl AttributeResult {
    fn found(ty: Type) -> Self {
        Self { ty, missing: SmallVec::new(), possibly_unbound: false, place: None }
    }

    pub(super) fn missing(ty: Type) -> Self {
        let mut missing = SmallVec::new();
        missing.push(ty);
        Self { ty: Type::UNKNOWN, missing, possibly_unbound: false, place: None }
    }

    /// The type, if every member of the object's type has the attribute.
    #[must_use]
    pub fn found_all(&self) -> Option<Type> {
        self.missing.is_empty().then_some(self.ty)
    }
}

impl<'s> Cx<'s> {
    /// The attribute `name` of an object of type `ty`.
    pub fn attribute(&self, ty: Type, name: &str) -> AttributeResult {
        self.attribute_with(ty, name, ty)
    }

    /// The attribute of a protocol instance, with `Self` standing for `receiver`.
    pub fn attribute_for(&self, ty: Type, name: &str, receiver: Type) -> Option<Type> {
        self.attribute_with(ty, name, receiver).found_all()
    }

    pub(super) fn attribute_with(&self, ty: Type, name: &str, receiver: Type) -> AttributeResult {
        match ty.kind() {
            Kind::Any | Kind::Unknown | Kind::Cycle | Kind::Never | Kind::Zero => {
                AttributeResult::found(if ty.is_never() { Type::NEVER } else { ty })
            }
            Kind::WithAttribute => AttributeResult::found(Type::UNKNOWN),
            Kind::Union => self.union_attribute(ty, name),
            Kind::Intersection => self.intersection_attribute(ty, name),
            Kind::Alias => self.attribute(self.expand_alias(ty), name),
            Kind::Not => self.attribute_with(self.object(), name, ty),
            Kind::Instance | Kind::Generic => match self.any_enum_attribute(ty, name) {
                Some(found) => AttributeResult::found(found),
                None => self.found_or_missing(self.instance_attribute(ty, name, receiver), ty),
            },
            Kind::Tuple => {
                let class = self.tuple_as_generic(ty);
                self.found_or_missing(self.instance_attribute(class, name, ty), ty)
            }
            Kind::Class | Kind::GenericClass => {
                self.found_or_missing(self.class_attribute(ty, name), ty)
            }
            Kind::SubclassOf => self.subclass_attribute(ty, name),
            Kind::Module => self.module_attribute(ty, name),
            Kind::TypeVar => self.type_var_attribute(ty, name, receiver),
            Kind::Super => self.super_attribute(ty, name),
            Kind::Enum => self.enum_attribute(ty, name),
            Kind::Function | Kind::Method => self.function_attribute(ty, name),
            Kind::Special if ty.as_special() == Some(SpecialForm::Type) => {
                self.form_attribute(ty, self.subclass_of(Type::UNKNOWN), name)
            }
            Kind::TypeForm => match *self.data(ty) {
                Data::TypeForm { ty: inner } => self.form_attribute(ty, inner, name),
                _ => AttributeResult::found(Type::UNKNOWN),
            },
            Kind::Special
            | Kind::Decorator
            | Kind::Parameters
            | Kind::Unpacked
            | Kind::TypeFormOf => AttributeResult::found(Type::UNKNOWN),
            Kind::Property => self.property_attribute(ty, name),
            _ => {
                let instance = self.fallback_instance(ty);
                if self.same(instance, ty) || instance.is_dynamic() {
                    return AttributeResult::found(Type::UNKNOWN);
                }
                let mut result = self.attribute_with(instance, name, receiver);
                if !result.missing.is_empty() {
                    result.missing = SmallVec::from_slice(&[ty]);
                }
                result
            }
        }
    }

    /// The attribute of a type expression as a value. Those of `type[...]` are attributes of `type`;
    /// what `typing` makes of others is its own business.
    fn form_attribute(&self, form: Type, ty: Type, name: &str) -> AttributeResult {
        let is_type = ty.kind() == Kind::SubclassOf
            || ty.as_instance().is_some_and(|class| self.is_known(class, Known::Type));
        if !is_type || name.starts_with('_') {
            return AttributeResult::found(Type::UNKNOWN);
        }
        let class_object = self.host.known(self, Known::Type).map_or(Type::UNKNOWN, Type::class);
        self.found_or_missing(self.class_attribute(class_object, name), form)
    }

    pub(super) fn found_or_missing(
        &self,
        found: Option<AttributeResult>,
        ty: Type,
    ) -> AttributeResult {
        found.unwrap_or_else(|| AttributeResult::missing(ty))
    }

    fn union_attribute(&self, ty: Type, name: &str) -> AttributeResult {
        let mut result = AttributeResult::found(Type::NEVER);
        let mut types: SmallVec<[Type; 4]> = SmallVec::new();
        for member in self.members(ty).iter() {
            let found = self.attribute(member, name);
            if found.missing.is_empty() {
                types.push(found.ty);
            }
            result.missing.extend(found.missing);
            result.possibly_unbound |= found.possibly_unbound;
        }
        result.ty = if types.is_empty() { Type::UNKNOWN } else { self.union(types) };
        result
    }

    fn type_var_attribute(&self, ty: Type, name: &str, receiver: Type) -> AttributeResult {
        let data = self.as_type_var(ty);
        if data.is_some_and(|data| data.kind == TypeVarKind::ParamSpec)
            && matches!(name, "args" | "kwargs")
        {
            return AttributeResult::found(self.param_spec_part(ty, name == "args"));
        }
        let constraints = self.constraints_of(ty);
        if !constraints.is_empty() {
            return self.union_attribute(self.union(constraints.iter().copied()), name);
        }
        match self.upper_bound(ty) {
            Some(bound) if bound.kind() == Kind::Union => self.union_attribute(bound, name),
            Some(bound) => self.attribute_with(bound, name, receiver),
            None => self.attribute_with(self.object(), name, receiver),
        }
    }

    fn enum_attribute(&self, ty: Type, name: &str) -> AttributeResult {
        let Some((class, member)) = self.as_enum(ty) else { return AttributeResult::missing(ty) };
        if self.is_sentinel_class(class) {
            return self.attribute(Type::instance(class), name);
        }
        let overridden = |attribute: &str| self.enum_overrides(class, attribute);
        match name {
            "name" | "_name_" if !overridden(name) => {
                return AttributeResult::found(self.str_literal(member));
            }
            "value" | "_value_" if !overridden("value") => {
                if let Some(value) = self.enum_value(class, member) {
                    return AttributeResult::found(value);
                }
            }
            _ => {}
        }
        self.found_or_missing(self.instance_attribute(Type::instance(class), name, ty), ty)
    }

    /// Name or value of some member of an enum: those of all of them.
    fn any_enum_attribute(&self, ty: Type, name: &str) -> Option<Type> {
        const MOST: usize = 32;
        if !matches!(name, "name" | "_name_" | "value" | "_value_") {
            return None;
        }
        let class = ty.as_instance()?;
        if !self.host.class(self, class).is(ClassFlags::ENUM) {
            return None;
        }
        self.finite_len(ty).filter(|&len| len <= MOST)?;
        let members = self.expand_finite(ty)?;
        let parts: Option<Vec<Type>> =
            members.iter().map(|&member| self.enum_attribute(member, name).found_all()).collect();
        Some(self.union(parts?))
    }

    /// Whether a subclass of `Enum` outside the standard library defines `name` itself.
    fn enum_overrides(&self, class: ClassRef, name: &str) -> bool {
        self.class_lookup(Type::class(class), name).is_some_and(|member| {
            member.class.is_some_and(|owner| &*self.host.module(owner.module).name != "enum")
        })
    }

    /// What `type(instance)` gives for instances.
    pub fn class_object_of(&self, ty: Type) -> Type {
        match ty.kind() {
            Kind::Union => self.map_union(ty, |member| self.class_object_of(member)),
            Kind::Instance => self.subclass_of(ty),
            Kind::Generic | Kind::TypeVar => self.subclass_of(ty),
            Kind::Class | Kind::GenericClass => {
                self.info_of(ty).map_or(Type::UNKNOWN, |info| self.metaclass_of(info))
            }
            Kind::SubclassOf => match self.info_of(self.inner_of(ty)) {
                Some(info) => {
                    let meta = self.metaclass_of(info);
                    self.subclass_of(if meta.is_dynamic() { meta } else { self.instance_of(meta) })
                }
                None => self.subclass_of(self.known_instance(Known::Type)),
            },
            Kind::None => self.host.known(self, Known::NoneType).map_or(Type::UNKNOWN, Type::class),
            _ if ty.is_dynamic() => self.subclass_of(Type::UNKNOWN),
            Kind::Never => Type::NEVER,
            Kind::Tuple | Kind::Intersection => self.subclass_of(ty),
            _ => {
                let instance = self.fallback_instance(ty);
                match self.class_of(instance) {
                    Some(class) => Type::class(class),
                    None => self.subclass_of(self.object()),
                }
            }
        }
    }

    /// Looks `name` up along the MRO of a class object, unbound.
    pub fn class_lookup(&self, class_object: Type, name: &str) -> Option<Member> {
        self.class_lookup_after(class_object, name, None, true)
    }

    /// As [`Self::class_lookup`], but only what class bodies say, and only after `pivot` in the MRO.
    pub fn class_lookup_after(
        &self,
        class_object: Type,
        name: &str,
        pivot: Option<ClassRef>,
        instance: bool,
    ) -> Option<Member> {
        let class = self.class_of(class_object)?;
        let info = self.host.class(self, class);
        let mut passed = pivot.is_none();
        for entry in &info.mro {
            match *entry {
                MroEntry::Class(owner, ty) => {
                    if !passed {
                        passed = pivot == Some(owner);
                        continue;
                    }
                    let Some(place) = self.host.class_member(self, owner, name) else { continue };
                    if !instance && place.qualifiers.contains(Qualifiers::INSTANCE_ONLY) {
                        continue;
                    }
                    let specialised =
                        || self.substitute(ty, &self.open_substitution(class_object, place.ty));
                    return Some(Member {
                        place,
                        // Most bases have no arguments.
                        owner: if ty.is_composite() { specialised() } else { ty },
                        class: Some(owner),
                    });
                }
                MroEntry::Dynamic(ty) if passed => {
                    return Some(Member { place: PlaceType::bound(ty), owner: ty, class: None });
                }
                MroEntry::Dynamic(_) => {}
            }
        }
        None
    }

    /// The type of a place of a class as the specialised class `owner` has it.
    pub fn member_type(&self, member: &Member, receiver: Type) -> Type {
        // Functions are substituted when they are bound.
        if !member.place.ty.is_composite() {
            return member.place.ty;
        }
        let with = self.class_substitution(member.owner).with_self(receiver);
        self.substitute(member.place.ty, &with)
    }

    fn instance_attribute(
        &self,
        instance: Type,
        name: &str,
        receiver: Type,
    ) -> Option<AttributeResult> {
        let class = self.class_of(instance)?;
        let class_object = self.generic_class_of(instance, class);
        if name == "__class__" {
            return Some(AttributeResult::found(self.class_object_of(receiver)));
        }
        if let Some(member) = self.class_lookup(class_object, name) {
            let lookup = Lookup { receiver: Some(receiver), class: class_object };
            let is_inferred = member.place.declared.is_none()
                && matches!(member.place.ty.kind(), Kind::Instance | Kind::Generic);
            let info = is_inferred.then(|| self.host.class(self, class));
            let is_open = member.place.ty.kind() == Kind::Generic
                && member.place.qualifiers.contains(Qualifiers::INSTANCE_ONLY)
                && info.is_some_and(|info| info.is_dynamic());
            let is_replaced = info.is_some_and(|info| info.is(ClassFlags::DYNAMIC_MEMBERS));
            // What a base that is not known may declare to hold more is not what is first put into it, and who makes
            // members may put others in the place of those that are written.
            let ty = if (is_open || is_replaced) && self.holds(Policy::UnsureOwner) {
                Type::UNKNOWN
            } else {
                self.bind_member(&member, lookup)
            };
            return Some(AttributeResult {
                ty,
                missing: SmallVec::new(),
                possibly_unbound: member.place.boundness == Boundness::PossiblyUnbound,
                place: Some(member.place),
            });
        }
        let info = self.host.class(self, class);
        if info.is(ClassFlags::DYNAMIC_MEMBERS) || info.may_be_given(name) {
            return Some(AttributeResult::found(Type::UNKNOWN));
        }
        for getter in ["__getattr__", "__getattribute__"] {
            let Some(member) = self.class_lookup(class_object, getter) else { continue };
            if member.class.is_some_and(|class| self.is_known(class, Known::Object)) {
                continue;
            }
            let bound =
                self.bind_member(&member, Lookup { receiver: Some(receiver), class: class_object });
            let result = self.call_with(bound, &[self.str_literal(name)])?;
            return Some(AttributeResult::found(result));
        }
        self.has_slot(class, name).then(|| AttributeResult::found(Type::UNKNOWN))
    }

    /// The class object of an instance, with its arguments.
    pub fn generic_class_of(&self, instance: Type, class: ClassRef) -> Type {
        match self.arguments_of(instance) {
            [] => Type::class(class),
            arguments => self.generic_class(class, arguments),
        }
    }

    fn class_attribute(&self, class_object: Type, name: &str) -> Option<AttributeResult> {
        let info = self.info_of(class_object)?;
        let meta = self.metaclass_of(info);
        let from_meta = || {
            if meta.is_dynamic() {
                return Some(AttributeResult::found(Type::UNKNOWN));
            }
            self.instance_attribute(self.instance_of(meta), name, class_object)
        };
        if matches!(name, "__class__") {
            return Some(AttributeResult::found(meta));
        }
        // The metaclass reads it and takes it away.
        if name == "_ignore_" && info.is(ClassFlags::ENUM) {
            return None;
        }
        // That of a class is a descriptor of `type`, whatever its instances have under the name.
        if name == "__dict__" {
            return from_meta();
        }
        // Data descriptors of the metaclass come first: properties.
        if let Some(member) = self.class_lookup(meta, name)
            && member.place.ty.kind() == Kind::Property
        {
            return from_meta();
        }
        // What methods set on `self` is not the class's, which has what its metaclass says.
        let is_of_class = |member: &Member| {
            !member.is_only_on_instances()
                || meta.is_dynamic()
                || self.class_lookup(meta, name).is_none()
        };
        // What a subclass sets on `self` is no attribute of its class, where a base has one of that name.
        let of_bodies = |member: Member| {
            let on_class = || self.class_lookup_after(class_object, name, None, false);
            match member.is_only_on_instances() {
                true => on_class().filter(|base| base.class.is_some()).unwrap_or(member),
                false => member,
            }
        };
        let found = self.class_lookup(class_object, name).map(of_bodies);
        if let Some(member) = found.filter(is_of_class) {
            let from_object = info.class != member.class.unwrap_or(info.class)
                && member.class.is_some_and(|class| self.is_known(class, Known::Object));
            // `type` says more of these than `object` does.
            if !(from_object && matches!(name, "__doc__" | "__module__")) {
                let (member, class) = self
                    .open_class_member(info, class_object, name, &member)
                    .unwrap_or((member, class_object));
                let ty = self.bind_member(&member, Lookup { receiver: None, class });
                return Some(AttributeResult {
                    ty,
                    missing: SmallVec::new(),
                    possibly_unbound: member.place.boundness == Boundness::PossiblyUnbound,
                    place: Some(member.place),
                });
            }
        }
        if info.is(ClassFlags::DYNAMIC_MEMBERS) {
            return Some(AttributeResult::found(Type::UNKNOWN));
        }
        from_meta().or_else(|| {
            // The class has a descriptor for each of its slots.
            self.has_slot(info.class, name).then(|| AttributeResult::found(Type::UNKNOWN))
        })
    }

    /// A class method of a generic class that was given no arguments: a call says what they are.
    fn open_class_member(
        &self,
        info: &ClassInfo,
        class_object: Type,
        name: &str,
        member: &Member,
    ) -> Option<(Member, Type)> {
        let is_open = class_object.kind() == Kind::Class && !info.type_params.is_empty();
        let function = member.place.ty.as_function().filter(|_| is_open)?;
        if !self.function_flags(function).contains(FunctionFlags::CLASS_METHOD) {
            return None;
        }
        let open = self.generic_class(info.class, &info.type_params);
        Some((self.class_lookup(open, name)?, open))
    }

    fn subclass_attribute(&self, ty: Type, name: &str) -> AttributeResult {
        let inner = self.inner_of(ty);
        match inner.kind() {
            Kind::TypeVar => {
                let constraints = self.constraints_of(inner);
                if !constraints.is_empty() {
                    let union = self.union(constraints.iter().map(|&each| self.subclass_of(each)));
                    return self.union_attribute(union, name);
                }
                let bound = self.upper_bound(inner).unwrap_or_else(|| self.object());
                if bound.kind() == Kind::Union {
                    return self.union_attribute(self.subclass_of(bound), name);
                }
                let mut result = self.subclass_attribute(self.subclass_of(bound), name);
                if !result.missing.is_empty() {
                    result.missing = SmallVec::from_slice(&[ty]);
                }
                // `Self` in what was found is the type variable itself.
                let with = Substitution::new().with_self(inner);
                result.ty = self.substitute(result.ty, &with);
                if let Some(class) = self.class_of(bound)
                    && let Some(member) =
                        self.class_lookup(self.generic_class_of(bound, class), name)
                {
                    result.ty = self.bind_member(&member, Lookup { receiver: None, class: ty });
                } else if let Some(info) = self.info_of(bound)
                    && let meta = self.metaclass_of(info)
                    && !meta.is_dynamic()
                    && let Some(found) = self.instance_attribute(self.instance_of(meta), name, ty)
                {
                    // A method of the metaclass has the class itself as its receiver.
                    result.ty = found.ty;
                }
                result
            }
            _ if inner.is_dynamic() => {
                let type_class = self.known_instance(Known::Type);
                match self.instance_attribute(type_class, name, ty) {
                    Some(found) => found,
                    None => AttributeResult::found(Type::UNKNOWN),
                }
            }
            _ => match self.class_of(inner) {
                Some(class) => {
                    let class_object = self.generic_class_of(inner, class);
                    let mut found =
                        self.found_or_missing(self.class_attribute(class_object, name), ty);
                    if found.missing.is_empty() {
                        found.missing.clear();
                    }
                    found
                }
                None => AttributeResult::found(Type::UNKNOWN),
            },
        }
    }

    fn module_attribute(&self, ty: Type, name: &str) -> AttributeResult {
        let Some(module) = ty.as_module() else { return AttributeResult::missing(ty) };
        if let Some(place) = self.host.module_member(self, module, name)
            && place.boundness != Boundness::Unbound
        {
            return AttributeResult {
                ty: place.ty,
                missing: SmallVec::new(),
                possibly_unbound: place.boundness == Boundness::PossiblyUnbound,
                place: Some(place),
            };
        }
        let instance = self.known_instance(Known::ModuleType);
        // A module object may lack a file; one that was found has it.
        if name == "__file__" && self.host.module(module).has_file {
            return AttributeResult::found(self.known_instance(Known::Str));
        }
        if name != "__getattr__"
            && let Some(found) = self.instance_attribute(instance, name, ty)
            && found.place.is_some()
        {
            return found;
        }
        if name != "__getattr__"
            && let Some(getter) = self.host.module_member(self, module, "__getattr__")
            && let Some(result) = self.call_with(getter.ty, &[self.str_literal(name)])
        {
            return AttributeResult::found(result);
        }
        AttributeResult::missing(ty)
    }

    fn super_attribute(&self, ty: Type, name: &str) -> AttributeResult {
        let Data::Super { pivot, receiver } = *self.data(ty) else {
            return AttributeResult::found(Type::UNKNOWN);
        };
        let is_class =
            matches!(receiver.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf);
        let instance = if is_class { self.instance_of(receiver) } else { receiver };
        let bound = |ty: Type| self.upper_bound(ty).unwrap_or_else(|| self.object());
        let mut concrete = match instance.kind() {
            Kind::TypeVar => bound(instance),
            _ => self.fallback_instance(instance),
        };
        // `self: T` stands for an instance of the class around, whatever bound `T` has.
        let is_wider = |class: ClassRef| {
            let info = self.host.class(self, class);
            !info.is_dynamic() && !info.inherits(pivot)
        };
        if instance.kind() == Kind::TypeVar && self.class_of(concrete).is_some_and(is_wider) {
            concrete = bound(self.self_type(pivot));
        }
        let Some(class) = self.class_of(concrete) else {
            return AttributeResult::found(Type::UNKNOWN);
        };
        let class_object = self.generic_class_of(concrete, class);
        // What methods set on `self` is not in any class.
        let found = self.class_lookup_after(class_object, name, Some(pivot), false);
        let Some(member) = found else { return AttributeResult::missing(ty) };
        let lookup = if is_class {
            Lookup { receiver: None, class: receiver }
        } else {
            Lookup { receiver: Some(receiver), class: class_object }
        };
        let mut result = AttributeResult::found(self.bind_member(&member, lookup));
        result.place = Some(member.place);
        result
    }

    fn function_attribute(&self, ty: Type, name: &str) -> AttributeResult {
        let instance = self.fallback_instance(ty);
        if let Some(found) = self.instance_attribute(instance, name, ty) {
            return found;
        }
        // Functions take any attribute at run time; only a bound method's are fixed.
        let base = match *self.payload(ty) {
            Data::Method { function, .. } => function,
            _ => ty,
        };
        if !self.same(base, ty) {
            let function = self.known_instance(Known::FunctionType);
            if let Some(found) = self.instance_attribute(function, name, ty) {
                return found;
            }
        }
        AttributeResult::missing(ty)
    }

    /// The payload of a composite type, and a neutral one for others.
    pub fn payload(&self, ty: Type) -> &'s Data<'s> {
        static NOTHING: Data = Data::Union(&[]);
        if ty.is_composite() { self.data(ty) } else { &NOTHING }
    }

    fn property_attribute(&self, ty: Type, name: &str) -> AttributeResult {
        match name {
            "setter" | "getter" | "deleter" => {
                let kind = match name {
                    "getter" => super::known::PROPERTY_GETTER,
                    "setter" => super::known::PROPERTY_SETTER,
                    _ => super::known::PROPERTY_DELETER,
                };
                AttributeResult::found(self.decorator(kind, 0, Some(ty)))
            }
            _ => self.attribute(self.known_instance(Known::Property), name),
        }
    }

    /// The setter function of a property.
    pub fn property_setter(&self, ty: Type) -> Option<Type> {
        match *self.payload(ty) {
            Data::Property { setter, .. } => setter,
            _ => None,
        }
    }

    /// Binds what was found on a class: functions become methods, descriptors are asked.
    pub fn bind_member(&self, member: &Member, lookup: Lookup) -> Type {
        let receiver_type = lookup.receiver.unwrap_or_else(|| self.instance_of(lookup.class));
        let ty = self.member_type(member, receiver_type);
        let is_class_var = member.place.qualifiers.contains(Qualifiers::CLASS_VAR);
        self.bind_type(ty, member, lookup, is_class_var)
    }

    fn bind_type(&self, ty: Type, member: &Member, lookup: Lookup, is_class_var: bool) -> Type {
        // Only what is found on the class is bound.
        let instance = Qualifiers::INSTANCE_ONLY.union(Qualifiers::SET_ON_INSTANCE);
        if member.place.qualifiers.intersects(instance)
            && matches!(ty.kind(), Kind::Function | Kind::Callable | Kind::Method)
        {
            return ty;
        }
        match ty.kind() {
            Kind::Union => {
                self.map_union(ty, |part| self.bind_type(part, member, lookup, is_class_var))
            }
            Kind::Alias => {
                let meant = self.expand_alias(ty);
                let is_bound = |part: Type| matches!(part.kind(), Kind::Callable | Kind::Function);
                if self.members(meant).iter().any(is_bound) {
                    self.bind_type(meant, member, lookup, is_class_var)
                } else {
                    ty
                }
            }
            Kind::Function => self.bind_function(ty, member.owner, lookup),
            Kind::Callable => {
                if let Some(bound) = self.bind_decorated(ty, member, lookup) {
                    return bound;
                }
                // A declared instance variable is not bound; what a decorator made of a method is.
                let binds = member.place.declared.is_none() || is_class_var;
                match lookup.receiver {
                    Some(receiver) if binds => self.method(ty, Some(receiver), Some(member.owner)),
                    _ => ty,
                }
            }
            Kind::Property => match lookup.receiver {
                Some(receiver) => self.property_value(ty, receiver, member.owner),
                None => ty,
            },
            Kind::Instance | Kind::Generic => {
                // Instance variables are no descriptors.
                if member.place.qualifiers.contains(Qualifiers::INSTANCE_ONLY) {
                    return ty;
                }
                self.bind_descriptor(ty, lookup)
            }
            Kind::Method => match *self.data(ty) {
                Data::Method { function, receiver: None, owner } => {
                    self.bind_function(function, owner.unwrap_or(member.owner), lookup)
                }
                _ => ty,
            },
            _ => ty,
        }
    }

    /// Whether a function in a class is a static or class method, decorated or by its name.
    pub fn function_flags(&self, definition: DefRef) -> FunctionFlags {
        self.host.function(self, definition).flags
    }

    fn bind_function(&self, function: Type, owner: Type, lookup: Lookup) -> Type {
        let Some(definition) = function.as_function() else { return function };
        let flags = self.function_flags(definition);
        if flags.contains(FunctionFlags::STATIC_METHOD) {
            return self.specialised_function(function, owner, lookup);
        }
        if flags.contains(FunctionFlags::CLASS_METHOD) {
            let class = match lookup.receiver {
                Some(receiver) => self.class_object_for_binding(receiver, lookup.class),
                None => lookup.class,
            };
            return self.method(function, Some(class), Some(owner));
        }
        match lookup.receiver {
            Some(receiver) => self.method(function, Some(receiver), Some(owner)),
            None => self.specialised_function(function, owner, lookup),
        }
    }

    /// What a decorator made of a static or class method, with `@staticmethod` or `@classmethod`
    /// around it.
    fn bind_decorated(&self, ty: Type, member: &Member, lookup: Lookup) -> Option<Type> {
        let definition = member.place.definition?;
        let index = self.host.index(definition.module);
        let entry = &index.definitions[DefinitionId::from_u32(definition.index)];
        if entry.kind != DefinitionKind::Function {
            return None;
        }
        let flags = self.function_flags(definition);
        if flags.contains(FunctionFlags::STATIC_METHOD) {
            return Some(ty);
        }
        if !flags.contains(FunctionFlags::CLASS_METHOD) {
            return None;
        }
        let class = match lookup.receiver {
            Some(receiver) => self.class_object_for_binding(receiver, lookup.class),
            None => lookup.class,
        };
        Some(self.method(ty, Some(class), Some(member.owner)))
    }

    fn class_object_for_binding(&self, receiver: Type, class: Type) -> Type {
        match receiver.kind() {
            Kind::TypeVar => self.subclass_of(receiver),
            Kind::Instance | Kind::Generic => class,
            _ => class,
        }
    }

    fn specialised_function(&self, function: Type, owner: Type, lookup: Lookup) -> Type {
        if owner.is_dynamic() {
            return function;
        }
        match self.with_open_self(function, owner, lookup) {
            Some(callable) => callable,
            None => self.method(function, None, Some(owner)),
        }
    }

    /// A function found on a class and not bound, whose signature says `Self`: that is the class it
    /// was looked up on, not the one that defines it; for `__new__` the first argument says it.
    fn with_open_self(&self, function: Type, owner: Type, lookup: Lookup) -> Option<Type> {
        let info = self.host.function(self, function.as_function()?);
        let signatures = self.signatures(function)?;
        let is_self =
            |ty: Type| self.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::SelfType);
        let says_self = |signature: &Signature| {
            signature.returns.is_some_and(|returns| self.mentions(returns, &is_self))
                || signature.parameters.iter().any(|each| self.mentions(each.ty, &is_self))
        };
        if !signatures.iter().any(says_self) {
            return None;
        }
        let with = self.class_substitution(owner);
        let of_self = lookup.receiver.filter(|receiver| receiver.kind() == Kind::TypeVar);
        if &*info.name == "__new__" && of_self.is_some() {
            // `self.__new__`: the class is that of `self`, which may be a subclass.
            let own = self.self_type(info.class?);
            let receiver = of_self?;
            let with = Substitution::of(&[own], &[receiver]);
            let bound: Vec<Signature> = signatures
                .iter()
                .map(|each| {
                    let open = self.open_new(each, own, &self.class_substitution(owner));
                    let type_params: Vec<Type> = (open.type_params.iter().copied())
                        .filter(|&param| !self.same(param, own))
                        .collect();
                    let closed = Signature { type_params: self.slice(&type_params), ..open };
                    self.substitute_signature(&closed, &with)
                })
                .collect();
            return Some(self.callable(&bound));
        }
        if &*info.name == "__new__" {
            let own = self.self_type(info.class?);
            let open: Vec<Signature> =
                signatures.iter().map(|each| self.open_new(each, own, &with)).collect();
            return Some(self.callable(&open));
        }
        let instance = match lookup.receiver {
            Some(receiver) => receiver,
            None if &*info.name == "__init__" => self.open_instance(lookup.class),
            None => self.instance_of(lookup.class),
        };
        let with = with.with_self(instance);
        let bound: Vec<Signature> =
            signatures.iter().map(|each| self.substitute_signature(each, &with)).collect();
        Some(self.callable(&bound))
    }

    /// `__new__` with `cls: type[Self]`, which a call solves.
    fn open_new(&self, signature: &Signature<'s>, own: Type, with: &Substitution) -> Signature<'s> {
        let signature = self.substitute_signature(signature, with);
        let mut parameters = signature.parameters.to_vec();
        let Some(first) = parameters.first_mut().filter(|first| !first.is_annotated) else {
            return signature;
        };
        first.ty = self.subclass_of(own);
        first.is_annotated = true;
        let mut type_params = signature.type_params.to_vec();
        type_params.push(own);
        Signature {
            parameters: self.slice(&parameters),
            type_params: self.slice(&type_params),
            ..signature
        }
    }

    fn property_value(&self, property: Type, receiver: Type, owner: Type) -> Type {
        let Data::Property { getter: Some(getter), .. } = *self.data(property) else {
            return Type::UNKNOWN;
        };
        let bound = match getter.kind() {
            Kind::Function | Kind::Callable => self.method(getter, Some(receiver), Some(owner)),
            _ => getter,
        };
        self.call_with(bound, &[]).unwrap_or(Type::UNKNOWN)
    }

    /// Calls `__get__` where the class of `ty` has one.
    fn bind_descriptor(&self, ty: Type, lookup: Lookup) -> Type {
        let Some(class) = self.class_of(ty) else { return ty };
        let class_object = self.generic_class_of(ty, class);
        let Some(getter) = self.class_lookup_after(class_object, "__get__", None, false) else {
            return ty;
        };
        if getter.class.is_none() {
            return Type::UNKNOWN;
        }
        let instance = lookup.receiver.unwrap_or(Type::NONE);
        let owner = match lookup.receiver {
            Some(receiver) if receiver.kind() == Kind::TypeVar => self.subclass_of(receiver),
            _ => lookup.class,
        };
        let get = || {
            let own = Lookup { receiver: Some(ty), class: class_object };
            self.call_with(self.bind_member(&getter, own), &[instance, owner])
        };
        let found = self.once(Step::Descriptor, ty, get).flatten().unwrap_or(Type::UNKNOWN);
        match lookup.receiver {
            Some(_) if found.kind() == Kind::Union => {
                self.without_descriptor(found, &getter, class)
            }
            _ => found,
        }
    }

    /// What a `__get__` that declares nothing gives an instance: `if instance is None: return self` is for the class, and
    /// its unannotated parameter does not tell one from the other.
    fn without_descriptor(&self, found: Type, getter: &Member, class: ClassRef) -> Type {
        let signatures = self.signatures(getter.place.ty).unwrap_or_default();
        if signatures.iter().any(|signature| signature.returns.is_some()) {
            return found;
        }
        self.map_union(found, |member| match self.class_of(member) == Some(class) {
            true => Type::NEVER,
            false => member,
        })
    }

    /// A special method that the metaclass of a class gives its class object `ty`. Where a base is not known, the metaclass
    /// may be one that has more than is seen.
    fn dunder_of_class_object(&self, info: &ClassInfo, ty: Type, name: &str) -> Option<Type> {
        let meta = self.metaclass_of(info);
        if meta.is_dynamic() {
            return Some(Type::UNKNOWN);
        }
        match self.class_lookup_after(meta, name, None, false) {
            Some(member) => {
                Some(self.bind_member(&member, Lookup { receiver: Some(ty), class: meta }))
            }
            None => info.is(ClassFlags::METACLASS_DYNAMIC).then_some(Type::UNKNOWN),
        }
    }

    /// The special method `name`, looked up on the class of `ty` and bound: implicit calls.
    pub fn dunder(&self, ty: Type, name: &str) -> Option<Type> {
        match ty.kind() {
            _ if ty.is_dynamic() => Some(ty),
            Kind::Class | Kind::GenericClass => {
                self.dunder_of_class_object(self.info_of(ty)?, ty, name)
            }
            Kind::SubclassOf => {
                let inner = self.inner_of(ty);
                if let Some(class) = self.class_of(inner) {
                    return self.dunder(self.generic_class_of(inner, class), name);
                }
                // `type[T]`: the metaclass is that of the bound.
                let bound = self.upper_bound(inner).filter(|_| inner.kind() == Kind::TypeVar);
                let Some(info) = bound.and_then(|bound| self.info_of(bound)) else {
                    return self.dunder(self.known_instance(Known::Type), name);
                };
                self.dunder_of_class_object(info, ty, name)
            }
            Kind::TypeVar => match self.upper_bound(ty) {
                Some(bound) if self.class_of(bound).is_some() => {
                    let instance = bound;
                    let class = self.class_of(instance)?;
                    let class_object = self.generic_class_of(instance, class);
                    let member = self.class_lookup_after(class_object, name, None, false)?;
                    Some(
                        self.bind_member(
                            &member,
                            Lookup { receiver: Some(ty), class: class_object },
                        ),
                    )
                }
                Some(bound) => self.attribute(bound, name).found_all(),
                None if !self.constraints_of(ty).is_empty() => self.attribute(ty, name).found_all(),
                None => self.dunder(self.object(), name),
            },
            Kind::Union | Kind::Intersection | Kind::Alias | Kind::Super => {
                self.attribute(ty, name).found_all()
            }
            Kind::Special | Kind::Decorator | Kind::TypeForm | Kind::TypeFormOf => {
                Some(Type::UNKNOWN)
            }
            _ => {
                let instance = match ty.kind() {
                    Kind::Tuple => self.tuple_as_generic(ty),
                    _ => self.fallback_instance(ty),
                };
                let class = self.class_of(instance)?;
                let class_object = self.generic_class_of(instance, class);
                let member = self.class_lookup_after(class_object, name, None, false)?;
                if member.place.ty.is_none() {
                    return None;
                }
                let lookup = Lookup { receiver: Some(ty), class: class_object };
                Some(self.bind_member(&member, lookup))
            }
        }
    }

    /// Names of the members of an enum in order of definition.
    pub fn enum_member_names(&self, class: ClassRef) -> Vec<&'s str> {
        let info = self.host.class(self, class);
        if let Some(fields) = &info.synthesized {
            return fields.iter().map(|field| &*field.name).collect();
        }
        self.host.fields(self, class).iter().map(|field| &*field.name).collect()
    }

    /// How many members an enum has that is not a flag; `None` for other classes.
    pub fn enum_len(&self, class: ClassRef) -> Option<usize> {
        let info = self.host.class(self, class);
        let is_flag = || self.host.known(self, Known::Flag).is_some_and(|flag| info.inherits(flag));
        if !info.is(ClassFlags::ENUM) || is_flag() {
            return None;
        }
        Some(match &info.synthesized {
            Some(fields) => fields.len(),
            None => self.host.fields(self, class).len(),
        })
    }

    /// The value of an enum member, where it is known.
    pub fn enum_value(&self, class: ClassRef, member: &str) -> Option<Type> {
        let info = self.host.class(self, class);
        let fields = match &info.synthesized {
            Some(fields) => fields,
            None => self.host.fields(self, class),
        };
        fields.iter().find(|field| &*field.name == member).map(|field| field.ty)
    }
}
