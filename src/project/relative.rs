//! Relative imports: from the importing module's name and the number of dots to an absolute name.
//!
//! This is arithmetic on names; whether the module exists is the resolver's business.

/// The absolute name that `from <level dots><name> import …` in `from_module` means.
///
/// `is_package` says that `from_module` is a package's `__init__`, for which one dot is the package itself.
/// `None` when the dots lead above the top-level package, or when there is nothing to import from.
#[must_use]
pub fn resolve_relative(
    from_module: &str,
    is_package: bool,
    level: u32,
    name: Option<&str>,
) -> Option<String> {
    let name = name.filter(|name| !name.is_empty());
    if level == 0 {
        return name.map(str::to_owned);
    }
    let up = if is_package { level - 1 } else { level };
    let mut base = from_module;
    for _ in 0..up {
        base = base.rsplit_once('.').map_or("", |(parent, _)| parent);
        if base.is_empty() {
            return None;
        }
    }
    Some(match name {
        Some(name) => format!("{base}.{name}"),
        None => base.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::resolve_relative;

    fn check(from: &str, package: bool, level: u32, name: Option<&str>, expected: Option<&str>) {
        assert_eq!(resolve_relative(from, package, level, name).as_deref(), expected);
    }

    #[test]
    fn dots_count_from_the_package() {
        check("a.b.c", false, 1, Some("d"), Some("a.b.d"));
        check("a.b.c", false, 2, Some("d.e"), Some("a.d.e"));
        check("a.b.c", false, 1, None, Some("a.b"));
        check("a.b", true, 1, Some("d"), Some("a.b.d"));
        check("a.b", true, 1, None, Some("a.b"));
        check("a.b", true, 2, None, Some("a"));
        check("a", false, 0, Some("os.path"), Some("os.path"));
    }

    #[test]
    fn too_many_dots_lead_nowhere() {
        check("a", false, 1, Some("b"), None);
        check("a.b", false, 2, Some("c"), None);
        check("a", true, 2, Some("b"), None);
        check("a", true, u32::MAX, Some("b"), None);
        check("a", false, 0, None, None);
    }
}
