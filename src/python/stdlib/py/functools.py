_MISSING = object()


class partial:
    def __init__(self, func, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, *args, **keywords):
        merged = dict(self.keywords)
        merged.update(keywords)
        return self.func(*self.args, *args, **merged)


def partialmethod(func, *args, **keywords):
    return lambda self, *more, **kw: func(self, *args, *more, **keywords, **kw)


def reduce(function, iterable, initial=_MISSING):
    iterator = iter(iterable)
    if initial is _MISSING:
        try:
            initial = next(iterator)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value")
    for item in iterator:
        initial = function(initial, item)
    return initial


WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__")


def update_wrapper(wrapper, wrapped, *args, **kwargs):
    for name in WRAPPER_ASSIGNMENTS:
        if hasattr(wrapped, name):
            setattr(wrapper, name, getattr(wrapped, name))
    setattr(wrapper, "__wrapped__", wrapped)
    return wrapper


def wraps(wrapped, *args, **kwargs):
    return lambda wrapper: update_wrapper(wrapper, wrapped)


def _cached(function):
    memory = {}

    def helper(*args, **kwargs):
        key = (args, tuple(sorted(kwargs.items())))
        if key not in memory:
            memory[key] = function(*args, **kwargs)
        return memory[key]

    return update_wrapper(helper, function)


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _cached(maxsize)
    return _cached


def cache(function):
    return _cached(function)


def cached_property(function):
    return property(function)


def total_ordering(cls):
    defined = cls.__dict__
    if "__lt__" in defined:
        setattr(cls, "__gt__", lambda self, other: not (self < other or self == other))
        setattr(cls, "__le__", lambda self, other: self < other or self == other)
        setattr(cls, "__ge__", lambda self, other: not self < other)
    elif "__gt__" in defined:
        setattr(cls, "__lt__", lambda self, other: not (self > other or self == other))
        setattr(cls, "__ge__", lambda self, other: self > other or self == other)
        setattr(cls, "__le__", lambda self, other: not self > other)
    return cls


def cmp_to_key(compare):
    class Key:
        def __init__(self, value):
            self.value = value

        def __lt__(self, other):
            return compare(self.value, other.value) < 0

        def __eq__(self, other):
            return compare(self.value, other.value) == 0

    return Key


class singledispatch:
    def __init__(self, function):
        self._default = function
        self._registry = {}

    def register(self, kind, function=None):
        if function is None:
            return lambda found: self.register(kind, found)
        self._registry[kind] = function
        return function

    def __call__(self, first, *args, **kwargs):
        for kind in type(first).__mro__:
            if kind in self._registry:
                return self._registry[kind](first, *args, **kwargs)
        return self._default(first, *args, **kwargs)
