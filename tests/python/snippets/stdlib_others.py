### uuid
import uuid
u = uuid.UUID("12345678-1234-5678-1234-567812345678")
print(u, repr(u), u.hex, u.int, u.bytes, u.version, u.variant, u == uuid.UUID(u.hex), u.urn, u.fields, u.node, uuid.UUID(int=5), uuid.UUID(bytes=b"\x01" * 16), uuid.UUID("{12345678123456781234567812345678}"), {u: 1}[uuid.UUID(str(u))], u < uuid.UUID(int=1), hash(u) == hash(uuid.UUID(str(u))))
print(uuid.uuid5(uuid.NAMESPACE_DNS, "python.org"), uuid.uuid3(uuid.NAMESPACE_URL, "x"), uuid.uuid5(uuid.NAMESPACE_OID, "é").version, uuid.NAMESPACE_X500)
for f in (lambda: uuid.UUID("bad"), lambda: uuid.UUID(), lambda: uuid.UUID(bytes=b"1"), lambda: uuid.UUID(int=-1)):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
### json dumps
import json
print(json.dumps({"a": [1, 2.5, None, True, "é\n\"\\/"], "b": {}, "c": [], "d": (1,)}), json.dumps("é", ensure_ascii=False), json.dumps([1, 2], separators=(",", ":")), json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps({1: "a", None: 1, True: 2, 1.5: 3}), json.dumps(1e20), json.dumps(float("inf")), json.dumps("\u2028\x00\U0001f600"), json.dumps(10 ** 20))
print(json.dumps({"a": [1, {"b": 2}], "c": {}, "e": []}, indent=2))
print(json.dumps([1, [2]], indent="\t"), json.dumps({"a": 1}, indent=0), json.dumps([], indent=2))
### json dumps errors
import json
for f in (lambda: json.dumps({1, 2}), lambda: json.dumps({(1, 2): 3}), lambda: json.dumps(object), lambda: json.dumps(b"a"), lambda: json.dumps(float("nan"), allow_nan=False)):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
l = []
l.append(l)
try:
    json.dumps(l)
except ValueError as e:
    print(e)
### json default and classes
import json, datetime, enum
class C(str, enum.Enum):
    A = "a"
class I(enum.IntEnum):
    X = 3
class Enc(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, datetime.date): return o.isoformat()
        return super().default(o)
print(json.dumps([C.A, I.X, {C.A: 1}]), json.dumps({"d": datetime.date(2024, 1, 1)}, cls=Enc), json.dumps({1j}, default=str) if False else json.dumps([object], default=lambda o: "obj"), json.dumps({"a": 1, (1,): 2}, skipkeys=True))
try:
    json.dumps([1j], cls=Enc)
except TypeError as e:
    print(e)
### json loads
import json
print(json.loads('{"a": [1, 2.5, null, true, "\\u00e9\\n"], "b": {"c": -1e3}}'), json.loads("[]"), json.loads('"x"'), json.loads(" 1 "), json.loads(b'{"k": 1}'), json.loads("[1.0, 1e2, 12345678901234567890]"), json.loads('{"a": 1, "a": 2}'), json.loads("NaN"), json.loads('{"a": 1}', object_hook=lambda d: list(d)), json.loads("[1.5]", parse_float=str), json.loads('{"a":1}', object_pairs_hook=list))
### json loads errors
import json
for s in ("", "{", "[1,]", "{'a': 1}", '{"a" 1}', "nul", '"abc', "[1] x", '{"a": 1,}', '"\\x"', "01"):
    try:
        print(json.loads(s))
    except json.JSONDecodeError as e:
        print(type(e).__name__, e)
try:
    json.loads(None)
except TypeError as e:
    print(e)
