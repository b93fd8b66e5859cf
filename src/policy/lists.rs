//! Lists and thresholds that are nothing but policy.

/// Methods and variables that a subclass may change as it likes: what makes objects is called on the class that one
/// means, and the others say something about their own class alone.
pub const FREE: [&str; 8] = [
    "__init__",
    "__new__",
    "__init_subclass__",
    "__post_init__",
    "__slots__",
    "__match_args__",
    "__class_getitem__",
    "__hash__",
];

/// Modules whose classes compare by what they are: an `__eq__` of another one may say anything.
pub const PLAIN_EQUALITY: [&str; 3] = ["builtins", "enum", "types"];

/// Modules whose containers give back what was put into them.
pub const GIVES_BACK: [&str; 4] = ["builtins", "collections", "typing", "_collections_abc"];

/// With fewer kinds of results than these, a caller of a function that calls itself can tell them apart.
pub const SEVERAL_RESULTS: usize = 3;

/// A function that gives this many kinds chooses among them by what its callers give. With two, others report as many true
/// lines as false ones.
pub const MANY_RESULTS: usize = 3;

/// A display with more items is a table and no record; each read looks it through.
pub const MOST_ITEMS: usize = 200;

/// A name that is assigned more often is no record.
pub const MOST_DISPLAYS: usize = 4;
