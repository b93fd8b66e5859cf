//! Tests of import resolution over small trees on disk.
//!
//! Each names the rule of the typing specification, or of Python's import system, that it holds.

use std::fs;

use super::*;
use crate::project::Platform;

struct Tree(tempfile::TempDir);

impl Tree {
    /// Files below `root/` (the project) and `site/` (installed packages).
    fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["root", "site"] {
            fs::create_dir_all(folder.path().join(name)).expect("folders");
        }
        let tree = Self(folder);
        for file in files {
            tree.write(file, "");
        }
        tree
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    fn settings(&self) -> Settings {
        let mut settings = Settings::new(&self.0.path().join("root"));
        settings.platform = Platform::Linux;
        settings
    }

    fn resolver(&self) -> Resolver {
        let environment = Environment {
            site_packages: vec![self.0.path().join("site")],
            ..Environment::default()
        };
        Resolver::new(&self.settings(), &environment)
    }

    /// Where `name` is, relative to the tree.
    fn find(&self, name: &str) -> String {
        self.show(&self.resolver().resolve(name))
    }

    fn show(&self, result: &Result<Resolved, Unresolved>) -> String {
        let relative =
            |path: &PathBuf| path.strip_prefix(self.0.path()).expect("below").display().to_string();
        match result {
            Ok(resolved) => match &resolved.file {
                FilePath::Disk(path) => relative(path),
                FilePath::Vendored(path) => (*path).to_owned(),
                FilePath::Namespace(folders) => {
                    let folders: Vec<_> = folders.iter().map(relative).collect();
                    format!("[{}]", folders.join(" "))
                }
            },
            Err(unresolved) => format!("! {}", unresolved.reason),
        }
    }
}

#[test]
fn stages_come_in_order() {
    let tree = Tree::new(&[
        "root/typings/a.pyi",
        "root/a.py",
        "site/a.py",
        "root/b.py",
        "site/b.py",
        "site/c.py",
        "site/json/__init__.py",
        "root/calendar.py",
    ]);
    assert_eq!(tree.find("a"), "root/typings/a.pyi");
    assert_eq!(tree.find("b"), "root/b.py");
    assert_eq!(tree.find("c"), "site/c.py");
    assert_eq!(tree.find("json"), "stdlib/json/__init__.pyi");
    assert_eq!(tree.find("calendar"), "root/calendar.py");
    let resolver = tree.resolver();
    assert_eq!(tree.show(&resolver.resolve_stdlib("calendar")), "stdlib/calendar.pyi");
    let importer = FilePath::Vendored("stdlib/email/utils.pyi");
    assert_eq!(tree.show(&resolver.importer(&importer).resolve("calendar")), "stdlib/calendar.pyi");
}

#[test]
fn within_a_place_packages_then_modules_then_namespaces_and_stubs_first() {
    let tree = Tree::new(&[
        "root/a/__init__.py",
        "root/a.pyi",
        "root/b.py",
        "root/b.pyi",
        "root/c.py",
        "root/c/x.py",
        "root/d/__init__.py",
        "root/d/__init__.pyi",
    ]);
    assert_eq!(tree.find("a"), "root/a/__init__.py");
    assert_eq!(tree.find("b"), "root/b.pyi");
    assert_eq!(tree.find("c"), "root/c.py");
    assert_eq!(tree.find("d"), "root/d/__init__.pyi");
    assert_eq!(tree.find("c.x"), "! `c` is a module in one file, not a package");
}

#[test]
fn namespaces_span_roots_until_a_package_ends_them() {
    let tree = Tree::new(&[
        "root/n/a.py",
        "root/src/n/b.py",
        "site/n/c/__init__.py",
        "root/m/a.py",
        "site/m/__init__.py",
        "site/m/b.py",
        "root/data/x.txt",
    ]);
    assert_eq!(tree.find("n"), "[root/n root/src/n site/n]");
    assert_eq!(tree.find("n.b"), "root/src/n/b.py");
    assert_eq!(tree.find("n.c"), "site/n/c/__init__.py");
    assert_eq!(tree.find("m"), "site/m/__init__.py");
    assert_eq!(tree.find("m.a"), "! no module of that name was found");
    assert_eq!(tree.find("data"), "! no module of that name was found");
}

