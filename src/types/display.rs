//! How types print in messages and in `reveal_type`.

use std::fmt::{self, Write};

use super::{
    ClassRef, Cx, Data, DefRef, Kind, Known, Parameter, ParameterKind, Signature, Type, TypeVarKind,
};
use crate::index::{DefinitionId, DefinitionKind};

/// Nested deeper than this, a type prints as `...`.
const MAX_DEPTH: usize = 8;

/// A union or an overload of more than `many` prints the first `shown`, and how many more there are.
struct Limit {
    many: usize,
    shown: usize,
}

const LITERALS: Limit = Limit { many: 24, shown: 8 };
const MEMBERS: Limit = Limit { many: 8, shown: 5 };
/// Of members that are long.
const LONG_MEMBERS: Limit = Limit { many: 4, shown: 3 };
const LONG: usize = 120;
const SIGNATURES: Limit = Limit { many: 4, shown: 2 };

/// A type with what it needs to print itself: shortened where it is long, whole with `{:#}`.
pub struct Display<'c, 's> {
    cx: &'c Cx<'s>,
    ty: Type,
    /// Classes are printed with their module.
    qualified: bool,
}

impl<'s> Cx<'s> {
    /// `ty`, printable.
    pub fn display(&self, ty: Type) -> Display<'_, 's> {
        Display { cx: self, ty, qualified: false }
    }

    /// Two types that are compared with one another, printable: with the modules of their classes where they would
    /// look the same without.
    pub fn display_apart(&self, first: Type, second: Type) -> (Display<'_, 's>, Display<'_, 's>) {
        let qualified = self.display(first).to_string() == self.display(second).to_string();
        let shown = |ty: Type| Display { cx: self, ty, qualified };
        (shown(first), shown(second))
    }

    /// What a class is called where the class itself is meant and not its type, and any other type as it prints.
    pub fn display_name(&self, ty: Type) -> String {
        let class = self.info_of(ty).filter(|_| ty.kind() == Kind::Class);
        class.map_or_else(|| self.display(ty).to_string(), |info| info.name.to_string())
    }

    /// What an object is called whose members are asked for: of `Self` it is the class that says which there are.
    pub fn display_object(&self, ty: Type) -> Display<'_, 's> {
        let is_self = |ty: Type| {
            ty.kind() == Kind::TypeVar
                && self.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::SelfType)
        };
        let class = |ty: Type| self.upper_bound(ty).and_then(|bound| self.class_of(bound));
        let named = match ty.kind() {
            Kind::SubclassOf if is_self(self.inner_of(ty)) => {
                class(self.inner_of(ty)).map(Type::class)
            }
            _ if is_self(ty) => class(ty).map(|class| self.instance_of_class(class)),
            _ => None,
        };
        self.display(named.unwrap_or(ty))
    }

    /// `signature` as text.
    pub fn display_signature(&self, signature: &Signature<'s>) -> String {
        let mut text = String::new();
        let mut printer = Printer {
            cx: self,
            out: &mut text,
            depth: 0,
            whole: false,
            owners: false,
            qualified: false,
        };
        let _ = printer.signature(signature);
        text
    }
}

impl fmt::Display for Display<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = f.alternate();
        let (cx, qualified) = (self.cx, self.qualified);
        Printer { cx, out: f, depth: 0, whole, owners: !whole, qualified }.ty(self.ty)
    }
}

struct Printer<'c, 's, 'o> {
    cx: &'c Cx<'s>,
    out: &'o mut dyn Write,
    depth: usize,
    whole: bool,
    /// Type variables are printed with the class or function that they are of.
    owners: bool,
    /// Classes are printed with their module.
    qualified: bool,
}

impl<'s> Printer<'_, 's, '_> {
    fn text(&mut self, text: &str) -> fmt::Result {
        self.out.write_str(text)
    }

