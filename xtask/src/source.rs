//! The modules of a crate and the paths in them, read from its files.

mod syntax;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path as FilePath, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use proc_macro2::TokenStream;

pub(crate) use syntax::Path;
use syntax::{Item, ModuleItem, items};

/// A module, with those below it.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The names that lead to it from the root of its crate, where it is empty.
    pub(crate) path: Vec<String>,
    /// Its file, absent where it is part of another module's file.
    pub(crate) file: Option<File>,
    /// Whether it is compiled for tests alone.
    pub(crate) is_test: bool,
    pub(crate) paths: Vec<Path>,
    children: BTreeMap<String, Module>,
}

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) lines: usize,
}

impl Module {
    /// Reads a crate from the file of its root.
    pub(crate) fn read(root: &FilePath) -> Result<Self> {
        let folder = root.parent().context("a file is in a folder")?;
        Self::read_file(root, folder, Vec::new(), false)
    }

    /// Reads a file; `folder` is where the files of its modules are.
    fn read_file(
        file: &FilePath,
        folder: &FilePath,
        path: Vec<String>,
        test: bool,
    ) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let tokens: TokenStream =
            text.parse().map_err(|error| anyhow!("{}: {error}", file.display()))?;
        let lines = text.lines().count();
        let mut module = Self { path, is_test: test, ..Self::default() };
        module.file = Some(File { path: file.to_owned(), lines });
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
            let mut module = Self { path, is_test, ..Self::default() };
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

    /// Returns the module in which a path of `from` ends, through re-exports; `from` for what is not
    /// of this crate. To be asked of the root. What a glob imports is taken to be of the module that
    /// the glob names.
    pub(crate) fn resolve<'a>(&'a self, from: &'a Self, path: &[String]) -> &'a Self {
        /// No program re-exports a name so often: it is a crate of the name of what is imported.
        const LIMIT: u32 = 32;
        self.follow(from, path, LIMIT)
    }

    fn follow<'a>(&'a self, from: &'a Self, path: &[String], limit: u32) -> &'a Self {
        let mut at = from;
        for (index, name) in path.iter().enumerate() {
            at = match name.as_str() {
                "crate" => self,
                "self" => at,
                "super" => self.parent(at),
                name => match (at.children.get(name), at.import(name)) {
                    (Some(child), _) => child,
                    (None, Some(import)) if limit > 0 => {
                        let path = [&import.segments, &path[index + 1..]].concat();
                        return self.follow(at, &path, limit - 1);
                    }
                    _ => return at,
                },
            };
        }
        at
    }

    fn import(&self, name: &str) -> Option<&Path> {
        self.paths.iter().find(|path| path.binding.as_deref() == Some(name))
    }

    fn parent(&self, of: &Self) -> &Self {
        let names = of.path.split_last().map_or(&[][..], |(_, names)| names);
        names.iter().fold(self, |at, name| at.children.get(name).unwrap_or(at))
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

    /// Returns where a path leads that stands in the module `a::b`.
    fn leads_to(path: &str) -> String {
        let root = Module::from_source(
            "pub use c::C; pub use std::fmt; mod a { mod b { use fault::fault; use super::e; } \
             mod d {} pub use crate::c as e; } mod c { pub use self::deep::D; mod deep {} }",
        );
        let from = &root.children["a"].children["b"];
        let path: Vec<String> = path.split("::").map(str::to_owned).collect();
        root.resolve(from, &path).path.join("::")
    }

    #[test]
    fn a_path_ends_in_the_module_of_its_item() {
        assert_eq!(leads_to("crate::c::Item::new"), "c");
        assert_eq!(leads_to("super::d::Item"), "a::d");
        assert_eq!(leads_to("super::super::c::deep::Item"), "c::deep");
        assert_eq!(leads_to("crate::c::*"), "c");
    }

    #[test]
    fn a_path_is_followed_through_imports_and_re_exports() {
        assert_eq!(leads_to("crate::C"), "c");
        assert_eq!(leads_to("crate::c::D"), "c::deep");
        assert_eq!(leads_to("super::e::D"), "c::deep");
        assert_eq!(leads_to("e::D"), "c::deep");
    }

    #[test]
    fn what_is_not_of_the_crate_leads_nowhere() {
        assert_eq!(leads_to("std::fmt"), "a::b");
        assert_eq!(leads_to("fault::fault"), "a::b");
        assert_eq!(leads_to("crate::fmt::Display"), "");
    }

    #[test]
    fn modules_are_read_from_their_files() {
        let here = Module::read(&crate::shell::root().join("xtask/src/main.rs")).unwrap();
        let paths: Vec<String> = here.all().iter().map(|module| module.path.join("::")).collect();
        assert!(paths.contains(&"source::syntax::tests".to_owned()), "{paths:?}");
        let syntax = here.all().into_iter().find(|module| module.path == ["source", "syntax"]);
        assert!(syntax.unwrap().file.as_ref().unwrap().path.ends_with("src/source/syntax.rs"));
    }
}
