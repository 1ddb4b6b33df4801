def isclass(value):
    return isinstance(value, type)


def isfunction(value):
    return callable(value) and not isinstance(value, type)


def ismodule(value):
    return type(value).__name__ == "module"


def getmembers(value, predicate=None):
    found = [(name, getattr(value, name, None)) for name in dir(value)]
    return [pair for pair in found if predicate is None or predicate(pair[1])]


def cleandoc(text):
    import textwrap
    first, newline, rest = text.expandtabs().partition("\n")
    return (first.lstrip() + newline + textwrap.dedent(rest)).strip("\n")


def getdoc(value):
    text = getattr(value, "__doc__", None)
    return None if text is None else cleandoc(text)
