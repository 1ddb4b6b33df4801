# What the Python of a template finds besides the names that it is given. Mako has functions
# and classes that do the same.


class __M_Undefined:
    def __str__(self):
        raise NameError("Undefined")

    def __repr__(self):
        return self.__str__()

    def __bool__(self):
        return False


UNDEFINED = __M_Undefined()

__M_str = str


class __M_Loop:
    def __init__(self, items, parent):
        self.items = items
        self.parent = parent
        self.index = 0

    def __iter__(self):
        for item in self.items:
            yield item
            self.index += 1

    def __len__(self):
        return len(self.items)

    @property
    def reverse_index(self):
        return len(self) - self.index - 1

    @property
    def first(self):
        return self.index == 0

    @property
    def last(self):
        return self.index == len(self) - 1

    @property
    def even(self):
        return not self.odd

    @property
    def odd(self):
        return bool(self.index % 2)

    def cycle(self, *values):
        if not values:
            raise ValueError("You must provide values to cycle through")
        return values[self.index % len(values)]


class __M_Loops:
    def __init__(self):
        self.stack = []

    def enter(self, items):
        parent = self.stack[-1] if self.stack else None
        self.stack.append(__M_Loop(items, parent))
        return self.stack[-1]

    def leave(self):
        self.stack.pop()
        return self.stack[-1] if self.stack else self


__M_loops = __M_Loops()
loop = __M_loops


class __M_Context:
    def __init__(self, names):
        self.__names = names

    @property
    def kwargs(self):
        return dict(self.__names)

    def get(self, key, default=None):
        return self.__names.get(key, default)

    def keys(self):
        return list(self.__names.keys())

    def __getitem__(self, key):
        return self.__names[key]

    def __contains__(self, key):
        return key in self.__names

    def write(self, text):
        __M_write(text)

    def writer(self):
        return __M_write


context = __M_Context(__M_names)


def capture(function, *args, **kwargs):
    __M_push()
    try:
        function(*args, **kwargs)
    finally:
        taken = __M_pop()
    return taken


def __M_trim(text):
    return text.strip()


def __M_xml(text):
    for mark, entity in (
        ("&", "&amp;"),
        (">", "&gt;"),
        ("<", "&lt;"),
        ('"', "&#34;"),
        ("'", "&#39;"),
    ):
        text = text.replace(mark, entity)
    return text


def __M_html(text):
    return __M_xml(str(text))


def __M_url(text):
    plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~"
    made = []
    for byte in text.encode("utf8"):
        if byte in plain:
            made.append(chr(byte))
        elif byte == 32:
            made.append("+")
        else:
            made.append("%%%02X" % byte)
    return "".join(made)