### re basics
import re
print(re.match(r"(\d+)-(\w+)", "12-ab cd").groups(), re.search(r"b+", "aabbb").span(), re.match("x", "y"), re.fullmatch(r"\w+", "abc").group(), re.findall(r"\d", "a1b2"), re.findall(r"(\w)(\d)", "a1b2"), re.findall(r"(\w)\d", "a1b2"), re.split(r",\s*", "a, b,c"), re.split(r"(,)", "a,b"), re.split("x*", "axbc"), re.split(",", "a,b,c", maxsplit=1), re.escape("a.b*c d-e"))
### re sub
import re
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.sub("a", "b", "aaa", count=2), re.sub(r"\d+", lambda m: str(int(m.group()) * 2), "a1b22"), re.subn("x", "y", "xxz"), re.sub(r"(?P<n>\w)", r"<\g<n>>", "ab"), re.sub(r"(a)|b", r"[\1]", "ab"), re.sub("", "-", "abc"), re.sub(r"\s+", " ", "a \n b"), re.sub(r"\.", r"\\.", "a.b"), re.sub("b", r"\n", "abc"), re.sub(r"(\d)", r"\g<1>0", "a1"))
### re groups
import re
m = re.search(r"(?P<y>\d{4})-(?P<m>\d\d)(-(?P<d>\d\d))?", "on 2024-05 x")
print(m.group(0), m.group("y", "m"), m["m"], m[1], m.groupdict(), m.groups(), m.groups("none"), m.start("m"), m.end(), m.span(2), m.lastindex, m.string, m.re.pattern, m.pos)
print(m)
try:
    m.group(9)
except IndexError as e:
    print(e)
### re flags
import re
print(re.findall("a", "aA", re.I), re.findall("^x", "x\nx", re.M), re.match("a.b", "a\nb", re.S).group() == "a\nb", re.compile(r"""
  \d+  # digits
  [a-z]
""", re.X).match("12a").group(), re.match("(?i)ABC", "abc").group(), re.compile("a", re.I | re.M).flags, re.findall(r"\bword\b", "a word sword"), re.findall(r"(?<=a)b", "ab cb"), re.findall(r"a(?!b)", "ab ac"), re.match(r"(\w)\1", "aa").group(), re.findall(r"a+?", "aaa"), re.findall(r"(?:ab)+", "ababx"))
### re compiled and iteration
import re
p = re.compile(r"(\w)=(\d)")
print([(m.group(1), m.start()) for m in p.finditer("a=1 b=2")], p.search("zz c=3", 2).group(), p.match("a=1").expand(r"\2-\1"), p.pattern, p.groups, p.groupindex, p.fullmatch("a=1x"), p.sub("-", "a=1,b=2"), p.split("x a=1 y"), repr(p), p == re.compile(r"(\w)=(\d)"), p.findall("a=1"))
### re errors
import re
for s in ("(", "[", "*a", "(?P<x>a)(?P<x>b)", "a{2,1}", "\\"):
    try:
        re.compile(s)
        print("ok", s)
    except re.error as e:
        print(type(e).__name__)
### re bytes and unicode
import re
print(re.findall(r"\w+", "héllo wörld"), re.sub(r"[^\x00-\x7f]", "?", "aéb"), re.findall(r"\w+", "é a", re.A), re.match("é", "é").end(), [m.start() for m in re.finditer("b", "éb😀b")])
### itertools infinite and slices
from itertools import count, cycle, repeat, islice, takewhile, dropwhile, chain
print(list(islice(count(5, 2), 3)), list(islice(cycle("ab"), 5)), list(repeat("x", 2)), list(takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(chain([1], "ab", (2,))), list(chain.from_iterable([[1], [2, 3]])), list(islice("abcdef", 1, None, 2)), list(islice([1, 2], 5)))
### itertools combinatorics
from itertools import product, permutations, combinations, combinations_with_replacement
print(list(product("ab", [1, 2])), list(product([0, 1], repeat=2)), list(permutations("abc", 2)), list(combinations("abc", 2)), list(combinations_with_replacement("ab", 2)), len(list(permutations(range(4)))), list(product()), list(combinations([1], 2)))
### itertools grouping
from itertools import groupby, accumulate, zip_longest, starmap, filterfalse, tee, compress, pairwise
print([(k, list(g)) for k, g in groupby("aabbca")], [(k, [x["v"] for x in g]) for k, g in groupby([{"k": 1, "v": "a"}, {"k": 1, "v": "b"}, {"k": 2, "v": "c"}], key=lambda d: d["k"])], list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], lambda a, b: a * b)), list(accumulate([1, 2], initial=10)), list(zip_longest([1, 2], "a", fillvalue="-")), list(starmap(pow, [(2, 3), (3, 2)])), list(filterfalse(lambda x: x % 2, range(5))), list(compress("abc", [1, 0, 1])), list(pairwise([1, 2, 3])))
a, b = tee([1, 2])
print(list(a), list(b))
### defaultdict
from collections import defaultdict
d = defaultdict(list)
d["a"].append(1)
d["b"]
print(d, dict(d), d["zz"], "q" in d, d.get("q"), len(d), d.default_factory)
c = defaultdict(int)
for x in "hello": c[x] += 1
print(sorted(c.items()), defaultdict(lambda: 5)["x"], defaultdict(None, {"a": 1}), isinstance(c, dict), c == {"h": 1, "e": 1, "l": 2, "o": 1})
try:
    defaultdict()["x"]
