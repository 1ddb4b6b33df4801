#!/usr/bin/env python3
"""Writes order.txt: the functions that short commands call, by the names that the linker knows.

The release build lays them side by side (build.rs), since most of a short command's time is
spent on bringing in the pages of the program that it touches. A name that is no longer there is
passed over, so that the list only needs to be made anew now and then. Needs valgrind:

    python3 benches/order.py
"""

import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOG = ["-c", "examples/blog/alembic.ini"]
COMMANDS = [
    *([*BLOG, "--dialect", dialect, "upgrade", "head"] for dialect in ("postgresql", "sqlite", "mysql")),
    [*BLOG, "--dialect", "postgresql", "--compat", "alembic", "upgrade", "head"],
    [*BLOG, "--dialect", "postgresql", "downgrade", "head:base"],
    [*BLOG, "history"],
    ["-c", "examples/blog-sql", "upgrade", "head"],
]


def program() -> pathlib.Path:
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    environment = {**os.environ, "GENSQL_SYMBOLS": "1"}
    subprocess.run(["cargo", "build", "--release"], cwd=ROOT, env=environment, check=True)
    return target / "release" / "gensql"


def called(program: pathlib.Path, command: list[str], folder: str) -> set[str]:
    out = pathlib.Path(folder) / "calls"
    subprocess.run(
        ["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={out}", program, *command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    names = re.findall(r"^c?fn=\(\d+\) (\S+)", out.read_text(), re.MULTILINE)
    return {re.sub(r"'\d+$", "", name) for name in names}


def main() -> None:
    binary = program()
    with tempfile.TemporaryDirectory() as folder:
        names = set().union(*(called(binary, command, folder) for command in COMMANDS))
    # In the order of the program, which keeps what belongs together side by side.
    symbols = subprocess.run(["nm", "--numeric-sort", binary], capture_output=True, text=True, check=True)
    functions = [line.split()[2] for line in symbols.stdout.splitlines() if re.search(r" [tT] \S", line)]
    ordered = [name for name in functions if name in names]
    (ROOT / "benches" / "order.txt").write_text("\n".join(ordered) + "\n")
    print(f"{len(ordered)} functions")


if __name__ == "__main__":
    main()
