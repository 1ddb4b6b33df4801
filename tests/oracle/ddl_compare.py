"""Runs gensql over ddl_cases.json and says where its text differs from Alembic's.

    python ddl_compare.py path/to/gensql [--show]

Where Alembic iterates over a set (constraints of a rebuilt table, several indexes) the order varies
from run to run, so the words are compared, as the parity runner does.
"""

import collections
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
DATA = json.loads((HERE / "ddl_cases.json").read_text())
ENV = (HERE.parents[1] / "parity/stock/env.py").read_text()


def words(text):
    return sorted(text.replace(",", " ").split())


def prepare(root, number, case):
    versions = root / str(number) / "m/versions"
    versions.mkdir(parents=True)
    (versions.parent / "env.py").write_text(ENV)
    config = root / str(number) / "alembic.ini"
    config.write_text("[alembic]\nscript_location = %(here)s/m\nsqlalchemy.url = postgresql://localhost/x\n")
    body = "".join(f"    {line}\n" for part in case["python"] for line in part.split("\n"))
    (versions / "c1.py").write_text(f'{DATA["preamble"]}\nrevision = "c1"\ndown_revision = None\n\n\ndef upgrade():\n{body}\n\ndef downgrade():\n    pass\n')
    return config


def run(gensql, config, case, dialect):
    command = [gensql, "-c", str(config), "--dialect", dialect, "--compat", "alembic", "upgrade", "base:c1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    wanted = case[dialect]
    if "panicked" in done.stderr or done.returncode < 0:
        return "crashed", done.stderr
    if done.returncode != 0:
        return ("refused by both" if "error" in wanted else "refused"), done.stderr
    text = done.stdout.split("-- Running upgrade  -> c1\n\n", 1)[-1].split("INSERT INTO alembic_version", 1)[0]
    if "error" in wanted:
        return "Alembic refuses", wanted["error"]
    if text == wanted["text"]:
        return "identical", ""
    if words(text) == words(wanted["text"]):
        return "other order", ""
    return "different", f'--- Alembic\n{wanted["text"]}--- gensql\n{text}'


def main():
    gensql = sys.argv[1]
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(2) as pool:
        root = pathlib.Path(directory)
        jobs = []
        for number, case in enumerate(DATA["cases"]):
            config = prepare(root, number, case)
            for dialect in ("postgresql", "sqlite"):
                jobs.append((case, dialect, pool.submit(run, gensql, config, case, dialect)))
        for case, dialect, job in jobs:
            outcome, detail = job.result()
            counts[dialect, outcome] += 1
            if "--show" in sys.argv and outcome in ("different", "refused", "crashed"):
                print("##", dialect, outcome, "\n".join(case["python"]), detail, sep="\n")
    for (dialect, outcome), number in sorted(counts.items()):
        print(f"{dialect:12} {outcome:16} {number:5}")


main()
