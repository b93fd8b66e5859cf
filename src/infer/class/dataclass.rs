//! Dataclass fields: annotations, defaults, `field(...)` and the field specifiers of a transform.
//! Source: `dataclasses` documentation; typing spec, "Dataclasses".

use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;

use super::fields::{annotated, inherited, insert};
use super::{bool_keyword, known_function, string_literal, transform};
use crate::index::{DefinitionKind, DefinitionNode, ScopeId, ScopeNode};
use crate::infer::expr::infer;
use crate::infer::library::{self, Private, RecordModel};
use crate::infer::region::Region;
use crate::types::{
    ClassInfo, Cx, DataclassOptions, Field, Kind, Known, KnownFunction, Qualifiers, SpecialForm,
    Type,
};

/// The fields of a dataclass, inherited ones first; `region` is the class body.
pub(super) fn fields(region: &Region<'_, '_>, info: &ClassInfo, body: ScopeId) -> Vec<Field> {
    let cx = region.cx;
    let Some(options) = info.dataclass else { return Vec::new() };
    let mut fields = inherited(cx, info, |base| base.dataclass.is_some());
    let is_transform = options.contains(DataclassOptions::TRANSFORM);
    let reader = Reader {
        region,
        specifiers: if is_transform { transform::specifiers(cx, info.class) } else { Vec::new() },
        is_transform,
        kw_only: options.contains(DataclassOptions::KW_ONLY),
        model: library::model_of_options(options),
    };
    for field in reader.own(body) {
        insert(&mut fields, field);
    }
    fields
}

struct Reader<'r, 'a, 's> {
    region: &'r Region<'a, 's>,
    specifiers: Vec<Type>,
    is_transform: bool,
    kw_only: bool,
    model: Option<&'static RecordModel>,
}

