//! Records: libraries whose classes are dataclasses by `dataclass_transform`, and what they do beyond it.
//!
//! A transform says nothing of names that `__init__` takes besides fields, of options that stand in the body of a
//! class, or of methods that belong to fields.

use ruff_python_ast::{Expr, ExprAttribute};
use ruff_text_size::Ranged;

use crate::index::ScopeKind;
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::types::{Cx, DataclassOptions, Type};

/// What becomes of a field whose name begins with an underscore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Private {
    /// It is no field.
    NoField,
    /// The parameter of `__init__` has the name without the underscores.
    Stripped,
}

/// How the records of a library differ from what a `dataclass_transform` can say.
#[derive(Debug)]
pub struct RecordModel {
    /// The top-level package that defines the transform.
    pub package: &'static str,
    /// Keywords of a field specifier that name the parameter of `__init__`, the one that counts first.
    pub aliases: &'static [&'static str],
    /// Whether a field specifier may stand in `Annotated`.
    pub in_annotated: bool,
    /// See [`Private`].
    pub private: Private,
    /// Names in a class body that hold its options: a variable, or a nested class.
    pub config: &'static [&'static str],
    /// Options with which a field that has an alias may be given by its name too.
    pub by_name: &'static [&'static str],
    /// Options that rename fields by code.
    pub renaming: &'static [&'static str],
    /// The option that says what becomes of other arguments, and the value that lets them in.
    pub others: (&'static str, &'static str),
    /// Keywords of the decorator that give fields which the body of the class does not have.
    pub elsewhere: &'static [&'static str],
    /// Classes (module and name) whose fields are filled from elsewhere when they are not given.
    pub from_elsewhere: &'static [(&'static str, &'static str)],
    /// Attributes of a field, in the body of its class, that decorate methods.
    pub field_methods: &'static [&'static str],
    /// The one of them that makes a default.
    pub default_method: &'static str,
}

const ATTRS: RecordModel = RecordModel {
    package: "attr",
    aliases: &["alias"],
    in_annotated: false,
    private: Private::Stripped,
    config: &[],
    by_name: &[],
    renaming: &[],
    others: ("", ""),
    elsewhere: &["these"],
    from_elsewhere: &[],
    field_methods: &["validator", "default"],
    default_method: "default",
};

const PYDANTIC: RecordModel = RecordModel {
    package: "pydantic",
    aliases: &["validation_alias", "alias"],
    in_annotated: true,
    private: Private::NoField,
    config: &["model_config", "Config"],
    by_name: &["populate_by_name", "validate_by_name", "allow_population_by_field_name"],
    renaming: &["alias_generator"],
    others: ("extra", "allow"),
    elsewhere: &[],
    from_elsewhere: &[
        ("pydantic_settings.main", "BaseSettings"),
        ("pydantic.env_settings", "BaseSettings"),
        ("pydantic.v1.env_settings", "BaseSettings"),
    ],
    field_methods: &[],
    default_method: "",
};

/// All of them; a class knows the one that holds for it by its place here.
const MODELS: &[RecordModel] = &[
    ATTRS,
    RecordModel { package: "attrs", ..ATTRS },
    PYDANTIC,
    RecordModel { package: "sqlmodel", ..PYDANTIC },
];

/// The options of a transform that a module defines: they say which model holds.
pub fn model_of_module(module: &str, options: DataclassOptions) -> DataclassOptions {
    let package = module.split('.').next().unwrap_or_default();
    match MODELS.iter().position(|model| model.package == package) {
        Some(place) => options.with_model(place),
        None => options,
    }
}

/// The model that holds for a class with these options.
pub fn model_of_options(options: DataclassOptions) -> Option<&'static RecordModel> {
    MODELS.get(options.model()?)
}

/// Whether an attribute is read off a field in the body of its class, where it is what the field specifier made and
/// no value yet: `@size.validator`.
pub fn is_field_method(region: &Region<'_, '_>, attribute: &ExprAttribute) -> bool {
    let name = attribute.attr.id.as_str();
    let scope = region.scope();
    if region.index.scopes[scope].kind != ScopeKind::Class
        || !MODELS.iter().any(|model| model.field_methods.contains(&name))
    {
        return false;
    }
    let Expr::Name(field) = &*attribute.value else { return false };
    let Some(place) = region.index.scopes[scope].place_by_name(&field.id) else { return false };
    region.index.scopes[scope].place(place).definitions.iter().any(|&definition| {
        let value = region.nodes().definitions[definition].assigned();
        let Some(Expr::Call(call)) = value else { return false };
        // What is made later is no field yet; and so what is asked here never comes back to itself.
        if call.end() > attribute.start() {
            return false;
        }
        let callee = region.quietly(|| infer(region, &call.func, None));
        model_of_callee(region.cx, callee).is_some_and(|model| model.field_methods.contains(&name))
    })
}

fn model_of_callee(cx: &Cx<'_>, callee: Type) -> Option<&'static RecordModel> {
    let function = callee.as_function()?;
    let module = &cx.host.module(function.module).name;
    model_of_options(model_of_module(module, DataclassOptions::empty()))
}
