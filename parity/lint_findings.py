#!/usr/bin/env python3
"""Draws findings of `gensql lint` over the projects, for docs/lint-precision.md.

Each drawn revision is linted as a release of its own; then findings are drawn. The seed says which.

    GENSQL_PARITY_DIR=... python3 parity/lint_findings.py --gensql target/debug/gensql --seed 1 --revisions 110 > drawn.tsv
"""

import argparse
import json
import os
import random
import re
import subprocess
import tomllib
from pathlib import Path

PER_PROJECT = 60


def revisions(gensql, ini, chance):
    history = subprocess.run([gensql, "-c", ini, "history"], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^(\S+) -> (\S+?)(?: \(.*?\))*,", history, re.M)
    found = [(start, end) for start, end in found if start != "<base>" and "," not in start]
    chance.shuffle(found)
    return [(ini, start, end) for start, end in found[:PER_PROJECT]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gensql", required=True)
    parser.add_argument("--revisions", type=int, required=True, help="how many revisions are linted")
    parser.add_argument("--findings", type=int, default=100, help="how many findings are drawn")
    parser.add_argument("--seed", type=int, required=True, help="another one draws others")
    options = parser.parse_args()
    configs = Path(os.environ["GENSQL_PARITY_DIR"]) / "configs"
    chance = random.Random(options.seed)
    # A chain of a project that has one for PostgreSQL beside it says nothing about PostgreSQL.
    described = tomllib.loads((Path(__file__).parent / "projects.toml").read_text())["project"]
    aside = {
        (f"{project['package']}-{project['version']}", chain)
        for project in described
        if isinstance(project.get("native"), dict)
        for chain, dialects in project["native"].items()
        if "postgresql" not in dialects
    }
    inis = [ini for ini in sorted(configs.glob("*/*/*.ini")) if ini.parts[-3:-1] not in aside]
    projects = [revisions(options.gensql, str(ini), chance) for ini in inis]
    order = [project[place] for place in range(PER_PROJECT) for project in projects if place < len(project)]
    findings = []
    for ini, start, end in order[: options.revisions]:
        command = [options.gensql, "-c", ini, "--dialect", "postgresql", "lint", f"{start}:{end}", "--format", "json"]
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.stdout:
            findings.extend((ini, end, finding) for finding in json.loads(answer.stdout)["findings"])
    wanted = min(options.findings, len(findings))
    for place in sorted(random.Random(options.seed).sample(range(len(findings)), wanted)):
        ini, revision, finding = findings[place]
        print(place, Path(ini).parent.parent.name, revision, finding["rule"], finding["message"], sep="\t")


if __name__ == "__main__":
    main()
