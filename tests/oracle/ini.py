"""Writes ini.jsonl: random ini files and what Python's configparser makes of them.

    python tests/oracle/ini.py 1500 > tests/oracle/ini.jsonl
"""

import configparser
import json
import random
import sys

LINES = [
    "[alembic]", "[other]", "[DEFAULT]", "[a]b]", "[]", "[ spaced ]", "  [alembic2]", "[alembic] ; c",
    "key = value", "Key: other", "key=", "  more", "\tmore ; not a comment", "", "", "# comment",
    "  ; comment", "url = driver://u:p%%40@h/%(db)s", "db = name", "db = %(key)s", "loop = %(loop)s",
    "bad = 100%", "bad = %(open", "bad = %(x)d", "a = %(b)s", "b = %(a)s", "no delimiter here",
    "= nothing", ": nothing", "x : y = z", "x y = 1", "é = ü", "ends = value   ", "%(here)s = 1",
    "here = /there", "loc = %(here)s/versions", "deep=%(loc)s%(loc)s", "    indented = 1", " \t ",
    "case = %(KEY)s", "q = \"quoted\" # kept", "[alembic", "]", "\x0b", "u = \u2028x", "z = %%(key)s",
]


def read(text):
    parser = configparser.ConfigParser({"here": "/here"})
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return {"error": type(error).__name__}
    found = {}
    for section in parser.sections():
        found[section] = {}
        for option in parser.options(section):
            try:
                found[section][option] = parser.get(section, option)
            except configparser.InterpolationError:
                found[section][option] = None
    return {"sections": found}


rng = random.Random(7)
for _ in range(int(sys.argv[1])):
    lines = [rng.choice(["[alembic]", "[DEFAULT]", rng.choice(LINES)])]
    lines += rng.choices(LINES, k=rng.choice([1, 3, 6, 10]))
    text = "\n".join(lines) + rng.choice(["", "\n", "\n\n"])
    print(json.dumps({"text": text} | read(text), ensure_ascii=False))
