from _enum import EnumBase, auto


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


class Flag(Enum):
    def __or__(self, other):
        return self._value_ | getattr(other, "_value_", other)

    def __and__(self, other):
        return self._value_ & getattr(other, "_value_", other)

    def __bool__(self):
        return bool(self._value_)


class IntFlag(int, Flag):
    def __str__(self):
        return str(self._value_)


EnumMeta = type
EnumType = type


def unique(enumeration):
    return enumeration


def member(value):
    return value


def nonmember(value):
    return value


def global_enum(enumeration):
    return enumeration

