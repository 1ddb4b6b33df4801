"""Writes revisions.jsonl: random revision graphs and what Alembic makes of them.

    python tests/oracle/revisions.py 200 > tests/oracle/revisions.jsonl

needs alembic 1.20.1. One graph a line. Where Alembic iterates a set, the declared order is forced
upon it, or the result is written sorted.
"""

import json
import random
import signal
import sys
import warnings

from alembic.runtime.migration import HeadMaintainer
from alembic.script.base import ScriptDirectory
from alembic.script.revision import Revision, RevisionError, RevisionMap
from alembic.util.exc import CommandError

warnings.simplefilter("ignore")


class Module:
    def upgrade():
        pass

    def downgrade():
        pass


class Script(Revision):
    def __init__(self, *args):
        super().__init__(*args)
        self.module = Module
        self.doc = ""


class Maintainer(HeadMaintainer):
    def __init__(self, heads):
        super().__init__(None, heads)
        self.log = []

    def _insert_version(self, version):
        assert version not in self.heads
        self.heads.add(version)
        self.log.append(["insert", version])

    def _delete_version(self, version):
        self.heads.remove(version)
        self.log.append(["delete", version])

    def _update_version(self, from_, to_):
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)
        self.log.append(["update", from_, to_])


def directory(declared):
    scripts = [Script(i, tuple(d) or None, tuple(n) or None, tuple(l) or None) for i, d, n, l in declared]
    script = object.__new__(ScriptDirectory)
    script.revision_map = RevisionMap(lambda: scripts)
    script.revision_map._revision_map
    for rev in scripts:
        kept = set(rev._normalized_resolved_dependencies)
        rev._normalized_resolved_dependencies = tuple(
            dict.fromkeys(d for d in rev._resolved_dependencies if d in kept)
        )
    list(script.walk_revisions())
    return script, scripts


class Hang(Exception):
    pass


def hang(*_):
    raise Hang


signal.signal(signal.SIGALRM, hang)


def attempt(function):
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        return function()
    except (CommandError, RevisionError) as error:
        return {"error": str(error)}
    except Exception as error:
        return {"crash": type(error).__name__}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def run(steps, current):
    maintainer = Maintainer(current)
    result = []
    for step in steps:
        maintainer.log = []
        empty = not maintainer.heads
        maintainer.update_to_step(step)
        removed = sorted(c[1] for c in maintainer.log if c[0] != "insert")
        added = sorted(c[-1] for c in maintainer.log if c[0] != "delete")
        result.append([step.short_log, empty, removed, added])
    return result


def graph(rng):
    size = rng.choice([1, 2, 3, 5, 8, 13, 21, 34])
    prefix = rng.choice(["", "", "ab", "rev_"])
    ids = []
    while len(ids) < size:
        name = prefix + "".join(rng.choice("0123456789abcdef") for _ in range(rng.choice([1, 4, 6])))
        if name not in ids:
            ids.append(name)
    branching = rng.choice([0.0, 0.1, 0.4])
    merging = rng.choice([0.0, 0.1, 0.3])
    needing = rng.choice([0.0, 0.0, 0.15, 0.4])
    rows, tips = [], []
    for place, name in enumerate(ids):
        earlier = ids[:place]
        if not earlier or rng.random() < rng.choice([0.02, 0.15]):
            downs = []
        elif len(tips) > 1 and rng.random() < merging:
            downs = rng.sample(tips, min(len(tips), rng.choice([2, 2, 3])))
        elif rng.random() < 0.04 and len(earlier) > 1:
            downs = rng.sample(earlier, 2)
        elif rng.random() < branching:
            downs = [rng.choice(earlier)]
        else:
            downs = [rng.choice(tips)]
        needs = []
        if earlier and rng.random() < needing:
            needs = rng.sample(earlier, min(len(earlier), rng.choice([1, 1, 2, 3])))
        tips = [t for t in tips if t not in downs] + [name]
        labels = ["l_" + name] if rng.random() < 0.15 else []
        if rng.random() < 0.03:
            labels.append("k" + name)
        rows.append([name, downs, needs, labels])
    known = [l for r in rows for l in r[3]]
    for row in rows:
        owner = {l: r[0] for r in rows for l in r[3]}
        row[2] = [next((l for l, o in owner.items() if o == d and rng.random() < 0.3), d) for d in row[2]]
    if rng.random() < 0.08:
        row = rng.choice(rows)
        row[rng.choice([1, 2])] = [rng.choice(ids)]
    if rng.random() < 0.5:
        rng.shuffle(rows)
    return rows, known


