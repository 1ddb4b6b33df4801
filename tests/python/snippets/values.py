### str case methods
s = "hello World ß"
print(s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold())
### str strip
print(repr("  a ".strip()), repr("xxaxx".strip("x")), repr("abcba".lstrip("ab")), repr("abcba".rstrip("ab")), repr("\t\na\r".strip()), repr("a".strip("")))
### str split
print("a b  c".split(), "a b  c".split(" "), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "".split(), "".split(","), " a ".split(None, 1), "a--b".split("--"))
try:
    "a".split("")
except ValueError as e:
    print(e)
### str splitlines
print("a\nb\r\nc\rd\x0be\x85f".splitlines(), "a\n".splitlines(True), "".splitlines(), "\n\n".splitlines())
### str partition
print("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("x"), "abc".rpartition("x"))
### str find
print("banana".find("na"), "banana".rfind("na"), "banana".find("x"), "banana".find("na", 3), "banana".index("nan"), "banana".count("a"), "banana".count(""), "aaa".count("aa"), "banana".find("a", -2))
### str startswith
print("abc".startswith("a"), "abc".startswith(("x", "ab")), "abc".endswith("bc"), "abc".startswith("b", 1), "abc".endswith(("q",)), "".startswith(""))
try:
    "a".startswith(1)
except TypeError as e:
    print(e)
### str replace
print("aaa".replace("a", "b", 2), "abc".replace("", "-"), "abc".replace("b", ""), "x".replace("y", "z"))
### str join
print(",".join(["a", "b"]), "".join(()), "-".join("abc"), ", ".join(str(i) for i in range(3)), ",".join({"k": 1}))
try:
    ",".join(["a", 1])
except TypeError as e:
    print(e)
### str justify
print("[" + "a".ljust(3) + "]", "a".rjust(3, "*"), "ab".center(5, "-"), "a".center(4), "42".zfill(5), "-42".zfill(5), "+1".zfill(4), "abc".zfill(2))
### str tests
for s in ("abc", "ABC", "123", "a1", " ", "", "½", "Abc", "a b", "_x", "1x", "٣"):
    print(repr(s), s.isalpha(), s.isdigit(), s.isalnum(), s.isspace(), s.isupper(), s.islower(), s.istitle(), s.isnumeric(), s.isdecimal(), s.isidentifier(), s.isascii(), s.isprintable())
### str translate
t = str.maketrans({"a": "1", "b": None, "c": "xyz"})
print("abcd".translate(t), "hello".translate(str.maketrans("el", "ip", "o")), str.maketrans("ab", "cd"))
### str prefix and suffix
print("TestHook".removeprefix("Test"), "a.py".removesuffix(".py"), "abc".removeprefix("x"), "abc".removesuffix(""))
### str expandtabs and encode
print(repr("a\tb".expandtabs(4)), "é".encode(), "é".encode("latin-1"), "é".encode("ascii", "ignore"), "é".encode("ascii", "replace"), "é".encode("ascii", "xmlcharrefreplace"), "é".encode("ascii", "backslashreplace"), "a".encode("utf-16-le"))
### str slices
s = "abcdefg"
print(s[1:3], s[:-1], s[::2], s[::-1], s[-3:], s[5:2], s[10:], s[-100:2], s[4:1:-1], s[slice(1, None, 3)])
### str compare and multiply
print("a" < "b", "a" < "B", "abc" < "abd", "a" * 3, 3 * "ab", "a" * 0, "a" * -1, "b" in "abc", "" in "a", "z" not in "abc")
### str iterate
print(list("abc"), tuple("ab"), sorted("hello"), set("aa"), list(reversed("abc")), list(enumerate("ab", 1)), dict(zip("ab", [1, 2])))
### str unbound methods
print(str.upper("a"), list(map(str.strip, [" a ", "b "])), sorted(["B", "a"], key=str.lower), str.join("-", ["a", "b"]))
### str bad calls
for f in (lambda: "a".join(), lambda: "a".replace("b"), lambda: "a".center(), lambda: "a".upper(1), lambda: "a".split(1), lambda: "a" in 5, lambda: 5 in "a", lambda: "a".count(1)):
    try:
        f()
    except TypeError as e:
        print(type(e).__name__)
### bytes
b = b"hello"
print(b[0], b[1:3], list(b[:2]), b.upper(), b.hex(), bytes.fromhex("6869"), b.find(b"l"), b.replace(b"l", b"L"), b.split(b"l"), b.decode(), b + b"!", b * 2, len(b), b"h" in b, 104 in b, b.startswith(b"he"))
### bytes constructors
print(bytes(3), bytes([65, 66]), bytes("é", "utf-8"), bytes(b"x"), bytes(range(3)), bytes(), b"a".join([b"1", b"2"]), b" a ".strip(), b"a,b".partition(b","))
for f in (lambda: bytes("a"), lambda: bytes([256]), lambda: bytes(-1), lambda: b"a" + "b"):
    try:
        f()
    except (TypeError, ValueError) as e:
        print(e)
### bytearray
a = bytearray(b"abc")
a[0] = 120
a.append(33)
a.extend(b"zz")
print(a, bytes(a), len(a), a.decode(), a[1:3])
### list methods
a = [3, 1, 2]
a.append(4); a.extend([5, 6]); a.insert(0, 0); a.insert(-1, 9); a.insert(100, 7)
print(a, a.pop(), a.pop(0), a.index(9), a.count(1), a.index(5, 2))
a.remove(9); a.reverse(); print(a)
a.sort(); print(a)
a.sort(reverse=True); print(a, a.copy() is a)
a.clear(); print(a)
### list slices
a = list(range(6))
a[1:3] = ["x"]; print(a)
a[::2] = [0, 0, 0]; print(a)
del a[1:3]; print(a)
a[len(a):] = [8, 9]; print(a)
a[:0] = [7]; print(a)
a[1:1] = (4, 4); print(a)
del a[::2]; print(a)
try:
    a[::2] = [1, 2, 3, 4]
except ValueError as e:
    print(e)
### list operators
a = [1]
b = a
a += [2]; print(a, b is a)
a = a + [3]; print(a, b)
a *= 2; print(a, [0] * 3, [[]] * 2, [1, 2] == [1, 2], [1, 2] < [1, 3], [1] < [1, 0], 2 in a)
a += "xy"; print(a)
a += (1,); print(a)
### list sort keys
words = ["banana", "Apple", "cherry", "date"]
print(sorted(words), sorted(words, key=len), sorted(words, key=lambda w: (-len(w), w)), sorted(words, key=str.lower, reverse=True), sorted({"b": 1, "a": 2}), sorted([(1, "b"), (1, "a")]))
words.sort(key=lambda w: w[-1]); print(words)
### sort is stable
data = [("a", 2), ("b", 1), ("c", 2), ("d", 1)]
print(sorted(data, key=lambda p: p[1]), sorted(data, key=lambda p: p[1], reverse=True))
### tuple
t = (1, 2, 3, 2)
print(t.count(2), t.index(3), t + (4,), t * 2, t[1:], t[-1], (1,), (), 1 in t, hash((1, 2)) == hash((1, 2)), (1, 2) < (1, 3), tuple([1]), len(t), (1, "a") == (1, "a"))
### dict methods
d = {"a": 1, "b": 2}
print(d.get("a"), d.get("z"), d.get("z", 0), d.setdefault("c", 3), d.setdefault("a", 9), d.pop("b"), d.pop("q", None), d)
d.update({"x": 1}, y=2); d.update([("z", 3)]); print(d)
print(list(d), list(d.keys()), list(d.values()), list(d.items()), d.popitem(), len(d), "a" in d, dict.fromkeys("ab", 0), dict.fromkeys([1]))
e = d.copy(); e.clear(); print(e, d)
### dict constructors
print(dict(a=1), dict([("a", 1)]), dict({"a": 1}, b=2), dict(zip("ab", (1, 2))), {**{"a": 1}, "b": 2, **{"a": 3}}, {k: v for k, v in [(1, 2)]}, dict())
for f in (lambda: dict([1]), lambda: dict(["abc"]), lambda: dict(1)):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
### dict union
a = {"x": 1}
b = {"y": 2, "x": 3}
print(a | b, b | a, a)
a |= b; print(a)
a |= [("q", 1)]; print(a)
print({"a": 1} == {"a": 1.0}, {"a": 1, "b": 2} == {"b": 2, "a": 1})
### dict views
d = {"a": 1, "b": 2, "c": 3}
k = d.keys()
print(k & {"a", "z"} == {"a"}, sorted(k | {"z"}), sorted(k - {"a"}), k == {"a", "b", "c"}, "a" in k, ("a", 1) in d.items(), 3 in d.values(), len(k), list(reversed(d)), d.keys(), d.values(), d.items())
d["d"] = 4
print(list(k))
### dict changed during iteration
d = {"a": 1}
for k in d:
    d[k + "x"] = 1
### dict delete during iteration over a copy
d = {i: i * i for i in range(5)}
for k in list(d):
    if k % 2: del d[k]
print(d)
try:
    del d[99]
except KeyError as e:
    print(e)
### dict keys equal numbers
d = {1: "int"}
d[1.0] = "float"; d[True] = "bool"
print(d, {0: "a", False: "b"}, {"1": 1, 1: 2})
### dict missing
class D(dict):
    def __missing__(self, key): return key * 2
d = D(a=1)
print(d["a"], d["zz"], d.get("q"), "q" in d, d)
### set methods
a = {1, 2, 3}
b = {3, 4}
print(a | b, a & b, a - b, a ^ b, a.union(b, [9]), a.intersection([1]), a.difference({1}), a.symmetric_difference(b), a.issubset({1, 2, 3, 4}), a >= {1}, a > a, a.isdisjoint({7}), {1} < a)
a.add(5); a.discard(99); a.update([6], (7,)); a.remove(1); a -= {5}; a |= {8}; a &= {2, 3, 8}; a ^= {2, 10}
print(sorted(a), len(a), set() == set(), frozenset([1]) == {1}, {1} | frozenset([2]))
### set comparisons and hash
print({frozenset([1, 2]): "x"}[frozenset([2, 1])], {(1, 2), (1, 2)}, {1, 1.0, True}, set("hello") == set("ohlle"))
try:
    {1} | [2]
except TypeError as e:
    print(e)
### comprehension of sets and dicts
print(sorted({x % 3 for x in range(10)}), {x: x ** 2 for x in range(3)}, [x for x in range(10) if x % 2 if x > 3], [(a, b) for a in "ab" for b in range(2)], [[y for y in range(x)] for x in range(3)])
### range
r = range(1, 10, 3)
print(r, list(r), len(r), r[1], r[-1], r[0:2], 4 in r, 5 in r, r.start, r.stop, r.step, list(range(5, 0, -2)), range(3) == range(0, 3), r.index(7), list(reversed(range(3))), bool(range(0)))
try:
    range(1, 2, 0)
except ValueError as e:
    print(e)
try:
    range(1.5)
except TypeError as e:
    print(e)
### int arithmetic
print(7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, divmod(-7, 2), 2 ** 10, 2 ** -1, 2 ** 0.5, pow(2, 10, 1000), pow(3, -1, 7), abs(-5), -(-3), +True, 1 << 10, 255 >> 3, 6 & 3, 6 | 3, 6 ^ 3, ~5, 10 / 4, 10 / 5, 1_000)
### big ints
x = 2 ** 100
print(x, x // 3, x % 1000, -x, x * x, x - x, x >> 98, x & 255, x == 2 ** 100, x > 1e30, int("9" * 30), 9223372036854775807 + 1, -9223372036854775808 - 1, 3037000500 ** 2, hash(5), (10 ** 20).bit_length())
### int methods
print((255).bit_length(), (5).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "big"), (10).bit_count(), (3).real, (3).numerator, (-1).to_bytes(1, "big", signed=True), (5).conjugate(), int(3.9), int(-3.9), int("12"), int(True), int())
### float arithmetic
print(0.1 + 0.2, 1.1 * 3, 7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, divmod(7.5, 2), 2.0 ** 3, 1e308 * 10, -1e308 * 10, 1 / 3, 3.0 == 3, 0.5 < 1, 1e3, float(5), float("1e-3"), (0.5).is_integer(), (2.0).is_integer(), (0.75).as_integer_ratio(), (255.5).hex())
### nan
n = float("nan")
print(n == n, n != n, n < 1, [n] == [n], n in [n], max(1, n), min(n, 1), sorted([2, 1]))
### bool arithmetic
print(True + True, True * 5, sum([True, False, True]), True & False, True | False, True ^ True, not 1, bool("False"), bool([]), bool(0.0), bool(None), True == 1, True is True, isinstance(True, int))
### and or
print(1 and 2, 0 and 2, 0 or "x", "" or [] or None, 1 or 1 / 0, None and 1 / 0, not None, 1 if [] else 2)
### chained comparison
x = 5
print(1 < x < 10, 1 < x > 3, 1 < 2 < 2, 1 == 1 == 1, x == 5 != 6, "a" < "b" in "abc")
### identity
a = []
b = a
print(a is b, a is not [], None is None, () == [], 1 is not None)
### complex
print(1 + 2j, (1 + 2j) * 2, abs(3 + 4j), (1j) ** 2, complex(1, 2).imag)
### conversions
print(list((1, 2)), tuple([1]), set([1, 1]), str(1.0), int("7"), float(3), bool(2), list({"a": 1}), list("ab"), dict([[1, 2]]), bytes([1]), frozenset("a"))
### all any sum
print(all([]), any([]), all([1, 0]), any([0, 1]), sum([1, 2], 10), sum([[1], [2]], []), sum([0.1] * 3), sum(range(101)), all(x > 0 for x in [1, 2]), any(x > 5 for x in [1, 2]))
try:
    sum(["a"])
except TypeError as e:
    print(e)
### zip and map
print(list(zip([1, 2], "ab", (True, False))), list(zip([1, 2, 3], "a")), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, [1, 2])), list(zip()), list(map(str, [1])))
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as e:
    print(e)
