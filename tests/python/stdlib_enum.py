import enum
from enum import Enum, IntEnum, auto
class Color(Enum):
    RED = 1
    GREEN = "g"
    ALIAS = 1
    def describe(self):
        return f"{self.name}={self.value}"
    @classmethod
    def default(cls):
        return cls.RED
    @property
    def loud(self):
        return self.name + "!"
print(Color.RED, repr(Color.RED), Color.RED.name, Color.RED.value, Color("g"), Color["RED"], list(Color), len(list(Color)), Color.ALIAS is Color.RED, Color.RED.describe(), Color.default(), Color.RED.loud, Color.RED == Color.RED, Color.RED != Color.GREEN, isinstance(Color.RED, Color), [c.value for c in Color], Color.RED in Color, f"{Color.RED}", "%s" % Color.RED, {Color.RED: 1}[Color.RED], type(Color.RED).__name__)
class S(str, Enum):
    A = "a"
    B = "b"
print(S.A, repr(S.A), S.A == "a", S.A.value, S("b"), S.A.upper(), ",".join([S.A, S.B]), isinstance(S.A, str), f"{S.A}", "%s" % S.A.value, {"a": 1}[S.A], [s for s in S], S.__members__.keys(), S.A in ("a",), "a" == S.A)
class N(IntEnum):
    X = 1
    Y = auto()
print(N.X, N.Y.value, N.X + 1, N.X < N.Y, repr(N.Y), int(N.Y), f"{N.X}", N(2), sorted([N.Y, N.X]))
class T(enum.StrEnum):
    FOO = auto()
    BAR = "bar!"
print(T.FOO, T.BAR, f"{T.FOO}", repr(T.FOO), T.FOO == "foo")
class P(Enum):
    EARTH = (5.9, 6.3)
    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius
print(P.EARTH.mass, P.EARTH.value)
try:
    Color("nope")
except ValueError as e:
    print(e)
try:
    Color["NOPE"]
except KeyError as e:
    print(e)
E2 = Enum("E2", "A B"); print(E2.A, E2.B.value, list(E2))