impl Reader<'_, '_, '_> {
    fn own(&self, body: ScopeId) -> Vec<Field> {
        let cx = self.region.cx;
        let mut kw_only = self.kw_only;
        let mut fields = Vec::new();
        for (name, definition, stmt) in annotated(self.region, body) {
            let types = self.region.definition_types(definition);
            if types.qualifiers.contains(Qualifiers::CLASS_VAR) || self.is_no_field(name) {
                continue;
            }
            let declared = types.declared.or(types.bound).unwrap_or(Type::UNKNOWN);
            if is_instance_of(cx, declared, Known::KwOnly) {
                kw_only = true;
                continue;
            }
            let mut field = Field::new(name, declared);
            field.kw_only = kw_only;
            field.range = stmt.target.range();
            if is_instance_of(cx, declared, Known::DataclassInitVar) {
                field.is_init_var = true;
                field.ty = cx.arguments_of(declared).first().copied().unwrap_or(Type::UNKNOWN);
            }
            field.is_init_var |= types.qualifiers.contains(Qualifiers::INIT_VAR);
            self.metadata(&mut field, &stmt.annotation);
            match &stmt.value {
                Some(value) => self.value(&mut field, value),
                None => field.has_default |= self.assigned_elsewhere(body, name),
            }
            self.of_library(&mut field, body);
            if field.init_type.is_none() {
                field.init_type = descriptor_input(cx, field.ty);
            }
            fields.push(field);
        }
        if self.is_transform {
            self.unannotated(body, &mut fields);
        }
        fields
    }

    /// `x = attr.ib()`: fields of transforms that need no annotation. What an instance of a class is assigned to
    /// is an attribute like any other.
    fn unannotated(&self, body: ScopeId, fields: &mut Vec<Field>) {
        if self.specifiers.is_empty() {
            return;
        }
        let mut found = Vec::new();
        for place in self.region.index.scopes[body].places.iter().filter(|p| p.expr.is_name()) {
            for &definition in &place.definitions {
                let DefinitionNode::Assignment { stmt, target, top_target } =
                    self.region.nodes().definitions[definition]
                else {
                    continue;
                };
                let known = fields.iter().any(|field| *field.name == *place.expr.root);
                if known
                    || !std::ptr::eq(target, top_target)
                    || self.specifier(&stmt.value).is_none_or(|(_, callee)| {
                        matches!(callee.kind(), Kind::Class | Kind::GenericClass)
                    })
                {
                    continue;
                }
                let mut field = Field::new(&place.expr.root, Type::UNKNOWN);
                field.kw_only = self.kw_only;
                field.range = target.range();
                self.value(&mut field, &stmt.value);
                self.of_library(&mut field, body);
                found.push((definition, field));
            }
        }
        found.sort_by_key(|entry| entry.0);
        fields.extend(found.into_iter().map(|entry| entry.1));
    }

    fn assigned_elsewhere(&self, body: ScopeId, name: &str) -> bool {
        let scope = &self.region.index.scopes[body];
        scope.place_by_name(name).is_some_and(|place| {
            scope.place(place).definitions.iter().any(|&definition| {
                self.region.index.definitions[definition].kind == DefinitionKind::Assignment
            })
        })
    }

    /// The call of a field specifier that `value` is.
    fn specifier<'e>(&self, value: &'e Expr) -> Option<(&'e ExprCall, Type)> {
        let Expr::Call(call) = value else { return None };
        let cx = self.region.cx;
        let callee = infer(self.region, &call.func, None);
        let hit = known_function(cx, callee) == Some(KnownFunction::DataclassField)
            && !self.is_transform
            || self.specifiers.iter().any(|&specifier| same_callable(cx, specifier, callee));
        hit.then_some((call, callee))
    }

    fn value(&self, field: &mut Field, value: &Expr) {
        let cx = self.region.cx;
        let Some((call, callee)) = self.specifier(value) else {
            field.has_default = true;
            return;
        };
        let arguments = &call.arguments;
        let has = |name: &str| arguments.find_keyword(name).is_some();
        field.has_default = has("default") || has("default_factory") || has("factory");
        if self.is_transform && !field.has_default && has_positional_default(cx, call, callee) {
            field.has_default =
                arguments.args.first().is_some_and(|first| !first.is_ellipsis_literal_expr());
        }
        // `Field(default=...)` of some libraries says that the field is required.
        if self.is_transform
            && let Some(default) = arguments.find_keyword("default")
            && default.value.is_ellipsis_literal_expr()
        {
            field.has_default = has("default_factory") || has("factory");
        }
        field.init = match bool_keyword(arguments, "init") {
            Some(init) => init,
            None => !self.is_transform || !init_is_off(cx, call, callee),
        };
        if let Some(kw_only) = bool_keyword(arguments, "kw_only") {
            field.kw_only = kw_only;
        }
        self.alias(field, call);
        if let Some(converter) = arguments.find_keyword("converter")
            && !converter.value.is_none_literal_expr()
        {
            let converter = infer(self.region, &converter.value, None);
            field.init_type = Some(converter_input(cx, converter));
        }
    }

    /// The name under which `__init__` takes a field, where the specifier gives one.
    fn alias(&self, field: &mut Field, call: &ExprCall) {
        let names = self.model.map_or(&["alias"][..], |model| model.aliases);
        let given = |name: &&&str| {
            let keyword = call.arguments.find_keyword(name)?;
            (!keyword.value.is_none_literal_expr()).then_some(&keyword.value)
        };
        let Some(value) = names.iter().find_map(|name| given(&name)) else { return };
        match string_literal(value) {
            Some(name) => field.alias = Some(name.into()),
            // It is made by code, or there are several.
            None => field.is_renamed = self.model.is_some(),
        }
    }

    /// Names that a library takes for something else than a field.
    fn is_no_field(&self, name: &str) -> bool {
        self.model.is_some_and(|model| {
            model.config.contains(&name)
                || model.private == Private::NoField && name.starts_with('_')
        })
    }

    /// Field specifiers in `Annotated`, where a library reads them.
    fn metadata(&self, field: &mut Field, annotation: &Expr) {
        if !self.model.is_some_and(|model| model.in_annotated) {
            return;
        }
        if let Expr::Name(name) = annotation {
            // An alias of this module: what it is assigned counts.
            let Some((_, place)) = self.region.nearest_place(&name.id) else { return };
            if let [definition] = *place.definitions
                && let DefinitionNode::Assignment { stmt, .. } =
                    self.region.nodes().definitions[definition]
                && stmt.value.is_subscript_expr()
            {
                self.metadata(field, &stmt.value);
            }
            return;
        }
        let Expr::Subscript(subscript) = annotation else { return };
        let Expr::Tuple(parts) = &*subscript.slice else { return };
        if infer(self.region, &subscript.value, None).as_special() != Some(SpecialForm::Annotated) {
            return;
        }
        for part in parts.iter().skip(1) {
            let Some((call, _)) = self.specifier(part) else { continue };
            self.alias(field, call);
            let has = |name: &str| call.arguments.find_keyword(name).is_some();
            field.has_default |= has("default") || has("default_factory");
        }
    }

    /// What the model of a library says of a field that was read.
    fn of_library(&self, field: &mut Field, body: ScopeId) {
        let Some(model) = self.model else { return };
        if model.private == Private::Stripped && field.alias.is_none() {
            let stripped = field.name.trim_start_matches('_');
            if stripped.len() < field.name.len() && !stripped.is_empty() {
                field.alias = Some(stripped.into());
            }
        }
        if !model.default_method.is_empty() && !field.has_default {
            field.has_default = self.has_method_for(body, &field.name, model.default_method);
        }
    }

    /// Whether a method of the body is decorated with `@field.what`.
    fn has_method_for(&self, body: ScopeId, field: &str, what: &str) -> bool {
        let ScopeNode::Class(class) = self.region.nodes().scopes[body] else { return false };
        class.body.iter().filter_map(Stmt::as_function_def_stmt).any(|function| {
            function.decorator_list.iter().any(|decorator| {
                matches!(&decorator.expression, Expr::Attribute(attribute)
                    if attribute.attr.as_str() == what
                        && matches!(&*attribute.value, Expr::Name(name) if name.id == *field))
            })
        })
    }
}

