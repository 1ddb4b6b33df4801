"""Tables, causes and files of a comparison."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import environment
from compare import Result, command

COLUMNS = ["alembic", "identical", "different", "refused", "crashed", "explained", "extra", "neither"]


def tally(results: list[Result]) -> dict[tuple[str, str, bool], Counter]:
    """(label, dialect, chain) → how many of each verdict."""
    table: dict[tuple[str, str, bool], Counter] = defaultdict(Counter)
    for result in results:
        row = table[result.versions.label, result.record["dialect"], result.chain]
        row[result.verdict] += 1
        row["alembic"] += bool(result.record["ok"])
        row["unstable"] += bool(result.record.get("unstable"))
    return table


def share(row: Counter) -> float:
    """Percent of what Alembic renders that is identical."""
    return 100.0 * row["identical"] / row["alembic"] if row["alembic"] else 100.0


def total(table: dict, chain: bool, dialect: str | None = None) -> Counter:
    """The sum of the rows."""
    found: Counter = Counter()
    for (_, row_dialect, row_chain), row in table.items():
        if row_chain == chain and dialect in (None, row_dialect):
            found.update(row)
    return found


def summary(table: dict) -> str:
    """The table that is printed."""
    lines = []
    for chain, title in ((False, "revisions"), (True, "chains and stretches")):
        rows = [(label, dialect, row) for (label, dialect, is_chain), row in table.items() if is_chain == chain]
        if not rows:
            continue
        lines.append(f"{title:<30} {'dialect':<11}" + "".join(f"{c:>10}" for c in COLUMNS) + "         %")
        for label, dialect, row in rows:
            lines.append(f"{label:<30} {dialect:<11}" + "".join(f"{row[c]:>10}" for c in COLUMNS) + f"{share(row):>10.1f}")
        all_rows = total(table, chain)
        lines.append(f"{'all':<30} {'':<11}" + "".join(f"{all_rows[c]:>10}" for c in COLUMNS) + f"{share(all_rows):>10.1f}")
        lines.append("")
    return "\n".join(lines)


def causes(results: list[Result]) -> list[tuple[str, list[Result]]]:
    """What remains to be done, most frequent first."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.verdict in ("different", "refused", "crashed"):
            groups[f"{result.verdict}: {result.cause}"].append(result)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def oracle_errors(results: list[Result]) -> list[tuple[str, int, int, int]]:
    """What Alembic itself cannot render: message, runs, how many of them gensql can, projects."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        record = result.record
        if not record["ok"] and not result.chain:
            message = re.sub(r"0x[0-9a-f]+|\"[^\"]*\"|'[^']*'", "…", f"{record['error']}: {record['message']}".splitlines()[0])[:160]
            groups[("cannot import the revision: " if record.get("import") else "") + message].append(result)
    rows = [(m, len(g), sum(r.verdict == "extra" for r in g), len({r.versions.project for r in g})) for m, g in groups.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def write(results: list[Result], table: dict, gensql: Path, folder: Path) -> None:
    """report.md, report.json and a file for each difference."""
    shutil.rmtree(folder / "diffs", ignore_errors=True)
    (folder / "diffs").mkdir(parents=True)
    groups = causes(results)
    lines = ["# Parity with real Alembic", "", "```text", summary(table), "```", "", "## What differs, most frequent first", ""]
    for cause, members in groups:
        projects = sorted({m.versions.label for m in members})
        lines.append(f"- **{len(members)}** {cause.replace('`', chr(39))} ({', '.join(projects)})")
        shown: dict[str, Result] = {}
        for member in members:
            shown.setdefault(member.headline() or member.name, member)
        for headline, member in list(shown.items())[:3]:
            lines.append(f"  - {member.name}" + (f": {headline}" if headline != member.name else ""))
    lines += ["", "## What Alembic itself cannot render: runs, of them rendered by gensql, projects", ""]
    lines += [f"- {runs} / {extra} / {projects}: {message}" for message, runs, extra, projects in oracle_errors(results)]
    lines += ["", "## Options that the projects' own env.py gives to Alembic", ""]
    seen = set()
    for result in results:
        if result.versions.label not in seen:
            seen.add(result.versions.label)
            lines.append(f"- {result.versions.label}: {', '.join(environment.native_options(result.versions.native_env))}")
    unstable = sorted({f"{r.name}: {r.record['unstable']}" for r in results if r.record.get("unstable")})
    lines += ["", "## Alembic's own text varies from run to run", ""] + [f"- {name}" for name in unstable]
    (folder / "report.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = []
    for result in results:
        record = result.record
        rows.append({k: record.get(k) for k in ("project", "versions", "revision", "direction", "dialect", "ok", "unstable")}
                    | {"verdict": result.verdict, "cause": result.cause})
        if result.verdict in ("different", "refused", "crashed"):
            name = re.sub(r"[^\w.-]+", "_", result.name) + ".diff"
            text = " ".join(command(gensql, result.versions, record)) + "\n\n" + (result.diff() if result.text is not None else result.error)
            (folder / "diffs" / name).write_text(text, encoding="utf-8")
    tables = [{"project": label, "dialect": dialect, "whole_chain": chain, **row} for (label, dialect, chain), row in table.items()]
    (folder / "report.json").write_text(json.dumps({"tables": tables, "runs": rows}, indent=1), encoding="utf-8")