    /// Whose type variable it is, in messages: several classes and functions have one of that name.
    fn owner(&mut self, owner: Option<DefRef>) -> fmt::Result {
        let Some(owner) = owner.filter(|_| self.owners) else { return Ok(()) };
        let index = self.cx.host.index(owner.module);
        let number = owner.index & !ClassRef::IN_BASES;
        let Some(definition) = index.definitions.get(DefinitionId::from_u32(number)) else {
            return Ok(());
        };
        let place = index.scopes[definition.scope].place(definition.place);
        let is_function = definition.kind == DefinitionKind::Function;
        let class = match self.qualified && is_function {
            true => self.cx.host.function(self.cx, DefRef { index: number, ..owner }).class,
            false => None,
        };
        match class {
            Some(class) => {
                let class = &self.cx.host.class(self.cx, class).name;
                write!(self.out, "@{class}.{}", place.expr.root)
            }
            None => write!(self.out, "@{}", place.expr.root),
        }
    }

    /// How many of `len` things to print.
    fn shown(&self, len: usize, limit: &Limit) -> usize {
        if len > limit.many && !self.whole { limit.shown } else { len }
    }

    /// The first of some things, as many as the limit says, and how many more there are.
    fn first<T>(
        &mut self,
        things: &[T],
        limit: &Limit,
        print: impl Fn(&mut Self, &T) -> fmt::Result,
    ) -> fmt::Result {
        let shown = self.shown(things.len(), limit);
        for (at, thing) in things[..shown].iter().enumerate() {
            if at > 0 {
                self.text(", ")?;
            }
            print(self, thing)?;
        }
        if shown < things.len() {
            self.text(", ")?;
        }
        self.rest(things.len() - shown)
    }

    fn rest(&mut self, hidden: usize) -> fmt::Result {
        if hidden > 0 { write!(self.out, "… {hidden} more") } else { Ok(()) }
    }

    fn ty(&mut self, ty: Type) -> fmt::Result {
        if self.depth > MAX_DEPTH {
            return self.text("...");
        }
        self.depth += 1;
        let result = self.form(ty);
        self.depth -= 1;
        result
    }

    fn class_name(&mut self, ty: Type) -> fmt::Result {
        match self.cx.info_of(ty) {
            Some(info) => {
                let name = info.name.clone();
                if let Some(class) = self.cx.class_of(ty).filter(|_| self.qualified) {
                    let module = &self.cx.host.module(class.module).name;
                    if &**module != "builtins" {
                        write!(self.out, "{module}.")?;
                    }
                }
                self.text(&name)
            }
            None => self.text("Unknown"),
        }
    }

    fn form(&mut self, ty: Type) -> fmt::Result {
        let cx = self.cx;
        match ty.kind() {
            Kind::Any => self.text("Any"),
            Kind::Unknown | Kind::Cycle | Kind::Zero => self.text("Unknown"),
            Kind::Never => self.text("Never"),
            Kind::None => self.text("None"),
            Kind::LiteralString => self.text("LiteralString"),
            Kind::Enum if cx.as_enum(ty).is_some_and(|e| cx.is_sentinel_class(e.0)) => {
                self.literal(ty)
            }
            Kind::Bool | Kind::Int | Kind::Str | Kind::Bytes | Kind::BigInt | Kind::Enum => {
                self.text("Literal[")?;
                self.literal(ty)?;
                self.text("]")
            }
            Kind::Module => {
                let name = ty.as_module().map_or("", |module| &*cx.host.module(module).name);
                write!(self.out, "<module '{name}'>")
            }
            Kind::Special => {
                write!(self.out, "<special form '{}'>", ty.as_special().map_or("", |f| f.name()))
            }
            Kind::Class | Kind::GenericClass => {
                self.text("type[")?;
                self.ty_of_class(ty)?;
                self.text("]")
            }
            Kind::Instance => self.class_name(ty),
            Kind::Generic => self.generic(ty),
            Kind::Function => self.function(ty),
            _ => self.composite(ty),
        }
    }

    fn ty_of_class(&mut self, ty: Type) -> fmt::Result {
        match ty.kind() {
            Kind::Class => self.class_name(ty),
            _ => self.generic(ty),
        }
    }

