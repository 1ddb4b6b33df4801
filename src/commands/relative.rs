//! Paths as they are the same for everybody: from the project's directory, with forward slashes.

use std::path::{Component, Path, PathBuf};

/// The path from `root`; through `..` where it is not below it.
pub(super) fn relative(root: &Path, path: &Path) -> String {
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let below = match path.strip_prefix(root) {
        Ok(below) => below.to_path_buf(),
        Err(_) if path.is_relative() && root == Path::new(".") => path.to_path_buf(),
        Err(_) => match (root.canonicalize(), path.canonicalize()) {
            (Ok(root), Ok(path)) => between(&root, &path),
            _ => path.file_name().map(PathBuf::from).unwrap_or_default(),
        },
    };
    let parts: Vec<String> = below
        .components()
        .filter(|part| !matches!(part, Component::CurDir))
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

fn between(root: &Path, path: &Path) -> PathBuf {
    let common = root
        .components()
        .zip(path.components())
        .take_while(|(one, other)| one == other)
        .count();
    let up = root.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

#[cfg(test)]
mod tests {
    use super::{between, relative};
    use std::path::Path;

    #[test]
    fn paths_start_at_the_project() {
        let path = |root: &str, path: &str| relative(Path::new(root), Path::new(path));
        assert_eq!(path("", "versions/a.py"), "versions/a.py");
        assert_eq!(path(".", "./versions/a.py"), "versions/a.py");
        assert_eq!(path("sub", "sub/versions/a.py"), "versions/a.py");
        assert_eq!(path("/p", "/p/versions/a.py"), "versions/a.py");
        assert_eq!(
            between(Path::new("/p/q"), Path::new("/p/other/a.py")),
            Path::new("../other/a.py")
        );
    }
}
