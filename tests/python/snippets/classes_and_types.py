### class basics
class A:
    x = 1
    def __init__(self, y): self.y = y
    def m(self): return self.x + self.y
a = A(2)
print(a.m(), A.m(a), A.x, a.x)
a.x = 10
print(a.m(), A.x)
### inheritance and super
class A:
    def f(self): return "A"
class B(A):
    def f(self): return "B" + super().f()
class C(A):
    def f(self): return "C" + super().f()
class D(B, C):
    def f(self): return "D" + super().f()
print(D().f(), [c.__name__ for c in D.__mro__], [c.__name__ for c in D.mro()], D.__bases__ == (B, C), D.__base__ is B)
### mro conflict
class A: pass
class B(A): pass
class C(A, B): pass
### super with init and kwargs
class A:
    def __init__(self, a, **k):
        super().__init__(**k)
        self.a = a
class B:
    def __init__(self, b=0): self.b = b
class C(A, B):
    def __init__(self): super().__init__(1, b=2)
c = C()
print(c.a, c.b, vars(c))
### super in class method
class A:
    @classmethod
    def make(cls): return cls.__name__
class B(A):
    @classmethod
    def make(cls): return "<" + super().make() + ">"
print(B.make(), B().make())
### explicit super
class A:
    def f(self): return 1
class B(A):
    def f(self): return super(B, self).f() + 1
print(B().f())
### property
class A:
    def __init__(self): self._x = 1
    @property
    def x(self):
        "the doc"
        return self._x
    @x.setter
    def x(self, v): self._x = v * 2
    @x.deleter
    def x(self):
        print("deleted")
        self._x = None
a = A()
a.x = 5
print(a.x, A.x.__doc__)
del a.x
print(a.x, isinstance(A.x, property))
### property errors
class A:
    @property
    def x(self): return 1
a = A()
try:
    a.x = 2
except AttributeError as e:
    print(e)
try:
    del a.x
except AttributeError as e:
    print(e)
### property function
class A:
    def get(self): return self.v
    def put(self, v): self.v = v
    def rm(self): del self.v
    p = property(get, put, rm, "doc")
    q = property(fset=put)
a = A()
a.p = 1
print(a.p, A.p.__doc__)
del a.p
print(hasattr(a, "p"))
a.q = 3
try:
    a.q
except AttributeError as e:
    print(e)
### property inheritance
class A:
    @property
    def x(self): return "A"
class B(A):
    @property
    def x(self): return "B" + super().x
class C(B):
    @B.x.setter
    def x(self, v): print("set", v)
c = C()
c.x = 1
print(B().x, c.x)
### static and class methods
class A:
    n = 0
    @staticmethod
    def s(x): return x
    @classmethod
    def c(cls, x):
        cls.n += x
        return cls.n
print(A.s(1), A().s(2), A.c(1), A().c(2), A.n)
### descriptors
class D:
    def __set_name__(self, owner, name): self.name = name; print("named", owner.__name__, name)
    def __get__(self, obj, owner=None):
        if obj is None: return self
        return obj.__dict__.get(self.name, "unset")
    def __set__(self, obj, v):
        print("set", self.name, v)
        obj.__dict__[self.name] = v
    def __delete__(self, obj):
        print("delete", self.name)
        del obj.__dict__[self.name]
class A:
    x = D()
    y = D()
a = A()
print(a.x)
a.x = 5
print(a.x, a.y, isinstance(A.x, D), a.__dict__)
del a.x
print(a.x)
### non data descriptor is shadowed
class D:
    def __get__(self, obj, owner): return "descriptor"
class A: x = D()
a = A()
print(a.x, A.x)
a.__dict__["x"] = "own"
print(a.x)
### getattr hooks
class A:
    def __init__(self): self.real = 1
    def __getattr__(self, n):
        if n.startswith("dyn_"): return n[4:]
        raise AttributeError(f"no {n}")
a = A()
print(a.real, a.dyn_x, hasattr(a, "nope"), getattr(a, "nope", "default"))
a.nope
### getattribute
class A:
    x = 1
    def __getattribute__(self, n):
        if n == "magic": return "m"
        return super().__getattribute__(n)
a = A()
print(a.magic, a.x)
### setattr hook
class A:
    def __setattr__(self, n, v):
        print("setting", n)
        super().__setattr__(n, v)
    def __delattr__(self, n):
        print("deleting", n)
        object.__delattr__(self, n)
