### defaults are shared
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []))
### args kwargs
def f(a, b=2, *args, c, d=4, **kw): return a, b, args, c, d, kw
print(f(1, c=3), f(1, 2, 3, 4, c=5, e=6), f(*[1, 2], **{"c": 3, "z": 1}), f(*[1], *[2, 3], c=0, **{}, **{"y": 1}))
### positional only
def f(a, b, /, c, *, d): return a, b, c, d
print(f(1, 2, 3, d=4), f(1, 2, c=3, d=4))
def g(a, /, **k): return a, k
print(g(1, a=2))
### closures
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
c, d = counter(), counter()
print(c(), c(5), d(), c())
### late binding
fs = [lambda: i for i in range(3)]
gs = [lambda i=i: i for i in range(3)]
print([f() for f in fs], [g() for g in gs])
### global statement
x = 1
def f():
    global x, made
    x = 2
    made = "new"
f()
print(x, made)
### nested nonlocal
def a():
    x = 1
    def b():
        nonlocal x
        x = 2
        def c():
            nonlocal x
            x = 3
        c()
        return x
    return b(), x
print(a())
### class scope is not enclosing
x = "global"
class A:
    x = "class"
    y = x
    def f(self): return x
    z = [x for _ in range(1)]
    w = [i for i in x]
print(A.y, A().f(), A.z, A.w)
### comprehension scope
x = 10
l = [x for x in range(3)]
print(x, l)
print([x + y for y in range(2)])
def f():
    return [n for n in range(3)], {k: k for k in "ab"}
print(f())
### globals writing
globals()["made"] = 5
print(made)
def f():
    globals()["other"] = [1]
f()
print(other, "made" in globals(), globals()["other"])
globals().update(third=3)
print(third)
for n in ("a1", "a2"):
    globals()[n] = n.upper()
print(a1, a2)
del globals()["made"]
try:
    made
except NameError as e:
    print(e)
### locals
def f(a):
    b = 2
    return locals()
print(f(1))
### vars and setattr
class A: pass
a = A()
setattr(a, "x", 1)
vars(a)["y"] = 2
a.__dict__["z"] = 3
print(a.x, a.y, a.z, vars(a), getattr(a, "q", "none"), hasattr(a, "x"), hasattr(a, "q"))
delattr(a, "x")
print(a.__dict__)
### decorators
def twice(f):
    def g(*a, **k): return f(*a, **k) * 2
    return g
def add(n):
    def deco(f):
        return lambda *a: f(*a) + n
    return deco
@twice
@add(1)
def f(x): return x
print(f(5))
@lambda f: "replaced"
def h(): pass
print(h)
### function attributes
def f(a: int, b: "str" = "x", *c, d=1) -> bool:
    """Doc."""
    return a
f.tag = 1
print(f.__name__, f.__doc__, f.tag, f.__qualname__, f.__module__, f.__defaults__, f.__kwdefaults__, f.__annotations__)
print((lambda: 1).__name__)
### qualname of nested
class A:
    def m(self): pass
    class B:
        def n(self): pass
def f():
    def g(): pass
    return g
print(A.m.__qualname__, A.B.__qualname__, A.B.n.__qualname__, f().__qualname__)
### recursion
def fact(n): return 1 if n < 2 else n * fact(n - 1)
def fib(n, memo={}):
    if n < 2: return n
    if n not in memo: memo[n] = fib(n - 1) + fib(n - 2)
    return memo[n]
print(fact(20), fact(25), fib(50))
### lambda forms
print((lambda *a, **k: (a, k))(1, b=2), (lambda: None)(), (lambda x, y=2: x + y)(1), (lambda x: (lambda y: x + y))(1)(2))
### generator basics
def g():
    yield 1
    x = yield 2
    print("got", x)
    yield x
it = g()
print(next(it), next(it), it.send("s"), next(it, "end"))
### generator return
def g():
    yield 1
    return "done"
it = g()
next(it)
try:
    next(it)
except StopIteration as e:
    print(e.value)
### yield from
def inner():
    x = yield 1
    print("inner", x)
    return "r"
def outer():
    r = yield from inner()
    yield r
    yield from [7, 8]
    yield from "ab"