### enumerate reversed
print(list(enumerate(["a"], start=5)), list(reversed([1, 2])), list(reversed((1, 2))))
try:
    reversed({1})
except TypeError as e:
    print(e)
### min max
print(max(1, 5, 3), min("b", "a"), max([1, 2], key=lambda x: -x), max({"a": 3, "b": 5}.items(), key=lambda p: p[1]), min([], default=None), max("abc"), max([(1, 2), (1, 3)]), min(3.5, 2))
### iterators
it = iter([1, 2, 3])
print(next(it), list(it), next(it, "end"))
n = iter(lambda c=[0]: c.__setitem__(0, c[0] + 1) or c[0], 4)
print(list(n))
### hash and id
print(hash(1) == hash(1.0), hash("a") == hash("a"), hash(None) == hash(None), hash((1, 2)) == hash((1, 2)), id(1) == id(1), hash(True))
### slice objects
s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, s.indices(5), slice(3), [0, 1, 2, 3][slice(-2, None)])
### unpacking
a, *b, c = range(5)
print(a, b, c)
(x, y), [z, *w] = (1, 2), [3, 4, 5]
print(x, y, z, w)
*m, = "ab"
print(m)
first, *_ = {"k": 1}
print(first, [*range(3), *"ab"], (*[1], 2), {*[1], 2}, {**{"a": 1}})
### swap and chained assignment
a = b = []
a.append(1)
print(b)
x, y = 1, 2
x, y = y, x
print(x, y)
i = 0
l = [0, 0]
i, l[i] = 1, 5
print(i, l)
### augmented
x = 5
x += 1; x -= 2; x *= 3; x //= 2; x **= 2; x %= 10; x <<= 2; x |= 1; x ^= 3; x &= 14; x >>= 1
print(x)
x /= 2
print(x)
d = {"a": [1]}
d["a"] += [2]
print(d)
### walrus
if (n := len("abc")) > 2:
    print(n)
