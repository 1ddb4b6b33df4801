class Error(Exception):
    pass


def copy(x):
    kind = type(x)
    if kind in (list, dict, set):
        return x.copy()
    method = getattr(x, "__copy__", None)
    if method is not None:
        return method()
    if isinstance(x, (dict, list, set)):
        return kind(x)
    return x


def deepcopy(x, memo=None):
    if memo is None:
        memo = {}
    kind = type(x)
    if kind is list or kind is dict:
        known = memo.get(id(x))
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
    if isinstance(x, dict):
        return kind((key, deepcopy(value, memo)) for key, value in x.items())
    return x
