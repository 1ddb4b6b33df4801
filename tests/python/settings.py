# Settings in ini files, as applications read them.
import configparser
import io

TEXT = """
; a comment
[DEFAULT]
root = /srv
level: 3

[paths]
data = %(root)s/data
both = %(data)s and %%
long = first
    second

    third
flag = Yes
number = 12
ratio = 1.5
empty =
[other section]
Level = 4
# comment
name = a = b : c
"""

parser = configparser.ConfigParser()
parser.read_string(TEXT)
print(parser.sections(), parser.defaults())
for section in parser.sections():
    for key, value in parser.items(section):
        print(section, key, repr(value))
print(parser.getint("paths", "number"), parser.getfloat("paths", "ratio"), parser.getboolean("paths", "flag"))
print(parser.get("paths", "data", raw=True), parser.get("none", "x", fallback="f"), parser.get("paths", "x", fallback=None))
print(parser["other section"]["level"], "paths" in parser, "level" in parser["paths"], parser["paths"].get("gone", "fallback"))
print(parser["paths"].getint("number"), parser["paths"].getboolean("flag"), list(parser["other section"]))
for call in (
    lambda: parser.get("none", "x"),
    lambda: parser.get("paths", "x"),
    lambda: parser.getboolean("paths", "number"),
    lambda: parser.set("none", "x", "1"),
    lambda: parser.set("paths", "x", 1),
    lambda: parser["none"],
    lambda: parser.add_section("paths"),
):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
parser.set("paths", "x", "%(level)s!")
print(parser.get("paths", "x"), parser.has_option("paths", "X"), parser.remove_option("paths", "x"), parser.has_option("paths", "x"))
parser.read_dict({"new": {"A": 1, "b": "two"}})
print(parser.items("new"), parser.options("new"))
out = io.StringIO()
parser.remove_section("paths")
parser.write(out)
print(out.getvalue())


class Own(configparser.ConfigParser):
    def optionxform(self, optionstr):
        return optionstr

    def get(self, section, option, **kwargs):
        return "own " + super().get(section, option, **kwargs)


own = Own(interpolation=None, defaults={"A": "%"})
own.read_string("[s]\nKey = v\n")
print(own.get("s", "Key"), own.get("s", "A"), own.has_option("s", "key"))
raw = configparser.RawConfigParser(allow_no_value=True)
raw.read_string("[s]\nalone\nx = %(y)s\n")
print(raw.items("s"))
extended = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation())
extended.read_string("[a]\nx = 1\n[b]\ny = ${a:x}-${z}\nz = $$\n")
print(extended["b"]["y"])
for text in ("x = 1\n", "[s]\nx\n", "[s]\nx = %(y\n", "[s]\nx = %(y)s\n", "[s]\n[s]\n"):
    try:
        broken = configparser.ConfigParser()
        broken.read_string(text)
        print(broken.get("s", "x"))
    except configparser.Error as error:
        print(type(error).__name__)
