import functools
from contextlib import contextmanager
from dataclasses import dataclass


class Name:
    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return isinstance(other, Name) and self.text.lower() == other.text.lower()

    def __hash__(self):
        return hash(self.text.lower())

    def __repr__(self):
        return "Name(" + self.text + ")"


known = {Name("a"): 1}
print(known[Name("A")], Name("b") in known, len({Name("x"), Name("X"), Name("y")}))
known[Name("A")] = 2
print(known, {(Name("p"), 1): 3}[(Name("P"), 1)], frozenset([Name("q")]) == frozenset([Name("Q")]))


@dataclass(frozen=True)
class Point:
    x: int
    y: int = 0


print({Point(1): "one"}[Point(1, 0)], Point(1) in {Point(1), Point(2)})
match Point(3, 4):
    case Point(3, y):
        print(y)


@contextmanager
def around(name):
    print("before", name)
    yield name
    print("after", name)


@around("decorated")
def decorated(x):
    "Adds one."
    return x + 1


print(decorated(1), decorated(2), decorated.__name__, decorated.__doc__)


def logged(function):
    @functools.wraps(function)
    def helper(*args):
        return function(*args)

    return helper


@logged
def work(x):
    "Works."
    return x


print(work(1), work.__name__, work.__doc__)