    fn composite(&mut self, ty: Type) -> fmt::Result {
        let cx = self.cx;
        match *cx.data(ty) {
            Data::Union(members) => self.union(members),
            Data::Intersection(parts) => self.list(parts, " & "),
            Data::Tuple(tuple) => {
                let (before, part, after) = tuple.parts();
                self.tuple(before, part, after)
            }
            Data::Inner(inner) => match ty.kind() {
                // As it is written where nothing is known of the class.
                Kind::SubclassOf if inner.is_unknown() => self.text("type"),
                Kind::SubclassOf => self.wrapped("type[", inner, "]"),
                Kind::Not => self.wrapped("~", inner, ""),
                Kind::TypeFormOf => self.wrapped("TypeForm[", inner, "]"),
                _ => self.wrapped("*", inner, ""),
            },
            Data::Callable(signatures) if signatures.len() == 1 => self.signature(&signatures[0]),
            Data::Callable(signatures) => self.overloads(signatures),
            Data::Method { .. } => match cx.signatures(ty) {
                Some(signatures) if signatures.len() == 1 => self.signature(&signatures[0]),
                Some(signatures) => self.overloads(&signatures),
                None => self.text("Unknown"),
            },
            Data::TypeVar(data) => match ty.kind() {
                Kind::TypeVarValue => write!(self.out, "<type variable '{}'>", data.name),
                _ if data.kind == TypeVarKind::SelfType => {
                    self.text("Self")?;
                    self.owner(Some(data.definition))
                }
                _ => {
                    self.text(data.name)?;
                    self.owner(data.scope)
                }
            },
            Data::ParamSpecPart { type_var, is_args } => {
                self.ty(type_var)?;
                self.text(if is_args { ".args" } else { ".kwargs" })
            }
            Data::Parameters(signature) => {
                if signature.is_gradual && signature.parameters.len() == 2 {
                    return self.text("...");
                }
                self.parameters(signature.parameters)
            }
            Data::Property { .. } => self.text("property"),
            Data::TypeForm { ty } => self.wrapped("<type form ", ty, ">"),
            Data::Alias { definition, arguments } => {
                let name = cx.host.alias(cx, definition).name.clone();
                self.text(&name)?;
                self.arguments(arguments, &|_| false)
            }
            Data::Guard { ty, is_exact } => {
                self.wrapped(if is_exact { "TypeIs[" } else { "TypeGuard[" }, ty, "]")
            }
            Data::Super { .. } => self.text("super"),
            Data::Decorator { .. } => self.text("Unknown"),
            Data::Text(name) if ty.kind() == Kind::WithAttribute => {
                write!(self.out, "<has {}>", name)
            }
            Data::Generic { .. } | Data::Text(_) | Data::Bytes(_) | Data::Enum { .. } => Ok(()),
        }
    }

    fn wrapped(&mut self, before: &str, ty: Type, after: &str) -> fmt::Result {
        self.text(before)?;
        self.ty(ty)?;
        self.text(after)
    }

    fn list(&mut self, types: &[Type], separator: &str) -> fmt::Result {
        for (at, &ty) in types.iter().enumerate() {
            if at > 0 {
                self.text(separator)?;
            }
            self.ty(ty)?;
        }
        Ok(())
    }

