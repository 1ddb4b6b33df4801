import uuid, json, re, hashlib, base64, textwrap, string, math, decimal, enum, os, os.path, hmac, binascii, zlib, html, copy, operator
from decimal import Decimal
u = uuid.UUID("12345678123456781234567812345678")
print(u, repr(u), u.hex, u.int, u.bytes, u.urn, u.version, u.variant, uuid.uuid5(uuid.NAMESPACE_DNS, "python.org"), uuid.uuid3(uuid.NAMESPACE_URL, "x"), u == uuid.UUID(str(u)), len(str(uuid.uuid4())), uuid.uuid4().version, u.fields, uuid.UUID(int=1), uuid.NAMESPACE_X500)
print(json.dumps({"a": [1, 2.5, None, True, "é\n\"☃😀"], "b": {}, "c": [], "d": {"x": 1}}), json.dumps([1, {"a": 2}], indent=2), json.dumps({"b": 1, "a": 2}, sort_keys=True, separators=(",", ":")), json.dumps("é", ensure_ascii=False), json.dumps({1: 2, None: 3, True: 4}), json.dumps((1, 2)), json.dumps(u, default=str), json.dumps(1e100), json.dumps([], indent=4), json.dumps({"a": []}, indent=1))
print(json.loads('{"a": [1, 2.0, "x\\u00e9", null, true, 1e3, 12345678901234567890]}'), json.loads("[]"))
try:
    json.dumps(object)
except TypeError as e:
    print(e)
try:
    json.loads("{")
except ValueError as e:
    print(type(e).__name__)
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.findall(r"\d+", "a1b22"), re.findall(r"(\w)(\d)", "a1b2"), re.match(r"a(?P<n>b+)", "abbc").group("n"), re.match("b", "ab"), re.search("b", "ab").start(), re.fullmatch(r"\w+", "abc").group(), re.split(r"[,;]\s*", "a, b;c"), re.split(r"(,)", "a,b"), re.escape("a.b*c-d e"), re.sub("x*", "-", "abxd"), re.sub("a", lambda m: m.group().upper(), "banana", count=2), re.compile("A", re.I).match("a").span(), [m.group() for m in re.finditer("a.", "abac")], re.match(r"^(a)|(b)", "b").groups(), re.sub(r"(?i)HELLO", "x", "hello"), re.match(r"a\Z", "a"), re.search(r"c$", "abc\n") is not None, re.match("(?P<x>a)(?P=x)", "aa").groupdict(), re.search(r"^b", "a\nb", re.MULTILINE).start(), re.subn("a", "b", "aa"))
print(hashlib.md5(b"x").hexdigest(), hashlib.sha1(b"x").hexdigest(), hashlib.sha256("é".encode()).hexdigest(), hashlib.sha512(b"").hexdigest()[:16], hashlib.new("sha224", b"x").hexdigest(), base64.b64encode(b"hello?>"), base64.urlsafe_b64encode(b"\xff\xfe"), base64.b64decode("aGVsbG8="), binascii.hexlify(b"ab"), zlib.crc32(b"hello"), hmac.new(b"k", b"m", hashlib.sha256).hexdigest())
h = hashlib.sha256(); h.update(b"a"); h.update(b"b"); print(h.hexdigest(), h.digest_size)
print(repr(textwrap.dedent("""
    hello
      world

    x
""")), textwrap.indent("a\n\nb", "  "), textwrap.wrap("The quick brown fox jumped over the lazy dog and ran-away-quickly", 15), repr(textwrap.fill("aaa bbb ccc", 7)), textwrap.shorten("hello big world", 11))
print(string.ascii_lowercase, string.digits, string.Template("$a ${b} $$").substitute(a=1, b=2), string.Template("$a $z").safe_substitute(a=1), string.capwords("a bc"))
print(math.floor(2.7), math.ceil(2.1), math.sqrt(16), math.pi, math.gcd(12, 18), math.isclose(0.1 + 0.2, 0.3), math.factorial(20), math.log(8, 2), math.inf, math.comb(5, 2), math.trunc(-2.5), math.prod([1, 2, 3]), math.isqrt(17))
print(Decimal("1.10") + Decimal("2.205"), Decimal("1.10") * 3, Decimal(1) / Decimal(3), Decimal("10") / 4, Decimal("2.675").quantize(Decimal("0.01")), Decimal("2.675").quantize(Decimal("0.01"), rounding=decimal.ROUND_HALF_UP), repr(Decimal("1E+3")), Decimal("0.0000001"), Decimal("1e-7"), -Decimal("5"), Decimal("1.5") > 1, Decimal("1.0") == 1, int(Decimal("3.9")), float(Decimal("0.5")), Decimal(0.1), f"{Decimal('1234.5'):,.2f}", str(Decimal("100")), Decimal("1.20").normalize(), round(Decimal("2.5")), Decimal("-0"), sum([Decimal("0.1")] * 3), Decimal("7") % 3, Decimal("7") // 2, Decimal(2) ** 10, Decimal("100").normalize(), Decimal("1") / Decimal("8"))
print(os.path.join("a", "b", "/c", "d"), os.path.dirname("/a/b.py"), os.path.basename("/a/b.py"), os.path.splitext("a.b.c"), os.sep, os.environ.get("NOPE_X"), os.getenv("NOPE_X", "d"), os.path.normpath("a/../b/./c"), os.path.split("a/b"))
print(html.escape("<a href='x'>"), copy.deepcopy({"a": [1]}), copy.copy([1]), operator.itemgetter(1)([1, 2]), operator.attrgetter("real")(3), operator.add(1, 2))
