//! Lists the files of `templates`, so that all of them are in the program: folder, name, text.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    found.sort();
    Ok(found)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=templates");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("templates");
    let mut list = String::from("&[\n");
    for folder in entries(&root)? {
        for file in entries(&folder)? {
            let of = folder.file_name().and_then(|name| name.to_str());
            let name = file.file_name().and_then(|name| name.to_str());
            if let (Some(of), Some(name)) = (of, name.and_then(|n| n.strip_suffix(".sql.j2"))) {
                writeln!(list, "({of:?}, {name:?}, include_str!({file:?})),")?;
            }
        }
    }
    list.push_str("]\n");
    let target = PathBuf::from(std::env::var("OUT_DIR")?).join("templates.rs");
    std::fs::write(target, list)?;
    Ok(())
}
