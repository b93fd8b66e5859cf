//! Why a type does not fit another: the walk of the relation once more, with words.
//!
//! It is asked only for what is reported, never while types are being inferred. Each step names the one part that
//! fails first (a member, a parameter, an argument, a key) and goes on into it, to a fixed depth; everything is asked
//! in the order of declaration, so that the words are the same in every run.

mod callable;
mod generic;
mod hint;
mod overriding;
mod protocol;
mod typed_dict;

use super::{ClassFlags, ClassRef, Cx, DefRef, Kind, Type, TypeVarKind};
use crate::index::DefinitionId;

/// Parts within parts are explained so far and no further.
const DEEPEST: u32 = 3;
/// More notes than this say less.
const MOST: usize = 4;

/// Why something does not fit.
#[derive(Debug, Clone, Default)]
pub struct Explanation {
    /// From the outermost part to the innermost.
    pub notes: Vec<String>,
    /// Where what does not fit is declared, each with words of its own.
    pub places: Vec<(DefRef, String)>,
    /// What can be done.
    pub hints: Vec<String>,
}

impl<'s> Cx<'s> {
    /// Why a value of type `source` can't be used where `target` is declared; empty if it can, or if the two types say
    /// all that there is to say.
    pub fn explain(&self, source: Type, target: Type) -> Explanation {
        let mut explainer = Explainer { cx: self, found: Explanation::default() };
        explainer.pair(source, target, 0);
        explainer.hints(source, target);
        explainer.found
    }

    /// Why one callable can't stand in for another.
    pub fn explain_override(&self, own: Type, base: Type) -> Explanation {
        let mut explainer = Explainer { cx: self, found: Explanation::default() };
        explainer.callable(own, base, 0);
        explainer.found
    }
}

/// `a, b and 2 more`
fn list_of_names(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let mut shown: Vec<String> = names.iter().take(SHOWN).cloned().collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    match shown.pop() {
        Some(last) if shown.is_empty() => last,
        Some(last) => format!("{} and {last}", shown.join(", ")),
        None => String::new(),
    }
}

struct Explainer<'c, 's> {
    cx: &'c Cx<'s>,
    found: Explanation,
}

