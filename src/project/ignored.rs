//! Whether `.gitignore` and `.ignore` files name a path, for paths that no walk comes by.
//!
//! As in git, the file nearest to a path decides, and what lies in an ignored folder is ignored.

use std::path::Path;

use ignore::gitignore::Gitignore;

/// The top of the repository that `path` is in.
pub(super) fn top(path: &Path) -> Option<&Path> {
    path.ancestors().find(|folder| folder.join(".git").exists())
}

/// Whether `path` or a folder around it, up to the top of its repository, is named by an ignore file.
pub(super) fn names(path: &Path, is_folder: bool) -> bool {
    let top = top(path);
    let mut around: Vec<&Path> = path
        .ancestors()
        .take_while(|folder| top.is_none_or(|top| *folder != top))
        .filter(|folder| folder.parent().is_some())
        .collect();
    around.reverse();
    around.into_iter().any(|part| {
        let is_folder = is_folder || part != path;
        let decided = part
            .ancestors()
            .skip(1)
            .take_while(|folder| top.is_none_or(|top| folder.starts_with(top)));
        decided
            .flat_map(|folder| [folder.join(".ignore"), folder.join(".gitignore")])
            .filter(|file| file.is_file())
            .find_map(|file| {
                let (rules, _) = Gitignore::new(&file);
                let matched = rules.matched(part, is_folder);
                (!matched.is_none()).then(|| matched.is_ignore())
            })
            .unwrap_or(false)
    })
}
