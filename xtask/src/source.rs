//! The modules of a crate and the paths in them, read from its files.

mod syntax;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path as FilePath;

use anyhow::{Context, Result, anyhow, bail};
use proc_macro2::TokenStream;

pub(crate) use syntax::Path;
use syntax::{Item, ModuleItem, items};

/// A module, with those below it.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The names that lead to it from the root of its crate, where it is empty.
    path: Vec<String>,
    pub(crate) paths: Vec<Path>,
    children: BTreeMap<String, Module>,
}

impl Module {
    /// Reads a crate from the file of its root.
    pub(crate) fn read(root: &FilePath) -> Result<Self> {
        let folder = root.parent().context("a file is in a folder")?;
        Self::read_file(root, folder, Vec::new(), false)
    }

    /// `folder` is where the files of its modules are.
    fn read_file(
        file: &FilePath,
        folder: &FilePath,
        path: Vec<String>,
        test: bool,
    ) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let tokens: TokenStream =
            text.parse().map_err(|error| anyhow!("{}: {error}", file.display()))?;
        let mut module = Self { path, ..Self::default() };
        module.fill(items(tokens, test), folder)?;
        Ok(module)
    }

    fn fill(&mut self, items: Vec<Item>, folder: &FilePath) -> Result<()> {
        for item in items {
            match item {
                Item::Path(path) => self.paths.push(path),
                Item::Module(item) => {
                    let name = item.name.clone();
                    let child = self.child_of(item, folder)?;
                    self.children.insert(name, child);
                }
            }
        }
        Ok(())
    }

    fn child_of(&self, item: ModuleItem, folder: &FilePath) -> Result<Self> {
        let ModuleItem { name, is_test, body } = item;
        let path = [self.path.clone(), vec![name.clone()]].concat();
        let below = folder.join(&name);
        if let Some(body) = body {
            let mut module = Self { path, ..Self::default() };
            module.fill(body, &below)?;
            return Ok(module);
        }
        let files = [below.with_extension("rs"), below.join("mod.rs")];
        match files.iter().find(|file| file.exists()) {
            Some(file) => Self::read_file(file, &below, path, is_test),
            None => bail!("there is no file for the module {}", path.join("::")),
        }
    }

    /// The module and all below it.
    pub(crate) fn all(&self) -> Vec<&Self> {
        let below = self.children.values().flat_map(Self::all);
        [self].into_iter().chain(below).collect()
    }
}

#[cfg(test)]
impl Module {
    /// Reads a crate of one file.
    pub(crate) fn from_source(source: &str) -> Self {
        let mut root = Self::default();
        root.fill(items(source.parse().unwrap(), false), FilePath::new("/")).unwrap();
        root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_read_from_their_files() {
        let here = Module::read(&crate::shell::root().join("xtask/src/main.rs")).unwrap();
        let paths: Vec<String> = here.all().iter().map(|module| module.path.join("::")).collect();
        assert!(paths.contains(&"source::syntax::tests".to_owned()), "{paths:?}");
    }
}