impl<'s> Explainer<'_, 's> {
    fn note(&mut self, text: String) {
        if self.found.notes.len() < MOST && !self.found.notes.contains(&text) {
            self.found.notes.push(text);
        }
    }

    fn place(&mut self, definition: Option<DefRef>, text: String) {
        if let Some(definition) = definition
            && self.found.places.len() < 2
        {
            self.found.places.push((definition, text));
        }
    }

    fn show(&self, ty: Type) -> String {
        self.cx.display(ty).to_string()
    }

    /// An expected type and a found one as text.
    fn show_apart(&self, expected: Type, found: Type) -> (String, String) {
        let (expected, found) = self.cx.display_apart(expected, found);
        (expected.to_string(), found.to_string())
    }

    fn fits(&self, source: Type, target: Type) -> bool {
        self.cx.is_assignable(source, target)
    }

    /// One pair of types, the outer one or a part of it.
    fn pair(&mut self, source: Type, target: Type, depth: u32) {
        let cx = self.cx;
        if depth > DEEPEST {
            return;
        }
        let (source, target) = (cx.expand_alias(source), cx.expand_alias(target));
        if source.is_dynamic() || target.is_dynamic() || self.fits(source, target) {
            return;
        }
        if target.kind() == Kind::TypeVar && self.breaks_bound(source, target) {
            return;
        }
        if source.kind() == Kind::Union {
            return self.union_source(source, target, depth);
        }
        if target.kind() == Kind::Union {
            return self.union_target(source, target, depth);
        }
        self.same_names(source, target);
        self.variable(source, target);
        match target.kind() {
            Kind::Instance | Kind::Generic => self.instance(source, target, depth),
            Kind::Tuple => self.tuple(source, target, depth),
            Kind::Callable | Kind::Function | Kind::Method => self.callable(source, target, depth),
            _ => {}
        }
    }

    /// Of a union the members that fail.
    fn union_source(&mut self, source: Type, target: Type, depth: u32) {
        let cx = self.cx;
        let members = cx.members(source);
        let failing: Vec<Type> = members.iter().filter(|&each| !self.fits(each, target)).collect();
        // Beside what is not known there may be one member alone, which goes without saying at the outside.
        let known = members.iter().filter(|member| !member.is_dynamic()).count();
        let is_inside = depth > 0;
        if failing.len() < known || is_inside && failing.len() < members.iter().count() {
            match failing.as_slice() {
                // What can be done about it says so.
                [only] if only.is_none() && !is_inside => {}
                [only] if only.is_none() => {
                    self.note("it is `None` that does not fit".to_owned());
                }
                some => self.note(format!("what does not fit is {}", self.list(some))),
            }
        }
        let Some(&first) = failing.iter().find(|each| !each.is_none()) else { return };
        let meant = cx.expand_alias(first);
        if first.kind() != Kind::Alias || meant.kind() != Kind::Union {
            return self.pair(first, target, depth + 1);
        }
        let failing: Vec<Type> =
            cx.members(meant).iter().filter(|&each| !self.fits(each, target)).collect();
        self.note(format!("of `{}` it is {}", self.show(first), self.list(&failing)));
        if let Some(&first) = failing.iter().find(|each| !each.is_none()) {
            self.pair(first, target, depth + 1);
        }
    }

    /// Of a union to fit into, the member that is most like the value.
    fn union_target(&mut self, source: Type, target: Type, depth: u32) {
        let cx = self.cx;
        let members = cx.members(target);
        let class = cx.class_of(cx.fallback_instance(source));
        // Of several callables nobody knows which one was meant.
        let is_callable = cx.signatures(source).is_some();
        let is_like = |member: &Type| {
            !is_callable
                && class.is_some()
                && cx.class_of(cx.fallback_instance(*member)).is_some_and(|it| class == Some(it))
        };
        let others: Vec<Type> = members.iter().filter(|member| !member.is_none()).collect();
        let mut like: Vec<Type> = others.iter().copied().filter(is_like).collect();
        if like.is_empty() && others.len() == 1 {
            like.push(others[0]);
        }
        if let [like] = *like {
            self.pair(source, like, depth);
        } else if like.is_empty() {
            self.no_protocol(source, &others);
        }
    }

    /// Of several protocols, none of which a value has the members of, a member each.
    fn no_protocol(&mut self, source: Type, targets: &[Type]) {
        let cx = self.cx;
        if !matches!(source.kind(), Kind::Instance | Kind::Generic | Kind::None) {
            return;
        }
        let missing = |&target: &Type| {
            let class = cx.class_of(target)?;
            let is_protocol = cx.host.class(cx, class).is(ClassFlags::PROTOCOL);
            let missing = self.missing_members(source, is_protocol.then_some(class)?);
            missing.first().map(|(member, _)| *member)
        };
        if let Some(missing) = targets.iter().map(missing).collect::<Option<Vec<&str>>>() {
            self.note(format!("`{}` has no `{}`", self.show(source), missing.join("` and no `")));
        }
    }

    fn list(&self, types: &[Type]) -> String {
        let shown: Vec<String> =
            types.iter().map(|&each| format!("`{}`", self.show(each))).collect();
        list_of_names(&shown)
    }

    /// Two classes that print alike.
    fn same_names(&mut self, source: Type, target: Type) {
        let cx = self.cx;
        let class = |ty: Type| {
            cx.class_of(if ty.kind() == Kind::SubclassOf { cx.inner_of(ty) } else { ty })
        };
        let (Some(own), Some(other)) = (class(source), class(target)) else { return };
        if own == other || cx.host.class(cx, own).name != cx.host.class(cx, other).name {
            return;
        }
        let (own_name, other_name) = (self.qualified(own), self.qualified(other));
        if own_name != other_name {
            self.note(format!("`{own_name}` and `{other_name}` are two classes of the same name"));
        } else {
            let file = |class: ClassRef| cx.host.module(class.module).path.clone();
            let (own_file, other_file) = (file(own), file(other));
            self.note(if own_file == other_file {
                format!("there are two classes called `{own_name}`")
            } else {
                format!("`{own_name}` of {own_file} and of {other_file} are two classes")
            });
        }
    }

    /// `module.Class`
    fn qualified(&self, class: ClassRef) -> String {
        let cx = self.cx;
        format!("{}.{}", cx.host.module(class.module).name, cx.host.class(cx, class).name)
    }

    /// Whether a value can't be what a type variable stands for since that has a bound; says so.
    fn breaks_bound(&mut self, value: Type, variable: Type) -> bool {
        let cx = self.cx;
        let Some(data) = cx.as_type_var(variable).filter(|it| it.kind == TypeVarKind::TypeVar)
        else {
            return false;
        };
        let bound = cx.upper_bound(variable).filter(|bound| !bound.is_dynamic());
        let is_broken = |bound: &Type| !cx.has_type_vars(*bound) && !self.fits(value, *bound);
        let Some(bound) = bound.filter(is_broken) else { return false };
        let (wanted, given) = self.show_apart(bound, value);
        self.note(format!("`{}` must be a `{wanted}`, and `{given}` is none", data.name));
        self.pair(value, bound, DEEPEST);
        true
    }

    /// What a type variable stands for, which a value of one type can't be.
    fn variable(&mut self, source: Type, target: Type) {
        let cx = self.cx;
        let within = |ty: Type| match ty.kind() {
            Kind::SubclassOf => cx.inner_of(ty),
            Kind::Class | Kind::GenericClass => cx.instance_of(ty),
            _ => ty,
        };
        let variable = within(target);
        let Some(data) = cx.as_type_var(variable).filter(|_| variable.kind() == Kind::TypeVar)
        else {
            return;
        };
        if within(source).kind() == Kind::TypeVar && data.kind != TypeVarKind::SelfType {
            return;
        }
        let name = data.name;
        let value = within(source);
        if self.breaks_bound(value, variable) {
            return;
        }
        match data.kind {
            TypeVarKind::SelfType => {
                let owner = self.name_of(data.definition);
                if owner.is_empty() {
                    return;
                }
                self.note(format!(
                    "`Self` may be any subclass of `{owner}`, whichever it is used on"
                ));
            }
            TypeVarKind::TypeVar => {
                let bound = cx.upper_bound(variable).filter(|bound| !bound.is_dynamic());
                let what = match bound {
                    Some(bound) => format!("any subtype of `{}`", self.show(bound)),
                    None => "anything".to_owned(),
                };
                match data.scope.map(|scope| self.name_of(scope)) {
                    Some(owner) if !owner.is_empty() => {
                        self.note(format!("`{name}` may be {what}: who uses `{owner}` decides"));
                    }
                    _ => self.note(format!("`{name}` may be {what} that its users decide")),
                }
            }
            _ => {}
        }
    }

    /// The name that a definition binds.
    fn name_of(&self, definition: DefRef) -> String {
        let index = self.cx.host.index(definition.module);
        // The number of a class that a call made says more than where it is defined.
        let entry = index.definitions.get(DefinitionId::from_u32(definition.index));
        entry.map_or_else(String::new, |entry| {
            index.scopes[entry.scope].place(entry.place).expr.root.to_string()
        })
    }

    fn instance(&mut self, source: Type, target: Type, depth: u32) {
        let cx = self.cx;
        let Some(class) = cx.class_of(target) else { return };
        let generic = match source.kind() {
            Kind::Tuple => cx.tuple_as_generic(source),
            Kind::Int | Kind::Bool | Kind::Str | Kind::Bytes | Kind::LiteralString => {
                cx.fallback_instance(source)
            }
            _ => source,
        };
        if matches!(generic.kind(), Kind::Instance | Kind::Generic) {
            let base = match cx.class_of(generic) {
                Some(own) if own == class => Some(generic),
                _ => cx.as_super(generic, class),
            };
            if let Some(base) = base {
                // The arguments of a base are not to be seen in a class without any.
                if generic.kind() == Kind::Instance && base.kind() == Kind::Generic {
                    let (own, base) = (self.show(generic), self.show(base));
                    self.note(format!("`{own}` counts as `{base}`"));
                }
                return self.arguments(base, target, class, depth);
            }
        }
        let info = cx.host.class(cx, class);
        if info.is(ClassFlags::TYPED_DICT) {
            self.typed_dict(source, target);
        } else if info.is(ClassFlags::PROTOCOL) {
            self.protocol(source, target, class, depth);
        } else if let Some(own) = cx.class_of(generic)
            && matches!(generic.kind(), Kind::Instance | Kind::Generic)
            && own != class
            && info.inherits(own)
        {
            let (own, name) = (&cx.host.class(cx, own).name, &info.name);
            // Of `object` that goes without saying.
            if &**own != "object" {
                self.note(format!(
                    "`{name}` is a subclass of `{own}`, and not the other way round"
                ));
            }
        }
    }

    fn tuple(&mut self, source: Type, target: Type, depth: u32) {
        let cx = self.cx;
        let (Some(own), Some(wanted)) = (cx.tuple_shape(source), cx.as_tuple(target)) else {
            return;
        };
        let (from, to) = (own.elements, wanted.elements);
        if own.variadic.is_some() || wanted.variadic.is_some() {
            return;
        }
        if from.len() != to.len() {
            return self.note(format!("expected {} elements, found {}", to.len(), from.len()));
        }
        let mut pairs = from.iter().zip(to).enumerate();
        if let Some((at, (&from, &to))) = pairs.find(|(_, (from, to))| !self.fits(**from, **to)) {
            let (expected, found) = self.show_apart(to, from);
            self.note(format!("the element at index {at}: expected `{expected}`, found `{found}`"));
            self.pair(from, to, depth + 1);
        }
    }
}
