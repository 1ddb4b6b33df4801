from collections import OrderedDict, defaultdict, Counter, namedtuple, deque, ChainMap
from collections.abc import Mapping, Sequence, Iterable
import itertools, functools, contextlib, dataclasses, typing, types, io, csv, pathlib, urllib.parse, logging, warnings, abc, contextlib
from typing import Optional, Union, NamedTuple
d = defaultdict(list); d["a"].append(1); print(dict(d), d["z"], len(d))
print(Counter("abca").most_common(1), Counter("aab")["a"], Counter()["x"])
P = namedtuple("P", "x y"); p = P(1, y=2); print(p.x, p[1], p, p == (1, 2), p._replace(x=5), p._asdict(), P._fields)
a, b = p; print(a, b)
q = deque([1, 2, 3], maxlen=3); q.append(4); q.appendleft(0); print(list(q), q.popleft())
o = OrderedDict([("b", 1), ("a", 2)]); o.move_to_end("b"); print(list(o), o == {"a": 2, "b": 1})
print(isinstance({}, Mapping), isinstance([], Sequence), isinstance(1, Iterable), isinstance("a", Sequence), isinstance({1}, Iterable))
x: Optional[int] = None; y: Union[str, Sequence[str], None] = "a"; print(x, y, typing.TYPE_CHECKING, typing.cast(int, 5))
print(list(itertools.chain([1], [2, 3])), list(itertools.islice(itertools.count(5), 3)), list(itertools.product("ab", [1, 2])), list(itertools.combinations([1, 2, 3], 2)), list(itertools.permutations([1, 2])), list(itertools.accumulate([1, 2, 3])), [(k, list(g)) for k, g in itertools.groupby("aabbc")], list(itertools.zip_longest([1, 2], [3], fillvalue=0)), list(itertools.chain.from_iterable([[1], [2]])), list(itertools.repeat(1, 2)), list(itertools.takewhile(lambda x: x < 3, [1, 2, 3])), list(itertools.starmap(pow, [(2, 3)])))
print(functools.reduce(lambda a, b: a + b, [1, 2, 3], 10), functools.partial(int, base=2)("101"))
@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(20))
@contextlib.contextmanager
def managed(x):
    print("enter", x)
    try:
        yield x * 2
    finally:
        print("exit")
with managed(3) as m:
    print(m)
with contextlib.suppress(KeyError):
    {}["x"]
@dataclasses.dataclass
class Pt:
    x: int
    y: int = 5
    z: list = dataclasses.field(default_factory=list)
print(Pt(1), Pt(1) == Pt(1), dataclasses.asdict(Pt(1, 2)), dataclasses.replace(Pt(1), x=9), Pt(x=3, y=4).x)
@dataclasses.dataclass(frozen=True)
class Fz:
    name: str
print(Fz("a"), Fz("a") == Fz("a"))
ns = types.SimpleNamespace(a=1); print(ns.a, ns)
s = io.StringIO(); s.write("a,b\n1,2\n"); s.seek(0); print(list(csv.reader(s)), list(csv.DictReader(io.StringIO("x,y\n1,\"q,r\"\n"))))
pp = pathlib.Path("a") / "b" / "c.tar.gz"; print(pp, pp.name, pp.stem, pp.suffix, pp.parent, pp.parts, pathlib.Path("/x/y").parent.parent)
u = urllib.parse.urlparse("postgresql://u:p@host:5432/db?x=1#f"); print(u.scheme, u.hostname, u.port, u.path, u.query, u.username, urllib.parse.quote("a b/é"), urllib.parse.quote_plus("a b"), urllib.parse.urlencode({"a": 1, "b": "x y"}), urllib.parse.unquote("a%20b"), u.geturl())
log = logging.getLogger(__name__); log.info("x %s", 1); logging.basicConfig(level=logging.INFO); warnings.warn("x")
class R(NamedTuple):
    a: int
    b: str = "q"
print(R(1).a, R(1), R(1, "z")[1])
class Base(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
class Impl(Base):
    def f(self):
        return 1
print(Impl().f())
@functools.wraps(fib)
def w():
    return 1
print(w())
