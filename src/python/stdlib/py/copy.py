class Error(Exception):
    pass


error = Error
_ATOMS = (type(None), int, float, bool, str, bytes, type, range, type(...), type(len))


def _plain_object(x):
    return hasattr(x, "__dict__") and not isinstance(x, type) and not callable(x)


def _blank(x):
    return type(x).__new__(type(x))


def copy(x):
    kind = type(x)
    if kind in (list, dict, set):
        return x.copy()
    method = getattr(x, "__copy__", None)
    if method is not None:
        return method()
    if isinstance(x, (dict, list, set)):
        result = kind(x)
        result.__dict__.update(x.__dict__)
        return result
    if isinstance(x, (tuple, str, int, float, bytes, frozenset)) or not _plain_object(x):
        return x
    try:
        result = _blank(x)
        result.__dict__.update(x.__dict__)
    except (AttributeError, TypeError):
        return x
    return result


def deepcopy(x, memo=None):
    if memo is None:
        memo = {}
    kind = type(x)
    if kind in _ATOMS:
        return x
    known = memo.get(id(x)) if kind is list or kind is dict or _plain_object(x) else None
    if known is not None:
        return known
    if kind is list:
        result = []
        memo[id(x)] = result
        for item in x:
            result.append(deepcopy(item, memo))
        return result
    if kind is dict:
        result = {}
        memo[id(x)] = result
        for key, value in x.items():
            result[deepcopy(key, memo)] = deepcopy(value, memo)
        return result
    if kind is tuple:
        return tuple([deepcopy(item, memo) for item in x])
    if kind is set:
        return {deepcopy(item, memo) for item in x}
    method = getattr(x, "__deepcopy__", None)
    if method is not None:
        return method(memo)
    if hasattr(x, "_value_") or isinstance(x, (tuple, str, int, float, bytes, frozenset)):
        return x
    if isinstance(x, dict):
        return kind((key, deepcopy(value, memo)) for key, value in x.items())
    if isinstance(x, (list, set)):
        return kind([deepcopy(item, memo) for item in x])
    if not _plain_object(x):
        return x
    try:
        result = _blank(x)
        memo[id(x)] = result
        for name, value in x.__dict__.items():
            result.__dict__[name] = deepcopy(value, memo)
    except (AttributeError, TypeError):
        return x
    return result


def replace(x, /, **changes):
    return x.__replace__(**changes)
