def count():
    n = 0
    while True:
        yield n
        n += 1


print(next(x for x in count() if x > 10))
lazy = (print("made", n) or n * 2 for n in range(3))
print("not yet")
print(next(lazy), next(lazy))
print(list(lazy), list(lazy))
print([(a, b) for a in range(3) if a for b in range(a) if b != 1])
print({a: b for a, b in zip("ab", count())}, {n % 2 for n in range(5)})
print(sum(x * y for x in range(3) for y in range(3)))
pairs = ((a, b) for a in "ab" for b in (c for c in range(2)))
print(next(pairs), list(pairs))


def returns():
    got = yield 1
    return got


it = returns()
next(it)
try:
    it.send("sent")
except StopIteration as stop:
    print(stop.value)


class Kind:
    def __class_getitem__(cls, item):
        return (cls.__name__, item)


print(Kind["a"])


class Pair:
    __match_args__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b


def pick(value):
    match value:
        case Pair(0, b):
            return "zero", b
        case Pair(a, b) if a == b:
            return "same", a
        case Pair(a=a):
            return "a", a


print(pick(Pair(0, 1)), pick(Pair(2, 2)), pick(Pair(3, 4)))
try:
    match Pair(1, 2):
        case Pair(1, 2, 3):
            pass
except TypeError as e:
    print(e)
print([c for c in "aé€"], list(b"ab"), "-".join("abc"))
