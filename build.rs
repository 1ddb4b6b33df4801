//! What the program has inside: the files of `templates`, and the dialects, each composed of the
//! files that say what it is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[path = "src/dialect/layers.rs"]
mod layers;

type Failure = Box<dyn std::error::Error>;

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    found.sort();
    Ok(found)
}

/// Folder, name and text of each template.
fn templates(root: &Path) -> Result<String, Failure> {
    let mut list = String::from("&[\n");
    for folder in entries(root)? {
        for file in entries(&folder)? {
            let of = folder.file_name().and_then(|name| name.to_str());
            let name = file.file_name().and_then(|name| name.to_str());
            if let (Some(of), Some(name)) = (of, name.and_then(|n| n.strip_suffix(".sql.j2"))) {
                writeln!(list, "({of:?}, {name:?}, include_str!({file:?})),")?;
            }
        }
    }
    list.push_str("]\n");
    Ok(list)
}

/// The dialects as the program wants to read them: nothing is left to lay over another, and JSON
/// is read several times faster than TOML.
fn dialects(root: &Path) -> Result<String, Failure> {
    let mut sections: toml::Table = toml::from_str(&text(&root.join("expressions.toml"))?)?;
    let default = sections.remove("default").unwrap_or_else(empty);
    let mut list = String::from("&[\n");
    for file in entries(root)? {
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        let Some(name) = stem.filter(|stem| *stem != "expressions" && file.is_file()) else {
            continue;
        };
        let mut lineage = vec![name.to_owned()];
        let mut tables: Vec<toml::Table> = vec![toml::from_str(&text(&file)?)?];
        while let Some(next) = tables.last().and_then(|table| table.get("extends")) {
            let next = next.as_str().ok_or("`extends` is no name")?.to_owned();
            if lineage.contains(&next) {
                return Err(format!("{name} extends itself").into());
            }
            tables.push(toml::from_str(&text(&root.join(format!("{next}.toml")))?)?);
            lineage.push(next);
        }
        let mut facts = toml::Table::new();
        for table in tables.into_iter().rev() {
            layers::lay(&mut facts, table);
        }
        let section = lineage.iter().find_map(|name| sections.get(name));
        let mut expressions = toml::Table::new();
        for over in [section.or(Some(&default)), facts.get("expressions")] {
            if let Some(toml::Value::Table(over)) = over {
                layers::merge(&mut expressions, over.clone());
            }
        }
        let (facts, expressions) = (
            serde_json::to_string(&facts)?,
            serde_json::to_string(&expressions)?,
        );
        writeln!(
            list,
            "Composed {{ name: {name:?}, lineage: &{lineage:?}, facts: {facts:?}, \
             expressions: {expressions:?} }},"
        )?;
    }
    list.push_str("]\n");
    Ok(list)
}

fn empty() -> toml::Value {
    toml::Value::Table(toml::Table::new())
}

fn text(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()).into())
}

/// What tells the linker to have the program at a fixed address.
const FIXED_ADDRESS: &str = "-no-pie";

/// A program that is not loaded at a random address has nothing to relocate when it starts, which
/// is a sixth of the time of a short command. All of its code is safe Rust but the allocator's.
fn linked_at_a_fixed_address() -> bool {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    let features = std::env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && !features.split(',').any(|feature| feature == "crt-static")
}

/// Whether the linker takes options which only some linkers have: it is asked with a small program,
/// which must run.
fn linker_takes(options: &[String], folder: &Path) -> bool {
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let (source, probe) = (folder.join("probe.rs"), folder.join("probe"));
    let program = "fn main() {
        let thread = std::thread::spawn(|| std::panic::catch_unwind(|| std::env::args().count()));
        assert!(thread.join().is_ok_and(|count| count.is_ok_and(|count| count == 1)));
    }";
    if var("HOST") != var("TARGET") || std::fs::write(&source, program).is_err() {
        return false;
    }
    let mut compiler = std::process::Command::new(var("RUSTC"));
    let flags = var("CARGO_ENCODED_RUSTFLAGS");
    compiler.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    if let Ok(linker) = std::env::var("RUSTC_LINKER") {
        compiler.arg("-C").arg(format!("linker={linker}"));
    }
    for option in options {
        compiler.arg("-C").arg(format!("link-arg={option}"));
    }
    compiler.arg("-o").arg(&probe).arg(source);
    let mut run = std::process::Command::new(probe);
    let ends_well = |command: &mut std::process::Command| {
        let output = command.output();
        output.is_ok_and(|output| output.status.success())
    };
    ends_well(&mut compiler) && ends_well(&mut run)
}

