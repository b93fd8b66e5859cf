//! The rules: one file a diagnostic, holding its name, default level, message and documentation.
//!
//! [`ALL`] is the one table that everything else (levels, `explain`, rule pages, SARIF) is made from.

mod finding;
mod foreign;
mod levels;
mod words;

pub use finding::{Diagnostic, Finding, LineColumn, Location, Related};
pub use foreign::named_elsewhere;
pub use levels::{FileLevels, RuleLevels};
pub use words::{either, names, nearest};

/// How loud a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Ignore,
    /// Shown, but does not by itself make the exit code 1. Used by `reveal_type`.
    Info,
    Warn,
    Error,
}

impl Level {
    /// The word for the level in configuration and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Ignore => "ignore",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        }
    }

    /// The level that a user may set a rule to by `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Level> {
        match name {
            "ignore" => Some(Level::Ignore),
            "info" => Some(Level::Info),
            "warn" => Some(Level::Warn),
            "error" => Some(Level::Error),
            _ => None,
        }
    }
}

/// A rule's fixed part. Two rules are the same when their names are.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name, as in `error[unresolved-import]`.
    pub name: &'static str,
    pub default_level: Level,
    /// One line, no full stop.
    pub summary: &'static str,
    /// Markdown: what it does, why it is bad, an example, why this default level.
    pub documentation: &'static str,
}

/// Declares the rule files below this folder and the table of them, in order of name.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(pub mod $module;)*
        /// Every rule, sorted by name.
        pub static ALL: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    abstract_instantiation,
    always_true_condition,
    api_change,
    blanket_ignore,
    bytes_in_text,
    call_abstract_method,
    call_non_callable,
    conflicting_declarations,
    conflicting_metaclass,
    constant_parameter,
    cyclic_class_definition,
    cyclic_type_alias,
    dataclass_field_order,
    dead_attribute,
    dead_code,
    dead_exception,
    dead_fixture,
    dead_parameter,
    dead_variable,
    deprecated,
    division_by_zero,
    duplicate_base,
    duplicate_condition,
    duplicate_key,
    file_skipped,
    final_reassignment,
    final_without_value,
    frozen_assignment,
    import_contract,
    import_cycle,
    inconsistent_mro,
    index_out_of_bounds,
    ineffective_abstract_method,
    instance_layout_conflict,
    internal_error,
    invalid_annotated,
    invalid_argument_type,
    invalid_assignment,
    invalid_attribute_access,
    invalid_attribute_override,
    invalid_await,
    invalid_base,
    invalid_class_var,
    invalid_context_manager,
    invalid_dataclass,
    invalid_enum,
    invalid_exception_caught,
    invalid_explicit_override,
    invalid_final,
    invalid_format_argument,
    invalid_format_string,
    invalid_generic_class,
    invalid_ignore,
    invalid_key,
    invalid_literal,
    invalid_match_pattern,
    invalid_metaclass,
    invalid_method_override,
    invalid_named_tuple,
    invalid_newtype,
    invalid_overload,
    invalid_overload_implementation,
    invalid_param_spec,
    invalid_parameter_default,
    invalid_parameter_order,
    invalid_property,
    invalid_protocol,
    invalid_raise,
    invalid_return_type,
    invalid_self,
    invalid_slots,
    invalid_super_argument,
    invalid_syntax_for_version,
    invalid_type_alias,
    invalid_type_arguments,
    invalid_type_form,
    invalid_type_guard,
    invalid_type_variable,
    invalid_type_variable_constraints,
    invalid_type_variable_default,
    invalid_typed_dict,
    invalid_unpacking,
    invalid_variance,
    invalid_yield,
    isinstance_against_protocol,
    low_coverage,
    misplaced_dependency,
    missing_argument,
    missing_override_decorator,
    missing_typed_dict_key,
    no_matching_overload,
    non_overlapping_comparison,
    non_subscriptable,
    not_iterable,
    overlapping_overload,
    override_of_final_method,
    override_of_final_variable,
    parameter_already_assigned,
    positional_only_parameter_as_kwarg,
    possibly_unbound_attribute,
    possibly_unresolved_import,
    possibly_unresolved_reference,
    protocol_instantiation,
    readonly_typed_dict_key,
    redefined_definition,
    redundant_cast,
    revealed_type,
    source_encoding,
    stale_exception,
    subclass_of_final_class,
    syntax_error,
    too_many_positional_arguments,
    type_assertion_failure,
    uncalled_in_text,
    undeclared_dependency,
    undefined_export,
    undefined_reveal,
    unknown_argument,
    unreachable_code,
    unreachable_except,
    unreferenced_task,
    unresolved_attribute,
    unresolved_global,
    unresolved_import,
    unresolved_reference,
    unsupported_bool_conversion,
    unsupported_operator,
    unused_coroutine,
    unused_dependency,
    unused_format_argument,
    unused_ignore,
    unused_type_ignore,
    unused_value,
    used_only_by_tests,
    used_only_for_typing,
    zero_stepsize_in_slice,
}

/// The rules that an audit reports, and a check never does.
pub static OF_AUDITS: &[&Rule] = &[
    &api_change::RULE,
    &constant_parameter::RULE,
    &dead_attribute::RULE,
    &dead_code::RULE,
    &dead_exception::RULE,
    &dead_fixture::RULE,
    &dead_parameter::RULE,
    &dead_variable::RULE,
    &import_contract::RULE,
    &import_cycle::RULE,
    &low_coverage::RULE,
    &misplaced_dependency::RULE,
    &stale_exception::RULE,
    &undeclared_dependency::RULE,
    &unreachable_code::RULE,
    &unused_dependency::RULE,
    &used_only_by_tests::RULE,
    &used_only_for_typing::RULE,
];

/// The rule called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_names_are_unique() {
        assert!(ALL.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn every_rule_is_documented() {
        for rule in ALL {
            let headings = [
                "## What it does\n",
                "## Why is this bad?\n",
                "## Example\n",
                "## Why this level?\n",
            ];
            let mut rest = rule.documentation;
            for heading in headings {
                let Some((_, after)) = rest.split_once(heading) else {
                    panic!("{} lacks {heading}", rule.name);
                };
                assert!(
                    after.lines().next().is_some_and(|line| !line.trim().is_empty()),
                    "{}",
                    rule.name
                );
                rest = after;
            }
            assert!(!rule.summary.is_empty() && !rule.summary.ends_with('.'), "{}", rule.name);
            let shown = rule.documentation.contains(&format!("[{}]", rule.name));
            let exempt = ["revealed-type", "internal-error", "file-skipped"].contains(&rule.name);
            assert!(shown || exempt, "the example of {} does not show it", rule.name);
        }
    }

    #[test]
    fn rules_are_found_by_name() {
        assert!(find("unresolved-import").is_some());
        assert!(find("no-such-rule").is_none());
    }
}
