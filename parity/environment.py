"""The environment that the parity check needs, built once in a cache directory.

Layout of the cache::

    venv/                      Python with the pinned Alembic, SQLAlchemy and light dependencies
    projects/NAME-VERSION/     a project as published, unpacked, nothing installed
    configs/NAME-VERSION/SLUG/ a stock Alembic project around one versions directory
    home/                      what the projects' own code sees as $HOME
    oracle/                    what real Alembic renders (see oracle.py)
    report/                    the last comparison
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
REQUIREMENTS = HERE / "requirements.txt"
#: What only online.py needs: it changes nothing of what Alembic renders, so what is in the cache stays good.
DRIVERS = HERE / "requirements-online.txt"
#: Raised when the layout of unpacked projects or generated configurations changes.
LAYOUT = 1


@dataclasses.dataclass(frozen=True)
class Versions:
    """One versions directory of a project, with the stock configuration around it."""

    project: str
    project_version: str
    slug: str
    directory: Path
    root: Path
    ini: Path
    native_ini: Path | None
    native_env: Path | None
    #: Rendered with its own alembic.ini and env.py: one of our examples.
    own_env: bool = False
    #: MODULE:BASE whose tables are there before the first revision.
    initial: str | None = None

    @property
    def label(self) -> str:
        """The name shown in reports: the project, and which of its directories."""
        return self.project if self.slug == "versions" else f"{self.project}/{self.slug}"

    @property
    def key(self) -> str:
        """The folder below `oracle/` and `configs/`."""
        return f"{self.project}-{self.project_version}/{self.slug}"


def cache_directory() -> Path:
    """Where everything is kept: $GENSQL_PARITY_DIR, or target/parity."""
    return Path(os.environ.get("GENSQL_PARITY_DIR") or REPOSITORY / "target" / "parity").absolute()


def projects() -> list[dict]:
    """The pinned projects, in the order of projects.toml."""
    with open(HERE / "projects.toml", "rb") as file:
        return tomllib.load(file)["project"]


def pins() -> dict[str, str]:
    """Package → version of requirements.txt, names in lower case."""
    found = {}
    for line in REQUIREMENTS.read_text().splitlines():
        line = line.split("#")[0].strip()
        if "==" in line:
            name, version = line.split("==")
            found[name.strip().lower()] = version.strip()
    return found


def fingerprint() -> str:
    """Identifies the environment: results made in another one are not reused."""
    return hashlib.sha256(repr(sorted(pins().items())).encode()).hexdigest()[:12]


def python(cache: Path) -> Path:
    """The interpreter of the environment."""
    return cache / "venv" / "bin" / "python"


def prepare(only: list[str] | None = None) -> list[Versions]:
    """Build what is missing and return the versions directories found."""
    cache = cache_directory()
    cache.mkdir(parents=True, exist_ok=True)
    (cache / "home").mkdir(exist_ok=True)
    _venv(cache)
    found = [example for example in examples() if not only or example.project in only]
    for project in projects():
        if only and project["name"] not in only:
            continue
        root = _unpack(cache, project)
        found += _discover(cache, project, root)
    return found


def examples() -> list[Versions]:
    """Our own Alembic projects, each with its own env.py."""
    found = []
    for ini in sorted((REPOSITORY / "examples").glob("*/alembic.ini")):
        name = f"examples-{ini.parent.name}"
        env = next(iter(sorted(ini.parent.rglob("env.py"))), None)
        found.append(Versions(project=name, project_version="0", slug="versions", directory=ini.parent, root=ini.parent,
                              ini=ini, native_ini=ini, native_env=env, own_env=True))
    return found


def _run(*command: str | Path) -> None:
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"parity: {' '.join(map(str, command[:6]))} … failed:\n{result.stdout}{result.stderr}")


def _venv(cache: Path) -> None:
    stamp = cache / "venv" / "parity-stamp"
    if stamp.exists() and stamp.read_text() == fingerprint():
        return
    print("parity: building the Python environment", file=sys.stderr, flush=True)
    if not python(cache).exists():
        _run(sys.executable, "-m", "venv", cache / "venv")
        if sys.version_info >= (3, 12):
            # Up to 3.11 it comes with the venv; some dependencies need its pkg_resources.
            _run(python(cache), "-m", "pip", "install", "-q", "--disable-pip-version-check", "setuptools==80.9.0")
    # Every package is listed with its version, so nothing is resolved: some of
    # them would refuse the pinned SQLAlchemy, which is what we want to run.
    _run(python(cache), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "-r", REQUIREMENTS)
    stamp.write_text(fingerprint())


def drivers() -> None:
    """Install what connects to the servers."""
    cache = cache_directory()
    stamp = cache / "venv" / "drivers-stamp"
    wanted = DRIVERS.read_text()
    if not (stamp.exists() and stamp.read_text() == wanted):
        _run(python(cache), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "-r", DRIVERS)
        stamp.write_text(wanted)


def _unpack(cache: Path, project: dict) -> Path:
    target = cache / "projects" / f"{project['name']}-{project['version']}"
    stamp = target / ".parity-stamp"
    if not (stamp.exists() and stamp.read_text() == str(LAYOUT)):
        print(f"parity: fetching {project['package']} {project['version']}", file=sys.stderr, flush=True)
        shutil.rmtree(target, ignore_errors=True)
        downloads = cache / "downloads" / target.name
        archives = [p for p in downloads.glob("*") if p.name.endswith((".whl", ".tar.gz"))] if downloads.exists() else []
        if not archives:
            source = ["--no-binary", project["package"]] if project.get("sdist") else ["--only-binary", ":all:"]
            _run(python(cache), "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", *source,
                 "-d", downloads, f"{project['package']}=={project['version']}")
            archives = [p for p in downloads.glob("*") if p.name.endswith((".whl", ".tar.gz"))]
        archive = archives[0]
        target.mkdir(parents=True)
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as file:
                file.extractall(target, [m for m in file.namelist() if _wanted(m)])
        else:
            with tarfile.open(archive) as file:
                for member in file:
                    _, _, inner = member.name.partition("/")
                    if member.isfile() and inner and _wanted(inner):
                        member.name = inner
                        file.extract(member, target, filter="data")
        stamp.write_text(str(LAYOUT))
    return target


_ASSETS = re.compile(r"/(static|node_modules|spec|superset-frontend|ui|server/ui|server/js|share)/|^(superset-frontend|superset-websocket|docs|share)/|\.(map|js|css|png|svg|woff2?|mp4|gif|po|mo|ipynb)$")


def _wanted(name: str) -> bool:
    """Leaves the assets of web interfaces packed."""
    return not _ASSETS.search(name)


def _discover(cache: Path, project: dict, root: Path) -> list[Versions]:
    """Every directory below an env.py that holds revisions."""
    directories: dict[Path, Path] = {}
    for env in sorted(root.rglob("env.py")):
        for file in sorted(env.parent.rglob("*.py")):
            if file.parent not in directories and file != env and _is_revision(file):
                directories[file.parent] = env
    found = []
    for directory, env in sorted(directories.items()):
        slug = _slug(root, directory, len(directories))
        folder = cache / "configs" / f"{project['name']}-{project['version']}" / slug
        found.append(
            Versions(
                project=project["name"], project_version=project["version"], slug=slug, directory=directory, root=root,
                ini=_stock(folder, [root, *(root / path for path in project.get("paths", []))], directory), native_ini=_native_ini(root, env), native_env=env,
                initial=project.get("initial", {}).get(slug),
            )
        )
    return found


def _is_revision(file: Path) -> bool:
    if file.name == "__init__.py":
        return False
    text = file.read_text(encoding="utf-8", errors="replace")
    return bool(re.search(r"^revision\b", text, re.M) and re.search(r"^down_revision\b", text, re.M))


def _slug(root: Path, directory: Path, count: int) -> str:
    """A short name: the parts that tell a project's directories apart."""
    if count == 1:
        return "versions"
    parts = [p for p in directory.relative_to(root).parts if p not in ("versions", "migrations", "_migrations", "alembic")]
    return "-".join(parts[-2:]) if len(parts) > 1 else parts[0]


def _native_ini(root: Path, env: Path) -> Path | None:
    """The project's own alembic.ini, in its migrations folder or above it."""
    folder = env.parent
    while folder != root.parent:
        if (folder / "alembic.ini").exists():
            return folder / "alembic.ini"
        folder = folder.parent
    return None


def _stock(folder: Path, paths: list[Path], versions: Path) -> Path:
    """A stock Alembic project whose only revisions are those of `versions`."""
    (folder / "migrations").mkdir(parents=True, exist_ok=True)
    ini = (HERE / "stock" / "alembic.ini").read_text()
    ini = ini.replace("@VERSIONS@", str(versions)).replace("@PATHS@", os.pathsep.join(map(str, paths)))
    for name, text in {"alembic.ini": ini, "migrations/env.py": (HERE / "stock" / "env.py").read_text()}.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return folder / "alembic.ini"


def native_options(env: Path | None) -> list[str]:
    """The keywords that a project's own env.py gives to `context.configure`."""
    if env is None:
        return []
    found = set()
    for node in ast.walk(ast.parse(env.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "configure":
            found |= {keyword.arg or "**" for keyword in node.keywords}
    return sorted(found)