print([y := 1, y ** 2], (z := 5) + z, [last := i for i in range(3)], last)
while (k := n) > 1:
    n -= 1
print(k, n)
### conditional nesting
f = lambda n: "neg" if n < 0 else "zero" if n == 0 else "pos"
print(f(-1), f(0), f(1))
### del
a = [1, 2, 3]
del a[0], a[0]
print(a)
x = y = 1
del x
try:
    x
except NameError as e:
    print(e)
### global constants
print(Ellipsis, ..., NotImplemented, __name__, None)
### memoryview and misc builtins
print(callable(print), callable(1), ascii("é"), divmod(7, 3), pow(2, 3), vars(type("T", (), {"a": 1})())if False else "", repr(print)[:18], sorted(dir(type("T", (), {"a": 1})()))[-1])
### isinstance
print(isinstance(1, int), isinstance(True, int), isinstance(1, (str, int)), isinstance("a", str), isinstance(None, type(None)), isinstance([], list), isinstance(1, int | str), isinstance(int, type), issubclass(bool, int), issubclass(int, (str, object)), type(1) is int, type(True) == bool)
### str conversions of numbers
print(str(10 ** 15), str(1e15), str(-0.0), repr(1.10), str(True), str(1.0e-10), 1e5, 12345678.9, 1.0e+2)
### lists of mixed repr
print([1, 1.5, "a", None, True, b"b", (1,), {"k": [1]}, {1}, ...], [[]], {(): []}, [print] == [print])
### multiplication table
print("\n".join(" ".join(f"{a * b:3}" for b in range(1, 4)) for a in range(1, 4)))
