import fnmatch
import os
from _native import read_bytes, unknown


def _below(directory):
    found = [directory]
    for name in os.listdir(str(directory)):
        path = directory / name
        if path.is_dir():
            found += _below(path)
    return found


def _matching(directory, parts):
    if not parts:
        return [directory]
    if not directory.is_dir():
        return []
    found = []
    first, rest = parts[0], parts[1:]
    if first == "**":
        seen = set()
        for each in _below(directory):
            for path in _matching(each, rest):
                if path not in seen:
                    seen.add(path)
                    found.append(path)
        return found
    for name in os.listdir(str(directory)):
        if fnmatch.fnmatchcase(name, first):
            found += _matching(directory / name, rest)
    return found


class PurePath:
    def __init__(self, *parts):
        texts = [str(part) for part in parts]
        joined = os.path.join(*texts) if texts else ""
        absolute = joined.startswith("/")
        kept = [part for part in joined.split("/") if part and part != "."]
        self._text = ("/" if absolute else "") + "/".join(kept) or "."

    def __str__(self):
        return self._text

    def __fspath__(self):
        return self._text

    def __repr__(self):
        return "PosixPath(" + repr(self._text) + ")"

    def __truediv__(self, other):
        return type(self)(self._text, other)

    def __rtruediv__(self, other):
        return type(self)(other, self._text)

    def joinpath(self, *others):
        return type(self)(self._text, *others)

    def __eq__(self, other):
        return isinstance(other, PurePath) and self._text == other._text

    def __hash__(self):
        return hash(self._text)

    def __lt__(self, other):
        return self._text < other._text

    @property
    def parts(self):
        kept = tuple([part for part in self._text.split("/") if part and part != "."])
        return ("/",) + kept if self._text.startswith("/") else kept

    @property
    def name(self):
        parts = self.parts
        return "" if not parts or parts[-1] == "/" else parts[-1]

    @property
    def suffix(self):
        return os.path.splitext(self.name)[1]

    @property
    def stem(self):
        return os.path.splitext(self.name)[0]

    @property
    def parent(self):
        parts = self.parts
        return self if len(parts) < 1 or self._text == "/" else type(self)(*parts[:-1])

    @property
    def parents(self):
        found = []
        here = self
        while here.parent != here and str(here) != ".":
            here = here.parent
            found.append(here)
        return found

    def is_absolute(self):
        return self._text.startswith("/")

    def as_posix(self):
        return self._text

    def with_suffix(self, suffix):
        return self.parent / (self.stem + suffix)

    def with_name(self, name):
        return self.parent / name

    def relative_to(self, other):
        base = str(other).rstrip("/") + "/"
        if self._text.startswith(base):
            return type(self)(self._text[len(base):])
        raise ValueError(repr(self._text) + " is not in the subpath of " + repr(str(other)))


class Path(PurePath):
    def read_text(self, encoding="utf-8", errors=None):
        return read_bytes(self._text).decode(encoding or "utf-8").replace("\r\n", "\n")

    def read_bytes(self):
        return read_bytes(self._text)

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        return open(self._text, mode, encoding=encoding)

    def exists(self):
        return os.path.exists(self._text)

    def is_file(self):
        return os.path.isfile(self._text)

    def is_dir(self):
        return os.path.isdir(self._text)

    def resolve(self, strict=False):
        return type(self)(os.path.abspath(self._text))

    def absolute(self):
        return type(self)(os.getcwd(), self._text)

    def expanduser(self):
        return self

    def glob(self, pattern):
        return iter(_matching(self, [part for part in str(pattern).split("/") if part]))

    def rglob(self, pattern):
        return self.glob("**/" + str(pattern))

    def iterdir(self):
        return iter([self / name for name in os.listdir(self._text)])

    @classmethod
    def cwd(cls):
        return cls(os.getcwd())

    @classmethod
    def home(cls):
        return unknown("the home directory")


PosixPath = Path
PurePosixPath = PurePath
