class _Missing:
    def __repr__(self):
        return "MISSING"


class _KwOnly:
    pass


MISSING = _Missing()
KW_ONLY = _KwOnly


class FrozenInstanceError(AttributeError):
    pass


class InitVar:
    def __init__(self, type):
        self.type = type

    def __class_getitem__(cls, kind):
        return InitVar(kind)


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only
        self.passed_on = False


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None,
          compare=True, metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _is(annotation, name):
    if isinstance(annotation, str):
        return annotation.split("[")[0].split(".")[-1] == name
    return name in repr(annotation).split("[")[0]


def _collect(cls, kw_only):
    found = {}
    for base in getattr(cls, "__mro__", (cls,))[::-1]:
        for name, item in base.__dict__.get("__dataclass_fields__", {}).items():
            found[name] = item
    own = cls.__dict__.get("__annotations__", {})
    for name in own:
        kind = own[name]
        if kind is KW_ONLY:
            kw_only = True
            continue
        if _is(kind, "ClassVar"):
            continue
        value = cls.__dict__.get(name, MISSING)
        item = value if isinstance(value, Field) else field(default=value)
        if isinstance(item.default, (list, dict, set)):
            raise ValueError(
                "mutable default " + repr(type(item.default)) + " for field " + name
                + " is not allowed: use default_factory")
        item.name = name
        item.type = kind
        item.passed_on = isinstance(kind, InitVar) or kind is InitVar or _is(kind, "InitVar")
        if item.kw_only is MISSING:
            item.kw_only = kw_only
        found[name] = item
    return found


def _order(found):
    seen = False
    for item in found.values():
        if not item.init or item.kw_only:
            continue
        if item.default is not MISSING or item.default_factory is not MISSING:
            seen = True
        elif seen:
            raise TypeError("non-default argument " + repr(item.name) + " follows default argument")


def _count(number, what):
    return str(number) + " " + what + ("" if number == 1 else "s")


def _names(names):
    names = [repr(name) for name in names]
    if len(names) < 3:
        return " and ".join(names)
    return ", ".join(names[:-1]) + ", and " + names[-1]