a = A()
a.x = 1
del a.x
print(vars(a))
### slots
class A:
    __slots__ = ("x", "y")
    def __init__(self): self.x = 1
a = A()
print(a.x, hasattr(a, "y"), hasattr(a, "__dict__"))
try:
    a.z = 2
except AttributeError as e:
    print(e)
a.y
### operators
class V:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"V({self.n})"
    def __add__(self, o): return V(self.n + (o.n if isinstance(o, V) else o))
    def __radd__(self, o): return V(o + self.n)
    def __iadd__(self, o): self.n += 100; return self
    def __mul__(self, o): return V(self.n * o)
    __rmul__ = __mul__
    def __neg__(self): return V(-self.n)
    def __invert__(self): return "inv"
    def __abs__(self): return abs(self.n)
    def __getitem__(self, k): return k
    def __len__(self): return self.n
    def __contains__(self, k): return k == self.n
    def __call__(self, *a): return a
    def __bool__(self): return self.n > 1
    def __eq__(self, o): return isinstance(o, V) and self.n == o.n
    def __lt__(self, o): return self.n < o.n
    def __hash__(self): return self.n
    def __matmul__(self, o): return "mat"
    def __divmod__(self, o): return (1, 2)
    def __pow__(self, o): return "pow"
    def __int__(self): return self.n
    def __float__(self): return float(self.n)
    def __index__(self): return self.n
    def __round__(self, n=None): return ("round", n)
    def __or__(self, o): return "or"
    def __rshift__(self, o): return "shift"
v = V(2)
print(v + 1, 1 + v, v + v, v * 3, 3 * v, -v, ~v, abs(v), v[1:2], v["k"], len(v), 2 in v, v(1), bool(V(0)), v == V(2), v != V(3), v < V(3), sorted([V(3), V(1)]), {V(2): 1}[v], v @ 1, divmod(v, 1), v ** 2, int(v), float(v), [0, 1, 5][v], round(v), round(v, 1), v | 1, v >> 1, v[..., 1])
v += 1
print(v, sum([V(1), V(2)]), hex(v))
### not implemented falls back
class A:
    def __add__(self, o): return NotImplemented
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
class B:
    def __radd__(self, o): return "B.radd"
    def __gt__(self, o): return "B.gt"
print(A() + B(), A() == 1, A() != 1, A() < B())
try:
    A() + 1
except TypeError as e:
    print(e)
try:
    A() < 1
except TypeError as e:
    print(e)
### subclass reflected first
class A:
    def __add__(self, o): return "A.add"
    def __radd__(self, o): return "A.radd"
class B(A):
    def __radd__(self, o): return "B.radd"
print(A() + B(), B() + A(), A() + A())
### eq without hash
class A:
    def __eq__(self, o): return True
try:
    hash(A())
except TypeError as e:
    print(e)
{A(): 1}
### iteration protocols
class A:
    def __iter__(self): return iter([1, 2])
class B:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
class C:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print(list(A()), list(B()), list(C()), 20 in B(), 2 in A(), [*C()], sum(C()), dict(zip(A(), B())))
a, b = A()
print(a, b)
### item protocols
class A:
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __reversed__(self): return "rev"
a = A()
a["x"] = 1
a["x"] += 5
print(a["x"], reversed(a))
del a["x"]
print(a.d)
### str and repr
class A:
    def __repr__(self): return "A()"
class B:
    def __str__(self): return "b"
    def __repr__(self): return "B()"
print(A(), [A()], str(B()), [B()], f"{B()} {B()!r}", {"k": B()}, (A(),))
### bad str
class A:
    def __str__(self): return 5
try:
    str(A())
except TypeError as e:
    print(e)
class B:
    def __len__(self): return -1
try:
    len(B())
except ValueError as e:
    print(e)
class C:
    def __init__(self): return 1
C()
### new
class S:
    _one = None
    def __new__(cls, *a):
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one
    def __init__(self, v): self.v = v
print(S(1) is S(2), S(3).v)
### new of builtins
class Upper(str):
    def __new__(cls, v): return super().__new__(cls, v.upper())
class Pos(int):
    def __new__(cls, v=0): return int.__new__(cls, abs(v))
class Pt(tuple):
    def __new__(cls, x, y): return tuple.__new__(cls, (x, y))
    @property
    def x(self): return self[0]
