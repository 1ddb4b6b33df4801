def f(a, b=2, *args, c, d=4, **kw):
    return (a, b, args, c, d, kw)
print(f(1, c=3))
print(f(1, 2, 3, 4, c=5, d=6, e=7))
print(f(*[1, 2], **{"c": 3, "z": 1}))
try:
    f(1)
except TypeError as e:
    print(e)
try:
    f()
except TypeError as e:
    print(e)
try:
    (lambda x: x)(1, 2)
except TypeError as e:
    print(e)
def outer():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
i = outer()
i(); i()
print(i())
def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)
print(fact(20), fact(30))
g = [lambda x, k=k: x + k for k in range(3)]
print([h(10) for h in g])
total = 0
def add(x):
    global total
    total += x
for x in range(5):
    add(x)
print(total)
def gen(n):
    for i in range(n):
        got = yield i
        if got:
            print("got", got)
    return "done"
print(list(gen(3)))
it = gen(3)
print(next(it), it.send("hello"), next(it))
try:
    next(it)
except StopIteration as e:
    print("stop")
def chain(*its):
    for it in its:
        yield from it
print(list(chain([1, 2], "ab", gen(2))))
def cleanup():
    try:
        yield 1
        yield 2
    finally:
        print("cleanup")
for x in cleanup():
    print(x)
a, *b, c = range(6)
print(a, b, c)
(x, y), z = (1, 2), 3
print(x, y, z)
print([i * j for i in range(3) for j in range(3) if i != j])
print({k: v for k, v in zip("abc", range(3))})
print(sum(x for x in range(10)))
if (n := len("hello")) > 3:
    print(n)
print(f"{n!r:>5} {n:03d} {'x'!r} {{}} {n=}")
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0)
print(not [], [] or "x", 0 and 1)
