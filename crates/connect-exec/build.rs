//! Gathers the Python package, so that the program can hand it to the Python of a template's project.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let package = here.join("../../python/src").canonicalize()?;
    println!("cargo::rerun-if-changed={}", package.display());
    let mut files = Vec::new();
    gather(&package, &mut files)?;
    files.sort();
    let mut list = "[\n".to_owned();
    for file in &files {
        let name = file.strip_prefix(&package).unwrap_or(file);
        let _ = writeln!(
            list,
            "({:?}, include_str!({:?})),",
            name.display().to_string(),
            file.display().to_string()
        );
    }
    list.push(']');
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("package.rs"), list)
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
    Ok(())
}
