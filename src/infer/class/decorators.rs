//! What the decorators of a class say of it.

use ruff_python_ast::{Expr, StmtClassDef};

use super::transform::{self, Transform};
use super::{known_function, string_literal};
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::types::{ClassFlags, DataclassOptions, Kind, Known, KnownFunction};

/// See the module's documentation.
#[derive(Default)]
pub(super) struct Decorations {
    pub flags: ClassFlags,
    pub deprecated: Option<Box<str>>,
    pub dataclass: Option<DataclassOptions>,
    /// A `dataclass_transform` on the class itself.
    pub transform: Option<Transform>,
}

/// What `@dataclass` without arguments means.
pub(super) const DATACLASS_DEFAULTS: DataclassOptions = DataclassOptions::INIT
    .union(DataclassOptions::EQ)
    .union(DataclassOptions::REPR)
    .union(DataclassOptions::MATCH_ARGS);

/// Reads the decorators of a class.
pub(super) fn read(region: &Region<'_, '_>, stmt: &StmtClassDef) -> Decorations {
    let cx = region.cx;
    let mut result = Decorations::default();
    for decorator in &stmt.decorator_list {
        let (callee, call) = match &decorator.expression {
            Expr::Call(call) => (&*call.func, Some(call)),
            other => (other, None),
        };
        let value = infer(region, callee, None);
        if let Some(class) = value.as_class() {
            if cx.is_known(class, Known::Deprecated) || cx.is_known(class, Known::ExtDeprecated) {
                result.flags.insert(ClassFlags::DEPRECATED);
                let message = call.and_then(|call| call.arguments.args.first());
                result.deprecated = Some(message.and_then(string_literal).unwrap_or("").into());
            }
            continue;
        }
        // Of an import that does not resolve: a decorator for data classes, perhaps.
        if value.is_dynamic() {
            result.flags.insert(ClassFlags::OPEN_SPECIAL);
        }
        if value.kind() != Kind::Function {
            continue;
        }
        match known_function(cx, value) {
            Some(KnownFunction::Final) => result.flags.insert(ClassFlags::FINAL),
            Some(KnownFunction::RuntimeCheckable) => {
                result.flags.insert(ClassFlags::RUNTIME_CHECKABLE);
            }
            Some(KnownFunction::TotalOrdering) => result.flags.insert(ClassFlags::TOTAL_ORDERING),
            Some(KnownFunction::DisjointBase) => result.flags.insert(ClassFlags::DISJOINT_BASE),
            Some(KnownFunction::TypeCheckOnly) => result.flags.insert(ClassFlags::TYPE_CHECK_ONLY),
            Some(KnownFunction::Dataclass) => {
                result.dataclass = Some(match call {
                    Some(call) => transform::with_arguments(DATACLASS_DEFAULTS, &call.arguments),
                    None => DATACLASS_DEFAULTS,
                });
            }
            Some(KnownFunction::DataclassTransform) => {
                let definition = region.index.definition_at(stmt.name.range.start());
                result.transform =
                    definition.and_then(|each| transform::of_definition(cx, region.def_ref(each)));
            }
            Some(_) => {}
            None => {
                let found = value.as_function().and_then(|f| transform::of_definition(cx, f));
                if let Some(found) = found {
                    result.dataclass = Some(match call {
                        Some(call) => transform::with_arguments(found.options, &call.arguments),
                        None => found.options,
                    });
                }
            }
        }
    }
    result
}
