//! The names that other checkers have for what our rules report.
//!
//! Migration, `explain` and the hints for unknown rules all ask this one table.

use super::Rule;

/// Our rule with the meaning of a rule or error code of another checker; names of our own are found too.
#[must_use]
pub fn named_elsewhere(name: &str) -> Option<&'static Rule> {
    let same = match name {
        "possibly-missing-attribute" => "possibly-unbound-attribute",
        "possibly-missing-import" => "possibly-unresolved-import",
        "not-subscriptable" => "non-subscriptable",
        "unused-ignore-comment" => "unused-ignore",
        "unused-type-ignore-comment" => "unused-type-ignore",
        "ignore-comment-unknown-rule" | "invalid-ignore-comment" => "invalid-ignore",
        "missing-import"
        | "import-error"
        | "reportMissingImports"
        | "import-not-found"
        | "import" => "unresolved-import",
        "missing-attribute"
        | "reportAttributeAccessIssue"
        | "reportOptionalMemberAccess"
        | "attr-defined"
        | "union-attr" => "unresolved-attribute",
        "unknown-name" | "reportUndefinedVariable" | "name-defined" => "unresolved-reference",
        "unbound-name" | "reportPossiblyUnbound" | "possibly-undefined" => {
            "possibly-unresolved-reference"
        }
        "bad-argument-type" | "reportArgumentType" | "arg-type" => "invalid-argument-type",
        "bad-assignment" | "reportAssignmentType" | "assignment" => "invalid-assignment",
        "bad-return" | "reportReturnType" | "return-value" | "return" => "invalid-return-type",
        "bad-override" | "reportIncompatibleMethodOverride" | "override" => {
            "invalid-method-override"
        }
        "reportIncompatibleVariableOverride" => "invalid-attribute-override",
        "missing-arguments" | "reportCallIssue" | "call-arg" => "missing-argument",
        "bad-argument-count" => "too-many-positional-arguments",
        "unexpected-keyword" => "unknown-argument",
        "not-callable" | "reportOptionalCall" => "call-non-callable",
        "no-overload" | "reportNoOverloadImplementation" | "call-overload" => {
            "no-matching-overload"
        }
        "unsupported-operation" | "reportOperatorIssue" | "reportOptionalOperand" | "operator" => {
            "unsupported-operator"
        }
        "reportOptionalIterable" => "not-iterable",
        "reportSelfClsParameterName" => "invalid-self",
        "reportUnusedExpression" => "unused-value",
        "reportAssertTypeFailure" | "assert-type" => "type-assertion-failure",
        "typeddict-unknown-key" => "invalid-key",
        "syntax" | "parse-error" => "syntax-error",
        "reportIndexIssue" | "reportOptionalSubscript" | "index" => "non-subscriptable",
        "reportAbstractUsage" | "abstract" => "abstract-instantiation",
        "reportInvalidTypeForm" | "valid-type" | "not-a-type" => "invalid-type-form",
        "reportUnusedCoroutine" | "unused-coroutine" => "unused-coroutine",
        "reportUnusedExcept" => "unreachable-except",
        "reportUnnecessaryComparison" | "reportUnnecessaryContains" | "comparison-overlap" => {
            "non-overlapping-comparison"
        }
        "reportUnsupportedDunderAll" | "bad-dunder-all" => "undefined-export",
        "truthy-function" => "always-true-condition",
        "unused-awaitable" => "unreferenced-task",
        "str-format" => "invalid-format-argument",
        "str-bytes-safe" => "bytes-in-text",
        "reportDeprecated" | "deprecated" => "deprecated",
        "reportInconsistentOverload" => "invalid-overload",
        "reportOverlappingOverload" | "overload-overlap" => "overlapping-overload",
        "reportUnnecessaryCast" | "redundant-cast" => "redundant-cast",
        "reportUnnecessaryTypeIgnoreComment" | "unused-ignore" => "unused-ignore",
        "reportRedeclaration" | "no-redef" => "redefined-definition",
        "reportImplicitOverride" | "explicit-override" => "missing-override-decorator",
        "reportTypedDictNotRequiredAccess" | "typeddict-item" => "missing-typed-dict-key",
        "reportInvalidTypeVarUse" | "type-var" => "invalid-type-variable",
        "ignore-without-code" | "reportBlanketIgnore" => "blanket-ignore",
        other => other,
    };
    super::find(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counterpart_exists() {
        for name in ["arg-type", "reportDeprecated", "bad-return", "possibly-missing-attribute"] {
            assert!(named_elsewhere(name).is_some(), "{name}");
        }
        assert!(named_elsewhere("no-such").is_none());
    }
}
