//! Finding and loading the files of a project's configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::alembic::{Bases, Toml};
use super::{AlembicConfig, Config, Ini, Setting, Settings, Source, join, packages};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::SourceFile;

const SETTINGS: &str = "gensql.toml";
const INI: &str = "alembic.ini";
const PYPROJECT: &str = "pyproject.toml";
/// The largest configuration file that is read.
const MAX_SIZE: u64 = 16 << 20;

/// What the command line says about the configuration.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The working directory.
    pub directory: PathBuf,
    /// `-c`: files, or the directory of a project.
    pub files: Vec<PathBuf>,
    /// `-n`: the section of the ini file.
    pub section: Option<String>,
    /// `--packages`: virtual environments, or directories of installed packages.
    pub packages: Vec<PathBuf>,
}

/// The files that were found, not read yet.
#[derive(Default)]
struct Files {
    settings: Option<PathBuf>,
    ini: Option<PathBuf>,
    pyproject: Option<PathBuf>,
    /// Whether paths in them are relative to the directory that was named.
    base: Option<PathBuf>,
}

impl Config {
    /// The directories that may hold a project's own `dialects` and `templates`: that of the
    /// configuration file, then the `script_location`.
    pub fn beside(&self) -> Vec<PathBuf> {
        let mut directories = vec![self.directory.clone()];
        if let Source::Alembic(alembic) = &self.source
            && alembic.script_location != self.directory
        {
            directories.push(alembic.script_location.clone());
        }
        directories
    }

    /// Finds and reads the configuration.
    pub fn load(request: &Request) -> Result<Self> {
        let files = request.find()?;
        if let Some(path) = &files.settings {
            return from_settings(request, path);
        }
        let source = alembic(request, &files, request.section.as_deref(), None)?;
        let file = files.ini.as_ref().or(files.pyproject.as_ref());
        let directory = file
            .and_then(|file| file.parent())
            .map_or_else(|| request.directory.clone(), Path::to_path_buf);
        let settings = match &files.pyproject {
            Some(path) if mentions(path, "gensql") => {
                Settings::of_tool(&read(path, &request.directory)?)?
            }
            _ => Settings::default(),
        };
        let root = files.base.unwrap_or_else(|| request.directory.clone());
        Ok(Self {
            directory,
            root,
            settings,
            source,
        })
    }
}

impl Request {
    fn find(&self) -> Result<Files> {
        let mut files = Files::default();
        for file in &self.files {
            let path = if file.is_absolute() {
                file.clone()
            } else {
                join(&self.directory, &file.to_string_lossy())
            };
            if path.is_dir() {
                let found = self.in_directory(&path);
                if found.is_none() {
                    return Err(nothing_in(&path));
                }
                files = found.unwrap_or_default();
                files.base = Some(path);
                continue;
            }
            if !path.exists() {
                let message = format!("the configuration file {} does not exist", file.display());
                return Err(Box::new(
                    Diagnostic::error(Code::ConfigNotFound, message)
                        .with_help("give an `alembic.ini`, a `pyproject.toml`, a `gensql.toml`, or a directory with one of them"),
                ));
            }
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            let is_toml = path
                .extension()
                .is_some_and(|extension| extension == "toml");
            let slot = match name.as_deref() {
                Some(PYPROJECT) => &mut files.pyproject,
                _ if is_toml => &mut files.settings,
                _ => &mut files.ini,
            };
            if slot.is_some() {
                let message = format!("{} is one file of its kind too many", file.display());
                return Err(Box::new(Diagnostic::error(Code::Usage, message).with_help(
                    "give `-c` once, or once with an ini file and once with a pyproject.toml",
                )));
            }
            *slot = Some(path);
        }
        if self.files.is_empty() {
            // Flask-Migrate keeps `alembic.ini` in `migrations`, beside `env.py`.
            let beneath = join(&self.directory, "migrations");
            return self
                .in_directory(&self.directory)
                .or_else(|| {
                    let found = beneath.join("env.py").is_file() && beneath.join(INI).is_file();
                    found.then(|| self.in_directory(&beneath)).flatten()
                })
                .ok_or_else(|| nothing_in(&self.directory));
        }
        Ok(files)
    }

