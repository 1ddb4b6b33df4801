def unbound():
    try:
        print(len)
    except UnboundLocalError as e:
        print(e)
    len = 1


unbound()


def variables(a, *rest, **more):
    b = [name for name in ("x",)]
    return sorted(locals())


print(variables(1))
print("variables" in locals(), "variables" in globals())


class Body:
    x = 1
    names = [name for name in locals() if not name.startswith("_")]


print(Body.names)

try:
    raise ValueError("gone")
except ValueError as error:
    print(error)
try:
    error
except NameError as e:
    print(e)

part = slice(1, 3)
print([1, 2, 3, 4][part], "hello"[slice(None, None, -1)], (1, 2, 3)[slice(2)])
