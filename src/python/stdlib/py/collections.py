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
        return "OrderedDict(" + (dict.__repr__(self) if self else "") + ")"


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

    def new_child(self, m=None):
        return ChainMap({} if m is None else m, *self.maps)


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


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    fields = tuple(str(name) for name in field_names)
    given = list(defaults or ())
    return _row(typename, fields, dict(zip(fields[len(fields) - len(given):], given)))


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

    @property
    def _fields(self):
        return tuple(type(self).__annotations__)

    def _asdict(self):
        return dict(zip(self._fields, self))

    def _replace(self, **kwargs):
        values = self._asdict()
        values.update(kwargs)
        return type(self)(**values)

    def __repr__(self):
        inner = ", ".join(name + "=" + repr(value) for name, value in zip(self._fields, self))
        return type(self).__name__ + "(" + inner + ")"


class UserDict(dict):
    @property
    def data(self):
        return self


class UserList(list):
    pass


class UserString(str):
    pass


Mapping = abc.Mapping
Sequence = abc.Sequence
Iterable = abc.Iterable