it = outer()
print(next(it), it.send("v"), list(it))
### yield in expressions
def g():
    a = (yield 1) + (yield 2)
    print("sum", a)
    b = [(yield 3), (yield 4)]
    print(b)
    return a
it = g()
print(next(it), it.send(10), it.send(20), it.send("x"))
try:
    it.send("y")
except StopIteration as e:
    print(e.value)
### yield as an argument
def g():
    print("arg", (yield "a"), (yield "b"))
it = g()
print(next(it), it.send(1))
try:
    it.send(2)
except StopIteration:
    print("stopped")
### yield in conditions
def g():
    if (yield "ask"):
        print("true branch")
    else:
        print("false branch")
    while (yield "more"):
        print("again")
    for x in (yield "items"):
        print("item", x)
it = g()
print(next(it), it.send(True), it.send(1), it.send(0))
try:
    it.send([1, 2])
except StopIteration:
    print("end")
### yield in augmented and return
def g():
    total = 0
    while total < 10:
        total += yield total
    return (yield "last")
it = g()
print(next(it), it.send(4), it.send(6))
try:
    it.send("fin")
except StopIteration as e:
    print(e.value)
### yield in f-string and dict
def g():
    d = {"a": (yield 1), (yield 2): "v"}
    print(d, f"{(yield 3)}!")
    x = (yield 4) if (yield 5) else None
    print(x)
    y = (yield 6) and (yield 7)
    print(y)
it = g()
out = [next(it)]
for v in ("A", "K", "F", True, "X", 1, 2):
    try:
        out.append(it.send(v))
    except StopIteration:
        out.append("end")
print(out)
### yield with walrus and subscripts
def g(l):
    if (x := (yield "w")) > 3:
        l[(yield "i")] = (yield "v")
    print(x, l)
it = g([0, 0])
print(next(it), it.send(5), it.send(1))
try:
    it.send("new")
except StopIteration:
    pass
### generator throw
def g():
    try:
        yield 1
    except ValueError as e:
        print("caught", e)
        yield 2
    finally:
        print("fin")
it = g()
print(next(it), it.throw(ValueError("v")))
print(list(it))
### generator throw uncaught
def g():
    yield 1
it = g()
next(it)
try:
    it.throw(KeyError, "k")
except KeyError as e:
    print(repr(e))
print(list(it))
### generator close
def g():
    try:
        yield 1
        yield 2
    finally:
        print("cleanup")
it = g()
next(it)
it.close()
print(list(it))
it.close()
### generator close before start
def g():
    try:
        yield 1
    finally:
        print("never")
it = g()
it.close()
print(list(it))
### send to a fresh generator
def g(): yield 1
g().send(5)
### generator is its own iterator
def g():
    yield from range(3)
it = g()
print(iter(it) is it, sum(it), list(it), type(it).__name__)
### generator expression
sq = (x * x for x in range(4))
print(next(sq), list(sq), sum(x for x in range(5)), list(x for x in "ab" if x > "a"), max((len(w), w) for w in ["aa", "b"]))
### generator with loops and try
def g(items):
    for i in items:
        try:
            if i == 2: raise ValueError(i)
            yield i
        except ValueError:
            yield "err"
        else:
            yield "ok"
        finally:
            yield "f"
print(list(g([1, 2])))
### generator with with
from contextlib import contextmanager
@contextmanager
def cm(name):
    print("enter", name)
    try:
        yield name.upper()
    finally:
        print("exit", name)
def g():
    with cm("a") as a, cm("b") as b:
        yield a
        yield b
print(list(g()))
### infinite generator
def nat():
    n = 0
    while True:
        yield n
        n += 1
from itertools import islice
print(list(islice(nat(), 5)), list(islice(nat(), 2, 10, 3)))
### stop iteration inside a generator
def g():
    yield 1
    raise StopIteration
print(list(g()))
### generator pipeline
def read():
    for i in range(6): yield i
def even(xs):
    return (x for x in xs if x % 2 == 0)
print(list(map(lambda x: x * 10, even(read()))))
### yield from with throw and close
def inner():
    try:
        yield 1
    except ValueError:
        print("inner caught")
        yield "recovered"
    finally:
        print("inner fin")
