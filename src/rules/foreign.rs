//! The names that other checkers have for what our rules report.
//!
//! Migration, `explain` and the hints for unknown rules all ask this one table. A name whose meaning is split among
//! several rules of ours stands with the one that reports most of it.

use super::Rule;

/// Rules of ours with the names that ty, pyrefly, pyright and mypy have or had for them.
const NAMES: &[(&str, &[&str])] = &[
    (
        "abstract-instantiation",
        &["bad-instantiation", "reportAbstractUsage", "abstract", "abstract-class-instantiation"],
    ),
    (
        "always-true-condition",
        &["truthy-function", "redundant-condition", "truthiness-test-of-callable"],
    ),
    ("blanket-ignore", &["ignore-without-code", "reportBlanketIgnore", "blanket-ignore-comment"]),
    ("bytes-in-text", &["str-bytes-safe"]),
    ("call-abstract-method", &["safe-super", "abstract-method-call"]),
    ("call-non-callable", &["not-callable", "reportOptionalCall"]),
    ("conflicting-declarations", &["invalid-declaration"]),
    ("conflicting-metaclass", &["metaclass"]),
    ("cyclic-type-alias", &["cyclic-type-alias-definition"]),
    ("dataclass-field-order", &["invalid-dataclass-field-order"]),
    ("dead-code", &["reportUnusedFunction", "reportUnusedClass"]),
    ("dead-parameter", &["reportUnusedParameter"]),
    ("dead-variable", &["reportUnusedVariable"]),
    ("deprecated", &["reportDeprecated"]),
    ("import-cycle", &["reportImportCycles"]),
    ("invalid-argument-type", &["bad-argument-type", "reportArgumentType", "arg-type"]),
    (
        "invalid-assignment",
        &["bad-assignment", "reportAssignmentType", "assignment", "unsound-assignment"],
    ),
    (
        "invalid-attribute-override",
        &[
            "reportIncompatibleVariableOverride",
            "mutable-override",
            "incompatible-attribute-override",
            "incompatible-mutable-override",
            "incompatible-property-override",
        ],
    ),
    ("invalid-await", &["not-async", "await-not-async"]),
    ("invalid-base", &["invalid-inheritance", "unsupported-base"]),
    ("invalid-context-manager", &["reportOptionalContextManager", "bad-context-manager"]),
    (
        "invalid-dataclass",
        &[
            "invalid-dataclass-override",
            "invalid-dataclass-post-init",
            "invalid-frozen-dataclass-subclass",
            "duplicate-kw-only",
        ],
    ),
    ("invalid-enum", &["invalid-enum-member-annotation", "invalid-generic-enum"]),
    ("invalid-format-argument", &["str-format"]),
    ("invalid-ignore", &["ignore-comment-unknown-rule", "invalid-ignore-comment"]),
    (
        "invalid-key",
        &[
            "typed-dict-key-error",
            "bad-typed-dict-key",
            "typeddict-unknown-key",
            "invalid-typed-dict-key",
            "non-literal-typed-dict-key",
            "unknown-typed-dict-constructor-key",
        ],
    ),
    ("invalid-match-pattern", &["bad-match"]),
    (
        "invalid-method-override",
        &[
            "bad-override",
            "reportIncompatibleMethodOverride",
            "override",
            "bad-override-param-name",
            "bad-param-name-override",
            "incompatible-method-override",
        ],
    ),
    ("invalid-named-tuple", &["invalid-named-tuple-override"]),
    ("invalid-newtype", &["valid-newtype", "mismatched-newtype-name"]),
    (
        "invalid-overload",
        &[
            "reportInconsistentOverload",
            "reportNoOverloadImplementation",
            "no-overload-impl",
            "inconsistent-overload-decorator",
            "missing-overload-implementation",
            "misplaced-overload-decorator",
            "single-overload",
        ],
    ),
    ("invalid-overload-implementation", &["inconsistent-overload-implementation"]),
    ("invalid-param-spec", &["invalid-paramspec"]),
    ("invalid-parameter-default", &["bad-function-definition"]),
    ("invalid-parameter-order", &["invalid-legacy-positional-parameter"]),
    (
        "invalid-return-type",
        &[
            "bad-return",
            "reportReturnType",
            "return-value",
            "return",
            "empty-body",
            "invalid-explicit-return",
            "invalid-implicit-return",
            "invalid-implicit-return-in-function-with-stub-body",
            "invalid-generator-return-type",
            "unsound-return",
        ],
    ),
    ("invalid-self", &["reportSelfClsParameterName"]),
    ("invalid-slots", &["missing-slot"]),
    ("invalid-super-argument", &["invalid-super-call"]),
    ("invalid-type-alias", &["invalid-type-alias-type"]),
    ("invalid-type-arguments", &["bad-specialization", "reportInvalidTypeArguments"]),
    (
        "invalid-type-form",
        &[
            "invalid-annotation",
            "reportInvalidTypeForm",
            "valid-type",
            "not-a-type",
            "invalid-syntax-in-forward-annotation",
            "raw-string-type-annotation",
            "implicit-string-concatenation-in-annotation",
            "escape-character-in-forward-annotation",
        ],
    ),
    ("invalid-type-guard", &["narrowed-type-not-subtype", "invalid-type-guard-definition"]),
    (
        "invalid-type-variable",
        &[
            "invalid-type-var",
            "reportInvalidTypeVarUse",
            "type-var",
            "invalid-legacy-type-variable",
            "invalid-type-variable-bound",
            "mismatched-typevar-name",
        ],
    ),
    (
        "invalid-typed-dict",
        &["invalid-typed-dict-statement", "invalid-typed-dict-field", "invalid-typed-dict-header"],
    ),
    ("invalid-unpacking", &["bad-unpacking"]),
    ("invalid-yield", &["unsound-yield"]),
    ("missing-argument", &["missing-arguments", "reportCallIssue", "call-arg"]),
    ("missing-override-decorator", &["reportImplicitOverride", "explicit-override"]),
    ("missing-typed-dict-key", &["reportTypedDictNotRequiredAccess", "typeddict-item"]),
    ("no-matching-overload", &["no-overload", "call-overload"]),
    (
        "non-overlapping-comparison",
        &["reportUnnecessaryComparison", "reportUnnecessaryContains", "comparison-overlap"],
    ),
    (
        "non-subscriptable",
        &["not-subscriptable", "bad-index", "reportIndexIssue", "reportOptionalSubscript", "index"],
    ),
    ("not-iterable", &["reportOptionalIterable"]),
    ("overlapping-overload", &["reportOverlappingOverload", "overload-overlap"]),
    ("possibly-unbound-attribute", &["possibly-missing-attribute", "possibly-missing-submodule"]),
    ("possibly-unresolved-import", &["possibly-missing-import"]),
    (
        "possibly-unresolved-reference",
        &["unbound-name", "reportPossiblyUnbound", "possibly-undefined"],
    ),
    ("readonly-typed-dict-key", &["typeddict-readonly-mutated"]),
    ("redefined-definition", &["reportRedeclaration", "no-redef"]),
    ("redundant-cast", &["reportUnnecessaryCast"]),
    ("revealed-type", &["reveal-type", "reportRevealedType"]),
    ("syntax-error", &["syntax", "parse-error"]),
    ("too-many-positional-arguments", &["bad-argument-count"]),
    ("type-assertion-failure", &["reportAssertTypeFailure", "assert-type"]),
    ("undeclared-dependency", &["missing-direct-dependency"]),
    ("undefined-export", &["reportUnsupportedDunderAll", "bad-dunder-all"]),
    ("undefined-reveal", &["unimported-directive", "unimported-reveal"]),
    ("unknown-argument", &["unexpected-keyword"]),
    ("unreachable-code", &["reportUnreachable", "unreachable"]),
    ("unreachable-except", &["reportUnusedExcept"]),
    ("unreferenced-task", &["unused-awaitable"]),
    (
        "unresolved-attribute",
        &[
            "missing-attribute",
            "missing-union-attribute",
            "reportAttributeAccessIssue",
            "reportOptionalMemberAccess",
            "attr-defined",
            "union-attr",
            "reportFunctionMemberAccess",
            "missing-module-attribute",
            "missing-module-member",
        ],
    ),
    (
        "unresolved-import",
        &["missing-import", "import-error", "reportMissingImports", "import-not-found", "import"],
    ),
    (
        "unresolved-reference",
        &[
            "unknown-name",
            "reportUndefinedVariable",
            "reportUnboundVariable",
            "name-defined",
            "used-before-def",
        ],
    ),
    (
        "unsupported-operator",
        &["unsupported-operation", "reportOperatorIssue", "reportOptionalOperand", "operator"],
    ),
    ("unused-coroutine", &["reportUnusedCoroutine"]),
    ("unused-ignore", &["unused-ignore-comment", "reportUnnecessaryTypeIgnoreComment"]),
    ("unused-type-ignore", &["unused-type-ignore-comment"]),
    ("unused-value", &["reportUnusedExpression"]),
];

/// Our rule with the meaning of a rule or error code of another checker; names of our own are found too.
#[must_use]
pub fn named_elsewhere(name: &str) -> Option<&'static Rule> {
    let ours = NAMES.iter().find(|(_, names)| names.contains(&name));
    super::find(ours.map_or(name, |(ours, _)| ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counterpart_exists() {
        let mut known = std::collections::BTreeSet::new();
        for (ours, names) in NAMES {
            assert!(crate::rules::find(ours).is_some(), "{ours}");
            for name in *names {
                assert!(known.insert(*name), "{name} is there twice");
                assert!(crate::rules::find(name).is_none(), "{name} is a rule of ours");
                assert_eq!(named_elsewhere(name).map(|rule| rule.name), Some(*ours));
            }
        }
        assert!(named_elsewhere("no-such").is_none());
    }
}
