print(len([1, 2]), list(range(5)), list(range(5, 0, -2)), range(3), 3 in range(5), range(10)[2], len(range(0, 10, 3)))
print(list(enumerate("ab", 1)), list(zip([1, 2], "ab")), list(map(lambda x: x + 1, [1, 2])), list(filter(None, [0, 1, "", "a"])))
print(sorted([3, 1, 2]), sorted("bca", reverse=True), sorted([(1, "b"), (0, "a")], key=lambda p: p[1]), list(reversed([1, 2, 3])), sorted({"b": 1, "a": 2}.items()))
print(min(3, 1, 2), max([1, 5, 2]), min([], default=None), max("abc", key=lambda c: -ord(c)), sum([1, 2, 3]), sum([[1], [2]], []))
print(any([0, 1]), all([1, 1]), all([]), callable(len), callable(1), chr(97), ord("a"), hex(255), oct(8), bin(-5))
print(isinstance(1, int), isinstance(True, int), isinstance("a", (int, str)), issubclass(bool, int), isinstance(1, int | str), isinstance(None, type(None)))
print(type(1), type("a").__name__, type(None), type([]), type(ValueError("x")), int, ValueError)
print(list("abc"), tuple([1, 2]), dict(a=1), dict([("a", 1)]), dict({"a": 1}, b=2), set([1, 1]), bool([]), bool("a"), str(1), bytes(2), int(), str(), float())
x = iter([1, 2]); print(next(x), next(x), next(x, "end"))
try:
    next(iter([]))
except StopIteration as e:
    print(repr(e))
d = {"a": 1, "b": 2}
print(d.get("a"), d.get("z"), d.get("z", 3), d.pop("a"), d, d.setdefault("c", 5), list(d.keys()), list(d.values()), list(d.items()), d.keys(), d.items())
d.update({"x": 1}, y=2); print(d, d | {"z": 1}, dict.fromkeys("ab", 0), d.popitem(), "x" in d, len(d), d.copy() == d)
l = [3, 1, 2]; l.sort(); l.append(4); l.extend([5]); l.insert(0, 0); print(l, l.pop(), l.pop(0), l.index(2), l.count(2)); l.remove(2); l.reverse(); print(l, l + [1], l * 2, l[1:], l == [4, 3, 1])
s = {1, 2, 3}; print(s | {4}, s & {1, 9}, s - {1}, s ^ {1, 9}, s <= {1, 2, 3, 4}, s.union([7]), s.issubset({1, 2, 3}), 1 in s); s.add(9); s.discard(1); print(sorted(s))
print((1, 2) < (1, 3), [1] == [1.0], "a" < "b", 1 == 1.0, 1 == "1", None == None, (1, 2) + (3,), {"a": 1} == {"a": 1})
print(getattr("abc", "upper")(), hasattr(1, "x"), getattr(1, "x", None), (1, 2).index(2), (1, 1).count(1))
a, *b = zip(*[(1, 2), (3, 4)]); print(a, b)
class E(ValueError):
    pass
try:
    raise E("boom", 1)
except ValueError as e:
    print(repr(e), str(e), e.args, isinstance(e, Exception))
class S(str):
    def shout(self):
        return self.upper() + "!"
print(S("hi").shout(), S("hi") == "hi", len(S("abc")), S("a") + "b", isinstance(S("x"), str))
print("%s" % S("q"), f"{S('q')}", {S("k"): 1}["k"])
try:
    open("/nope")
except FileNotFoundError as e:
    print(e)
try:
    [].pop()
except IndexError as e:
    print(e)
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as e:
    print(e)
