//! What a check needs besides the program, looked at before any work: outputs, baselines, the revision.
//!
//! A run may take minutes. What can't be read or written is said before it and not after.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::baselines;
use super::changed::Revision;
use super::high::{HiArgs, absolute};
use super::low::CheckArgs;
use crate::project::config::probe;

/// What was found to be there.
pub struct Ready {
    /// That of `--changed-since`.
    pub revision: Option<Revision>,
}

impl Ready {
    /// Looks at everything that the flags name.
    ///
    /// # Errors
    /// When something of it can't be used.
    pub fn new(args: &CheckArgs, high: &HiArgs) -> anyhow::Result<Self> {
        let here = &high.working_directory;
        let mut targets: BTreeMap<PathBuf, String> = BTreeMap::new();
        for (_, file) in &high.presentation.files {
            target(here, file, "-o", &mut targets)?;
        }
        if let Some(trace) = &args.instruments.trace {
            target(here, trace, "--trace", &mut targets)?;
        }
        baselines::validate(&args.baseline, high)?;
        for project in &high.projects {
            let Some(baseline) = &project.baseline else { continue };
            if let Some(flag) = targets.get(baseline) {
                bail!("{flag}: {} is the baseline", baseline.display());
            }
        }
        let revision = args.files.changed_since.as_deref();
        let revision = revision.map(|name| Revision::find(here, name)).transpose()?;
        Ok(Self { revision })
    }
}

/// A file to write: it can be written to, and nothing else goes there.
fn target(
    here: &Path,
    file: &Path,
    flag: &str,
    targets: &mut BTreeMap<PathBuf, String>,
) -> anyhow::Result<()> {
    let path = absolute(here, file);
    probe(&path).with_context(|| format!("{flag}: cannot write {}", file.display()))?;
    let is_device = path.starts_with("/dev");
    if targets.insert(path, flag.to_owned()).is_some() && !is_device {
        bail!("{flag}: two outputs go to {}", file.display());
    }
    Ok(())
}
