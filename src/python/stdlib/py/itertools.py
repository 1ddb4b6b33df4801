def count(start=0, step=1):
    while True:
        yield start
        start += step


def cycle(iterable):
    saved = []
    for item in iterable:
        yield item
        saved.append(item)
    while saved:
        for item in saved:
            yield item


def repeat(value, times=None):
    if times is None:
        while True:
            yield value
    for _ in range(times):
        yield value


def _chain(iterables):
    for iterable in iterables:
        for item in iterable:
            yield item


class chain:
    def __init__(self, *iterables):
        self._items = _chain(iterables)

    def __iter__(self):
        return self._items

    def __next__(self):
        return next(self._items)

    @staticmethod
    def from_iterable(iterables):
        return _chain(iterables)


def islice(iterable, *args):
    if len(args) == 1:
        args = (None,) + args
    start, stop = args[0] or 0, args[1]
    step = (args[2] if len(args) > 2 else None) or 1
    if stop is not None and stop <= start:
        return
    wanted = start
    for index, item in enumerate(iterable):
        if index == wanted:
            yield item
            wanted += step
        if stop is not None and index + 1 >= stop:
            return


def product(*iterables, repeat=1):
    pools = [tuple(pool) for pool in iterables] * repeat
    result = [()]
    for pool in pools:
        result = [row + (item,) for row in result for item in pool]
    return iter(result)


def _choose(pool, r, repeated):
    if r == 0:
        return [()]
    result = []
    for index, item in enumerate(pool):
        rest = pool[index:] if repeated else pool[index + 1:]
        for row in _choose(rest, r - 1, repeated):
            result.append((item,) + row)
    return result


def combinations(iterable, r):
    return iter(_choose(tuple(iterable), r, False))


def combinations_with_replacement(iterable, r):
    return iter(_choose(tuple(iterable), r, True))


def permutations(iterable, r=None):
    pool = tuple(iterable)
    if r is None:
        r = len(pool)
    if r == 0:
        return iter([()])
    result = []
    for index, item in enumerate(pool):
        for row in permutations(pool[:index] + pool[index + 1:], r - 1):
            result.append((item,) + row)
    return iter(result)


def accumulate(iterable, func=None, *, initial=None):
    total = initial
    started = initial is not None
    if started:
        yield total
    for item in iterable:
        if not started:
            total = item
            started = True
        else:
            total = total + item if func is None else func(total, item)
        yield total


def groupby(iterable, key=None):
    group = []
    current = None
    for item in iterable:
        found = item if key is None else key(item)
        if group and found == current:
            group.append(item)
            continue
        if group:
            yield current, iter(group)
        group = [item]
        current = found
    if group:
        yield current, iter(group)


def takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def dropwhile(predicate, iterable):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item


def filterfalse(predicate, iterable):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


def compress(data, selectors):
    for item, selected in zip(data, selectors):
        if selected:
            yield item


def starmap(function, iterable):
    for args in iterable:
        yield function(*args)


def zip_longest(*iterables, fillvalue=None):
    lists = [list(iterable) for iterable in iterables]
    for index in range(max([len(items) for items in lists], default=0)):
        yield tuple([items[index] if index < len(items) else fillvalue for items in lists])


def tee(iterable, n=2):
    items = list(iterable)
    return tuple([iter(items) for _ in range(n)])


def pairwise(iterable):
    items = list(iterable)
    return zip(items, items[1:])


def batched(iterable, n):
    batch = []
    for item in iterable:
        batch.append(item)
        if len(batch) == n:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)
