//! What documents for machines say of a run besides its findings: the settings of each project.

use super::check::Findings;
use super::engine::shown_path;
use super::high::HiArgs;
use crate::report::ProjectInfo;

/// One entry a project and cell, in order.
#[must_use]
pub fn projects(high: &HiArgs, found: &Findings) -> Vec<ProjectInfo> {
    let mut checked = found.environments.iter();
    let mut infos = Vec::new();
    for project in &high.projects {
        let configuration =
            project.config_file.as_deref().map(|file| shown_path(&high.working_directory, file));
        for cell in checked.by_ref().take(project.cells.len()) {
            infos.push(ProjectInfo {
                root: cell.root.clone(),
                configuration: configuration.clone(),
                python_version: cell.python.clone(),
                python_version_from: cell.python_origin.clone(),
                python_platform: cell.platform.clone(),
                environment: cell.environment.clone(),
                // What can't be written as JSON is left out: nothing in the options is of that kind.
                settings: serde_json::to_value(&project.options).unwrap_or_default(),
            });
        }
    }
    infos
}
