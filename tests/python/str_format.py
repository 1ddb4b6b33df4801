print("{} {1}".replace("{1}", "{}").format(1, 2), "{0} {1} {0}".format("a", "b"), "{x}-{y!r}".format(x=1, y="z"))
print("{:>10}|{:<10}|{:^10}|{:*^9}|".format("a", "b", "c", "d"), "{:05d} {:+d} {: d} {:x} {:#x} {:#b} {:o} {:X}".format(42, 42, 42, 255, 255, 5, 8, 255))
print("{:,} {:_} {:,.2f} {:010,.1f} {:e} {:.3e} {:g} {:g} {:%} {:.1%}".format(1234567, 1234567, 1234.5678, 1234.56, 12345.678, 0.00012, 1e20, 0.0001, 0.25, 0.123))
print("{0.real} {0[1]} {1[k]}".format([1, 2], {"k": "v"}) if False else "{0[1]} {1[k]}".format([1, 2], {"k": "v"}))
print("{:{w}.{p}f}|{:{a}{w}}|".format(3.14159, "x", w=10, p=2, a=">"), "{{}} {{{}}}".format(1))
print(f"{3.14159:.2f} {'x'!r:>5} {10:04d} {1e10} {1e16} {1e-5} {0.1} {100.0} {1.5e300}")
print("%s %r %d %i %5d|%-5d|%05d %+d %x %X %o %c %% %f %.2f %e %g" % ("a", "b", 1, 2.9, 3, 4, 5, 6, 255, 255, 8, "c", 1.5, 2.345, 12345.678, 0.00001))
print("%(a)s-%(b)05.1f" % {"a": 1, "b": 2.25}, "%s" % (1,), "%s" % [1, 2], "%5s|%-5s|%.2s" % ("a", "b", "cdef"), "%*d" % (5, 42))
print("%s %s" % ("x", None), "%#x %#o" % (255, 8), "% d" % 5, "%c" % 65)
print(1.0, 1e22, 1e21, 123456789012345678.0, 0.1 + 0.2, 1/3, -0.0, float("inf"), float("nan"), 5e-324, 1.7976931348623157e308, 1e15, 1e16, 123456.789e3)
print(round(2.5), round(3.5), round(2.675, 2), round(1234, -2), round(-2.5), round(0.5), round(1.25, 1), round(15, -1), round(25, -1))
print(7 // 2, -7 // 2, 7 % -3, -7 % 3, 7.5 // 2, -7.5 % 2, 2 ** 100, 2 ** -1, 10 ** 20 // 3, -(10 ** 20) // 3, -(10**20) % 7, 1 << 70, (1 << 70) >> 68, ~5, 5 ^ 3, 6 & 3, 6 | 1)
print(divmod(-7, 3), divmod(7.5, 2), pow(3, 4, 5), pow(3, -1, 7), abs(-5), abs(-2.5), int("0x1f", 16), int("0b11", 0), int("-1_000"), int(3.99), int(-3.99), float("1e3"), float(" 1_0.5 "))
print(10 / 2, 7 / 2, 1e308 * 10, 3 + 0.5, True + 1, True & False, True | False, 2 ** 0.5, 10 ** 30 / 10 ** 10)
print(format(255, "08b"), format(1234.5, ",.2f"), format("x", ">3"), format(True), format(True, "d"), format(3, ".2f"), format(12345.678, "15.3f"), format(0.1, ".20f"), format(1e6, ".3"), format(123.456, ".2"), format(10.0, ".3"))
print((5).bit_length(), (255).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "big"), (3.0).is_integer(), (0.5).as_integer_ratio(), (1.5).hex())
print([1, "a", None, True, 1.5, b"x"], (1,), (), {}, {"a": [1, {"b": 2}]}, {1}, set(), frozenset({1}), frozenset())
a = [1]; a.append(a); print(a)
d = {}; d["d"] = d; print(d)
for bad in ("int('x')", ):
    try:
        int("x")
    except ValueError as e:
        print(e)
try:
    1 / 0
except ZeroDivisionError as e:
    print(repr(e))
try:
    "%d" % "x"
except TypeError as e:
    print(e)
try:
    {}["k"]
except KeyError as e:
    print(e, repr(e), e.args)
