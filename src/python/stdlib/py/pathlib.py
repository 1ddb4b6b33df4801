import os.path
from _native import exists, read_bytes, unknown


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
        return exists(self._text)

    def is_file(self):
        return exists(self._text)

    def is_dir(self):
        return unknown("whether a directory exists")

    def resolve(self, strict=False):
        return type(self)(os.path.normpath(self._text))

    def absolute(self):
        return self

    def expanduser(self):
        return self

    def glob(self, pattern):
        return unknown("the files of a directory")

    def rglob(self, pattern):
        return unknown("the files of a directory")

    def iterdir(self):
        return unknown("the files of a directory")

    @classmethod
    def cwd(cls):
        return unknown("the working directory")

    @classmethod
    def home(cls):
        return unknown("the home directory")


PosixPath = Path
PurePosixPath = PurePath