def _build(cls, init, repr_, eq, order, unsafe_hash, frozen, match_args, kw_only, slots):
    every = _collect(cls, kw_only)
    _order(every)
    found = {name: item for name, item in every.items() if not item.passed_on}
    setattr(cls, "__dataclass_fields__", found)
    inits = [item for item in every.values() if item.init]
    positional = [item for item in inits if not item.kw_only]
    named = [item.name for item in inits]
    if match_args and "__match_args__" not in cls.__dict__:
        setattr(cls, "__match_args__", tuple([item.name for item in positional]))
    for item in every.values():
        if item.default is not MISSING:
            setattr(cls, item.name, item.default)
        elif isinstance(cls.__dict__.get(item.name), Field):
            delattr(cls, item.name)
    assign = object.__setattr__ if frozen else setattr
    called = cls.__name__ + ".__init__()"

    def missing(values, items, kind):
        names = [
            item.name for item in items
            if item.name not in values and item.default is MISSING
            and item.default_factory is MISSING
        ]
        if names:
            raise TypeError(
                called + " missing " + _count(len(names), "required " + kind + " argument") + ": "
                + _names(names))

    def __init__(self, *args, **kwargs):
        if len(args) > len(positional):
            least = len([item for item in positional
                         if item.default is MISSING and item.default_factory is MISSING])
            most = len(positional) + 1
            takes = str(most) if least + 1 == most else "from " + str(least + 1) + " to " + str(most)
            raise TypeError(
                called + " takes " + takes + " positional argument" + ("" if most == 1 else "s")
                + " but " + str(len(args) + 1) + (" was" if not args else " were") + " given")
        values = {}
        for item, value in zip(positional, args):
            values[item.name] = value
        for name in kwargs:
            if name not in named:
                raise TypeError(called + " got an unexpected keyword argument " + repr(name))
            if name in values:
                raise TypeError(called + " got multiple values for argument " + repr(name))
            values[name] = kwargs[name]
        missing(values, positional, "positional")
        missing(values, [item for item in inits if item.kw_only], "keyword-only")
        passed = []
        for item in every.values():
            if item.name in values:
                value = values[item.name]
            elif item.default_factory is not MISSING:
                value = item.default_factory()
            elif item.default is not MISSING:
                value = item.default
            else:
                continue
            if item.passed_on:
                passed.append(value)
            else:
                assign(self, item.name, value)
        if hasattr(self, "__post_init__"):
            self.__post_init__(*passed)

    def __repr__(self):
        inner = ", ".join(
            item.name + "=" + repr(getattr(self, item.name)) for item in found.values() if item.repr)
        return type(self).__qualname__ + "(" + inner + ")"

    def key(self):
        return tuple([getattr(self, item.name) for item in found.values() if item.compare])

    def hashed(self):
        return tuple([
            getattr(self, item.name) for item in found.values()
            if (item.compare if item.hash is None else item.hash)
        ])

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return key(self) == key(other)

    def __hash__(self):
        return hash(hashed(self))

    def compared(name, compare):
        def method(self, other):
            if type(other) is not type(self):
                return NotImplemented
            return compare(key(self), key(other))

        method.__name__ = name
        setattr(cls, name, method)

    def __setattr__(self, name, value):
        if type(self) is cls or name in found:
            raise FrozenInstanceError("cannot assign to field " + repr(name))
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in found:
            raise FrozenInstanceError("cannot delete field " + repr(name))
        super(cls, self).__delattr__(name)

    if init:
        setattr(cls, "__init__", __init__)
    if repr_ and "__repr__" not in cls.__dict__:
        setattr(cls, "__repr__", __repr__)
    had_hash = cls.__dict__.get("__hash__") is not None
    if eq and "__eq__" not in cls.__dict__:
        setattr(cls, "__eq__", __eq__)
    if order:
        if not eq:
            raise ValueError("eq must be true if order is true")
        compared("__lt__", lambda a, b: a < b)
        compared("__le__", lambda a, b: a <= b)
        compared("__gt__", lambda a, b: a > b)
        compared("__ge__", lambda a, b: a >= b)
    if unsafe_hash or (eq and frozen):
        if not had_hash or unsafe_hash:
            setattr(cls, "__hash__", __hash__)
    elif eq and not had_hash:
        setattr(cls, "__hash__", None)
    if frozen:
        setattr(cls, "__setattr__", __setattr__)
        setattr(cls, "__delattr__", __delattr__)
    if cls.__doc__ is None:
        setattr(cls, "__doc__", cls.__name__)
    return cls


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False,
              frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def build(found):
        return _build(
            found, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots)

    return build if cls is None else build(cls)


def fields(thing):
    if not hasattr(thing, "__dataclass_fields__"):
        raise TypeError("must be called with a dataclass type or instance")
    return tuple(thing.__dataclass_fields__.values())


def is_dataclass(thing):
    return hasattr(thing, "__dataclass_fields__")


def _plain(value, dict_factory):
    if is_dataclass(value) and not isinstance(value, type):
        return dict_factory(
            [(item.name, _plain(getattr(value, item.name), dict_factory)) for item in fields(value)])
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[_plain(item, dict_factory) for item in value])
    if isinstance(value, list):
        return [_plain(item, dict_factory) for item in value]
    if isinstance(value, tuple):
        return tuple([_plain(item, dict_factory) for item in value])
    if isinstance(value, dict):
        return {key: _plain(item, dict_factory) for key, item in value.items()}
    return value


def asdict(thing, *, dict_factory=dict):
    if not is_dataclass(thing) or isinstance(thing, type):
        raise TypeError("asdict() should be called on dataclass instances")
    return _plain(thing, dict_factory)


def astuple(thing, *, tuple_factory=tuple):
    def plain(value):
        if is_dataclass(value) and not isinstance(value, type):
            return tuple_factory([plain(getattr(value, item.name)) for item in fields(value)])
        if isinstance(value, (list, tuple)):
            return type(value)([plain(item) for item in value])
        return value

    return plain(thing)


def replace(thing, /, **changes):
    values = {}
    for item in fields(thing):
        if not item.init:
            if item.name in changes:
                raise TypeError(
                    "field " + item.name + " is declared with init=False, it cannot be specified"
                    " with replace()")
            continue
        values[item.name] = getattr(thing, item.name)
    values.update(changes)
    return type(thing)(**values)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    names = dict(namespace or {})
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            annotations[item] = "typing.Any"
        elif len(item) == 2:
            annotations[item[0]] = item[1]
        else:
            annotations[item[0]] = item[1]
            names[item[0]] = item[2]
    names["__annotations__"] = annotations
    return dataclass(type(cls_name, tuple(bases), names), **options)