def targets(rng, ids, labels, count=4):
    one = rng.choice
    some = [
        "head", "heads", "base", "+1", "+2", "-1", "-2", "+9", "head-1", "head-2",
        one(ids), one(ids)[:4], one(ids)[:2], one(ids) + "+1", one(ids) + "-1", one(ids) + "-3",
        one(ids) + "@head", one(ids) + "@base", one(ids) + "@" + one(ids), one(ids) + "@+1",
        one(ids) + "@-1", "nope", "nope@head", "heads-1", "@head", one(ids) + "@heads",
    ]
    if labels:
        label = one(labels)
        some += [label, label[:4], label + "@head", label + "@heads", label + "@base", label + "@+1",
                 label + "@-1", label + "@head-1", label + "@" + one(ids), label + "+1", label + "-1",
                 label + "@" + one(ids) + "-1", label + "@" + one(ids) + "+1"]
    return rng.sample(some, count)


def starts(rng, script, ids):
    found = [[]]
    for _ in range(1):
        current = []
        for name in rng.sample(ids, min(len(ids), rng.choice([1, 1, 2, 3]))):
            reach = lambda names: {
                r.revision for r in script.revision_map._get_ancestor_nodes(
                    [script.revision_map.get_revision(n) for n in names])}
            if name not in reach(current) and not any(c in reach([name]) for c in current):
                current.append(name)
        found.append(current)
    heads = list(script.revision_map._real_heads)
    return found + [heads]


def cases(rng, script, declared, labels):
    ids = [row[0] for row in declared]
    result = []

    def case(kind, current, target, function):
        result.append({"kind": kind, "start": current, "target": target, "result": attempt(function)})

    for current in starts(rng, script, ids):
        rows = tuple(current)
        for target in targets(rng, ids, labels):
            case("upgrade", current, target, lambda: run(script._upgrade_revs(target, rows), rows))
            if not (len(current) > 1 and target[:1] == "-"):
                case("downgrade", current, target, lambda: run(script._downgrade_revs(target, rows), rows))
            case("stamp", current, target, lambda: run(script._stamp_revs((target,), rows), rows))
    for target in targets(rng, ids, labels):
        named = lambda revs: sorted("base" if r == "base" else r.revision for r in revs)
        case("show", [], target, lambda: named(script.get_revisions(target)))
    for _ in range(4):
        low, high = rng.choice(targets(rng, ids, labels)), rng.choice(targets(rng, ids, labels))
        low, high = rng.choice([(low, "heads"), ("base", high), (low, high)])
        case("history", [low], high, lambda: [r.revision for r in script.walk_revisions(low, high)])
    case("current", ids[:1], "", lambda: sorted(r.revision for r in script.get_all_current(tuple(ids[:1]))))
    return result


def describe(seed):
    rng = random.Random(seed)
    declared, labels = graph(rng)
    entry = {"seed": seed, "revisions": declared}
    built = attempt(lambda: directory(declared))
    if isinstance(built, dict):
        return entry | {"refused": built}
    script, scripts = built
    revision_map = script.revision_map
    return entry | {
        "heads": list(revision_map.heads),
        "real_heads": list(revision_map._real_heads),
        "bases": list(revision_map.bases),
        "labels": {s.revision: sorted(s.branch_labels) for s in scripts},
        "requirements": {s.revision: list(s._normalized_down_revisions) for s in scripts},
        "history": [r.revision for r in script.walk_revisions()],
        "cases": cases(rng, script, declared, labels),
    }


for seed in range(int(sys.argv[1])):
    print(json.dumps(describe(seed), separators=(",", ":")))
