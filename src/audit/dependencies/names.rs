//! Which modules a distribution has: known names, what is installed, and what its name suggests.

use std::collections::BTreeMap;

/// Distributions whose modules are called otherwise, a line each: `distribution module…`.
const KNOWN: &str = include_str!("distributions.txt");

/// Distributions that are used without being imported: something else loads them when they are there.
const LOADED: &[&str] = &[
    "aiosqlite",
    "asyncpg",
    "certifi",
    "cryptography",
    "email-validator",
    "gevent",
    "greenlet",
    "gunicorn",
    "hiredis",
    "httptools",
    "hypercorn",
    "importlib-metadata",
    "lxml",
    "mysqlclient",
    "numexpr",
    "openpyxl",
    "pip",
    "psycopg",
    "psycopg2",
    "psycopg2-binary",
    "pyarrow",
    "pymysql",
    "python-multipart",
    "setuptools",
    "tzdata",
    "urllib3",
    "uvicorn",
    "uvloop",
    "watchfiles",
    "websockets",
    "wheel",
    "xlsxwriter",
    "zstandard",
    "typing-extensions",
    "brotli",
    "pysocks",
    "rfc3339-validator",
    "rfc3986-validator",
    "fqdn",
    "idna",
    "isoduration",
    "jsonpointer",
    "uri-template",
    "webcolors",
    "pyopenssl",
    "tzlocal",
    "whitenoise",
    "colorama",
];

/// See the module's documentation.
pub struct Names<'n> {
    known: BTreeMap<&'static str, Vec<&'static str>>,
    /// From the environment, and from the configuration.
    told: &'n BTreeMap<String, Vec<String>>,
}

impl<'n> Names<'n> {
    /// The built-in names with those that the environment or the user tell.
    #[must_use]
    pub fn new(told: &'n BTreeMap<String, Vec<String>>) -> Self {
        let known = KNOWN
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut words = line.split_whitespace();
                Some((words.next()?, words.collect()))
            })
            .collect();
        Self { known, told }
    }

    /// Whether it is known for sure which modules a distribution has.
    #[must_use]
    pub fn is_known(&self, distribution: &str) -> bool {
        self.told.contains_key(distribution) || self.known.contains_key(distribution)
    }

    /// The modules that a distribution has, or may have.
    #[must_use]
    pub fn modules(&self, distribution: &str) -> Vec<String> {
        if let Some(told) = self.told.get(distribution) {
            return told.clone();
        }
        if let Some(known) = self.known.get(distribution) {
            return known.iter().map(|&name| name.to_owned()).collect();
        }
        let mut names = vec![distribution.replace('-', "_"), distribution.replace('-', ".")];
        for start in ["python-", "python3-", "py-", "django-", "types-"] {
            if let Some(rest) = distribution.strip_prefix(start) {
                let name = rest.replace('-', "_");
                names.push(name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
                names.push(name);
            }
        }
        for end in
            ["-python", "-py", "-python3", "-client", "-sdk", "-binary", "-stubs", "-headless"]
        {
            if let Some(rest) = distribution.strip_suffix(end) {
                names.push(rest.replace('-', "_"));
            }
        }
        if let Some(rest) = distribution.strip_prefix("py").filter(|rest| rest.len() > 2) {
            names.push(rest.trim_start_matches('-').replace('-', "_"));
        }
        names
    }

    /// A distribution that has `module` for sure.
    #[must_use]
    pub fn owner(&self, module: &str) -> Option<String> {
        let fits = |name: &str| is_of(module, name);
        let told = self.told.iter().find(|(_, modules)| modules.iter().any(|name| fits(name)));
        if let Some((distribution, _)) = told {
            return Some(distribution.clone());
        }
        let known = self.known.iter().find(|(_, modules)| modules.iter().any(|name| fits(name)));
        known.map(|(distribution, _)| (*distribution).to_owned())
    }
}

/// Whether a module is `name` or below it.
#[must_use]
pub fn is_of(module: &str, name: &str) -> bool {
    module.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether something else may load a distribution when it is there.
#[must_use]
pub fn is_loaded(distribution: &str) -> bool {
    LOADED.contains(&distribution)
        || [
            "pytest-",
            "flake8-",
            "sphinx-",
            "sphinxcontrib-",
            "mkdocs-",
            "opentelemetry-",
            "backports-",
        ]
        .iter()
        .any(|start| distribution.starts_with(start))
        || distribution.ends_with("-plugin")
}

/// The distribution that a stub package is for.
#[must_use]
pub fn stubbed(distribution: &str) -> Option<&str> {
    distribution
        .strip_prefix("types-")
        .or_else(|| distribution.strip_suffix("-stubs"))
        .or_else(|| distribution.strip_suffix("-types"))
}
