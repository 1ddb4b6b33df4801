print("a,b,,c".split(","), " a  b ".split(), "a b c".split(None, 1), "a,b,c".rsplit(",", 1), " a b c ".rsplit(None, 1))
print("l1\nl2\r\nl3".splitlines(), "x\ny\n".splitlines(True))
print("xxhixx".strip("x"), "  hi ".lstrip() + "|", "hi  ".rstrip() + "|")
print("abcabc".replace("b", "X", 1), "aaa".replace("", "-"), "a-b".partition("-"), "a-b-c".rpartition("-"))
print("abc".center(8, "*"), "abc".ljust(5) + "|", "abc".rjust(5), "-42".zfill(6), "abcd".center(7) + "|")
print("hello world's".title(), "hELLO".capitalize(), "aBc".swapcase(), "Straße".casefold(), "ß".upper())
print("abcabc".find("c"), "abcabc".rfind("c"), "abcabc".count("bc"), "abc".index("b"), "abcabc".find("c", 3), "abc".find("z"))
print("abc".startswith(("x", "a")), "abc".endswith("bc"), "abc".startswith("b", 1), "abc".isalpha(), "12".isdigit(), "".isalnum())
print("a\tb".expandtabs(4), "x".join(["1", "2", "3"]), "abc".translate(str.maketrans("ab", "xy", "c")))
print("TestHook".removeprefix("Test"), "MiscTests".removesuffix("Tests"), "abc_1".isidentifier(), "1a".isidentifier())
print("é".encode(), "é".encode("latin-1"), b"\xc3\xa9".decode(), "é".encode("ascii", "replace"), b"abc".hex(), bytes.fromhex("616263"))
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("\n\t\\\x00\x7f\xa0é☃\U0001F600"), ascii("é☃"))
print(b"it's", b"\x00\xff\n", bytes([1, 2, 3]), b"a,b".split(b","), b" x ".strip(), b"%d-%s" % (1, b"x"))
print("abc"[1], "hello"[::-1], "hello"[1:3], "ab" * 3, "a" "b", "a" in "abc", "x" not in "abc")
print(str.upper("abc"), list(map(str.strip, [" a ", "b "])), "A".lower(), "%s" % "x", str(b"abc", "utf-8"))
try:
    "abc".index("z")
except ValueError as e:
    print(repr(e))
try:
    "a" + 1
except TypeError as e:
    print(e)
try:
    ",".join(["a", 1])
except TypeError as e:
    print(e)
