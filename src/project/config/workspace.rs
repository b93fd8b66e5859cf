//! Members of a workspace that import one another without being installed.
//!
//! uv's workspace and path sources and poetry's path dependencies say which folders a project uses.

use std::path::{Path, PathBuf};

use super::files::read_text;
use super::find::ProjectConfig;

/// The folders that `project` depends on by path, directly or through others, in order of mention.
///
/// A uv source `{ workspace = true }` names a member of the workspace around the project, whether the
/// member is part of the run or not: `members`, the projects of the run, are looked at first.
/// Files that can't be read count for nothing here: reading the configuration reports them.
#[must_use]
pub fn path_dependencies(project: &ProjectConfig, members: &[&ProjectConfig]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut queue = vec![project.root.clone()];
    while let Some(folder) = queue.pop() {
        for dependency in direct(&folder, members) {
            if dependency != project.root && !found.contains(&dependency) {
                found.push(dependency.clone());
                queue.push(dependency);
            }
        }
    }
    found
}

fn read_table(folder: &Path) -> Option<toml::Table> {
    toml::from_str(&read_text(&folder.join("pyproject.toml")).ok()??).ok()
}

fn tool<'t>(table: &'t toml::Table, name: &str) -> Option<&'t toml::Value> {
    table.get("tool")?.get(name)
}

fn direct(folder: &Path, members: &[&ProjectConfig]) -> Vec<PathBuf> {
    let Some(table) = read_table(folder) else { return Vec::new() };
    let mut folders = Vec::new();
    let workspace = Workspace::around(folder);
    let sources = tool(&table, "uv").and_then(|uv| uv.get("sources"));
    for (name, source) in sources.and_then(toml::Value::as_table).into_iter().flatten() {
        folders.extend(source_folders(name, source, folder, workspace.as_ref(), members));
    }
    // The sources of a workspace's root hold for what its members depend on.
    if let Some(workspace) = &workspace
        && workspace.root != folder
    {
        let own = dependency_names(&table);
        for (name, source) in &workspace.sources {
            if own.contains(&normal(name)) {
                let root = &workspace.root;
                folders.extend(source_folders(name, source, root, Some(workspace), members));
            }
        }
    }
    let poetry = tool(&table, "poetry");
    let groups = poetry.and_then(|poetry| poetry.get("group")).and_then(toml::Value::as_table);
    let groups = groups.into_iter().flatten().filter_map(|(_, group)| group.get("dependencies"));
    let main = poetry.and_then(|poetry| poetry.get("dependencies"));
    let old = poetry.and_then(|poetry| poetry.get("dev-dependencies"));
    for dependencies in main.into_iter().chain(old).chain(groups).filter_map(toml::Value::as_table)
    {
        folders.extend(dependencies.iter().filter_map(|(_, source)| path_of(source, folder)));
    }
    folders
}

