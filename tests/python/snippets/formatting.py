### integers
for spec in ("", "d", "5d", "<5d", "^7d", "+d", " d", "05d", "x", "X", "#x", "#o", "#b", "b", ",", "_", "08b", "+,d", "n", "c", "e", ".2f", "%", "_x", "_b", "#010x", "*^9"):
    print(repr(spec), repr(format(65, spec)))
### negative integers
for spec in ("d", "5d", "05d", "+d", "x", "#x", ",", "=6d", "*=6d", "<6", "^6"):
    print(repr(spec), repr(format(-1234, spec)))
### floats
for spec in ("", "f", ".0f", ".1f", ".3f", "e", ".2e", "E", "g", ".3g", "G", "%", ".1%", "10.2f", "<10.2f", "+.1f", ",.2f", "_.2f", "010.3f", "#.0f", "n", ".10g", "^12.1e"):
    print(repr(spec), repr(format(1234.5678, spec)))
### special floats
for v in (float("inf"), float("-inf"), float("nan"), 0.0, -0.0, 1e100, 1e-7, 1e16, 123456789012345680.0):
    print(v, format(v, "f")[:30], format(v, "g"), format(v, "e"), "%s %r" % (v, v))
### strings
for spec in ("", "s", "10", "<10", ">10", "^10", "*^10", ".2", "5.1", "-^9s", "010"):
    print(repr(spec), repr(format("abc", spec)))
### bad specs
for v, spec in (("a", "d"), (1, "s"), (1.5, "d"), ("a", "=5"), ("a", "+"), ("a", ","), (1, ".2d"), (1, "5.2x"), (None, "5"), ([], ">5"), (1, "q"), ("a", "x"), (1, ",,"), (1.5, ",_")):
    try:
        print(format(v, spec))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
### bool formatting
print(f"{True}", f"{True:d}", f"{True:5}", f"{False!r:>6}", "%d %s" % (True, True))
### none and containers
print(f"{None}", f"{[1, 'a']}", f"{ {'k': 1} }", f"{(1,)}", f"{ {1} }", f"{set()}", f"{frozenset([1])}")
### conversions
x = "é'\n"
print(f"{x!r} {x!s} {x!a}")
### debug form
a = 5
b = "t"
print(f"{a=} {b=} {a + 1 = } {b=!s} {a=:>4}")
### nested spec
w, p = 10, 3
print(f"[{3.14159:{w}.{p}f}] [{'x':{'*'}^{w}}]")
### nested quotes and braces
d = {"k": "v"}
print(f"{d['k']} {{literal}} {'{'} {{{a}}}" if (a := 1) else "")
### multiline expression
print(f"{sum(x for x in range(4))} {(lambda v: v * 2)(4)} {[i for i in 'ab']}")
### str format positions
print("{} {}".format(1, 2), "{1} {0}".format(1, 2), "{a} {b}".format(a=1, b=2), "{0}{0}".format("x"), "{{}}".format())
### str format access
class P:
    x = 4
    y = {"k": [1, 2]}
print("{0.x} {0.y[k][1]} {1[0]} {2[key]}".format(P, [9], {"key": "v"}))
### str format spec
print("{:>5}|{:<5}|{:^5}|{:05.1f}|{!r:>6}|{:{}}|{:{w}.{p}f}".format("a", "b", "c", 2.55, "q", "z", 4, 1.23456, w=8, p=2))
### str format errors
for f in (lambda: "{} {}".format(1), lambda: "{x}".format(), lambda: "{0} {}".format(1), lambda: "{} {0}".format(1), lambda: "{".format(), lambda: "}".format(), lambda: "{!z}".format(1), lambda: "{0.q}".format(1), lambda: "{a[}".format(a=1)):
    try:
        print(f())
    except (IndexError, KeyError, ValueError, AttributeError) as e:
        print(type(e).__name__, e)
### format map
print("{a}-{b}".format_map({"a": 1, "b": 2}))
class D(dict):
    def __missing__(self, k): return "?" + k
print("{a}-{z}".format_map(D(a=1)))
### percent basics
print("%s %d %i %u %f %e %g %x %X %o %c %c %r %a %%" % ("s", 1, 2, 3, 4.5, 5e10, 6.0, 255, 255, 8, "c", 100, "r", "é"))
### percent flags
print("[%5d] [%-5d] [%05d] [%+d] [% d] [%#x] [%#o] [%5.2f] [%-8.3f] [%.3s] [%8s] [%-8s] [%.0f]" % (42, 42, 42, 42, 42, 255, 8, 3.14159, 2.5, "abcdef", "r", "l", 2.5))
### percent star
print("[%*d] [%-*d] [%.*f]" % (6, 42, 6, 42, 2, 3.14159))
### percent mapping
print("%(a)s %(b)05d %(a)r %(c).1f" % {"a": "x", "b": 7, "c": 1.25})
### percent single values
print("%s" % 5, "%s" % [1, 2], "%s" % (1,), "%s" % None, "%s" % {"a": 1}, "%r" % ("t",), "%s" % ((1, 2),))
### percent errors
for f in (lambda: "%d" % "a", lambda: "%s %s" % 1, lambda: "%s" % (1, 2), lambda: "%(a)s" % {}, lambda: "%(a)s" % 5, lambda: "%q" % 1, lambda: "%" % 1, lambda: "%x" % 1.5, lambda: "%c" % "ab", lambda: "abc" % 1, lambda: "%d" % None, lambda: "%f" % "x"):
    try:
        print(f())
    except (ValueError, TypeError, KeyError) as e:
        print(type(e).__name__, e)