except KeyError as e:
    print(repr(e))
t = defaultdict(lambda: defaultdict(dict))
t["a"]["b"]["c"] = 1
print({k: {a: b for a, b in v.items()} for k, v in t.items()})
### ordered dict
from collections import OrderedDict
d = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
d.move_to_end("a")
print(d, list(d), d.popitem(), d.popitem(last=False), d, OrderedDict(a=1) == {"a": 1}, OrderedDict([("a", 1), ("b", 2)]) == OrderedDict([("b", 2), ("a", 1)]))
d["z"] = 5
d.move_to_end("z", last=False)
print(list(d.items()), isinstance(d, dict), list(reversed(d)))
### counter
from collections import Counter
c = Counter("mississippi")
print(c, c.most_common(2), c["s"], c["zz"], sum(c.values()), sorted(c.elements())[:3], c.total())
a, b = Counter(a=3, b=1), Counter(a=1, b=2)
print(a + b, a - b, a & b, a | b, Counter([1, 1, 2]), a == Counter(a=3, b=1), dict(a))
a.update("aa"); a.subtract({"b": 5})
print(a, +a, Counter(), list(Counter("aab")))
### deque
from collections import deque
d = deque([1, 2, 3], maxlen=3)
d.append(4)
print(d, d[0], len(d), list(d), d.maxlen)
d.appendleft(0)
e = deque("abc")
e.rotate(1)
print(d, e, e.pop(), e.popleft(), e, 1 in d, deque([1]) == deque([1]), e.count("a"))
e.extend("xy"); e.extendleft("12"); e.remove("x"); e.reverse(); e.insert(1, "q")
print(e, e.index("q"), e.copy())
try:
    deque().pop()
except IndexError as x:
    print(x)
### chain map
from collections import ChainMap
c = ChainMap({"a": 1}, {"a": 2, "b": 3})
c["z"] = 9
print(c["a"], c["b"], dict(c) == {"a": 1, "b": 3, "z": 9}, c.maps[0], "b" in c, len(c), sorted(c), c.get("q"), c.new_child({"a": 5})["a"], c.parents["a"])
try:
    c["none"]
except KeyError as e:
    print(e)
### user collections
from collections import UserDict, UserList
class D(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k, v * 2)
d = D(a=1)
d["b"] = 2
print(d, d.data, d["a"], len(d), "a" in d, list(d.items()))
### collections abc
from collections.abc import Mapping, Sequence, Iterable, Callable, Hashable, MutableMapping, Set, Iterator, Generator
print(isinstance({}, Mapping), isinstance([], Sequence), isinstance("a", Sequence), isinstance(1, Iterable), isinstance(print, Callable), isinstance([], Hashable), isinstance({1}, Set), isinstance(iter([]), Iterator), isinstance((x for x in []), Generator), issubclass(dict, MutableMapping), issubclass(list, Sequence))
class M(Mapping):
    def __init__(self, d): self.d = d
    def __getitem__(self, k): return self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = M({"a": 1})
