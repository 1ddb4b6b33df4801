### name error
print(undefined_name)
### unbound local
def f():
    print(x)
    x = 1
f()
### free variable before assignment
def f():
    def g():
        return x
    g()
    x = 1
f()
### zero division
for f in (lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: divmod(1, 0), lambda: 0 ** -1):
    try:
        f()
    except ZeroDivisionError as e:
        print(type(e).__name__, e)
### index errors
for f in (lambda: [][0], lambda: ()[1], lambda: ""[0], lambda: b""[0], lambda: range(2)[5], lambda: [].pop(), lambda: [1].pop(3)):
    try:
        f()
    except IndexError as e:
        print(e)
### assignment index error
a = [1]
try:
    a[3] = 1
except IndexError as e:
    print(e)
try:
    del a[3]
except IndexError as e:
    print(e)
### key errors
for f in (lambda: {}["a"], lambda: {}[1], lambda: {}[(1, 2)], lambda: {}.pop("x"), lambda: set().pop(), lambda: {1}.remove(5), lambda: {}.popitem()):
    try:
        f()
    except KeyError as e:
        print(repr(e), str(e))
### key error uncaught
{"a": 1}["b"]
### operand types
for f in (lambda: 1 + "a", lambda: "a" + 1, lambda: [] + (), lambda: {} + {}, lambda: None + 1, lambda: "a" * "b", lambda: "a" - "b", lambda: 1 @ 2, lambda: -"a", lambda: ~1.5, lambda: [1] * 1.5):
    try:
        f()
    except TypeError as e:
        print(e)
### comparison types
for f in (lambda: 1 < "a", lambda: None > 1, lambda: [] <= (), lambda: {} < {}, lambda: sorted([1, "a"]), lambda: max(1, "a"), lambda: min([None, 2])):
    try:
        f()
    except TypeError as e:
        print(e)
### not iterable
for f in (lambda: list(1), lambda: [*None], lambda: dict(5), lambda: set(3), lambda: tuple(None), lambda: sum(1), lambda: "".join(5), lambda: 1 in 2, lambda: iter(5), lambda: next([1])):
    try:
        f()
    except TypeError as e:
        print(e)
### for over none
for x in None:
    pass
### unpack errors
def t(f):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
def a(): x, y = 1, 2, 3
def b(): x, y = (1,)
def c(): x, *y, z = (1,)
def d(): x, y = 5
def e(): x, y, z = "ab"
def g(): (x, y), z = [(1, 2, 3), 4]
for f in (a, b, c, d, e, g): t(f)
### not callable
try:
    "a"()
except TypeError as e:
    print(e)
try:
    None()
except TypeError as e:
    print(e)
try:
    [1](2)
except TypeError as e:
    print(e)
### not subscriptable
for f in (lambda: None[0], lambda: 5[0], lambda: (lambda: 1)[0], lambda: {1}[0], lambda: 1.5["a"]):
    try:
        f()
    except TypeError as e:
        print(e)
### item assignment unsupported
for f in (lambda: (1,).__setitem__(0, 1),):
    try:
        f()
    except AttributeError as e:
        print(e)
try:
    "abc"[0] = "x"
except TypeError as e:
    print(e)
try:
    (1, 2)[0] = "x"
except TypeError as e:
    print(e)
try:
    del "abc"[0]
except TypeError as e:
    print(e)
### bad indices
for f in (lambda: [1]["a"], lambda: (1,)["a"], lambda: "a"["b"], lambda: [1][1.0], lambda: [1][None:"a"], lambda: range(3)["x"]):
    try:
        f()
    except TypeError as e:
        print(e)
### attribute errors
class A: pass
for f in (lambda: A().x, lambda: A.x, lambda: "a".foo, lambda: None.bar, lambda: (1).baz, lambda: [].push, lambda: {}.has_key, lambda: print.x, lambda: (lambda: 1).zed):
    try:
        f()
    except AttributeError as e:
        print(e)
### module attribute error
import math
math.nothing
### import errors
try:
    import no_such_module_at_all
except ImportError as e:
    print(type(e).__name__, e, e.name)
try:
    from math import nothing_here
except ImportError as e:
    print(str(e)[:40])
### int parsing
for s in ("", "a", "1.5", "0x1", " 12 ", "1_000", "--1", None, [], "١٢"):
    try:
        print(int(s))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
### int with base
for args in (("ff", 16), ("0xff", 16), ("0b11", 2), ("0o17", 0), ("z", 36), ("12", 2), ("1", 1), (5, 10)):
    try:
        print(int(*args))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
