class _Missing:
    def __repr__(self):
        return "MISSING"


MISSING = _Missing()
KW_ONLY = object()


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default, default_factory, init, repr, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None,
          compare=True, metadata=None, kw_only=False):
    return Field(default, default_factory, init, repr, compare, metadata, kw_only)


def _collect(cls):
    found = {}
    for base in getattr(cls, "__mro__", (cls,))[::-1]:
        for name, item in base.__dict__.get("__dataclass_fields__", {}).items():
            found[name] = item
    own = cls.__dict__.get("__annotations__", {})
    for name in own:
        value = cls.__dict__.get(name, MISSING)
        if isinstance(value, Field):
            item = value
        else:
            item = field(default=value)
        item.name = name
        item.type = own[name]
        found[name] = item
    return found


def _build(cls, init, repr_, eq, order, frozen):
    found = _collect(cls)
    setattr(cls, "__dataclass_fields__", found)
    if "__match_args__" not in cls.__dict__:
        setattr(cls, "__match_args__",
                tuple([item.name for item in found.values() if item.init and not item.kw_only]))
    for item in found.values():
        if item.default is not MISSING:
            setattr(cls, item.name, item.default)

    def __init__(self, *args, **kwargs):
        order_ = [item for item in found.values() if item.init]
        positional = [item for item in order_ if not item.kw_only]
        if len(args) > len(positional):
            raise TypeError(
                cls.__name__ + ".__init__() takes " + str(len(positional) + 1)
                + " positional arguments but " + str(len(args) + 1) + " were given")
        values = dict(zip([item.name for item in positional], args))
        for name in kwargs:
            if name not in [item.name for item in order_]:
                raise TypeError(
                    cls.__name__ + ".__init__() got an unexpected keyword argument " + repr(name))
            values[name] = kwargs[name]
        for item in found.values():
            if item.name in values:
                setattr(self, item.name, values[item.name])
            elif item.default_factory is not MISSING:
                setattr(self, item.name, item.default_factory())
            elif item.default is not MISSING:
                setattr(self, item.name, item.default)
            elif item.init:
                raise TypeError(
                    cls.__name__ + ".__init__() missing 1 required positional argument: "
                    + repr(item.name))
        if hasattr(self, "__post_init__"):
            self.__post_init__()

    def __repr__(self):
        inner = ", ".join(
            item.name + "=" + repr(getattr(self, item.name)) for item in found.values() if item.repr)
        return type(self).__name__ + "(" + inner + ")"

    def key(self):
        return tuple([getattr(self, item.name) for item in found.values() if item.compare])

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return key(self) == key(other)

    def __hash__(self):
        return hash(key(self))

    if init and "__init__" not in cls.__dict__:
        setattr(cls, "__init__", __init__)
    if repr_ and "__repr__" not in cls.__dict__:
        setattr(cls, "__repr__", __repr__)
    if eq and "__eq__" not in cls.__dict__:
        setattr(cls, "__eq__", __eq__)
    if order:
        setattr(cls, "__lt__", lambda self, other: key(self) < key(other))
        setattr(cls, "__le__", lambda self, other: key(self) <= key(other))
        setattr(cls, "__gt__", lambda self, other: key(self) > key(other))
        setattr(cls, "__ge__", lambda self, other: key(self) >= key(other))
    if frozen:
        setattr(cls, "__hash__", __hash__)
    return cls


def dataclass(cls=None, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False,
              frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    if cls is None:
        return lambda found: _build(found, init, repr, eq, order, frozen or unsafe_hash)
    return _build(cls, init, repr, eq, order, frozen or unsafe_hash)


def fields(thing):
    return tuple(thing.__dataclass_fields__.values())


def is_dataclass(thing):
    return hasattr(thing, "__dataclass_fields__")


def _plain(value, dict_factory):
    if is_dataclass(value) and not isinstance(value, type):
        return dict_factory(
            [(item.name, _plain(getattr(value, item.name), dict_factory)) for item in fields(value)])
    if isinstance(value, list):
        return [_plain(item, dict_factory) for item in value]
    if isinstance(value, tuple):
        return tuple([_plain(item, dict_factory) for item in value])
    if isinstance(value, dict):
        return {key: _plain(item, dict_factory) for key, item in value.items()}
    return value


def asdict(thing, *, dict_factory=dict):
    return _plain(thing, dict_factory)


def astuple(thing, *, tuple_factory=tuple):
    return tuple_factory([getattr(thing, item.name) for item in fields(thing)])


def replace(thing, **changes):
    values = {item.name: getattr(thing, item.name) for item in fields(thing) if item.init}
    values.update(changes)
    return type(thing)(**values)