print(m["a"], m.get("z", 0), "a" in m, list(m.items()), list(m.keys()), list(m.values()), dict(m), {**m}, m == {"a": 1})
### hashlib
import hashlib
print(hashlib.md5(b"abc").hexdigest(), hashlib.sha1(b"abc").hexdigest(), hashlib.sha256(b"abc").hexdigest(), hashlib.sha512(b"").hexdigest()[:16], hashlib.sha224(b"a").hexdigest()[:8], hashlib.sha384(b"a").hexdigest()[:8], hashlib.new("sha256", b"x").hexdigest()[:8], hashlib.md5(b"a").digest()[:4], hashlib.sha256(b"").digest_size, hashlib.md5(b"x").name)
h = hashlib.sha1()
h.update(b"a"); h.update(b"bc")
print(h.hexdigest(), h.copy().hexdigest()[:4], hashlib.md5("é".encode(), usedforsecurity=False).hexdigest()[:8])
for f in (lambda: hashlib.md5("a"), lambda: hashlib.new("nope")):
    try:
        f()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
### base64
import base64
print(base64.b64encode(b"hello?>"), base64.b64decode("aGVsbG8="), base64.urlsafe_b64encode(b"\xff\xfe"), base64.urlsafe_b64decode("__4="), base64.b32encode(b"hi"), base64.b16encode(b"hi"), base64.b64decode(b"aGk="), base64.b32decode("NBUQ===="), base64.b16decode("6869"), base64.standard_b64encode(b"a"))
try:
    base64.b64decode("abc")
except Exception as e:
    print(type(e).__name__, e)
### binascii and zlib and hmac
import binascii, zlib, hmac, hashlib
print(binascii.hexlify(b"ab"), binascii.unhexlify("6162"), binascii.crc32(b"hello"), zlib.crc32(b"hello"), zlib.adler32(b"hello"), hmac.new(b"k", b"m", hashlib.sha256).hexdigest()[:16])
### operator
import operator as o
print(o.add(1, 2), o.itemgetter(1)([5, 6]), o.itemgetter("a", "b")({"a": 1, "b": 2}), o.attrgetter("real")(5), o.methodcaller("upper")("a"), o.mul(2, 3), o.eq(1, 1), o.contains([1], 1), o.not_(1), o.getitem([1], 0), o.truediv(1, 2), o.neg(1), o.and_(6, 3), sorted([{"a": 2}, {"a": 1}], key=o.itemgetter("a")), o.concat("a", "b"), o.is_(None, None), o.lt(1, 2), o.xor(1, 3), o.truth([]), o.mod(5, 3), o.pow(2, 3), o.floordiv(7, 2), o.attrgetter("__class__.__name__")(1))
### os path
import os, os.path
print(os.path.join("a", "b", "c.txt"), os.path.join("a", "/b"), os.path.basename("/a/b.txt"), os.path.dirname("/a/b.txt"), os.path.splitext("a.tar.gz"), os.path.split("/a/b"), os.path.normpath("a/../b//c/."), os.path.isabs("/a"), os.path.commonprefix(["abc", "abd"]), os.sep, os.linesep == "\n", os.path.relpath("/a/b", "/a"), os.pardir, os.path.splitext(".bashrc"), os.path.join("a", ""), os.path.commonpath(["/a/b", "/a/c"]))
### os environ default
import os
print(os.environ.get("GENSQL_NO_SUCH_VARIABLE"), os.environ.get("GENSQL_NO_SUCH_VARIABLE", "d"), os.getenv("GENSQL_NO_SUCH_VARIABLE", "e"), "GENSQL_NO_SUCH_VARIABLE" in os.environ)
os.environ["GENSQL_NO_SUCH_VARIABLE"]
### pathlib
from pathlib import Path, PurePosixPath, PurePath
p = Path("/a/b/c.tar.gz")
print(p, repr(PurePosixPath("a")), p.name, p.stem, p.suffix, p.suffixes, p.parent, p.parent.parent, p.parts, p / "x", Path("a") / "b" / "c", p.with_suffix(".txt"), p.with_name("n"), p.is_absolute(), list(map(str, p.parents)), p.relative_to("/a"), Path("a//b/./c"), Path("a") == Path("a"), str(Path()), Path("a", "b"), "x" / Path("y"), p.as_posix(), p.joinpath("q", "r"), p.match("*.gz"), sorted([Path("b"), Path("a")])[0], p.anchor, Path("x.py").with_stem("y"))
### types of random
import re
print(re.compile("a").__class__.__name__, type(re.match("a", "a")).__name__)
### time is a module
import time
print(hasattr(time, "sleep"), callable(time.time))
### logging is silent
import logging
log = logging.getLogger(__name__)
log.info("x %s", 1)
logging.basicConfig(level=logging.INFO)
print(log.name, logging.INFO, logging.getLevelName(20), logging.WARNING < logging.ERROR)
### warnings are silent
import warnings
warnings.warn("careful")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
print("ok")
### urllib parse
from urllib.parse import urlparse, quote, unquote, quote_plus, urlencode, parse_qs, urljoin, urlsplit, urlunsplit
u = urlparse("postgresql://us:p%40w@host:5432/db?x=1&y=2#f")
print(u.scheme, u.netloc, u.hostname, u.port, u.path, u.query, u.fragment, u.username, u.password, quote("a b/é"), unquote("a%20b"), quote_plus("a b&c"), urlencode({"a": 1, "b": "x y"}), parse_qs("a=1&a=2&b="), quote("a/b", safe=""), urljoin("http://a/b/c", "d"), unquote("%E9%zz"))
print(urlsplit("http://a/b?c#d").geturl(), u.geturl())
### io
import io
s = io.StringIO("a\nb\nc")
print(s.readline(), s.read(), list(io.StringIO("x\ny")))
o = io.StringIO()
o.write("hi"); print("there", file=o, end="")
print(o.getvalue(), io.BytesIO(b"abc").read(2))
### csv
import csv, io
print(list(csv.reader(io.StringIO('a,b\n"x, y","q""z"\n'))), list(csv.DictReader(io.StringIO("a,b\n1,2\n"))))
o = io.StringIO()
w = csv.writer(o)
w.writerow(["a", "b,c", 'd"e', 1, None])
print(repr(o.getvalue()))
### pprint
from pprint import pformat
print(pformat({"b": 1, "a": [1, 2]}), pformat("x"))
### contextlib suppress and redirect
from contextlib import suppress, redirect_stdout
import io
f = io.StringIO()
with redirect_stdout(f):
    print("hidden")