/// Where a uv source leads; there may be alternatives for different platforms.
fn source_folders(
    name: &str,
    source: &toml::Value,
    folder: &Path,
    workspace: Option<&Workspace>,
    members: &[&ProjectConfig],
) -> Vec<PathBuf> {
    let alternatives = match source {
        toml::Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut folders = Vec::new();
    for source in alternatives {
        let in_workspace = source.get("workspace").and_then(toml::Value::as_bool).unwrap_or(false);
        if in_workspace {
            let of_run = members.iter().find(|member| is_named(member, name));
            let member = of_run.map(|member| member.root.clone());
            folders.extend(member.or_else(|| workspace?.member(name)));
        } else {
            folders.extend(path_of(source, folder));
        }
    }
    folders
}

/// A uv workspace.
struct Workspace {
    root: PathBuf,
    sources: toml::Table,
    members: globset::GlobSet,
    exclude: globset::GlobSet,
}

impl Workspace {
    /// The workspace that `folder` is in, itself included.
    fn around(folder: &Path) -> Option<Self> {
        folder.ancestors().find_map(|root| {
            let table = read_table(root)?;
            let uv = tool(&table, "uv")?;
            let workspace = uv.get("workspace")?;
            let sources = uv.get("sources").and_then(toml::Value::as_table);
            Some(Self {
                root: root.to_owned(),
                sources: sources.cloned().unwrap_or_default(),
                members: globs(workspace.get("members")),
                exclude: globs(workspace.get("exclude")),
            })
        })
    }

    /// The folder of the member with this name.
    fn member(&self, name: &str) -> Option<PathBuf> {
        let walk =
            ignore::WalkBuilder::new(&self.root).require_git(false).max_depth(Some(6)).build();
        let folders = walk.flatten().filter(|entry| entry.file_name() == "pyproject.toml");
        let mut folders: Vec<PathBuf> =
            folders.filter_map(|entry| Some(entry.path().parent()?.to_owned())).collect();
        folders.sort();
        folders.into_iter().find(|folder| {
            let relative = folder.strip_prefix(&self.root).unwrap_or(folder);
            let is_root = relative.as_os_str().is_empty();
            (is_root || (self.members.is_match(relative) && !self.exclude.is_match(relative)))
                && project_name(folder).is_some_and(|own| normal(&own) == normal(name))
        })
    }
}

/// Globs of folders as uv means them: a star does not cross a slash.
fn globs(patterns: Option<&toml::Value>) -> globset::GlobSet {
    let mut set = globset::GlobSetBuilder::new();
    for pattern in patterns.and_then(toml::Value::as_array).into_iter().flatten() {
        let Some(pattern) = pattern.as_str() else { continue };
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        if let Ok(glob) = globset::GlobBuilder::new(pattern).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

fn project_name(folder: &Path) -> Option<String> {
    let table = read_table(folder)?;
    Some(table.get("project")?.get("name")?.as_str()?.to_owned())
}

/// The names of what a project depends on, extras and groups included, in their normal form.
fn dependency_names(table: &toml::Table) -> Vec<String> {
    let project = table.get("project");
    let extras = project.and_then(|project| project.get("optional-dependencies"));
    let groups = [extras, table.get("dependency-groups")].into_iter().flatten();
    let groups = groups.filter_map(toml::Value::as_table).flatten().map(|(_, list)| list);
    let main = project.and_then(|project| project.get("dependencies"));
    let requirements = main.into_iter().chain(groups).filter_map(toml::Value::as_array).flatten();
    requirements
        .filter_map(toml::Value::as_str)
        .map(|requirement| {
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
            let end = requirement.find(|c| !is_name(c)).unwrap_or(requirement.len());
            normal(&requirement[..end])
        })
        .collect()
}

/// Project names are the same up to case and `-`, `_` and `.`.
fn normal(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

fn is_named(member: &ProjectConfig, name: &str) -> bool {
    member.name.as_deref().is_some_and(|own| normal(own) == normal(name))
}

fn path_of(source: &toml::Value, folder: &Path) -> Option<PathBuf> {
    let path = folder.join(source.get("path")?.as_str()?);
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal.is_dir().then_some(normal)
}

#[cfg(test)]
mod tests {
    use super::super::find::ConfigFinder;
    use super::*;

    #[test]
    fn sources_lead_to_folders() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, text: &str| -> std::io::Result<()> {
            std::fs::create_dir_all(folder.path().join(name))?;
            std::fs::write(folder.path().join(name).join("pyproject.toml"), text)
        };
        write(
            "app",
            "[project]\nname = \"app\"\n[tool.uv.sources]\nmy_lib = { workspace = true }\n",
        )?;
        write(
            "lib",
            "[project]\nname = \"my-lib\"\n[tool.poetry.dependencies]\nbase = { path = \"../base\" }\n",
        )?;
        write("base", "[project]\nname = \"base\"\n")?;
        let mut finder = ConfigFinder::new(&[]);
        let projects = finder.nested(folder.path())?;
        let members: Vec<&ProjectConfig> = projects.iter().collect();
        let found = path_dependencies(&projects[0], &members);
        assert_eq!(found, [folder.path().join("lib"), folder.path().join("base")]);
        let alone: Vec<&ProjectConfig> = projects.iter().take(1).collect();
        assert!(path_dependencies(&projects[0], &alone).is_empty(), "there is no workspace");
        std::fs::write(
            folder.path().join("pyproject.toml"),
            "[tool.uv.workspace]\nmembers = [\"a*\", \"l*\"]\n",
        )?;
        assert_eq!(path_dependencies(&projects[0], &alone), found);
        Ok(())
    }
}