print(Upper("abc"), Upper("abc") == "ABC", isinstance(Upper("a"), str), Pos(-5), Pos(-5) + 1, Pt(1, 2), Pt(3, 4).x, type(Pos(1)).__name__)
### subclassing builtins
class L(list):
    def first(self): return self[0]
class D(dict):
    def __getitem__(self, k): return super().__getitem__(k) + 1
    def __getattr__(self, k): return self[k]
l = L([1, 2])
l.append(3)
d = D(a=1)
d["b"] = 5
print(l, l.first(), len(l), isinstance(l, list), d["a"], d.b, d, list(d), L("ab") + [1], sorted(L([2, 1])))
### init subclass
class Base:
    registry = {}
    def __init_subclass__(cls, /, key=None, **kw):
        super().__init_subclass__(**kw)
        Base.registry[key or cls.__name__] = cls
class A(Base, key="a"): pass
class B(Base): pass
class C(A, key="c"): pass
print({k: v.__name__ for k, v in Base.registry.items()})
### init subclass with unknown keyword
class A: pass
class B(A, x=1): pass
### class getitem
class A:
    def __class_getitem__(cls, k): return f"{cls.__name__}[{k}]"
print(A[int], A["x"])
### metaclass basics
class M(type):
    def __new__(mcs, name, bases, ns, **kw):
        print("new", name, [b.__name__ for b in bases], sorted(k for k in ns if not k.startswith("__")), kw)
        ns["added"] = name.lower()
        return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.inited = True
    def hello(cls): return "hello " + cls.__name__
class A(metaclass=M, flag=1):
    x = 1
class B(A): pass
print(A.added, B.added, A.inited, B.hello(), type(A) is M, type(B).__name__, isinstance(A, M), isinstance(A(), A), type(A()) is A)
### metaclass call
class Single(type):
    _all = {}
    def __call__(cls, *a, **k):
        if cls not in cls._all:
            cls._all[cls] = super().__call__(*a, **k)
        return cls._all[cls]
class A(metaclass=Single):
    def __init__(self, v): self.v = v
print(A(1) is A(2), A(3).v)
### metaclass getattr and iteration
class M(type):
    def __getattr__(cls, n): return f"{cls.__name__}.{n}"
    def __iter__(cls): return iter([1, 2])
    def __len__(cls): return 7
    def __getitem__(cls, k): return k * 2
    def __contains__(cls, k): return k == "in"
    def __repr__(cls): return f"<M {cls.__name__}>"
    @property
    def prop(cls): return cls.__name__ + "!"
class A(metaclass=M): pass
print(A.anything, list(A), len(A), A[3], "in" in A, "out" in A, A, A.prop)
### metaclass prepare
class M(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw): return {"prepared": name}
class A(metaclass=M):
    y = prepared + "!"
print(A.prepared, A.y)
### metaclass instance check
class M(type):
    def __instancecheck__(cls, x): return x == 5
    def __subclasscheck__(cls, c): return c is int
class A(metaclass=M): pass
print(isinstance(5, A), isinstance(6, A), issubclass(int, A), issubclass(str, A))
### metaclass conflict
class M1(type): pass
class M2(type): pass
class A(metaclass=M1): pass
class B(metaclass=M2): pass
class C(A, B): pass
### metaclass as a function
def upper(name, bases, ns):
    return type(name, bases, {k.upper() if not k.startswith("__") else k: v for k, v in ns.items()})
class A(metaclass=upper):
    x = 1
print(A.X, hasattr(A, "x"))
### type with three arguments
A = type("A", (), {"x": 1, "m": lambda self: self.x + 1})
B = type("B", (A,), dict(y=2))
print(A().m(), B.y, B().m(), B.__name__, A.__module__, [c.__name__ for c in B.__mro__])
### types new_class
import types
def fill(ns): ns["z"] = 3
C = types.new_class("C", (), {}, fill)
print(C.z, types.SimpleNamespace(a=1, b="x"), isinstance(fill, types.FunctionType))
### abstract classes
from abc import ABC, abstractmethod, ABCMeta
class A(ABC):
    @abstractmethod
    def f(self): ...
    @property
    @abstractmethod
    def p(self): ...
class B(A):
    def f(self): return 1
    p = 2
print(B().f(), B().p, isinstance(B(), A))
try:
    A()
except TypeError as e:
    print(str(e)[:39])