### float parsing
for s in ("1.5", " 2 ", "inf", "-Infinity", "nan", "1e3", "1_0.5", "abc", "", None):
    try:
        print(float(s))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
### missing arguments
def f(a, b, *, c): pass
for call in (lambda: f(), lambda: f(1), lambda: f(1, 2), lambda: f(1, 2, 3), lambda: f(1, 2, c=1, d=2), lambda: f(1, a=1), lambda: f(1, 2, 3, c=4)):
    try:
        call()
    except TypeError as e:
        print(e)
### too many with defaults
def f(a, b=1): pass
try:
    f(1, 2, 3)
except TypeError as e:
    print(e)
def g(): pass
try:
    g(1)
except TypeError as e:
    print(e)
def h(*, k=1): pass
try:
    h(1)
except TypeError as e:
    print(e)
### positional only as keyword
def f(a, /, b): return a, b
try:
    f(a=1, b=2)
except TypeError as e:
    print(e)
### method arity names the class
class A:
    def m(self, x): pass
    def __init__(self, z): pass
try:
    A(1).m()
except TypeError as e:
    print(e)
try:
    A()
except TypeError as e:
    print(e)
try:
    A(1).m(1, 2)
except TypeError as e:
    print(e)
### class takes no arguments
class A: pass
A(1)
### duplicate keyword
def f(**k): return k
try:
    f(a=1, **{"a": 2})
except TypeError as e:
    print(e)
try:
    f(**5)
except TypeError as e:
    print(e)
try:
    f(*5)
except TypeError as e:
    print(e)
### exception args and repr
e = ValueError("a", 1)
print(e.args, str(e), repr(e))
print(repr(ValueError()), str(ValueError()) == "", repr(ValueError("x")), repr(KeyError("k")), str(KeyError("k")))
### custom exception
class MyError(Exception):
    def __init__(self, code, msg):
        super().__init__(msg)
        self.code = code
try:
    raise MyError(3, "bad")
except MyError as e:
    print(e, e.code, e.args, repr(e))
raise MyError(1, "out")
### exception with str
class E(Exception):
    def __str__(self): return "custom text"
raise E("ignored")
### chained causes
try:
    try:
        raise KeyError("a")
    except KeyError as e:
        raise ValueError("b") from e
