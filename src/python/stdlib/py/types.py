class SimpleNamespace:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __repr__(self):
        inner = ", ".join(name + "=" + repr(value) for name, value in vars(self).items())
        return "namespace(" + inner + ")"

    def __eq__(self, other):
        return isinstance(other, SimpleNamespace) and vars(self) == vars(other)


class ModuleType:
    def __init__(self, name, doc=None):
        self.__name__ = name


def _f():
    pass


FunctionType = type(_f)
LambdaType = FunctionType
BuiltinFunctionType = type(len)
NoneType = type(None)
EllipsisType = type(...)


def new_class(name, bases=(), kwds=None, exec_body=None):
    keywords = dict(kwds or {})
    meta = keywords.pop("metaclass", None)
    if meta is None:
        meta = type(bases[0]) if bases else type
    names = {}
    if exec_body is not None:
        exec_body(names)
    return meta(name, tuple(bases), names, **keywords)


def resolve_bases(bases):
    return tuple(bases)


def MappingProxyType(mapping):
    return mapping


class DynamicClassAttribute:
    pass


class TracebackType:
    pass


class GenericAlias:
    pass


UnionType = type(int | str)