def outer():
    yield from inner()
    yield "outer"
it = outer()
next(it)
print(it.throw(ValueError))
print(list(it))
### with statement order
class C:
    def __init__(self, n): self.n = n
    def __enter__(self): print("enter", self.n); return self.n
    def __exit__(self, t, v, tb): print("exit", self.n, t and t.__name__, v); return self.n == "b"
with C("a") as a, C("b") as b:
    print(a, b)
    raise ValueError("x")
print("after")
### with return and break
class C:
    def __enter__(self): return self
    def __exit__(self, *a): print("exit", a[0])
def f():
    with C():
        return "r"
print(f())
for i in range(2):
    with C():
        break
### with parenthesised
from contextlib import nullcontext, suppress, ExitStack, closing
with (nullcontext(1) as a, nullcontext(2) as b):
    print(a, b)
with suppress(KeyError, ValueError):
    {}["x"]
with suppress(KeyError):
    raise IndexError("i")
### exit stack
from contextlib import ExitStack, contextmanager
@contextmanager
def cm(n):
    print("in", n)
    yield n
    print("out", n)
with ExitStack() as s:
    print([s.enter_context(cm(i)) for i in range(2)])
    s.callback(print, "callback", 1)
### contextmanager exceptions
from contextlib import contextmanager
@contextmanager
def swallow():
    try:
        yield
    except ValueError as e:
        print("swallowed", e)
with swallow():
    raise ValueError("v")
@contextmanager
def bad():
    if False: yield
try:
    with bad(): pass
except RuntimeError as e:
    print(e)
### not a context manager
with 5:
    pass
### match values
def f(x):
    match x:
        case 0: return "zero"
        case 1 | 2: return "small"
        case "a": return "str"
        case None: return "none"
        case True: return "true"
        case -1: return "neg"
        case 1.5: return "float"
        case _: return "other"
print([f(v) for v in (0, 1, 2, "a", None, -1, 1.5, [], "b")])
### match sequences
def f(x):
    match x:
        case []: return "empty"
        case [a]: return f"one {a}"
        case [a, b]: return f"two {a} {b}"
        case [1, *rest]: return f"rest {rest}"
        case (a, *_, z): return f"ends {a} {z}"
        case _: return "no"
print([f(v) for v in ([], [5], (1, 2), [1, 2, 3], [2, 3, 4], "ab", {1}, range(3))])
### match mappings
def f(x):
    match x:
        case {"type": "a", "v": v}: return f"a {v}"
        case {"type": t, **rest}: return f"{t} {rest}"
        case {}: return "dict"
        case _: return "no"
print([f(v) for v in ({"type": "a", "v": 1, "z": 2}, {"type": "b", "q": 1}, {}, {"k": 1}, [])])
### match classes
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
def f(v):
    match v:
        case P(0, 0): return "origin"
        case P(x=0, y=y): return f"y {y}"
        case P(x, y) if x == y: return f"diag {x}"
        case P(): return "point"
        case int(n): return f"int {n}"
        case str() as s: return f"str {s}"
        case [P(x=a), P(x=b)]: return f"pair {a} {b}"
        case float() | bytes(): return "fb"
        case _: return "no"
print([f(v) for v in (P(0, 0), P(0, 5), P(3, 3), P(1, 2), 7, "s", [P(1, 0), P(2, 0)], 1.5, b"", None)])
### match guards and captures
def f(x):
    match x:
        case {"a": [first, *_]} if first > 5: return f"big {first}"
        case {"a": [first, *_] as all_}: return f"list {first} {all_}"
        case (1 | 2) as n, other: return f"n {n} {other}"
        case x if callable(x): return "callable"
    return "none"
print([f(v) for v in ({"a": [9]}, {"a": [1, 2]}, (2, "z"), print, 4)])
### match dotted names and dataclass
import enum
from dataclasses import dataclass
class C(enum.Enum):
    R = 1
    G = 2
@dataclass
class D:
    a: int
    b: str = "x"
def f(v):
    match v:
        case C.R: return "red"
        case C.G: return "green"
        case D(1, b): return f"one {b}"
        case D(a=a): return f"d {a}"
print([f(v) for v in (C.R, C.G, D(1, "q"), D(5), 3)])
### match too many positional
class A: pass
match A():
    case A(x): print(x)