    fn union(&mut self, members: &[Type]) -> fmt::Result {
        let cx = self.cx;
        let (literals, others): (Vec<Type>, Vec<Type>) = members
            .iter()
            .copied()
            .filter(|member| !member.is_none())
            .partition(|&member| cx.literal_class(member).is_some());
        let shown = match self.is_long(&others) {
            true => LONG_MEMBERS.shown,
            false => self.shown(others.len(), &MEMBERS),
        };
        let mut parts: Vec<Option<Type>> = others[..shown].iter().copied().map(Some).collect();
        // All literals print together, at the place of the first of them.
        let is_literal = |&member: &Type| cx.literal_class(member).is_some();
        if let Some(at) = members.iter().filter(|member| !member.is_none()).position(is_literal) {
            parts.insert(at.min(shown), None);
        }
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                self.text(" | ")?;
            }
            match part {
                Some(member) => self.member(member)?,
                None => self.literals(&literals)?,
            }
        }
        if shown < others.len() {
            self.text(" | ")?;
            self.rest(others.len() - shown)?;
        }
        if members.iter().any(|member| member.is_none()) {
            self.text(" | None")?;
        }
        Ok(())
    }

    /// Whether more than a few members of a union fill more than a line: the first of them say what it is like.
    fn is_long(&self, members: &[Type]) -> bool {
        if self.whole || members.len() <= LONG_MEMBERS.many || self.depth > 2 {
            return false;
        }
        let mut text = String::new();
        let (cx, owners, qualified) = (self.cx, self.owners, self.qualified);
        let mut printer = Printer { cx, out: &mut text, depth: 3, whole: false, owners, qualified };
        let is_printed = members.iter().all(|&each| printer.ty(each).is_ok());
        is_printed && text.len() > LONG
    }

    fn member(&mut self, member: Type) -> fmt::Result {
        match member.kind() {
            Kind::Callable | Kind::Method | Kind::Function => self.wrapped("(", member, ")"),
            _ => self.ty(member),
        }
    }

    /// `Literal[...]`
    fn literals(&mut self, literals: &[Type]) -> fmt::Result {
        self.text("Literal[")?;
        self.first(literals, &LITERALS, |printer, &literal| printer.literal(literal))?;
        self.text("]")
    }

    fn literal(&mut self, ty: Type) -> fmt::Result {
        let cx = self.cx;
        match ty.kind() {
            Kind::Bool => self.text(if ty.is(Type::TRUE) { "True" } else { "False" }),
            Kind::Int => write!(self.out, "{}", ty.as_int().unwrap_or(0)),
            Kind::Enum => {
                let Some((class, name)) = cx.as_enum(ty) else { return Ok(()) };
                if cx.is_sentinel_class(class) {
                    return self.text(name.rsplit('.').next().unwrap_or(name));
                }
                self.class_name(Type::class(class))?;
                write!(self.out, ".{name}")
            }
            _ => match cx.data(ty) {
                Data::Text(text) => write!(self.out, "{}", quoted(text)),
                Data::Bytes(bytes) => {
                    let text: String = bytes
                        .iter()
                        .flat_map(|&byte| std::ascii::escape_default(byte))
                        .map(char::from)
                        .collect();
                    write!(self.out, "b\"{text}\"")
                }
                _ => Ok(()),
            },
        }
    }

    fn generic(&mut self, ty: Type) -> fmt::Result {
        self.class_name(ty)?;
        let cx = self.cx;
        let params: &[Type] = cx.class_of(ty).map_or(&[], |class| cx.host.type_params(cx, class));
        let is_pack = |at: usize| {
            params
                .get(at)
                .and_then(|&param| cx.as_type_var(param))
                .is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple)
        };
        let arguments = cx.arguments_of(ty);
        let is_partial = cx.class_of(ty).is_some_and(|class| cx.is_known(class, Known::Partial));
        // What a partial is known to take besides is no argument that anybody could write.
        let shown = if is_partial { &arguments[..arguments.len().min(1)] } else { arguments };
        self.arguments(shown, &is_pack)
    }

    /// `is_pack` tells which of them are the value of a `TypeVarTuple`, which prints as what it stands for.
    fn arguments(&mut self, arguments: &[Type], is_pack: &dyn Fn(usize) -> bool) -> fmt::Result {
        if arguments.is_empty() {
            return Ok(());
        }
        self.text("[")?;
        let mut first = true;
        for (at, &argument) in arguments.iter().enumerate() {
            if !first {
                self.text(", ")?;
            }
            first = false;
            match self.cx.as_tuple(argument).filter(|_| is_pack(at)) {
                Some(tuple) if tuple.fixed_len().is_some_and(|len| len > 0) => {
                    self.list(tuple.elements, ", ")?;
                }
                Some(_) => self.wrapped("*", argument, "")?,
                None => self.ty(argument)?,
            }
        }
        self.text("]")
    }

    fn tuple(&mut self, before: &[Type], part: Option<Type>, after: &[Type]) -> fmt::Result {
        self.text("tuple[")?;
        if before.is_empty() && part.is_none() {
            self.text("()")?;
        }
        let only = before.is_empty() && after.is_empty();
        self.list(before, ", ")?;
        if let Some(part) = part {
            if !before.is_empty() {
                self.text(", ")?;
            }
            let is_pack = self
                .cx
                .as_type_var(part)
                .is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple);
            if is_pack {
                self.wrapped("*", part, "")?;
            } else if only {
                self.wrapped("", part, ", ...")?;
            } else {
                self.wrapped("*tuple[", part, ", ...]")?;
            }
        }
        if !after.is_empty() {
            self.text(", ")?;
            self.list(after, ", ")?;
        }
        self.text("]")
    }

    fn function(&mut self, ty: Type) -> fmt::Result {
        match self.cx.signatures(ty) {
            Some(signatures) if signatures.len() == 1 => self.signature(&signatures[0]),
            Some(signatures) => self.overloads(&signatures),
            None => self.text("Unknown"),
        }
    }

    fn overloads(&mut self, signatures: &[Signature<'s>]) -> fmt::Result {
        let shown = self.readable(signatures);
        self.text("Overload[")?;
        match shown {
            0 => write!(self.out, "… {} signatures", signatures.len())?,
            _ => {
                let limit = Limit { many: shown, shown };
                self.first(signatures, &limit, Self::signature)?;
            }
        }
        self.text("]")
    }

    /// How many of some overloads are short enough to be printed: none where they are a small part of something else.
    fn readable(&self, signatures: &[Signature<'s>]) -> usize {
        const ALONE: usize = 240;
        const WITHIN: usize = 80;
        if self.whole {
            return signatures.len();
        }
        let mut room = if self.depth > 1 { WITHIN } else { ALONE };
        let (cx, owners, qualified, depth) = (self.cx, self.owners, self.qualified, self.depth);
        let is_readable = |signature: &&Signature<'s>| {
            let mut text = String::new();
            let mut printer =
                Printer { cx, out: &mut text, depth, whole: false, owners, qualified };
            let is_printed = printer.signature(signature).is_ok() && text.len() <= room;
            room = room.saturating_sub(text.len());
            is_printed
        };
        let most = self.shown(signatures.len(), &SIGNATURES);
        signatures[..most].iter().take_while(is_readable).count()
    }

    fn signature(&mut self, signature: &Signature<'s>) -> fmt::Result {
        // Most of its variables are its own.
        let owners = std::mem::replace(&mut self.owners, false);
        let result = self.signature_alone(signature);
        self.owners = owners;
        result
    }

    fn signature_alone(&mut self, signature: &Signature<'s>) -> fmt::Result {
        if signature.is_gradual && signature.parameters.len() == 2 {
            self.text("(...)")?;
        } else {
            self.parameters(signature.parameters)?;
        }
        self.text(" -> ")?;
        let returns = self.cx.return_of(signature);
        self.ty(returns)
    }

    fn parameters(&mut self, parameters: &[Parameter<'s>]) -> fmt::Result {
        self.text("(")?;
        let mut star = false;
        for (at, parameter) in parameters.iter().enumerate() {
            if parameter.kind == ParameterKind::Keywords && parameter.ty.is_never() {
                continue;
            }
            if at > 0 {
                self.text(", ")?;
            }
            let named_before = at > 0
                && parameters[at - 1].kind == ParameterKind::PositionalOnly
                && !parameters[at - 1].name.is_empty()
                && parameter.kind != ParameterKind::PositionalOnly;
            if named_before {
                self.text("/, ")?;
            }
            star |= parameter.kind == ParameterKind::Variadic;
            if parameter.kind == ParameterKind::KeywordOnly && !star {
                self.text("*, ")?;
                star = true;
            }
            self.parameter(parameter)?;
        }
        if parameters
            .last()
            .is_some_and(|p| p.kind == ParameterKind::PositionalOnly && !p.name.is_empty())
        {
            self.text(", /")?;
        }
        self.text(")")
    }

    fn parameter(&mut self, parameter: &Parameter<'s>) -> fmt::Result {
        self.text(match parameter.kind {
            ParameterKind::Variadic => "*",
            ParameterKind::Keywords => "**",
            _ => "",
        })?;
        let name = parameter.name;
        if name.is_empty() {
            return self.ty(parameter.ty);
        }
        self.text(name)?;
        if parameter.is_annotated {
            self.text(": ")?;
            self.ty(parameter.ty)?;
        }
        if parameter.default.is_some() {
            self.text(if parameter.is_annotated { " = ..." } else { "=..." })?;
        }
        Ok(())
    }
}

/// `text` as a Python string literal with double quotes, cut when it is long.
fn quoted(text: &str) -> String {
    const MAX: usize = 60;
    let mut result = String::from("\"");
    for (at, character) in text.chars().enumerate() {
        if at == MAX {
            result.push_str("...");
            break;
        }
        match character {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            other => result.push(other),
        }
    }
    result.push('"');
    result
}