except ValueError as e:
    print(repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
### implicit context
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("b")
except ValueError as e:
    print(repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
### raise from none
try:
    try:
        raise KeyError("a")
    except KeyError:
        raise ValueError("b") from None
except ValueError as e:
    print(e.__cause__, repr(e.__context__), e.__suppress_context__)
### raise class and instance
for x in (ValueError, ValueError("v")):
    try:
        raise x
    except ValueError as e:
        print(repr(e))
### raise a non exception
try:
    raise 5
except TypeError as e:
    print(e)
try:
    raise "text"
except TypeError as e:
    print(e)
### bare raise
try:
    try:
        raise ValueError("again")
    except ValueError:
        raise
except ValueError as e:
    print("outer", e)
raise
### exception variable is deleted
try:
    raise ValueError("x")
except ValueError as e:
    pass
print(e)
### except tuple and order
for x in (KeyError("k"), IndexError("i"), OSError("o"), RuntimeError("r")):
    try:
        raise x
    except (KeyError, IndexError) as e:
        print("lookup", repr(e))
    except OSError as e:
        print("os", repr(e))
    except Exception as e:
        print("other", repr(e))
### hierarchy
print(issubclass(KeyError, LookupError), issubclass(ZeroDivisionError, ArithmeticError), issubclass(FileNotFoundError, OSError), issubclass(UnicodeDecodeError, ValueError), issubclass(NotImplementedError, RuntimeError), issubclass(ModuleNotFoundError, ImportError), issubclass(KeyboardInterrupt, Exception), OSError is IOError)
### add_note
e = ValueError("v")
e.add_note("one")
e.add_note("two")
print(e.__notes__)
### assertion
try:
    assert 1 == 2, "math is hard"
except AssertionError as e:
    print(repr(e))
assert False
### system exit
import sys
sys.exit(3)
### stop iteration
try:
    next(iter([]))
except StopIteration as e:
    print(repr(e), e.value)
print(next(iter([]), "default"))
### recursion of repr
a = [1]
a.append(a)
print(a)
d = {}
d["self"] = d
print(d)
### unhashable
for f in (lambda: {[]: 1}, lambda: {{}}, lambda: hash({}), lambda: {(1, [])}, lambda: set([[1]]), lambda: {}[[]]):
    try:
        f()
    except TypeError as e:
        print(e)
### os error attributes
e = OSError(2, "No such file")
print(e.errno, e.strerror, e)
e = FileNotFoundError(2, "No such file", "x.txt")
print(e.filename, e)
### unicode errors
try:
    "é".encode("ascii")
except UnicodeEncodeError as e:
    print(e)
try:
    b"\xff".decode("utf-8")
except UnicodeDecodeError as e:
    print(e)
try:
    b"\xc3\xa9".decode("ascii")
except UnicodeDecodeError as e:
    print(e)
### unknown encoding
"a".encode("no-such-codec")
### overflow
try:
    2.0 ** 10000
except OverflowError as e:
    print(e)
try:
    float(10 ** 400)
except OverflowError as e:
    print(e)
try:
    int(float("inf"))
except OverflowError as e:
    print(e)
try:
    int(float("nan"))
except ValueError as e:
    print(e)
### chr and ord errors
for f in (lambda: chr(-1), lambda: chr(0x110000), lambda: ord("ab"), lambda: ord(""), lambda: chr("a")):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
### max of empty
for f in (lambda: max([]), lambda: min(()), lambda: max(1)):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
print(max([], default=0), min([3, 1], default=0))
### list lookups
for f in (lambda: [1].index(2), lambda: (1,).index(2), lambda: [1].remove(2), lambda: "abc".index("z"), lambda: b"abc".index(b"z")):
    try:
        f()
    except ValueError as e:
        print(e)
### isinstance arguments
for f in (lambda: isinstance(1, 1), lambda: issubclass(1, int), lambda: issubclass(int, "a")):
    try:
        f()
    except TypeError as e:
        print(e)
### except star
try:
    raise ExceptionGroup("many", [ValueError("a"), TypeError("b"), ValueError("c")])
except* ValueError as g:
    print("values", [str(e) for e in g.exceptions], type(g).__name__)
except* TypeError as g:
    print("types", g.exceptions)
### except star rest is raised
try:
    try:
        raise ExceptionGroup("many", [ValueError("a"), KeyError("b")])
    except* ValueError as g:
        print(g.exceptions)
except ExceptionGroup as g:
    print("rest", g.exceptions, g.message)
### except star plain exception
try:
    raise ValueError("alone")
except* ValueError as g:
    print(type(g).__name__, g.exceptions, str(g))
### except star else finally
try:
    print("body")
except* ValueError:
    print("no")
else:
    print("else")
finally:
    print("finally")
### exception group
g = ExceptionGroup("msg", [ValueError(1), ExceptionGroup("inner", [TypeError(2), ValueError(3)])])
print(str(g), repr(g))
match_, rest = g.split(ValueError)
print(repr(match_), repr(rest))
print(repr(g.subgroup(TypeError)))
### except star nested and raise inside
try:
    try:
        raise ExceptionGroup("g", [ValueError("a"), ExceptionGroup("h", [KeyError("k"), ValueError("b")])])
    except* ValueError as e:
        print(repr(e))
        raise RuntimeError("from handler")
except ExceptionGroup as e:
    print(type(e).__name__, [type(x).__name__ for x in e.exceptions])
### uncaught in function
def inner():
    raise LookupError("deep")
def outer():
    inner()
outer()
### with error traceback attributes
try:
    raise ValueError("x")
except ValueError as e:
    print(e.__traceback__ is not None)
    print(e.with_traceback(None) is e)
### sys exc info
import sys
try:
    raise ValueError("x")
except ValueError:
    t, v, tb = sys.exc_info()
    print(t.__name__, v)
print(sys.exc_info())
### not implemented
class A:
    def m(self): raise NotImplementedError
    def n(self): raise NotImplementedError("soon")
try:
    A().m()
except NotImplementedError as e:
    print(repr(e))
A().n()
### nested finally order
def f():
    try:
        try:
            print("a")
            raise ValueError
        finally:
            print("b")
    except ValueError:
        print("c")
        return "ret"
    finally:
        print("d")
print(f())
### finally overrides return
def f():
    try:
        return 1
    finally:
        return 2
print(f())
def g():
    for i in range(3):
        try:
            continue
        finally:
            print("fin", i)
    try:
        return "body"
    finally:
        print("last")
print(g())
### break in finally swallows
for i in range(2):
    try:
        raise ValueError
    finally:
        break
print("after", i)
### else of try
for n in (0, 1):
    try:
        x = 1 / n
    except ZeroDivisionError:
        print("zero")
    else:
        print("else", x)
    finally:
        print("fin")
### error in handler keeps context
try:
    try:
        {}["a"]
    except KeyError as e:
        None.x
except AttributeError as e:
    print(e, "|", repr(e.__context__))