### match leaves names bound
match [1, 2]:
    case [a, 5]: pass
    case [x, y]: pass
print(x, y)
### for else while else
for i in range(3):
    if i == 5: break
else:
    print("no break", i)
n = 3
while n:
    n -= 1
    if n == 1: break
else:
    print("unreached")
print(n)
for x in []: pass
else: print("empty else")
### loop variable leaks
for i, (a, b) in enumerate([(1, 2), (3, 4)]): pass
print(i, a, b)
### star arguments evaluation order
def t(x):
    print("eval", x)
    return x
def f(*a, **k): return a, k
print(f(t(1), *[t(2)], k=t(3), **{"z": t(4)}))
### evaluation order of assignment
def t(x):
    print(x)
    return x
d = {}
d[t("key")] = t("value")
### default evaluated once
import itertools
c = itertools.count()
def f(x=next(c)): return x
print(f(), f(), next(c))
### conditional definitions
if True:
    def f(): return "a"
else:
    def f(): return "b"
print(f())
try:
    import nonexistent
except ImportError:
    nonexistent = None
print(nonexistent)
### async definitions are values
async def f(): return 1
import asyncio
print(asyncio.run(f()))
### annotations of names
x: int = 5
y: "undefined_type"
print(x, __annotations__)
### docstring of a module and class
class A:
    "class doc"
    def f(self):
        """method
        doc"""
print(A.__doc__, A.f.__doc__)
### semicolons and line joining
a = 1; b = 2
c = a + \
    b
print(c); print((
    a,
    b,
))
### type hints are not checked
def f(x: int) -> str:
    return x
print(f("a"), f([1]))
### partial application by functools
from functools import partial, reduce, lru_cache, wraps, cmp_to_key, total_ordering, singledispatch, cached_property, cache
p = partial(int, base=2)
print(p("101"), p.func is int, p.args, p.keywords, reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(lambda a, b: a + b, [], "init"))
try:
    reduce(lambda a, b: a, [])
except TypeError as e:
    print(e)
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
### lru cache
from functools import lru_cache, cache
calls = []
@lru_cache(maxsize=None)
def f(x):
    calls.append(x)
    return x * 2
print(f(1), f(1), f(2), calls, f.cache_info())
@cache
def g(n): return n if n < 2 else g(n - 1) + g(n - 2)
print(g(30))
f.cache_clear()
print(f(1), calls)
### wraps
from functools import wraps
def d(f):
    @wraps(f)
    def g(*a):
        "inner"
        return f(*a)
    return g
@d
def named(x):
    "outer"
    return x
print(named.__name__, named.__doc__, named.__wrapped__(3), named(4))
### total ordering
from functools import total_ordering
@total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
print(V(1) <= V(1), V(2) > V(1), V(1) >= V(2), sorted([V(3), V(1)])[0].n)
### singledispatch
from functools import singledispatch
@singledispatch
def f(x): return "default"
@f.register(int)
def _(x): return f"int {x}"
@f.register
def _(x: str): return f"str {x}"
@f.register(list)
@f.register(tuple)
def _(x): return "seq"
print(f(1), f("a"), f([]), f(()), f(1.5), f(True))
### cached property
from functools import cached_property
class A:
    @cached_property
    def x(self):
        print("computed")
        return 5
a = A()
print(a.x, a.x, a.__dict__)
### partialmethod
from functools import partialmethod
class A:
    def set(self, k, v): return (k, v)
    on = partialmethod(set, "on")
    one = partialmethod(on, v=1)
    @classmethod
    def made(cls, k, v): return (cls.__name__, k, v)
    of = partialmethod(made, "of")
print(A().on(1), A().one(), A().one(v=2), A.on(A(), 3), A.of(4), A().of(5))
print(isinstance(A.__dict__["on"], partialmethod), isinstance(1, (str, partialmethod)), issubclass(partialmethod, object))
try:
    partialmethod(1)
except TypeError as error:
    print(error)
### inspect signature
import inspect
def f(a, b=1, *c, d, **e): pass
print(inspect.signature(f), list(inspect.signature(f).parameters), inspect.isfunction(f), inspect.isclass(int))
