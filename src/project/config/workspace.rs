//! Members of a workspace that import one another without being installed.
//!
//! uv's workspace and path sources and poetry's path dependencies say which folders a project uses.

use std::path::{Path, PathBuf};

use super::files::read_text;
use super::find::ProjectConfig;

/// The folders that `project` depends on by path, directly or through others, in order of mention.
///
/// `members` are the projects of the run; a uv source `{ workspace = true }` names one of them.
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

fn direct(folder: &Path, members: &[&ProjectConfig]) -> Vec<PathBuf> {
    let Ok(Some(text)) = read_text(&folder.join("pyproject.toml")) else { return Vec::new() };
    let Ok(table) = toml::from_str::<toml::Table>(&text) else { return Vec::new() };
    let mut folders = Vec::new();
    let tool = |name: &str| table.get("tool").and_then(|tool| tool.get(name));
    let sources = tool("uv").and_then(|uv| uv.get("sources")).and_then(toml::Value::as_table);
    for (name, source) in sources.into_iter().flatten() {
        let alternatives = match source {
            toml::Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for source in alternatives {
            let in_workspace =
                source.get("workspace").and_then(toml::Value::as_bool).unwrap_or(false);
            if in_workspace {
                let member = members.iter().find(|member| is_named(member, name));
                folders.extend(member.map(|member| member.root.clone()));
            } else {
                folders.extend(path_of(source, folder));
            }
        }
    }
    let poetry = tool("poetry");
    let groups = poetry.and_then(|poetry| poetry.get("group")).and_then(toml::Value::as_table);
    let groups = groups.into_iter().flatten().filter_map(|(_, group)| group.get("dependencies"));
    let main = poetry.and_then(|poetry| poetry.get("dependencies"));
    for dependencies in main.into_iter().chain(groups).filter_map(toml::Value::as_table) {
        folders.extend(dependencies.iter().filter_map(|(_, source)| path_of(source, folder)));
    }
    folders
}

/// Project names are the same up to case and runs of `-`, `_` and `.`.
fn is_named(member: &ProjectConfig, name: &str) -> bool {
    let normal = |name: &str| name.to_lowercase().replace(['_', '.'], "-");
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
        Ok(())
    }
}