### abc register
from abc import ABC
class A(ABC): pass
@A.register
class B: pass
print(isinstance(B(), A), issubclass(B, A))
### class attributes and mutation
class A: pass
A.x = 1
A.f = lambda self: self.x
print(A().f(), hasattr(A, "y"), "x" in A.__dict__, sorted(k for k in vars(A) if not k.startswith("__")))
del A.x
try:
    A().f()
except AttributeError as e:
    print(e)
try:
    int.foo = 1
except TypeError as e:
    print(e)
### class decorators
def tag(cls):
    cls.tag = cls.__name__
    return cls
@tag
class A: pass
print(A.tag)
### nested classes and scopes
class A:
    LIMIT = 3
    class Inner:
        v = 5
    items = [LIMIT] * 2
    table = {k: 1 for k in ("a", "b")}
    def f(self, n=LIMIT): return n, self.Inner.v
print(A.items, A.table, A().f())
### private names
class A:
    def __init__(self): self.__x = 1
    def get(self): return self.__x
    __y = 2
a = A()
print(a.get(), a._A__x, A._A__y)
a.__x
### bound methods
class A:
    def m(self): return self
a = A()
m = a.m
print(m() is a, a.m == a.m, m.__self__ is a, m.__name__, A.m.__name__, m.__func__ is A.m)
### dir and class introspection
class A:
    x = 1
    def m(self): pass
print([n for n in dir(A()) if not n.startswith("_")], A.__name__, A.__qualname__, A.__module__, A.__doc__, A().__class__ is A, A.__class__ is type, A.__subclasses__())
class B(A): pass
print([c.__name__ for c in A.__subclasses__()], B.__base__.__name__)
### dataclass
from dataclasses import dataclass, field, asdict, astuple, fields, replace
@dataclass
class P:
    x: int
    y: int = 2
    tags: list = field(default_factory=list)
    hidden: int = field(default=5, repr=False, compare=False)
p = P(1)
q = P(1, 2, [], 9)
print(p, p == q, p != P(2), asdict(p), astuple(p), [f.name for f in fields(P)], replace(p, x=7), p.tags is not q.tags)
### dataclass errors
from dataclasses import dataclass
@dataclass
class P:
    x: int
    y: int = 2
for f in (lambda: P(), lambda: P(1, 2, 3), lambda: P(1, z=1)):
    try:
        f()
    except TypeError as e:
        print(e)
try:
    @dataclass
    class Q:
        a: int = 1
        b: int
except TypeError as e:
    print(e)
try:
    @dataclass
    class R:
        a: list = []
except ValueError as e:
    print(e)
### frozen dataclass
from dataclasses import dataclass, FrozenInstanceError
@dataclass(frozen=True)
class P:
    x: int
p = P(1)
try:
    p.x = 2
except FrozenInstanceError as e:
    print(type(e).__name__, e)
try:
    del p.x
except AttributeError as e:
    print(e)
print(hash(p) == hash(P(1)), {p: 1}[P(1)], p)
try:
    p.new = 1
except Exception as e:
    print(e)
### dataclass order and post init
from dataclasses import dataclass, field, InitVar
from typing import ClassVar
@dataclass(order=True)
class V:
    n: int
    s: str = field(default="", compare=False)
    count: ClassVar[int] = 0
    scale: InitVar[int] = 2
    total: int = field(init=False)
    def __post_init__(self, scale): self.total = self.n * scale
print(V(1) < V(2), sorted([V(3), V(1)])[0], V(2, "x", 5).total, V(1) == V(1, "z"), max(V(1), V(9)).n)
### dataclass inheritance
from dataclasses import dataclass, field
@dataclass
class A:
    x: int
    y: int = 0
@dataclass
class B(A):
    z: int = 5
    y: int = 9
print(B(1), B(1, 2, 3), isinstance(B(1), A))
@dataclass(kw_only=True)
class C:
    a: int = 1
    b: int
print(C(b=2))
@dataclass(slots=True, eq=False)
class D:
    q: int
print(D(1).q, D(1) == D(1))
### dataclass hash
from dataclasses import dataclass
@dataclass
class A:
    x: int
try:
    hash(A(1))
except TypeError as e:
    print(e)
@dataclass(unsafe_hash=True)
class B:
    x: int
