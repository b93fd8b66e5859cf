//! Inference: what definitions, functions, classes and expressions are; findings on the way.
//!
//! Each `compute_*` function answers one question of [`crate::types::Host`] from scratch; the host
//! remembers the answers. Each `check_*` function walks a scope and reports what is wrong in it.

mod alias;
mod alias_check;
mod annotation;
mod assign;
pub mod because;
mod call;
mod check;
mod circular;
mod class;
mod constrained;
mod definition;
mod deprecated;
mod elsewhere;
mod exports;
mod expr;
pub mod facts;
mod fixpoint;
mod flow;
mod format;
mod function;
mod function_check;
mod generator;
mod import;
mod library;
mod module;
mod narrow;
mod operands;
mod overload_check;
mod recursive;
mod region;
mod sentinel;
mod special_check;
mod stmt;
mod type_param_check;
mod type_var;
mod typed_dict;
mod unpack;
mod variable_check;

pub use alias::compute_alias;
pub use check::{check_function, check_module, functions_to_check};
pub use class::{
    class_member_names, compute_class, compute_class_member, compute_fields, compute_looped,
    compute_type_params, compute_variance, empty_class, has_made, looped_attributes, may_be_made,
};
pub use definition::compute_definition;
pub use expr::compute_seen_within;
pub use flow::compute_milestone;
pub use function::{compute_function, compute_return, compute_return_of_given};
pub use module::{
    compute_module_member, compute_star_sources, is_in_star_ring, module_member_names,
};
pub use region::Report;
pub use type_var::compute_type_var;
