_MISSING = object()


class partial:
    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        merged = dict(self.keywords)
        merged.update(keywords)
        return self.func(*self.args, *args, **merged)

    def __repr__(self):
        parts = [repr(self.func)]
        parts.extend(repr(arg) for arg in self.args)
        parts.extend(name + "=" + repr(value) for name, value in self.keywords.items())
        return "functools.partial(" + ", ".join(parts) + ")"


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        if not (callable(func) or isinstance(func, (classmethod, staticmethod)) or hasattr(func, "__get__")):
            raise TypeError(repr(func) + " is not callable or a descriptor")
        if isinstance(func, partialmethod):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, instance, owner=None):
        if isinstance(self.func, classmethod):
            return partial(self.func.__func__, owner or type(instance), *self.args, **self.keywords)
        if isinstance(self.func, staticmethod):
            return partial(self.func.__func__, *self.args, **self.keywords)
        if instance is None:
            return lambda instance, /, *args, **keywords: self._called(instance, args, keywords)
        return lambda *args, **keywords: self._called(instance, args, keywords)

    def _called(self, instance, args, keywords):
        return self.func(instance, *self.args, *args, **{**self.keywords, **keywords})


def reduce(function, iterable, initial=_MISSING, /):
    iterator = iter(iterable)
    if initial is _MISSING:
        try:
            initial = next(iterator)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value") from None
    for item in iterator:
        initial = function(initial, item)
    return initial


WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        if hasattr(wrapped, name):
            setattr(wrapper, name, getattr(wrapped, name))
    setattr(wrapper, "__wrapped__", wrapped)
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    return lambda wrapper: update_wrapper(wrapper, wrapped, assigned, updated)


class _CacheInfo:
    def __init__(self, hits, misses, maxsize, currsize):
        self.hits = hits
        self.misses = misses
        self.maxsize = maxsize
        self.currsize = currsize

    def __iter__(self):
        return iter((self.hits, self.misses, self.maxsize, self.currsize))

    def __repr__(self):
        return ("CacheInfo(hits=" + repr(self.hits) + ", misses=" + repr(self.misses)
                + ", maxsize=" + repr(self.maxsize) + ", currsize=" + repr(self.currsize) + ")")


def _cached(function, maxsize):
    memory = {}
    counts = [0, 0]

    def helper(*args, **kwargs):
        key = (args, tuple(kwargs.items())) if kwargs else args
        if key in memory:
            counts[0] += 1
            value = memory.pop(key)
            memory[key] = value
            return value
        counts[1] += 1
        value = function(*args, **kwargs)
        if maxsize != 0:
            memory[key] = value
            if maxsize is not None and len(memory) > maxsize:
                del memory[next(iter(memory))]
        return value

    def cache_clear():
        memory.clear()
        counts[:] = [0, 0]

    helper.cache_info = lambda: _CacheInfo(counts[0], counts[1], maxsize, len(memory))
    helper.cache_clear = cache_clear
    helper.cache_parameters = lambda: {"maxsize": maxsize, "typed": False}
    return update_wrapper(helper, function)


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _cached(maxsize, 128)
    return lambda function: _cached(function, maxsize)


def cache(function, /):
    return _cached(function, None)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = self.func(instance)
        instance.__dict__[self.attrname or self.func.__name__] = value
        return value


def total_ordering(cls):
    defined = cls.__dict__

    def turned(negated, name, equal=None):
        def method(self, other):
            answer = getattr(self, name)(other)
            if answer is NotImplemented:
                return answer
            if equal is None:
                return not answer if negated else answer
            if equal:
                return (not answer and self != other) if negated else (answer or self == other)
            return (answer and self != other) if not negated else (not answer or self == other)

        return method

    plans = {
        "__lt__": {"__gt__": (True, True), "__le__": (False, True), "__ge__": (True, None)},
        "__le__": {"__ge__": (True, False), "__lt__": (False, False), "__gt__": (True, None)},
        "__gt__": {"__lt__": (True, True), "__ge__": (False, True), "__le__": (True, None)},
        "__ge__": {"__le__": (True, False), "__gt__": (False, False), "__lt__": (True, None)},
    }
    for root, plan in plans.items():
        if root in defined:
            for name, (negated, equal) in plan.items():
                if name not in defined:
                    setattr(cls, name, turned(negated, root, equal))
            return cls
    raise ValueError("must define at least one ordering operation: < > <= >=")


def cmp_to_key(compare):
    class Key:
        def __init__(self, value):
            self.value = value

        def __lt__(self, other):
            return compare(self.value, other.value) < 0

        def __gt__(self, other):
            return compare(self.value, other.value) > 0

        def __eq__(self, other):
            return compare(self.value, other.value) == 0

    return Key


class singledispatch:
    def __init__(self, function):
        self._default = function
        self._registry = {object: function}
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function

    @property
    def registry(self):
        return self._registry

    def register(self, kind, function=None):
        if function is None:
            if isinstance(kind, type):
                return lambda found: self.register(kind, found)
            function = kind
            hints = [hint for name, hint in function.__annotations__.items() if name != "return"]
            kind = hints[0]
        self._registry[kind] = function
        return function

    def dispatch(self, kind):
        for base in kind.__mro__:
            if base in self._registry:
                return self._registry[base]
        return self._default

    def __call__(self, first, /, *args, **kwargs):
        return self.dispatch(type(first))(first, *args, **kwargs)


class singledispatchmethod:
    def __init__(self, function):
        self.dispatcher = singledispatch(function)

    def register(self, kind, method=None):
        return self.dispatcher.register(kind, method)

    def __get__(self, instance, owner=None):
        def method(first, *args, **kwargs):
            found = self.dispatcher.dispatch(type(first))
            return found(instance, first, *args, **kwargs)

        return method
