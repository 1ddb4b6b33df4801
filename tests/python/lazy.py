import itertools
for i in range(10 ** 12):
    if i > 2:
        break
print(i, next(iter(range(10 ** 15))), 10 ** 14 in range(10 ** 15), range(10 ** 15)[-1])
print([x for x, _ in zip(itertools.count(), "abc")], next(enumerate(itertools.count(5))), next(map(str, itertools.count(7))))
print(list(range(10))[2:5], sorted(range(5, 0, -1)), "%.3f" % 2, "{:>{}}".format("x", 4))