print(repr(f.getvalue()))
### importlib
import importlib
m = importlib.import_module("json")
print(m.dumps([1]), __import__("math").floor(1.5), importlib.import_module("os.path").join("a", "b"))
### sys
import sys
print(sys.version_info >= (3, 8), sys.version_info[0], sys.version_info.major, sys.maxsize, type(sys.path).__name__, "sys" in sys.modules, sys.byteorder, sys.getrecursionlimit() > 10)
### html and configparser
import html, configparser
print(html.escape("<a href='x'>&\"</a>"), html.unescape("&lt;&amp;&#39;&eacute;"))
c = configparser.ConfigParser()
c.read_string("[a]\nx = 1\ny = %(x)s2\n[b]\nz: yes\n")
print(c["a"]["y"], c.getint("a", "x"), c.getboolean("b", "z"), c.sections(), c.get("b", "q", fallback="f"), c.has_option("a", "x"), dict(c["a"]))
### heapq and bisect
import heapq, bisect
h = [5, 1, 4]
heapq.heapify(h)
heapq.heappush(h, 0)
print(heapq.heappop(h), heapq.nsmallest(2, [3, 1, 2]), heapq.nlargest(1, [3, 1, 2]), bisect.bisect([1, 2, 2, 3], 2), bisect.bisect_left([1, 2, 2, 3], 2))
l = [1, 3]
bisect.insort(l, 2)
print(l, list(heapq.merge([1, 3], [2])))
### statistics and struct are small
import statistics
print(statistics.mean([1, 2, 3, 4]), statistics.median([3, 1, 2]))
### glob style matching
import fnmatch
print(fnmatch.fnmatch("a.py", "*.py"), fnmatch.filter(["a.py", "b.txt"], "*.py"))
### shlex
import shlex
print(shlex.split("a 'b c' d\"e f\""), shlex.quote("a b"), shlex.join(["a", "b c"]))
### struct
import struct
print(struct.pack(">HI", 1, 2), struct.unpack("<h", b"\x01\x00"), struct.calcsize("<IQ"))
### unicodedata
import unicodedata
print(unicodedata.normalize("NFKD", "é").encode("ascii", "ignore"))
### string formatter of tables
rows = [("id", "int"), ("name", "varchar(50)")]
sql = "CREATE TABLE t (\n" + ",\n".join(f"    {n:<6} {t.upper()}" for n, t in rows) + "\n)"
print(sql)
### slugify pattern
import re, unicodedata
def slug(s): return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", s.lower())).strip("-_")
print(slug("Hello, World! -- Foo"), slug("  A  B "))
### chunking pattern
def chunks(l, n):
    for i in range(0, len(l), n): yield l[i:i + n]