/// Has the program bring its C library along where the system has it for that: a seventh of the
/// time of a short command went into finding libraries and binding their functions.
///
/// `+crt-static` says the same, but for a whole build, and fails where the system has it not.
/// Rust names the libraries to the linker; in this folder it finds files of these names that lead
/// to those that are linked statically.
fn self_contained(folder: &Path) -> Result<(), Failure> {
    const LIBRARIES: [(&str, &str); 7] = [
        ("c", "c"),
        ("m", "m"),
        ("dl", "dl"),
        ("rt", "rt"),
        ("util", "util"),
        ("pthread", "pthread"),
        ("gcc_s", "gcc_eh"),
    ];
    let libraries = folder.join("static");
    std::fs::create_dir_all(&libraries)?;
    let linker = std::env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    for (asked, given) in LIBRARIES {
        let mut compiler = std::process::Command::new(&linker);
        let named = compiler.arg(format!("-print-file-name=lib{given}.a"));
        let Ok(found) = named.output() else {
            return Ok(());
        };
        let path = String::from_utf8(found.stdout).unwrap_or_default();
        let path = path.trim();
        if !Path::new(path).is_absolute() || path.contains('"') {
            return Ok(());
        }
        let file = libraries.join(format!("lib{asked}.so"));
        std::fs::write(file, format!("INPUT(\"{path}\")\n"))?;
    }
    let options = [
        FIXED_ADDRESS.to_owned(),
        format!("-L{}", libraries.display()),
        "-static".to_owned(),
    ];
    if linker_takes(&options, folder) {
        for option in options.iter().skip(1) {
            println!("cargo::rustc-link-arg-bins={option}");
        }
    }
    Ok(())
}

/// Has the functions that short commands call laid side by side (`benches/order.py` makes the
/// list): bringing in the pages of the program is much of the time of such a command, and half as
/// many pieces are then touched. A linker that cannot do it, or does not know a name, leaves it.
fn ordered(root: &Path, folder: &Path) {
    let list = root.join("benches/order.txt");
    println!("cargo::rerun-if-changed=benches/order.txt");
    let list = list.display().to_string();
    // The compiler that calls the linker cuts the option at commas.
    if list.contains(',') {
        return;
    }
    let options = [
        format!("-Wl,--symbol-ordering-file={list}"),
        "-Wl,--no-warn-symbol-ordering".to_owned(),
    ];
    if linker_takes(&options, folder) {
        for option in options {
            println!("cargo::rustc-link-arg-bins={option}");
        }
    }
}

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=dialects");
    println!("cargo::rerun-if-changed=src/dialect/layers.rs");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let target = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(
        target.join("templates.rs"),
        templates(&root.join("templates"))?,
    )?;
    std::fs::write(
        target.join("dialects.rs"),
        dialects(&root.join("dialects"))?,
    )?;
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if linked_at_a_fixed_address() {
        println!("cargo::rustc-link-arg-bins={FIXED_ADDRESS}");
        // Said here and not in the profile, of which the names of functions depend: those that
        // `benches/order.py` finds in a program with names are those of one without.
        println!("cargo::rerun-if-env-changed=GENSQL_SYMBOLS");
        if release && std::env::var_os("GENSQL_SYMBOLS").is_none() {
            println!("cargo::rustc-link-arg-bins=-Wl,--strip-all");
        }
    }
    if release {
        ordered(&root, &target);
        if linked_at_a_fixed_address() {
            self_contained(&target)?;
        }
    }
    Ok(())
}
