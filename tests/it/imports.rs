//! Modules that a migration imports: which file a name leads to, and what is said of those that cannot
//! be evaluated.

use std::fs;
use std::path::Path;

use crate::program::gensql;

/// A project of one revision, with further files; what `upgrade head` prints, or says.
fn upgraded(files: &[(&str, &str)], search: &str, revision: &str) -> Result<String, String> {
    let directory = tempfile::tempdir().unwrap();
    let ini = format!(
        "[alembic]\nscript_location = m\nprepend_sys_path = {search}\nsqlalchemy.url = sqlite://\n"
    );
    let revision = format!(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'r'\ndown_revision = None\n{revision}"
    );
    let own = [
        ("alembic.ini", ini.as_str()),
        ("m/versions/r.py", &revision),
    ];
    for (name, text) in files.iter().copied().chain(own) {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, text).unwrap();
    }
    let output = gensql(directory.path(), &["upgrade", "head"]);
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// A directory without code does not hide a package of its name that comes later on the path, as in
/// Python.
#[test]
fn a_package_goes_before_a_directory() {
    let files = [
        ("first/shared/notes.txt", ""),
        ("second/shared/__init__.py", "LENGTH = 7\n"),
    ];
    let revision = "from shared import LENGTH\ndef upgrade():\n    op.create_table('t', sa.Column('c', sa.String(LENGTH)))\n";
    let script = upgraded(&files, "first:second", revision).unwrap();
    assert!(script.contains("VARCHAR(7)"), "{script}");
}

/// A stand-in takes the place of one module, and leaves its package alone.
#[test]
fn a_stand_in_takes_the_place_of_a_module() {
    let files = [
        (
            "gensql.toml",
            "alembic = 'alembic.ini'\nstand_ins = ['own']\n",
        ),
        ("lib/app/__init__.py", "LENGTH = 7\n"),
        (
            "lib/app/settings.py",
            "raise RuntimeError('the application is not running')\n",
        ),
        ("lib/app/other.py", "from app.settings import NAME\n"),
        ("own/app/settings.py", "NAME = 'told'\n"),
    ];
    let revision = "from app import LENGTH\nfrom app.other import NAME\ndef upgrade():\n    op.create_table(NAME, sa.Column('c', sa.String(LENGTH)))\n";
    let script = upgraded(&files, "lib", revision).unwrap();
    assert!(
        script.contains("CREATE TABLE told") && script.contains("VARCHAR(7)"),
        "{script}"
    );
    let missing = [(
        "gensql.toml",
        "alembic = 'alembic.ini'\nstand_ins = ['none']\n",
    )];
    let said = upgraded(&missing, "lib", "def upgrade():\n    pass\n").unwrap_err();
    assert!(
        said.contains("none does not exist") && said.contains("gensql.toml:2"),
        "{said}"
    );
}

/// What is missing behind other modules is said with the line of the revision that calls them.
#[test]
fn what_a_module_needs_is_said_with_the_revisions_line() {
    let files = [
        (
            "lib/inner.py",
            "import package_that_is_not_here as p\nif p.setting:\n    VALUE = 1\n",
        ),
        (
            "lib/outer.py",
            "from inner import VALUE\nif VALUE:\n    OTHER = 1\n",
        ),
        (
            "lib/helper.py",
            "import outer\ndef help():\n    if outer.OTHER:\n        print(1)\n",
        ),
    ];
    let revision = "from helper import help\n\ndef upgrade():\n    help()\n";
    let said = upgraded(&files, "lib", revision).unwrap_err();
    assert!(said.contains("helper.py:3:8"), "{said}");
    assert!(
        said.contains("r.py:8:5") && said.contains("called from here"),
        "{said}"
    );
    assert!(said.contains("module `outer`, which needs"), "{said}");
}

/// Nobody can change the standard library: what it needs is said at the place that calls it.
#[test]
fn a_value_that_the_standard_library_needs_is_said_where_it_is_called() {
    let revision = "import configparser
from package_that_is_not_here import value

def upgrade():
    parser = configparser.ConfigParser()
    parser.read_string('[a]\\nx = 1\\n')
    parser.get('a', value)
";
    let said = upgraded(&[], ".", revision).unwrap_err();
    assert!(said.contains("r.py:11:5"), "{said}");
    assert!(!said.contains("<standard library>"), "{said}");
}
