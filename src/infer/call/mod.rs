//! Calls as expressions: arguments with their expected types, and what is wrong put into words.

mod abstracts;
mod constrained;
pub(super) mod known;
mod overloads;
mod report;

use ruff_python_ast::{Expr, ExprCall, Keyword};
use ruff_text_size::{Ranged, TextRange};
use smallvec::SmallVec;

use super::region::{Mode, Region};
use crate::policy::Policy;
use crate::rules;
use crate::types::call::{ArgumentKind, ArgumentTypes, CallOutcome};
use crate::types::{
    ClassFlags, Cx, DefRef, FunctionFlags, Kind, Known, Parameter, ParameterKind, Signature, Type,
};

pub use abstracts::{abstract_methods, is_marked_abstract};
pub use report::{
    callee_name, report_decorator, report_errors, report_errors_at, report_subscript, with_reason,
};

/// The arguments of a call expression.
pub struct CallArguments<'r, 'a, 's> {
    region: &'r Region<'a, 's>,
    nodes: SmallVec<[&'r Expr; 8]>,
    /// Where each argument stands, with its keyword.
    ranges: SmallVec<[TextRange; 8]>,
    kinds: SmallVec<[ArgumentKind<'r>; 8]>,
}

impl<'r, 'a, 's> CallArguments<'r, 'a, 's> {
    /// The arguments of `call`, in source order.
    pub fn new(region: &'r Region<'a, 's>, call: &'r ExprCall) -> Self {
        let mut nodes = SmallVec::new();
        let mut ranges = SmallVec::new();
        let mut kinds = SmallVec::new();
        for argument in call.arguments.iter_source_order() {
            match argument {
                ruff_python_ast::ArgOrKeyword::Arg(Expr::Starred(starred)) => {
                    nodes.push(&*starred.value);
                    ranges.push(starred.value.range());
                    kinds.push(ArgumentKind::Star);
                }
                ruff_python_ast::ArgOrKeyword::Arg(arg) => {
                    nodes.push(arg);
                    ranges.push(arg.range());
                    kinds.push(ArgumentKind::Positional);
                }
                ruff_python_ast::ArgOrKeyword::Keyword(keyword) => {
                    // `**{"a": 1}` is `a=1`.
                    let unpacked = keyword.arg.is_none().then(|| written_keys(&keyword.value));
                    if let Some(written) = unpacked.flatten() {
                        for (name, value) in written {
                            nodes.push(value);
                            ranges.push(value.range());
                            kinds.push(ArgumentKind::Keyword(name));
                        }
                        continue;
                    }
                    nodes.push(&keyword.value);
                    ranges.push(keyword.range);
                    kinds.push(match &keyword.arg {
                        Some(name) => ArgumentKind::Keyword(name.id.as_str()),
                        None => ArgumentKind::DoubleStar,
                    });
                }
            }
        }
        Self { region, nodes, ranges, kinds }
    }

    /// Keyword arguments alone, as the header of a class has them.
    pub fn of_keywords(region: &'r Region<'a, 's>, keywords: &[&'r Keyword]) -> Self {
        let kind = |keyword: &&'r Keyword| match &keyword.arg {
            Some(name) => ArgumentKind::Keyword(name.id.as_str()),
            None => ArgumentKind::DoubleStar,
        };
        Self {
            region,
            nodes: keywords.iter().map(|keyword| &keyword.value).collect(),
            ranges: keywords.iter().map(|keyword| keyword.range).collect(),
            kinds: keywords.iter().map(kind).collect(),
        }
    }

    /// All arguments but the first.
    pub fn without_first(&self) -> Self {
        Self {
            region: self.region,
            nodes: self.nodes.iter().skip(1).copied().collect(),
            ranges: self.ranges.iter().skip(1).copied().collect(),
            kinds: self.kinds.iter().skip(1).copied().collect(),
        }
    }

    /// Where an argument stands, with its keyword.
    pub fn range(&self, index: usize) -> Option<TextRange> {
        self.ranges.get(index).copied()
    }

    /// The expression of an argument, where it is not unpacked.
    pub fn node(&self, index: usize) -> Option<&'r Expr> {
        let kind = self.kinds.get(index)?;
        let is_spread = matches!(kind, ArgumentKind::Star | ArgumentKind::DoubleStar);
        self.nodes.get(index).copied().filter(|_| !is_spread)
    }

    /// The expression of an argument, or of what is unpacked into arguments.
    fn value(&self, index: usize) -> Option<&'r Expr> {
        self.nodes.get(index).copied()
    }

    /// Number of arguments.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Infers every argument once more, this time reporting what is wrong within them.
    pub fn report_within(&self, expected: &[Option<Type>]) {
        if self.region.is_quiet() {
            return;
        }
        for (index, node) in self.nodes.iter().enumerate() {
            let hint = expected.get(index).copied().flatten();
            super::expr::infer(self.region, node, hint);
        }
    }
}

