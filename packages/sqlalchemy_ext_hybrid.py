"""Properties that are an expression on the class and a value on an object."""


class hybrid_property:
    def __init__(self, fget, fset=None, fdel=None, expr=None, custom_comparator=None, update_expr=None):
        self.fget = fget
        self.fset = fset
        self.fdel = fdel
        self.expr = expr
        self.__name__ = fget.__name__

    def __get__(self, instance, owner=None):
        if instance is not None:
            return self.fget(instance)
        made = self.fget if self.expr is None else self.expr
        if isinstance(made, classmethod):
            made = made.__func__
        return made(owner)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)

    def _with(self, **parts):
        known = {"fget": self.fget, "fset": self.fset, "fdel": self.fdel, "expr": self.expr}
        return hybrid_property(**{**known, **parts})

    def getter(self, fget):
        return self._with(fget=fget)

    def setter(self, fset):
        return self._with(fset=fset)

    def deleter(self, fdel):
        return self._with(fdel=fdel)

    def expression(self, expr):
        return self._with(expr=expr)

    def comparator(self, comparator):
        return self._with(expr=comparator)

    def update_expression(self, made):
        return self

    @property
    def overrides(self):
        return self

    @property
    def inplace(self):
        return _InPlace(self)


class _InPlace:
    def __init__(self, of):
        self.of = of

    def _keep(self, name, made):
        setattr(self.of, name, made)
        return self.of

    def getter(self, fget):
        return self._keep("fget", fget)

    def setter(self, fset):
        return self._keep("fset", fset)

    def deleter(self, fdel):
        return self._keep("fdel", fdel)

    def expression(self, expr):
        return self._keep("expr", expr)

    def comparator(self, comparator):
        return self._keep("expr", comparator)

    def update_expression(self, made):
        return self.of


class hybrid_method:
    def __init__(self, func, expr=None):
        self.func = func
        self.expr = func if expr is None else expr

    def __get__(self, instance, owner=None):
        function, first = (self.expr, owner) if instance is None else (self.func, instance)
        return lambda *args, **kwargs: function(first, *args, **kwargs)

    def expression(self, expr):
        return hybrid_method(self.func, expr)


class AliasedClass:
    """A model under another name: its columns are those of an alias of its table."""

    def __init__(self, model, name):
        self._model = model
        self._alias = model.__table__.alias(name)

    def __clause_element__(self):
        return self._alias

    def __getattr__(self, name):
        for owner in self._model.__mro__:
            found = owner.__dict__.get(name)
            if isinstance(found, (hybrid_property, hybrid_method)):
                return found.__get__(None, self)
        return self._alias.c[getattr(self._model, name).name]


def aliased(element, alias=None, name=None, flat=False, adapt_on_names=False):
    if isinstance(element, type):
        return AliasedClass(element, name)
    return element.alias(name)