### percent with a float for d
print("%d" % 3.99, "%d" % -3.99, "%i" % 1e10, "%s" % 1e20, "%x" % True)
### percent big numbers
print("%d %x %s" % (10 ** 30, 2 ** 80, 10 ** 25))
print(f"{10**30:,} {2**70:x} {10**20:_d} {-10**18:e}")
### custom format
class V:
    def __format__(self, spec): return f"<{spec}>"
    def __repr__(self): return "V()"
print(f"{V()} {V():abc} {V()!r:>6}", "{:x}".format(V()), format(V(), "q"))
### default format of objects
class A:
    def __str__(self): return "A!"
print(f"{A()}", "{}".format(A()))
try:
    f"{A():>5}"
except TypeError as e:
    print(e)
### str subclass and enum
import enum
class C(str, enum.Enum):
    R = "r"
class I(enum.IntEnum):
    ONE = 1
class S(enum.StrEnum):
    X = "x"
print(f"{C.R} {I.ONE} {S.X} {C.R!r} {I.ONE!r} {S.X!r} {C.R.value}", "%s %s %s" % (C.R, I.ONE, S.X), "%d" % I.ONE, "{:>3}".format(I.ONE))
### repr of strings
for s in ("a", "it's", '"q"', "both ' and \"", "tab\t", "nl\n", "nul\0", "\x7f", "é", "\u200b", "\U0001f600", "\\", "\x1b[0m", "\xa0", "\ud7ff"):
    print(repr(s), ascii(s))
### repr of bytes
for b in (b"a", b"it's", b'"', b"\x00\xff", b"\n\t\\", b"'\""):
    print(b, repr(b), str(b))
### repr of floats
for f in (0.1, 1.0, 1e15, 1e16, 1e17, 1.5e-5, 0.0001, 0.00001, 123456.789, 1/3, 2.5, 1e22, 1e21, 5e-324, 1.7976931348623157e308, -0.0, 100.0, 0.1 + 0.2):
    print(repr(f), str(f))
### round
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.567, -2), round(15, -1), round(25, -1), round(1.5, 0), round(5), round(0.5), round(1e20), round(-0.4))
### print options
print(1, 2, sep="-", end="!\n")
print("a", "b", sep="")
print()
print("x", end="")
print("y", flush=True)
print(*[1, 2, 3], sep=", ")
### print none separators
print("a", "b", sep=None, end=None)
### thousands
print(f"{1234567:,} {1234567.891:,.1f} {1234:_} {-1234567:,} {0:,} {999:,} {1e6:,}")
### width with unicode
print(f"[{'é':>3}] [{'日本':^6}]", len("日本"), "日本".center(6, "*"))
### octal and hex functions
print(hex(255), hex(-255), oct(8), bin(5), bin(-5), hex(10**20))
### string template
from string import Template
t = Template("$a ${b}c $$ $missing")
print(t.safe_substitute(a=1, b=2))
print(Template("$x-$y").substitute({"x": 1}, y=2))
try:
    t.substitute(a=1, b=2)
except KeyError as e:
    print(repr(e))
try:
    Template("bad $ here").substitute()
except ValueError as e:
    print(e)
### string constants
import string
print(string.ascii_lowercase, string.ascii_uppercase, string.digits, string.hexdigits, string.octdigits, string.punctuation, repr(string.whitespace))
print(string.capwords("hello  world foo"), len(string.printable))
### textwrap
import textwrap
t = "The quick brown fox jumped over the lazy dog and ran away."
print(textwrap.wrap(t, 20))
print(textwrap.fill(t, 25, initial_indent="* ", subsequent_indent="  "))
print(repr(textwrap.shorten(t, 25)), repr(textwrap.shorten("a b", 10)))
### textwrap dedent and indent
import textwrap
s = """
    a
      b

    c
"""
print(repr(textwrap.dedent(s)))
print(repr(textwrap.indent("a\n\nb\n", "> ")), repr(textwrap.indent("a\n\nb", "+", lambda line: True)))
print(repr(textwrap.dedent("\ta\n\t b\n")), repr(textwrap.dedent("  a\n\tb")), repr(textwrap.dedent("   \n  x\n")))
### implicit concatenation
x = ("a" "b"
     f"{1}" 'c' r"\n")
print(x)
### raw and bytes literals
print(r"\d\n", b"\x41\102", rb"\x", "\x41\u00e9\N{BULLET}\101", "a\
b")
### triple quotes
s = '''one
"two"
three\tfour'''
print(s, len(s))
### f-string with datetime
import datetime
d = datetime.datetime(2024, 1, 2, 3, 4, 5)
print(f"{d} {d:%Y-%m-%d} {d:%H:%M}", "{:%d/%m/%y}".format(d), f"{d.date()!r}", format(d.time(), "%S"))
### f-string decimal
from decimal import Decimal
print(f"{Decimal('1.50')} {Decimal('1.255'):.2f} {Decimal('1234567.8'):,} {Decimal('0.5'):%} {Decimal('12'):>6} {Decimal('1.5'):e}", "%s %.1f" % (Decimal("2.50"), Decimal("2.55")))
### json like braces
print(f'{{"a": {1}, "b": "{"x"}"}}' if False else f'{{"a": {1}}}')
### str of types
print(str(int), repr(str), type(1), type("a"), type(None), type([]), type(print), type(lambda: 1))
class K: pass
print(K, type(K()), type(K))
### str from bytes
print(str(b"abc", "utf-8"), str(b"\xe9", "latin-1"), str(b"a\xffb", "utf-8", "replace"), str(b"a\xffb", errors="ignore"), str(), str(object=5))