/// The keys of a display that is unpacked where it is written, with their values: `None` where one is no plain text or
/// is there twice.
fn written_keys(expr: &Expr) -> Option<SmallVec<[(&str, &Expr); 4]>> {
    let Expr::Dict(dict) = expr else { return None };
    let mut found: SmallVec<[(&str, &Expr); 4]> = SmallVec::new();
    for item in &dict.items {
        let Some(Expr::StringLiteral(key)) = &item.key else { return None };
        let name = key.value.to_str();
        if found.iter().any(|(known, _)| *known == name) {
            return None;
        }
        found.push((name, &item.value));
    }
    Some(found)
}

impl ArgumentTypes for CallArguments<'_, '_, '_> {
    fn kinds(&self) -> &[ArgumentKind<'_>] {
        &self.kinds
    }

    fn ty(&self, index: usize, expected: Option<Type>) -> Type {
        let Some(node) = self.nodes.get(index) else { return Type::UNKNOWN };
        // Only displays, lambdas, calls and the like look at what is expected of them.
        let hint =
            expected.filter(|ty| ty.kind() == Kind::TypeFormOf || is_context_sensitive(node));
        self.region.quietly(|| super::expr::infer(self.region, node, hint))
    }

    fn tried(&self, index: usize, expected: Option<Type>) -> Type {
        let cx = self.region.cx;
        let is_refused = |ty: Type| match self.nodes.get(index) {
            Some(Expr::Dict(dict)) => {
                cx.info_of(ty).is_some_and(|info| info.is(ClassFlags::TYPED_DICT))
                    && !super::typed_dict::dict_fits(self.region, dict, ty)
            }
            _ => false,
        };
        self.ty(index, expected.filter(|&ty| !is_refused(cx.expand_alias(ty))))
    }

    fn goes_last(&self, index: usize) -> bool {
        self.nodes.get(index).is_some_and(|node| node.is_lambda_expr())
    }

    fn is_within(&self, owner: DefRef) -> bool {
        self.region.is_within(owner)
    }
}

/// Whether what is expected of an expression can change its type.
pub fn is_context_sensitive(expr: &Expr) -> bool {
    match expr {
        Expr::List(_)
        | Expr::Dict(_)
        | Expr::Set(_)
        | Expr::Tuple(_)
        | Expr::Lambda(_)
        | Expr::ListComp(_)
        | Expr::SetComp(_)
        | Expr::DictComp(_)
        | Expr::Generator(_)
        | Expr::Call(_)
        | Expr::If(_)
        | Expr::BoolOp(_)
        | Expr::Named(_) => true,
        Expr::BinOp(binary) => {
            is_context_sensitive(&binary.left) || is_context_sensitive(&binary.right)
        }
        Expr::Await(awaited) => is_context_sensitive(&awaited.value),
        _ => false,
    }
}

/// The type of a call expression.
pub fn infer_call(region: &Region<'_, '_>, call: &ExprCall, expected: Option<Type>) -> Type {
    let callee = super::expr::infer(region, &call.func, called_lambda(region, call));
    if let Some(ty) = known::call(region, call, callee, expected) {
        return ty;
    }
    check_open_class(region, call, callee);
    let arguments = CallArguments::new(region, call);
    let outcome = region.cx.call(callee, &arguments, expected);
    finish(region, call, callee, &arguments, &outcome);
    if callee.is_dynamic() {
        check_spread(region, call);
    }
    constrained::same_variable(region, call, callee, &arguments).unwrap_or(outcome.returns)
}