print(hash(B(1)) == hash(B(1)), len({B(1), B(1), B(2)}))
### dataclass nested asdict
from dataclasses import dataclass, asdict, make_dataclass, is_dataclass
@dataclass
class In:
    v: int
@dataclass
class Out:
    a: In
    l: list
    d: dict
print(asdict(Out(In(1), [In(2)], {"k": In(3)})), is_dataclass(In), is_dataclass(In(1)), is_dataclass(5))
X = make_dataclass("X", [("a", int), ("b", str, "z")])
print(X(1))
### enum basics
from enum import Enum
class C(Enum):
    RED = 1
    GREEN = "g"
    ALIAS = 1
print(C.RED, repr(C.RED), C.RED.name, C.RED.value, C(1), C["GREEN"], C.ALIAS is C.RED, list(C), len(C), C.RED in C, C.RED == C.RED, C.RED != C.GREEN, C.RED == 1, list(C.__members__), isinstance(C.RED, C), {C.RED: 1}[C.RED], type(C.RED), C)
### enum errors
from enum import Enum
class C(Enum):
    A = 1
for f in (lambda: C(5), lambda: C["Z"], lambda: C.Q, lambda: C.A < C.A):
    try:
        f()
    except (ValueError, KeyError, AttributeError, TypeError) as e:
        print(type(e).__name__, e)
try:
    class D(C): pass
except TypeError as e:
    print(str(e)[:40])
try:
    C.A = 2
except AttributeError as e:
    print(e)
try:
    class E(Enum):
        X = 1
        X = 2
except TypeError as e:
    print(e)
### enum methods and properties
from enum import Enum
class Planet(Enum):
    EARTH = (5.97, 6.37)
    MARS = (0.64, 3.39)
    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius
    @property
    def label(self): return self.name.title()
    @classmethod
    def first(cls): return next(iter(cls))
    def __str__(self): return f"<{self.name}>"
print(Planet.EARTH.mass, Planet.MARS.label, Planet.first(), Planet.EARTH.value, repr(Planet.MARS), f"{Planet.MARS}")
### enum auto
from enum import Enum, auto, StrEnum, IntEnum
class A(Enum):
    X = auto()
    Y = auto()
    Z = 10
    W = auto()
class S(StrEnum):
    ONE = auto()
    TWO = "zwei"
class N(Enum):
    def _generate_next_value_(name, start, count, last_values): return name.lower() + str(count)
    P = auto()
    Q = auto()
print([m.value for m in A], [m.value for m in S], S.ONE == "one", S.ONE.upper(), [m.value for m in N], str(S.TWO), f"{S.TWO}")
### int enum
from enum import IntEnum
class P(IntEnum):
    LOW = 1
    HIGH = 2
print(P.LOW < P.HIGH, P.LOW + 1, P.HIGH == 2, sorted([P.HIGH, P.LOW]), P(2), int(P.HIGH), [10, 20, 30][P.LOW], max(P), str(P.LOW), repr(P.LOW), isinstance(P.LOW, int), {1: "a"}[P.LOW])
### str mixin enum
from enum import Enum
class S(str, Enum):
    A = "a"
    B = "b"
