from _enum import EnumBase, auto, nonmember, pseudo


class Enum(EnumBase):
    def __str__(self):
        return type(self).__name__ + "." + self._name_

    def __repr__(self):
        return "<" + type(self).__name__ + "." + self._name_ + ": " + repr(self._value_) + ">"

    def __format__(self, spec):
        return format(str(self), spec)


class ReprEnum(Enum):
    def __str__(self):
        return str(self._value_)


class IntEnum(int, ReprEnum):
    def __str__(self):
        return str(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)


class StrEnum(str, ReprEnum):
    def __str__(self):
        return str(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)


STRICT = "strict"
CONFORM = "conform"
EJECT = "eject"
KEEP = "keep"


def _all_bits(cls):
    bits = 0
    for member in cls.__members__.values():
        bits |= member._value_
    return bits


def _named(cls, value):
    names = []
    for member in cls:
        if member._value_ & value == member._value_:
            names.append(member._name_)
            value &= ~member._value_
    return names, value


class Flag(Enum):
    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            return None
        every = _all_bits(cls)
        keep = issubclass(cls, int)
        if value < 0:
            width = max(every.bit_length(), (~value).bit_length())
            value &= every if not keep else (1 << width) - 1
            for member in cls.__members__.values():
                if member._value_ == value:
                    return member
        names, rest = _named(cls, value)
        if rest and not keep:
            length = max(value.bit_length(), every.bit_length())
            shown = "0b0 " + bin(value)[2:].zfill(length)
            allowed = "0b0 " + bin(every)[2:].zfill(length)
            raise ValueError(
                repr(cls) + " invalid value " + repr(value) + "\n    given " + shown
                + "\n  allowed " + allowed)
        if rest:
            names.append(hex(rest) if not names else str(rest))
        return pseudo(cls, "|".join(names) if names and value else None, value)

    def _other(self, other):
        if isinstance(other, type(self)):
            return other._value_
        if isinstance(self, int) and isinstance(other, int):
            return other
        return None

    def __or__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else type(self)(self._value_ | value)

    def __and__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else type(self)(self._value_ & value)

    def __xor__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else type(self)(self._value_ ^ value)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__

    def __invert__(self):
        return type(self)(_all_bits(type(self)) & ~self._value_)

    def __contains__(self, other):
        if not isinstance(other, type(self)):
            raise TypeError(
                "unsupported operand type(s) for 'in': " + repr(type(other).__name__) + " and "
                + repr(type(self).__name__))
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        return iter([m for m in type(self) if m._value_ & self._value_ == m._value_])

    def __len__(self):
        return self._value_.bit_count()

    def __bool__(self):
        return bool(self._value_)

    def __str__(self):
        if self._name_ is None:
            return type(self).__name__ + "(" + repr(self._value_) + ")"
        return type(self).__name__ + "." + self._name_

    def __repr__(self):
        if self._name_ is None:
            return "<" + type(self).__name__ + ": " + repr(self._value_) + ">"
        return "<" + type(self).__name__ + "." + self._name_ + ": " + repr(self._value_) + ">"


class IntFlag(int, ReprEnum, Flag):
    def __str__(self):
        return str(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)


EnumMeta = type
EnumType = type
FlagBoundary = str


def unique(enumeration):
    aliases = [
        (name, member.name) for name, member in enumeration.__members__.items()
        if name != member.name
    ]
    if aliases:
        details = ", ".join(alias + " -> " + name for alias, name in aliases)
        raise ValueError("duplicate values found in " + repr(enumeration) + ": " + details)
    return enumeration


def member(value):
    return value


def _property(function, make=property):
    return make(function)


property = _property


def global_enum(enumeration):
    for name, value in enumeration.__members__.items():
        globals()[name] = value
    return enumeration


def verify(*checks):
    return lambda enumeration: enumeration


UNIQUE = "one name per value"
CONTINUOUS = "no skipped values"
NAMED_FLAGS = "multi-flag aliases may not contain unnamed flags"