/// Whatever is called, `*` takes an iterable and `**` a mapping.
fn check_spread(region: &Region<'_, '_>, call: &ExprCall) {
    use crate::rules::invalid_argument_type::{argument_not_iterable, argument_not_mapping};
    if region.is_quiet() {
        return;
    }
    let cx = region.cx;
    let is_pack = |ty: Type| matches!(ty.kind(), Kind::ParamSpecPart | Kind::Unpacked);
    for argument in &call.arguments.args {
        let Expr::Starred(starred) = argument else { continue };
        let ty = region.quietly(|| super::expr::infer(region, &starred.value, None));
        if !is_pack(ty) && cx.iterate(ty).is_none() {
            region.report(argument, argument_not_iterable(cx.display(ty)));
        }
    }
    for keyword in call.arguments.keywords.iter().filter(|keyword| keyword.arg.is_none()) {
        let ty = region.quietly(|| super::expr::infer(region, &keyword.value, None));
        if !is_pack(ty) && cx.mapping_value(ty).is_none() {
            region.report(keyword, argument_not_mapping(cx.display(ty)));
        }
    }
}

/// What a lambda that is called on the spot is asked to take: the arguments of the call.
fn called_lambda(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let is_plain = call.arguments.keywords.is_empty()
        && !call.arguments.args.iter().any(Expr::is_starred_expr);
    if !call.func.is_lambda_expr() || !is_plain {
        return None;
    }
    let cx = region.cx;
    let parameter = |argument: &Expr| Parameter {
        name: "",
        kind: ParameterKind::PositionalOnly,
        ty: cx.promote_literals(region.quietly(|| super::expr::infer(region, argument, None))),
        is_annotated: true,
        default: None,
    };
    let parameters: SmallVec<[Parameter; 4]> = call.arguments.args.iter().map(parameter).collect();
    Some(cx.callable(&[Signature {
        parameters: cx.slice(&parameters),
        returns: None,
        definition: None,
        type_params: &[],
        is_gradual: false,
    }]))
}

/// `list[T]()` where nothing binds `T`.
fn check_open_class(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    if region.is_quiet() || callee.kind() != Kind::GenericClass || !call.func.is_subscript_expr() {
        return;
    }
    let cx = region.cx;
    let open = super::annotation::open_type_vars(cx, callee);
    if let Some(data) = open.first().and_then(|&type_var| cx.as_type_var(type_var)) {
        let finding = rules::invalid_type_variable::unbound_type_variable(data.name);
        region.report(&*call.func, finding);
    }
}

/// Reports what is wrong with a call and within its arguments.
pub fn finish<'s>(
    region: &Region<'_, 's>,
    call: &ExprCall,
    callee: Type,
    arguments: &CallArguments<'_, '_, '_>,
    outcome: &CallOutcome<'s>,
) {
    if region.is_quiet() {
        return;
    }
    note_reflection(region, call);
    if super::format::is_log_call(region, call, callee) {
        region.in_mode(Mode::MESSAGE, || arguments.report_within(&outcome.expected));
    } else {
        arguments.report_within(&outcome.expected);
    }
    report_errors(region, call, callee, arguments, &outcome.errors);
    if outcome.is_ok() {
        report::check_unpacked_twice(region, callee, arguments);
    }
    super::format::check_call(region, call, callee);
    report::check_deprecated(region, call, callee, outcome);
    abstracts::check_instantiation(region, call, callee);
    abstracts::check_super_call(region, call, callee);
    if let Expr::Attribute(attribute) = &*call.func
        && attribute.attr.id.as_str() == "update"
        && let [argument] = &*call.arguments.args
    {
        let object = region.quietly(|| super::expr::infer(region, &attribute.value, None));
        super::typed_dict::check_update(region, object, argument);
    }
}