print(list(chunks(list(range(7)), 3)))
### naming pattern
def name(table, *cols, prefix="ix"): return "_".join((prefix, table) + cols)[:63]
print(name("t", "a", "b"), name("x" * 70, prefix="uq")[-5:])
### enum values pattern
import enum
class Status(str, enum.Enum):
    NEW = "new"
    DONE = "done"
print(tuple(s.value for s in Status), [e.name for e in Status], ", ".join(f"'{s.value}'" for s in Status), Status.__members__.keys())
old = ("a", "b")
print(sorted(set(old + ("c",)) - {"a"}), "UPDATE t SET s = '%s'" % Status.NEW.value)
### data migration pattern
import json
rows = [{"id": 1, "data": '{"a": 1}'}, {"id": 2, "data": None}]
out = []
for r in rows:
    data = json.loads(r["data"] or "{}")
    data.setdefault("v", 2)
    out.append({**r, "data": json.dumps(data, sort_keys=True)})
print(out)
### topological pattern
deps = {"a": ["b", "c"], "b": ["c"], "c": []}
seen, order = set(), []
def visit(n):
    if n in seen: return
    seen.add(n)
    for m in deps[n]: visit(m)
    order.append(n)
for n in deps: visit(n)
print(order)
### template of a mapping that is no dict, and with other names
import string
class Known:
    def __getitem__(self, name):
        if name == "no": raise KeyError(name)
        return name.upper()
print(string.Template("a $b ${c}x $$ $no").safe_substitute(Known()), string.Template("$b $c").substitute(Known(), b=1))
class Dotted(string.Template):
    idpattern = r"[_a-z][\._a-z0-9]*"
class Percent(string.Template):
    delimiter = "%"
print(Dotted("$a.b/$Foo_1").safe_substitute(Known()), Percent("%a $b %%").substitute(a=5))
print(string.Template("$a $b $a ${c}").get_identifiers(), string.Template("$ $b").is_valid())
string.Template("x\n $ y").substitute()
### classes of logging
import logging
class Adapter(logging.LoggerAdapter):
    warn = logging.LoggerAdapter.warning
    def process(self, msg, kwargs): return msg, kwargs
log = Adapter(logging.getLogger("x"), {"k": 1})
print(log.info("a %s", 1), log.extra, log.logger.name, isinstance(log, logging.LoggerAdapter))
class Quiet(logging.Handler):
    def __init__(self, n):
        super().__init__()
        self.n = n
    def emit(self, record): pass
handler = Quiet(3)
handler.setLevel(logging.INFO)
logging.getLogger("x").addHandler(handler)
print(handler.n, handler.level, isinstance(handler, logging.Handler), issubclass(Quiet, logging.Handler))
print(isinstance(logging.getLogger("q"), logging.Logger), isinstance(logging.StreamHandler(), logging.Handler))
class Levels(logging.Logger):
    def trace(self, message): self.log(5, message)
print(Levels("n").trace("x"), Levels("n").name)