    fn in_directory(&self, directory: &Path) -> Option<Files> {
        let here = |name: &str| Some(directory.join(name)).filter(|path| path.is_file());
        if let Some(settings) = here(SETTINGS) {
            return Some(Files {
                settings: Some(settings),
                ..Files::default()
            });
        }
        let ini = here(INI);
        let pyproject = here(PYPROJECT).filter(|path| ini.is_some() || mentions(path, "alembic"));
        (ini.is_some() || pyproject.is_some()).then(|| Files {
            ini,
            pyproject,
            ..Files::default()
        })
    }
}

/// Whether it is worth parsing.
fn mentions(path: &Path, word: &str) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.contains(word))
}

fn nothing_in(directory: &Path) -> Box<Diagnostic> {
    let place = if directory == Path::new(".") {
        "the working directory".to_owned()
    } else {
        directory.display().to_string()
    };
    let message = format!("no configuration in {place}");
    Box::new(
        Diagnostic::error(Code::ConfigNotFound, message)
            .with_note(format!(
                "looked for {SETTINGS}, {INI} and [tool.alembic] in {PYPROJECT}"
            ))
            .with_help("change to the project's directory, or name the file with `-c`"),
    )
}

/// The directories that settings name.
///
/// # Errors
/// One that does not exist.
fn existing(root: &Path, settings: &[Setting<String>]) -> Result<Vec<PathBuf>> {
    let directory = |setting: &Setting<String>| {
        let directory = join(root, &setting.value);
        if directory.is_dir() {
            return Ok(directory);
        }
        let message = format!("the directory {} does not exist", directory.display());
        Err(Box::new(
            Diagnostic::error(Code::ConfigInvalid, message).at(setting.location.clone()),
        ))
    };
    settings.iter().map(directory).collect()
}

fn from_settings(request: &Request, path: &Path) -> Result<Config> {
    let file = read(path, &request.directory)?;
    let settings = Settings::parse(&file)?;
    let root = path
        .parent()
        .map_or_else(|| request.directory.clone(), Path::to_path_buf);
    let section = request
        .section
        .as_deref()
        .or(settings.section.as_ref().map(|s| &*s.value));
    let location = settings.script_location.as_ref();
    let mut request = request.clone();
    request
        .packages
        .extend(existing(&root, &settings.packages)?);
    let request = &request;
    let mut source = if let Some(alembic_file) = &settings.alembic {
        let inner = Request {
            directory: root.clone(),
            files: vec![PathBuf::from(&alembic_file.value)],
            section: None,
            packages: Vec::new(),
        };
        let mut files = inner
            .find()
            .map_err(|found| Box::new((*found).at(alembic_file.location.clone())))?;
        files.base.get_or_insert_with(|| root.clone());
        let location = location.map(|l| join(&root, &l.value));
        alembic(request, &files, section, location)?
    } else if let Some(location) = location {
        let directory = join(&root, &location.value);
        if !directory.is_dir() {
            let message = format!("Path doesn't exist: {}", directory.display());
            return Err(Box::new(
                Diagnostic::error(Code::ConfigInvalid, message).at(location.location.clone()),
            ));
        }
        let here = |name: &str| Some(root.join(name)).filter(|path| path.is_file());
        let files = Files {
            ini: here(INI),
            pyproject: here(PYPROJECT),
            base: Some(root.clone()),
            settings: None,
        };
        alembic(request, &files, section, Some(directory))?
    } else {
        let mut directories = existing(&root, &settings.revisions)?;
        let alembic_here = root.join(INI).is_file() && !root.join("revisions").is_dir();
        if directories.is_empty() && alembic_here {
            let files = Files {
                ini: Some(root.join(INI)),
                base: Some(root.clone()),
                ..Files::default()
            };
            let source = alembic(request, &files, section, None)?;
            return Ok(Config {
                directory: root.clone(),
                root,
                settings,
                source,
            });
        }
        if directories.is_empty() {
            let directory = root.join("revisions");
            if !directory.is_dir() {
                let message = format!("{} names no revisions", path.display());
                return Err(Box::new(
                    Diagnostic::error(Code::ConfigInvalid, message)
                        .with_help("set `revisions` to a directory of SQL revisions, or `alembic` to an alembic.ini"),
                ));
            }
            directories.push(directory);
        }
        Source::Sql {
            directories,
            recursive: settings.recursive,
        }
    };
    if let Source::Alembic(config) = &mut source {
        config.stand_ins = existing(&root, &settings.stand_ins)?;
    }
    Ok(Config {
        directory: root.clone(),
        root,
        settings,
        source,
    })
}