print(S.A == "a", S.A.value, S("b"), S.A + "x", S.A.upper(), str(S.A), repr(S.A), "a" in [S.A], {"a": 1}[S.A], sorted(S), ",".join(S), isinstance(S.A, str), [s.value for s in S])
### flag
from enum import Flag, IntFlag, auto
class F(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W
print(F.R | F.W, F.R | F.X, F.RW & F.R, F.R ^ F.RW, ~F.R, F.R in F.RW, F.X in F.RW, bool(F.R & F.W), F(3), F(0), F.R.value, [f.name for f in F], F.RW.value, list(F.RW), F(5).value, repr(F.R | F.X), F.R | F.W == F.RW)
### int flag
from enum import IntFlag
class P(IntFlag):
    R = 4
    W = 2
    X = 1
print(P.R | P.W, int(P.R | P.W), P.R + 1, P(7), repr(P.R | P.X), P.R | 8, P(0), (P.R | P.X) & P.X, ~P.X & 7, P.R == 4, str(P.W), bool(P(0)))
### flag errors
from enum import Flag
class F(Flag):
    A = 1
    B = 2
try:
    F(8)
except ValueError as e:
    print(str(e).splitlines()[0])
### functional enum
from enum import Enum, IntEnum
A = Enum("A", "X Y Z")
B = Enum("B", ["P", "Q"])
C = Enum("C", {"M": "m", "N": "n"})
D = IntEnum("D", [("E", 5), ("F", 6)])
S = Enum("S", [(v, v) for v in ("a", "b")], type=str)
print(list(A), list(B), C.M.value, D.F + 1, A.X.value, C("n"), A["Z"], S.a == "a", A.__name__)
### enum unique and missing
from enum import Enum, unique
try:
    @unique
    class A(Enum):
        X = 1
        Y = 1
except ValueError as e:
    print(e)
class M(Enum):
    A = "a"
    @classmethod
    def _missing_(cls, v):
        return cls.A if v == "alpha" else None
print(M("alpha"))
M("z")
### enum with new
from enum import Enum
class C(bytes, Enum):
    def __new__(cls, value, label):
        obj = bytes.__new__(cls, [value])
        obj._value_ = value
        obj.label = label
        return obj
    PX = (0, "P.X")
    PY = (1, "P.Y")
print(C.PY.label, C(1), C.PX.value)
class D(str, Enum):
    def __new__(cls, v, d=""):
        o = str.__new__(cls, v)
        o._value_ = v
        o.d = d
        return o
    A = ("a", "desc")
    B = "b"
print(D.A.d, D.A.value, D("b").name, D.A == "a")
### enum ignored and nested attributes
from enum import Enum
class C(Enum):
    _ignore_ = ["tmp"]
    tmp = 3
    A = tmp + 1
    def f(self): return self.value
    const = staticmethod(lambda: 1)
    lst = [1]
print([m.name for m in C], C.A.f())
### enum comparison and hash and pickle names
from enum import Enum
class C(Enum):
    A = 1
    B = 2
    def __lt__(self, o): return self.value < o.value
print(sorted([C.B, C.A]), C.A is C(1), C.A in {C.A}, C.A._name_, C.A._value_, C.__name__, C.A.__class__ is C, hash(C.A) == hash(C.A))
for name, member in C.__members__.items(): print(name, member)
### namedtuple
from collections import namedtuple
P = namedtuple("P", "x y")
p = P(1, y=2)
print(p, p.x, p[1], p._asdict(), p._replace(x=5), P._fields, P._make([3, 4]), tuple(p), p == (1, 2), len(p), {p: 1}[(1, 2)], isinstance(p, tuple))
a, b = p
print(a, b, p + (3,), sorted([P(2, 1), P(1, 2)]), P._field_defaults)
Q = namedtuple("Q", ["a", "b", "c"], defaults=[8, 9])
print(Q(1), Q(1, 2)._asdict())
### namedtuple errors
from collections import namedtuple
P = namedtuple("P", "x y")
try:
    P(1)
except TypeError as e:
    print(e)
try:
    P(1, 2, 3)
except TypeError as e:
    print(e)
try:
    P(1, 2).x = 5
except AttributeError as e:
    print(e)
try:
    namedtuple("Q", "a a")
except ValueError as e:
    print(e)
try:
    namedtuple("Q", "class b")
except ValueError as e:
    print(e)
print(namedtuple("R", "class a _b", rename=True)._fields)
### typing NamedTuple
from typing import NamedTuple
class E(NamedTuple):
    name: str
    id: int = 3
    def label(self): return f"{self.name}-{self.id}"
e = E("Guido")
print(e, e.label(), e._replace(id=4), E._fields, E.__annotations__, e == ("Guido", 3), e[0])
n, i = e
print(n, i)
X = NamedTuple("X", [("a", int), ("b", str)])
print(X(1, "q"))
### typed dict
from typing import TypedDict
class M(TypedDict, total=False):
    name: str
    year: int
m = M(name="x", year=1)
print(m, type(m), M.__annotations__ == {"name": str, "year": int})
T = TypedDict("T", {"a": int})
print(T(a=1))
### typing forms
from typing import Optional, Union, List, Dict, Any, Callable, TypeVar, Generic, Literal, Final, cast, NewType, get_args, get_origin, TYPE_CHECKING, Annotated, Iterable
T = TypeVar("T")
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
U = NewType("U", int)
x: Optional[int] = None
y: Final = 3
print(Box[int](5).v, Box(1).v, U(5), cast(str, 3), TYPE_CHECKING, y)
print(Optional[int], Union[int, str], List[int], Dict[str, Any], Literal["a", 1], Callable[[int], str], list[int], dict[str, int], tuple[int, ...], int | None, type[int])
print(get_args(Union[int, str]), get_origin(List[int]) is list, get_args(Literal["a", "b"]), get_origin(Union[int, str]) is Union, get_args(dict[str, int]), get_args(Optional[str]))
### typing hints
from typing import get_type_hints, Optional, List
class A:
    x: int
    y: "str" = "a"
    z: Optional[List[int]] = None
print(get_type_hints(A)["x"], A.__annotations__["x"], list(A.__annotations__))
def f(a: int, b: str = "") -> None: ...
print(f.__annotations__)
### generic alias calls
print(list[int]([1, 2]), dict[str, int](a=1), isinstance([], list), list[int].__origin__, list[int].__args__)
### protocols
from typing import Protocol, runtime_checkable
@runtime_checkable
class HasName(Protocol):
    def name(self): ...
class A:
    def name(self): return "a"
print(isinstance(A(), HasName), isinstance(5, HasName))
### overload and final
from typing import overload, final
class A:
    @overload
    def f(self, x: int) -> int: ...
    @overload
    def f(self, x: str) -> str: ...
    def f(self, x): return x
@final
class B: pass
print(A().f(3), B.__name__)
### weak points of attributes
class A:
    count = 0
    def __init__(self): type(self).count += 1
    def __del__(self): pass
A(); A()
print(A.count)
### multiple inheritance of mixins
class JsonMixin:
    def to_json(self): return {k: v for k, v in vars(self).items() if not k.startswith("_")}
class ReprMixin:
    def __repr__(self): return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"
class A(JsonMixin, ReprMixin):
    def __init__(self, **k): self.__dict__.update(k)
a = A(x=1, y="z")
print(a, a.to_json())
### class with same names
class A:
    def f(self): return 1
    def f(self): return 2
    x = 1
    x += 1
print(A().f(), A.x)
### default repr
class A: pass
import re
print(re.sub("0x[0-9a-f]+", "0x", repr(A())), re.sub("0x[0-9a-f]+", "0x", repr(A().__init__))[:20])
### attribute of instance over class method
class A:
    def f(self): return "method"
a = A()
a.f = lambda: "own"
print(a.f(), A().f())
### callable class in map
class Mul:
    def __init__(self, n): self.n = n
    def __call__(self, x): return x * self.n
print(list(map(Mul(3), [1, 2])), callable(Mul(1)))
### context manager class
class T:
    def __enter__(self): return self
    def __exit__(self, t, v, tb):
        print(t.__name__ if t else None)
        return True
with T() as t:
    raise ValueError
print(isinstance(t, T))
### copy protocol
import copy
class A:
    def __init__(self): self.l = [1]
a = A()
b = copy.copy(a)
c = copy.deepcopy(a)
a.l.append(2)
print(b.l, c.l)
d = {"x": [1, {"y": (2, [3])}]}
e = copy.deepcopy(d)
e["x"][1]["y"][1].append(4)
print(d, e, copy.copy([1]) == [1], copy.deepcopy({1, 2}) == {1, 2})
class B:
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep"
print(copy.copy(B()), copy.deepcopy([B()]))
l = [1]; l.append(l)
m = copy.deepcopy(l)
print(m[1] is m)
### methods of object by name
class A:
    __hash__ = object.__hash__
    def __eq__(self, other): return True
a, b = A(), A()
print({a: 1, b: 2}[a], len({a, b}))
class B:
    def __eq__(self, other): return super().__eq__(other)
    def __ne__(self, other): return super().__ne__(other)
    def __hash__(self): return super().__hash__()
    def __repr__(self): return "B:" + super().__repr__().split()[1].rstrip(">")
    def __format__(self, spec): return "f:" + super().__format__(spec)
x, y = B(), B()
print(x == x, x == y, x != x, x != y, {x: 1}[x], x, f"{x}", str(x))
print(object.__eq__(x, x), object.__eq__(x, y), object.__ne__(x, x), object.__lt__(x, y), object.__str__(1))
print(A.__repr__ is object.__repr__, B.__repr__ is object.__repr__, B.__str__ is object.__str__, hasattr(x, "__le__"))
class C: pass
c = C()
print(c.__eq__(1), c.__eq__(c), c.__ne__(c), c.__hash__() == hash(c), c.__str__() == repr(c))