#[test]
fn stub_packages_replace_what_they_are_for_unless_partial() {
    let tree = Tree::new(&[
        "site/p/__init__.py",
        "site/p/a.py",
        "site/p/b.py",
        "site/p-stubs/__init__.pyi",
        "site/p-stubs/a.pyi",
        "site/q/__init__.py",
        "site/q/a.py",
        "site/q/b.py",
        "site/q-stubs/__init__.pyi",
        "site/q-stubs/a.pyi",
    ]);
    tree.write("site/q-stubs/py.typed", "partial\n");
    assert_eq!(tree.find("p"), "site/p-stubs/__init__.pyi");
    assert_eq!(tree.find("p.a"), "site/p-stubs/a.pyi");
    assert_eq!(tree.find("p.b"), "! no module of that name was found");
    assert_eq!(tree.find("q"), "site/q-stubs/__init__.pyi");
    assert_eq!(tree.find("q.a"), "site/q-stubs/a.pyi");
    assert_eq!(tree.find("q.b"), "site/q/b.py");
}

#[test]
fn stub_namespaces_leave_room() {
    let tree = Tree::new(&[
        "site/s-stubs/poly/penta/__init__.pyi",
        "site/s/poly/penta/__init__.py",
        "site/s/poly/hexa/__init__.py",
        "site/t-stubs/a.pyi",
        "site/t/__init__.py",
        "site/t/b.py",
    ]);
    assert_eq!(tree.find("s.poly.penta"), "site/s-stubs/poly/penta/__init__.pyi");
    assert_eq!(tree.find("s.poly.hexa"), "site/s/poly/hexa/__init__.py");
    assert_eq!(tree.find("t"), "site/t/__init__.py");
    assert_eq!(tree.find("t.a"), "site/t-stubs/a.pyi");
    assert_eq!(tree.find("t.b"), "site/t/b.py");
}

#[test]
fn versions_and_reasons() {
    let tree = Tree::new(&["site/fast.cpython-311-x86_64-linux-gnu.so"]);
    let mut settings = tree.settings();
    settings.python_version = PythonVersion::PY310;
    let environment =
        Environment { site_packages: vec![tree.0.path().join("site")], ..Environment::default() };
    let resolver = Resolver::new(&settings, &environment);
    let reason = |name: &str| resolver.resolve(name).map_err(|error| error.reason.to_string());
    let expected =
        "it is in the standard library since Python 3.11, and Python 3.10 is checked for";
    assert_eq!(reason("tomllib"), Err(expected.to_owned()));
    assert!(reason("distutils.core").is_ok());
    assert_eq!(reason("no.such.thing"), Err("`no` was not found".to_owned()));
    assert!(reason("fast").is_err_and(|reason| reason.contains("compiled module")));
    for name in ["", ".", "a..b", "../x"] {
        assert!(resolver.resolve(name).is_err(), "{name}");
    }
    let searched = resolver.resolve("absent").map_err(|error| error.searched.join("; "));
    let from_here =
        Resolver::new(&tree.settings(), &Environment::default()).shown_from(tree.0.path());
    let shown = from_here.resolve("absent").map_err(|error| error.searched.join("; "));
    let here = tree.0.path().display().to_string();
    assert!(shown.is_err_and(|text| text.contains(" (first-party code)") && !text.contains(&here)));
    assert!(searched.is_err_and(|text| text.contains("first-party") && text.contains("typeshed")));
}

