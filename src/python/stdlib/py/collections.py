import _collections_abc as abc


class OrderedDict(dict):
    def move_to_end(self, key, last=True):
        value = self.pop(key)
        if last:
            self[key] = value
        else:
            rest = list(self.items())
            self.clear()
            self[key] = value
            self.update(rest)

    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        keys = list(self.keys())
        key = keys[-1] if last else keys[0]
        return key, self.pop(key)

    def __repr__(self):
        return "OrderedDict(" + (repr(list(self.items())) if self else "") + ")"

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return list(self.items()) == list(other.items())
        return dict(self) == other

    def copy(self):
        return OrderedDict(self)

    def __reversed__(self):
        return reversed(list(self))


class defaultdict(dict):
    def __init__(self, default_factory=None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.default_factory = default_factory

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self.default_factory()
        self[key] = value
        return value

    def __getitem__(self, key):
        if key in self:
            return dict.__getitem__(self, key)
        return self.__missing__(key)

    def __repr__(self):
        return "defaultdict(" + repr(self.default_factory) + ", " + dict.__repr__(self) + ")"


class Counter(dict):
    def __init__(self, source=None, **kwargs):
        super().__init__()
        self.update(source, **kwargs)

    def __missing__(self, key):
        return 0

    def __getitem__(self, key):
        return self.get(key, 0)

    def update(self, source=None, **kwargs):
        if source is not None:
            if hasattr(source, "items"):
                for key, count in source.items():
                    self[key] = self.get(key, 0) + count
            else:
                for key in source:
                    self[key] = self.get(key, 0) + 1
        for key, count in kwargs.items():
            self[key] = self.get(key, 0) + count

    def most_common(self, n=None):
        pairs = sorted(self.items(), key=lambda pair: pair[1], reverse=True)
        return pairs if n is None else pairs[:n]

    def elements(self):
        for key, count in self.items():
            for _ in range(count):
                yield key

    def total(self):
        return sum(self.values())

    def subtract(self, source=None, **kwargs):
        for key, count in Counter(source, **kwargs).items():
            self[key] = self.get(key, 0) - count

    def copy(self):
        return Counter(self)

    def _merged(self, other, pick):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter()
        for key in [*self, *[key for key in other if key not in self]]:
            count = pick(self[key], other[key])
            if count > 0:
                result[key] = count
        return result

    def __add__(self, other):
        return self._merged(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._merged(other, lambda a, b: a - b)

    def __and__(self, other):
        return self._merged(other, min)

    def __or__(self, other):
        return self._merged(other, max)

    def __pos__(self):
        return self._merged(Counter(), lambda a, b: a)

    def __neg__(self):
        return Counter()._merged(self, lambda a, b: a - b)

    def __iadd__(self, other):
        return self + other

    def __isub__(self, other):
        return self - other

    def __repr__(self):
        if not self:
            return "Counter()"
        inner = ", ".join(repr(k) + ": " + repr(v) for k, v in self.most_common())
        return "Counter({" + inner + "})"


class deque(list):
    def __init__(self, iterable=(), maxlen=None):
        super().__init__(iterable)
        self.maxlen = maxlen
        self._trim(True)

    def _trim(self, left):
        while self.maxlen is not None and len(self) > self.maxlen:
            list.pop(self, 0 if left else -1)

    def append(self, item):
        list.append(self, item)
        self._trim(True)

    def appendleft(self, item):
        list.insert(self, 0, item)
        self._trim(False)

    def extend(self, items):
        for item in items:
            self.append(item)

    def extendleft(self, items):
        for item in items:
            self.appendleft(item)

    def popleft(self):
        if not self:
            raise IndexError("pop from an empty deque")
        return list.pop(self, 0)

    def rotate(self, n=1):
        for _ in range(n % len(self) if self else 0):
            self.appendleft(list.pop(self))

    def pop(self):
        if not self:
            raise IndexError("pop from an empty deque")
        return list.pop(self)

    def copy(self):
        return deque(self, self.maxlen)

    def __repr__(self):
        tail = "" if self.maxlen is None else ", maxlen=" + repr(self.maxlen)
        return "deque(" + list.__repr__(self) + tail + ")"


class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        raise KeyError(key)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def __contains__(self, key):
        return any(key in mapping for mapping in self.maps)

    def __iter__(self):
        merged = {}
        for mapping in reversed(self.maps):
            merged.update(mapping)
        return iter(merged)

    def keys(self):
        return list(iter(self))

    def items(self):
        return [(key, self[key]) for key in self]

    def values(self):
        return [self[key] for key in self]

    def __len__(self):
        return len(self.keys())

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def new_child(self, m=None, **kwargs):
        return ChainMap(dict(kwargs) if m is None else m, *self.maps)

    @property
    def parents(self):
        return ChainMap(*self.maps[1:])

    def __delitem__(self, key):
        del self.maps[0][key]

    def __bool__(self):
        return any(self.maps)

    def __repr__(self):
        return "ChainMap(" + ", ".join(map(repr, self.maps)) + ")"


def _row(typename, fields, defaults):
    class Row(tuple):
        _fields = fields
        _field_defaults = defaults

        def __init__(self, *args, **kwargs):
            if len(args) > len(fields):
                raise TypeError(
                    typename + ".__new__() takes " + str(len(fields) + 1)
                    + " positional arguments but " + str(len(args) + 1) + " were given")
            values = list(args)
            for name in fields[len(args):]:
                if name in kwargs:
                    values.append(kwargs.pop(name))
                elif name in defaults:
                    values.append(defaults[name])
                else:
                    raise TypeError(
                        typename + ".__new__() missing 1 required positional argument: " + repr(name))
            for name in kwargs:
                raise TypeError(
                    typename + ".__new__() got an unexpected keyword argument " + repr(name))
            super().__init__(values)

        def __getattr__(self, name):
            if name in fields:
                return tuple.__getitem__(self, fields.index(name))
            raise AttributeError(repr(typename) + " object has no attribute " + repr(name))

        def __setattr__(self, name, value):
            if name in fields:
                raise AttributeError("can't set attribute")
            super().__setattr__(name, value)

        def _asdict(self):
            return dict(zip(fields, self))

        def _replace(self, **kwargs):
            values = self._asdict()
            values.update(kwargs)
            return type(self)(**values)

        @classmethod
        def _make(cls, iterable):
            return cls(*iterable)

        def __repr__(self):
            inner = ", ".join(name + "=" + repr(value) for name, value in zip(fields, self))
            return typename + "(" + inner + ")"

    return Row


_KEYWORDS = frozenset(
    "False None True and as assert async await break class continue def del elif else except"
    " finally for from global if import in is lambda nonlocal not or pass raise return try while"
    " with yield".split())


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    fields = [str(name) for name in field_names]
    seen = set()
    for place, name in enumerate(fields):
        bad = not name.isidentifier() or name in _KEYWORDS
        if rename and (bad or name.startswith("_") or name in seen):
            fields[place] = "_" + str(place)
        elif bad and not name.isidentifier():
            raise ValueError(
                "Type names and field names must be valid identifiers: " + repr(name))
        elif bad:
            raise ValueError("Type names and field names cannot be a keyword: " + repr(name))
        elif name.startswith("_"):
            raise ValueError("Field names cannot start with an underscore: " + repr(name))
        elif name in seen:
            raise ValueError("Encountered duplicate field name: " + repr(name))
        seen.add(name)
    fields = tuple(fields)
    given = list(defaults or ())
    if len(given) > len(fields):
        raise TypeError("Got more default values than field names")
    return _row(typename, fields, dict(zip(fields[len(fields) - len(given):], given)))


def _typed(typename, fields=(), /, **kwargs):
    pairs = list(fields) + list(kwargs.items())
    made = namedtuple(typename, [name for name, kind in pairs])
    made.__annotations__ = dict(pairs)
    return made


class NamedTuple(tuple):
    def __init__(self, *args, **kwargs):
        cls = type(self)
        fields = tuple(cls.__annotations__)
        values = list(args)
        for name in fields[len(args):]:
            if name in kwargs:
                values.append(kwargs.pop(name))
            elif hasattr(cls, name):
                values.append(getattr(cls, name))
            else:
                raise TypeError(
                    cls.__name__ + ".__new__() missing 1 required positional argument: " + repr(name))
        super().__init__(values)
        for name, value in zip(fields, values):
            setattr(self, name, value)

    def __init_subclass__(cls, **kwargs):
        cls._fields = tuple(cls.__annotations__)
        cls._field_defaults = {
            name: getattr(cls, name) for name in cls._fields if name in cls.__dict__
        }
        cls.__match_args__ = cls._fields

    def __new__(cls, *args, **kwargs):
        if cls is NamedTuple:
            return _typed(*args, **kwargs)
        return super().__new__(cls)

    @classmethod
    def _make(cls, iterable):
        return cls(*iterable)

    def _asdict(self):
        return dict(zip(self._fields, self))

    def _replace(self, **kwargs):
        values = self._asdict()
        values.update(kwargs)
        return type(self)(**values)

    def __repr__(self):
        inner = ", ".join(name + "=" + repr(value) for name, value in zip(self._fields, self))
        return type(self).__name__ + "(" + inner + ")"


class UserDict:
    def __init__(self, dict=None, /, **kwargs):
        self.data = {}
        self.update(dict or {}, **kwargs)

    def __getitem__(self, key):
        if key in self.data:
            return self.data[key]
        if hasattr(type(self), "__missing__"):
            return self.__missing__(key)
        raise KeyError(key)

    def __setitem__(self, key, item):
        self.data[key] = item

    def __delitem__(self, key):
        del self.data[key]

    def __len__(self):
        return len(self.data)

    def __iter__(self):
        return iter(self.data)

    def __contains__(self, key):
        return key in self.data

    def __repr__(self):
        return repr(self.data)

    def __eq__(self, other):
        return dict(self.items()) == dict(other.items())

    def get(self, key, default=None):
        return self[key] if key in self else default

    def keys(self):
        return self.data.keys()

    def values(self):
        return [self[key] for key in self]

    def items(self):
        return [(key, self[key]) for key in self]

    def update(self, other=(), /, **kwargs):
        pairs = other.items() if hasattr(other, "items") else other
        for key, value in pairs:
            self[key] = value
        for key, value in kwargs.items():
            self[key] = value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key, *default):
        if key in self:
            value = self[key]
            del self[key]
            return value
        return self.data.pop(key, *default)

    def copy(self):
        return type(self)(self.data)


class UserList(list):
    pass


class UserString(str):
    pass


Mapping = abc.Mapping
Sequence = abc.Sequence
Iterable = abc.Iterable