fn alembic(
    request: &Request,
    files: &Files,
    section: Option<&str>,
    location: Option<PathBuf>,
) -> Result<Source> {
    let directory_of = |path: &Path| {
        let parent = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        std::path::absolute(parent).unwrap_or_else(|_| parent.to_path_buf())
    };
    let mut bases: Vec<PathBuf> = Vec::new();
    match &files.base {
        Some(base) => bases.push(base.clone()),
        None => bases.push(request.directory.clone()),
    }
    let ini = match &files.ini {
        Some(path) => {
            let mut ini = Ini::parse(read(path, &request.directory)?)?;
            let here = directory_of(path);
            ini.set_default("here", &here.to_string_lossy().replace('\\', "/"));
            bases.extend(path.parent().map(Path::to_path_buf));
            Some(ini)
        }
        None => None,
    };
    let toml = match &files.pyproject {
        Some(path) => {
            bases.extend(path.parent().map(Path::to_path_buf));
            Toml::parse(&read(path, &request.directory)?, &directory_of(path))?
        }
        None => None,
    };
    if ini.is_none() && toml.is_none() && location.is_none() {
        return Err(nothing_in(&request.directory));
    }
    let bases = Bases {
        directories: bases.iter().map(PathBuf::as_path).collect(),
    };
    let section = section.unwrap_or("alembic");
    let packages = packages::directories(&request.packages)?;
    let mut config = AlembicConfig::resolve(ini, section, toml, location, packages, &bases)?;
    if request.directory.is_relative() {
        let here = directory_of(&request.directory.join(INI));
        let versions = config
            .version_locations
            .iter_mut()
            .chain(&mut config.prepend_sys_path);
        for path in versions.chain(std::iter::once(&mut config.script_location)) {
            shorten(path, &here);
        }
    }
    Ok(Source::Alembic(Box::new(config)))
}

/// Makes a path in the working directory relative to it, as people know it.
fn shorten(path: &mut PathBuf, here: &Path) {
    if let Ok(inner) = path.strip_prefix(here) {
        *path = if inner.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            inner.to_owned()
        };
    }
}

/// Reads a file; its path is shown relative to the working directory when it is in it.
fn read(path: &Path, directory: &Path) -> Result<Arc<SourceFile>> {
    let shown = path.strip_prefix(directory).unwrap_or(path);
    let failed = |reason: &str, help: &str| {
        let message = format!("cannot read {}: {reason}", shown.display());
        Box::new(Diagnostic::error(Code::ConfigInvalid, message).with_help(help))
    };
    let unreadable = |error: std::io::Error| {
        failed(
            &error.to_string(),
            "check that it is a file and can be read",
        )
    };
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if !meta.is_file() {
        return Err(failed("it is not a file", "name a file with `-c`"));
    }
    if meta.len() > MAX_SIZE {
        return Err(failed(
            "it is too large for a configuration file",
            "name the project's configuration with `-c`",
        ));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    SourceFile::decode(shown, bytes).map_err(|(place, byte)| {
        let message = format!("the file is not UTF-8: byte 0x{byte:02x}");
        Box::new(
            Diagnostic::error(Code::ConfigInvalid, message)
                .at(place)
                .with_help("save the file as UTF-8"),
        )
    })
}