#[test]
fn origins() {
    let tree = Tree::new(&[
        "root/a.py",
        "site/b/__init__.py",
        "site/c/__init__.py",
        "site/c/py.typed",
        "site/c/d.py",
        "root/types.py",
    ]);
    let resolver = tree.resolver();
    let origin = |name: &str| resolver.resolve(name).map(|resolved| resolved.origin).ok();
    assert_eq!(origin("a"), Some(Origin::FirstParty));
    assert_eq!(origin("os.path"), Some(Origin::Stdlib));
    assert_eq!(origin("types"), Some(Origin::Stdlib));
    assert_eq!(origin("b"), Some(Origin::ThirdParty { py_typed: false }));
    assert_eq!(origin("c.d"), Some(Origin::ThirdParty { py_typed: true }));
}

#[test]
fn editable_mappings() {
    let tree =
        Tree::new(&["code/e/__init__.py", "code/e/x.py", "code/one.py", "code/deep/__init__.py"]);
    let mut environment = Environment::default();
    for (name, path) in [("e", "code/e"), ("one", "code/one.py"), ("ns.deep", "code/deep")] {
        environment.editable_modules.insert(name.into(), tree.0.path().join(path));
    }
    let resolver = Resolver::new(&tree.settings(), &environment);
    let find = |name: &str| tree.show(&resolver.resolve(name));
    assert_eq!(find("e.x"), "code/e/x.py");
    assert_eq!(find("one"), "code/one.py");
    assert_eq!(find("ns"), "[]");
    assert_eq!(find("ns.deep"), "code/deep/__init__.py");
}

#[test]
fn packages_in_folders_with_other_names() {
    let tree = Tree::new(&["root/code/__init__.py", "root/code/x.py", "root/main.py"]);
    let mut settings = tree.settings();
    settings.package_folders.insert("tool".into(), tree.0.path().join("root/code"));
    let resolver = Resolver::new(&settings, &Environment::default());
    assert_eq!(tree.show(&resolver.resolve("tool.x")), "root/code/x.py");
    let name = |path: &str| resolver.module_name_of(&tree.0.path().join(path));
    assert_eq!(name("root/code/x.py").as_deref(), Some("tool.x"));
    assert_eq!(name("root/code/__init__.py").as_deref(), Some("tool"));
    assert_eq!(name("root/main.py").as_deref(), Some("main"));
}

#[test]
fn scripts_see_their_own_folder_last() {
    let tree = Tree::new(&["root/tools/run.py", "root/tools/helper.py", "root/tools/json.py"]);
    let resolver = tree.resolver();
    let script = FilePath::Disk(tree.0.path().join("root/tools/run.py"));
    assert!(resolver.resolve("helper").is_err());
    assert_eq!(tree.show(&resolver.importer(&script).resolve("helper")), "root/tools/helper.py");
    assert_eq!(tree.show(&resolver.importer(&script).resolve("json")), "stdlib/json/__init__.pyi");
}

#[test]
fn files_are_named_after_the_innermost_root() {
    let tree = Tree::new(&["root/src/a/b.py"]);
    let resolver = tree.resolver();
    let name = |path: &str| resolver.module_name_of(&tree.0.path().join(path)).unwrap_or_default();
    assert_eq!(name("root/src/a/b.py"), "a.b");
    assert_eq!(name("root/src/a/__init__.py"), "a");
    assert_eq!(name("root/tests/test_a.py"), "tests.test_a");
    assert_eq!(name("root/__init__.py"), "__init__");
    assert_eq!(name("root/do-it.now.py"), "do-it%2Enow");
    assert_eq!(name("root/note.ipynb"), "note%2Eipynb");
    assert_eq!(name("elsewhere/x.py"), "x");
    assert_eq!(resolver.module_name_of(Path::new("/")), None);
}

#[test]
fn resolvers_are_shared_and_bounded() {
    fn shared<T: Send + Sync>(_: &T) {}
    let tree = Tree::new(&["root/a.py"]);
    let resolver = tree.resolver();
    shared(&resolver);
    assert!(NEVER_SHADOWED.is_sorted());
    assert!(resolver.resolve(&"a.".repeat(100_000)).is_err());
}