/// Notes what a call that reads members by name is about, for the audit.
fn note_reflection(region: &Region<'_, '_>, call: &ExprCall) {
    if region.observed.is_none() {
        return;
    }
    let Some(object) = super::facts::reflected(call) else { return };
    let ty = region.quietly(|| super::expr::infer(region, object, None));
    region.observe(|noted| noted.receiver(region.cx, object.start(), ty));
}

/// Whether a call of `callee`, or awaiting what it gives, never returns. Source: typing spec, "Never and NoReturn".
pub fn never_returns(
    region: &Region<'_, '_>,
    callee: Type,
    call: &ExprCall,
    is_awaited: bool,
) -> bool {
    let cx = region.cx;
    let is_never = |returns: Type| {
        returns.is_never() || is_awaited && cx.awaited(returns).is_some_and(Type::is_never)
    };
    match callee.kind() {
        _ if callee.is_dynamic() => false,
        Kind::Union => {
            cx.members(callee).iter().all(|member| never_returns(region, member, call, is_awaited))
        }
        Kind::Class | Kind::GenericClass => {
            let Some(init) = cx.class_lookup_after(callee, "__new__", None, false) else {
                return false;
            };
            if init.class.is_some_and(|class| cx.is_known(class, Known::Object)) {
                return false;
            }
            declared_never(region, init.place.ty)
        }
        Kind::Function | Kind::Method | Kind::Callable | Kind::Instance => {
            let Some(signatures) = cx.signatures(callee) else { return false };
            if signatures.len() > 1 {
                let some = signatures.iter().any(|each| each.returns.is_some_and(is_never));
                return some && {
                    let arguments = CallArguments::new(region, call);
                    is_never(cx.call(callee, &arguments, None).returns)
                };
            }
            let Some(signature) = signatures.first() else { return false };
            match (signature.returns, signature.definition) {
                (Some(returns), _) => is_never(returns),
                (None, Some(function)) => inferred_never(cx, function),
                (None, None) => false,
            }
        }
        _ => false,
    }
}

fn declared_never(region: &Region<'_, '_>, function: Type) -> bool {
    region
        .cx
        .signatures(function)
        .and_then(|each| each.first().and_then(|signature| signature.returns))
        .is_some_and(Type::is_never)
}

/// Whether an unannotated function is seen never to return. Methods that a subclass may replace,
/// stubs, and bodies that only raise `NotImplementedError` do not count.
fn inferred_never(cx: &Cx<'_>, function: crate::types::DefRef) -> bool {
    let info = cx.host.function(cx, function);
    let excluded = FunctionFlags::ASYNC
        .union(FunctionFlags::GENERATOR)
        .union(FunctionFlags::ABSTRACT)
        .union(FunctionFlags::STUB_BODY)
        .union(FunctionFlags::OVERLOAD);
    if !cx.holds(Policy::SeenNever)
        || info.flags.intersects(excluded)
        || cx.host.module(function.module).is_stub
    {
        return false;
    }
    cx.host.inferred_return(cx, function).is_never()
}

/// Key and value types of a mapping that is unpacked with `**`.
pub fn mapping_parts(cx: &Cx<'_>, ty: Type) -> Option<(Type, Type)> {
    if ty.is_dynamic() {
        return Some((ty, ty));
    }
    if ty.kind() == Kind::Union {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for member in cx.members(ty).iter() {
            let (key, value) = mapping_parts(cx, member)?;
            keys.push(key);
            values.push(value);
        }
        return Some((cx.union(keys), cx.union(values)));
    }
    if cx.info_of(ty).is_some_and(|info| info.is(ClassFlags::TYPED_DICT)) {
        // What an open typed dict may hold besides its items is left out: nobody passes it on.
        let extra = cx.typed_dict_extra(ty).filter(|extra| !extra.1).map(|extra| extra.0);
        let items = cx.typed_dict_items(ty);
        let values = items.iter().map(|item| item.ty).chain(extra);
        return Some((cx.known_instance(Known::Str), cx.union(values)));
    }
    let keys = cx.attribute(ty, "keys").found_all()?;
    let key = cx.iterate(cx.call_with(keys, &[])?)?;
    let value = cx.call_dunder(ty, "__getitem__", &[key])?;
    Some((key, value))
}
