from collections import namedtuple

_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~"


def quote(string, safe="/", encoding=None, errors=None):
    data = string if isinstance(string, bytes) else string.encode(encoding or "utf-8")
    allowed = _SAFE + safe
    return "".join([chr(b) if chr(b) in allowed else "%{:02X}".format(b) for b in data])


def quote_plus(string, safe="", encoding=None, errors=None):
    return quote(string, safe + " ", encoding).replace(" ", "+")


def unquote(string, encoding="utf-8", errors="replace"):
    if "%" not in string:
        return string
    out = b""
    at = 0
    data = string.encode("utf-8")
    while at < len(data):
        pair = data[at + 1:at + 3]
        if data[at] == 37 and len(pair) == 2 and all(chr(b) in "0123456789abcdefABCDEF" for b in pair):
            out += bytes([int(pair.decode(), 16)])
            at += 3
        else:
            out += data[at:at + 1]
            at += 1
    return out.decode(encoding, errors)


def unquote_plus(string, encoding="utf-8", errors="replace"):
    return unquote(string.replace("+", " "), encoding, errors)


def urlencode(query, doseq=False, safe="", encoding=None, errors=None, quote_via=quote_plus):
    pairs = query.items() if hasattr(query, "items") else query
    out = []
    for key, value in pairs:
        values = value if doseq and isinstance(value, (list, tuple)) else [value]
        for item in values:
            item = item if isinstance(item, bytes) else str(item)
            out.append(quote_via(str(key), safe) + "=" + quote_via(item, safe))
    return "&".join(out)


_Split = namedtuple("SplitResult", "scheme netloc path query fragment")
_Parse = namedtuple("ParseResult", "scheme netloc path params query fragment")


class _Location:
    @property
    def _place(self):
        return self.netloc.rpartition("@")[2]

    @property
    def username(self):
        user, mark, _ = self.netloc.rpartition("@")
        return user.partition(":")[0] if mark else None

    @property
    def password(self):
        user, mark, _ = self.netloc.rpartition("@")
        _, colon, password = user.partition(":")
        return password if mark and colon else None

    @property
    def hostname(self):
        host = self._place
        if host.startswith("["):
            return host[1:].partition("]")[0].lower()
        return host.partition(":")[0].lower() or None

    @property
    def port(self):
        port = self._place.rpartition("]")[2].partition(":")[2]
        return int(port) if port else None

    def geturl(self):
        return urlunparse(self)


class SplitResult(_Location, _Split):
    pass


class ParseResult(_Location, _Parse):
    pass


def _split(url, scheme):
    fragment = query = netloc = ""
    head, mark, rest = url.partition(":")
    if mark and head and head[0].isalpha() and all(c.isalnum() or c in "+-." for c in head):
        scheme, url = head.lower(), rest
    if url[:2] == "//":
        end = len(url)
        for mark in "/?#":
            at = url.find(mark, 2)
            if at >= 0:
                end = min(end, at)
        netloc, url = url[2:end], url[end:]
    if "#" in url:
        url, _, fragment = url.partition("#")
    if "?" in url:
        url, _, query = url.partition("?")
    return scheme, netloc, url, query, fragment


def urlsplit(url, scheme="", allow_fragments=True):
    return SplitResult(*_split(url, scheme))


def urlparse(url, scheme="", allow_fragments=True):
    scheme, netloc, path, query, fragment = _split(url, scheme)
    params = ""
    if ";" in path:
        path, _, params = path.partition(";")
    return ParseResult(scheme, netloc, path, params, query, fragment)


def urlunparse(parts):
    parts = list(parts)
    if len(parts) == 5:
        scheme, netloc, path, query, fragment = parts
        params = ""
    else:
        scheme, netloc, path, params, query, fragment = parts
    if params:
        path = path + ";" + params
    if netloc:
        if path and path[:1] != "/":
            path = "/" + path
        path = "//" + netloc + path
    if scheme:
        path = scheme + ":" + path
    if query:
        path = path + "?" + query
    if fragment:
        path = path + "#" + fragment
    return path


urlunsplit = urlunparse


def parse_qsl(query, keep_blank_values=False, **options):
    out = []
    for pair in query.split("&"):
        name, mark, value = pair.partition("=")
        if value or (mark and keep_blank_values):
            out.append((unquote_plus(name), unquote_plus(value)))
    return out


def parse_qs(query, keep_blank_values=False, **options):
    out = {}
    for name, value in parse_qsl(query, keep_blank_values):
        out.setdefault(name, []).append(value)
    return out


def urljoin(base, url, allow_fragments=True):
    if not base or urlsplit(url).scheme:
        return url or base
    parts = urlsplit(base)
    if url.startswith("//"):
        return parts.scheme + ":" + url
    if url.startswith("/"):
        return parts.scheme + "://" + parts.netloc + url
    path = parts.path.rpartition("/")[0] + "/" + url
    kept = []
    for part in path.split("/"):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    return parts.scheme + "://" + parts.netloc + "/".join(kept)