/// What a converter takes that the specifier `value` of an annotated field has, and the default that goes through it.
/// Source: documentation of attrs, "Converters"; typing spec, "Dataclasses", "Converters".
pub fn converted_default<'e>(
    region: &Region<'_, '_>,
    value: &'e Expr,
) -> Option<(Type, Option<&'e Expr>)> {
    let Expr::Call(call) = value else { return None };
    let converter = call.arguments.find_keyword("converter")?;
    let callee = region.quietly(|| infer(region, &call.func, None)).as_function()?;
    let module = &region.cx.host.module(callee.module).name;
    let options = library::model_of_module(module, DataclassOptions::empty());
    library::model_of_options(options)?;
    let converter = region.quietly(|| infer(region, &converter.value, None));
    let default = call.arguments.find_keyword("default").map(|keyword| &keyword.value);
    let is_value = |value: &&Expr| !matches!(value, Expr::Call(_));
    Some((converter_input(region.cx, converter), default.filter(is_value)))
}

fn same_callable(cx: &Cx<'_>, specifier: Type, callee: Type) -> bool {
    cx.same(specifier, callee)
        || cx.class_of(specifier).is_some() && cx.class_of(specifier) == cx.class_of(callee)
}

fn is_instance_of(cx: &Cx<'_>, ty: Type, known: Known) -> bool {
    matches!(ty.kind(), Kind::Instance | Kind::Generic)
        && cx.class_of(ty).is_some_and(|class| cx.is_known(class, known))
}

/// Whether the first positional argument of a field specifier is the default.
fn has_positional_default(cx: &Cx<'_>, call: &ExprCall, callee: Type) -> bool {
    !call.arguments.args.is_empty()
        && cx.signatures(callee).is_some_and(|signatures| {
            signatures
                .iter()
                .any(|signature| signature.parameters.first().is_some_and(|p| p.name == "default"))
        })
}

/// Whether the overload of a field specifier that fits the call says `init: Literal[False] = False`.
fn init_is_off(cx: &Cx<'_>, call: &ExprCall, callee: Type) -> bool {
    let Some(signatures) = cx.signatures(callee) else { return false };
    let passed: Vec<&str> = call
        .arguments
        .keywords
        .iter()
        .filter_map(|keyword| keyword.arg.as_ref().map(|name| name.as_str()))
        .collect();
    let chosen = signatures.iter().find(|signature| {
        let takes = |name: &str| signature.parameters.iter().any(|p| p.name == name);
        let given = |name: &str| passed.contains(&name);
        passed.iter().all(|name| takes(name))
            && signature.parameters.iter().all(|parameter| {
                parameter.kind != crate::types::ParameterKind::KeywordOnly
                    || parameter.default.is_some()
                    || given(parameter.name)
            })
    });
    chosen.is_some_and(|signature| {
        signature.parameters.iter().any(|parameter| {
            parameter.name == "init"
                && (parameter.default.is_some_and(|ty| ty.is(Type::FALSE))
                    || parameter.ty.is(Type::FALSE))
        })
    })
}

/// What a converter takes: the first parameter of each of its signatures.
fn converter_input(cx: &Cx<'_>, converter: Type) -> Type {
    let Some(signatures) = cx.signatures(converter) else { return Type::UNKNOWN };
    let inputs: Vec<Type> = signatures
        .iter()
        .filter_map(|signature| {
            let first = signature.parameters.first()?;
            let required = signature.parameters.iter().skip(1).any(|p| {
                p.default.is_none()
                    && !matches!(
                        p.kind,
                        crate::types::ParameterKind::Variadic
                            | crate::types::ParameterKind::Keywords
                    )
            });
            if required || first.kind == crate::types::ParameterKind::KeywordOnly {
                return None;
            }
            let open = cx.has_type_vars_of(first.ty, signature.type_params);
            Some(if open { Type::UNKNOWN } else { first.ty })
        })
        .collect();
    if inputs.is_empty() { Type::UNKNOWN } else { cx.union(inputs) }
}

/// What `__set__` of a descriptor takes: the constructor passes its argument to it.
fn descriptor_input(cx: &Cx<'_>, ty: Type) -> Option<Type> {
    if !matches!(ty.kind(), Kind::Instance | Kind::Generic) {
        return None;
    }
    let class = cx.class_of(ty)?;
    let member = cx.class_lookup_after(cx.generic_class_of(ty, class), "__set__", None, false)?;
    member.class?;
    let setter = cx.dunder(ty, "__set__")?;
    let signatures = cx.signatures(setter)?;
    let values: Vec<Type> =
        signatures.iter().filter_map(|each| each.parameters.get(1).map(|p| p.ty)).collect();
    (!values.is_empty()).then(|| cx.union(values))
}
