class A:
    x = 1
    def __init__(self, v):
        self.v = v
    def m(self):
        return "A.m", self.v
    @property
    def p(self):
        return self.v * 2
    @p.setter
    def p(self, value):
        self.v = value // 2
    @classmethod
    def make(cls, v):
        return cls(v + 1)
    @staticmethod
    def s(a):
        return a + 1
    def __repr__(self):
        return f"A({self.v})"
    def __eq__(self, other):
        return isinstance(other, A) and self.v == other.v
    def __lt__(self, other):
        return self.v < other.v
    def __add__(self, other):
        return A(self.v + (other.v if isinstance(other, A) else other))
    def __radd__(self, other):
        return A(other + self.v)
    def __getitem__(self, i):
        return i * self.v
    def __len__(self):
        return 3
    def __contains__(self, i):
        return i == self.v
    def __call__(self, *a):
        return a
class B(A):
    def m(self):
        return super().m() + ("B",)
class C(B):
    def __init__(self, v, w):
        super().__init__(v)
        self.w = w
    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(name)
a = A(3); b = B.make(4); c = C(1, 2)
print(a, b, c, a.m(), b.m(), c.m(), c.w)
print(a.p, A.s(1), a == A(3), a != b, a < b, a + b, a + 1, 1 + a, sum([a, b], A(0)))
a.p = 20
print(a.v, a[2], len(a), 10 in a, a(1, 2))
print(isinstance(c, A), issubclass(C, A), type(c).__name__, c.__class__.__mro__[1].__name__)
print(c.dyn_foo, hasattr(c, "nope"), getattr(c, "nope", 5))
try:
    a.zzz
except AttributeError as e:
    print(e)
class M1:
    def who(self): return ["M1"] + super().who()
class Base:
    def who(self): return ["Base"]
class M2(Base):
    def who(self): return ["M2"] + super().who()
class D(M1, M2): pass
print(D().who(), [k.__name__ for k in D.__mro__])
class Meta:
    def __init_subclass__(cls, tag=None, **kw):
        cls.tag = tag
class T(Meta, tag="t"): pass
print(T.tag)
class Ctx:
    def __enter__(self):
        print("enter"); return self
    def __exit__(self, t, v, tb):
        print("exit", t.__name__ if t else None); return t is ValueError
with Ctx() as k:
    print("in")
with Ctx():
    raise ValueError("x")
try:
    with Ctx():
        raise KeyError("x")
except KeyError as e:
    print("caught", e, repr(e))
class MyErr(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code
try:
    raise MyErr(5)
except (ValueError, MyErr) as e:
    print(e, e.code, e.args)
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise RuntimeError("wrapped") from e
    finally:
        print("finally")
except RuntimeError as e:
    print(e, type(e.__cause__).__name__)
def f():
    try:
        return 1
    finally:
        print("f")
print(f())
for i in range(3):
    if i == 5: break
else:
    print("no break")
def m(v):
    match v:
        case 0: return "zero"
        case int(): return "int"
        case [a, *rest]: return ("list", a, rest)
        case {"k": x, **r}: return ("map", x, r)
        case str() as s if s: return s.upper()
        case None | True: return "none"
        case A(v=q): return ("A", q)
        case _: return "?"
print([m(v) for v in (0, 5, [1, 2], {"k": 1, "z": 2}, "abc", None, A(9), 2.5)])
