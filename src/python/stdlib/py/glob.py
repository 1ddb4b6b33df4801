import fnmatch
import os


def has_magic(pattern):
    return any(char in pattern for char in "*?[")


def _below(directory):
    found = [directory]
    for name in os.listdir(directory or "."):
        path = os.path.join(directory, name)
        if not name.startswith(".") and os.path.isdir(path):
            found += _below(path)
    return found


def _expand(base, parts, recursive):
    if not parts:
        return [base]
    first, rest = parts[0], parts[1:]
    if not has_magic(first):
        path = os.path.join(base, first)
        return _expand(path, rest, recursive) if os.path.exists(path) else []
    if not os.path.isdir(base or "."):
        return []
    found = []
    if recursive and first == "**":
        for each in _below(base):
            more = _expand(each, rest or ["*"], recursive)
            found += [path for path in more if path not in found]
        return found
    for name in os.listdir(base or "."):
        hidden = name.startswith(".") and not first.startswith(".")
        if not hidden and fnmatch.fnmatchcase(name, first):
            found += _expand(os.path.join(base, name), rest, recursive)
    return found


def glob(pathname, *, recursive=False):
    pathname = str(pathname)
    parts = [part for part in pathname.split("/") if part]
    # Directories above those of the project cannot be looked into, only named.
    plain = 0
    while plain < len(parts) - 1 and not has_magic(parts[plain]):
        plain += 1
    base = ("/" if pathname.startswith("/") else "") + "/".join(parts[:plain])
    return _expand(base, parts[plain:], recursive)


def iglob(pathname, *, recursive=False):
    return iter(glob(pathname, recursive=recursive))


def escape(pathname):
    return "".join("[" + char + "]" if char in "*?[" else char for char in pathname)
