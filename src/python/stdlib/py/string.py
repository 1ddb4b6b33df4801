import re

ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdefABCDEF"
octdigits = "01234567"
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
whitespace = " \t\n\r\v\f"
printable = digits + ascii_letters + punctuation + whitespace


def capwords(text, sep=None):
    return (sep or " ").join([word.capitalize() for word in text.split(sep)])


class _ChainedValues:
    """The keywords, and behind them the mapping that was given: it need not be a dict."""

    def __init__(self, keywords, mapping):
        self.keywords = keywords
        self.mapping = mapping

    def __getitem__(self, name):
        if name in self.keywords:
            return self.keywords[name]
        if self.mapping is None:
            raise KeyError(name)
        return self.mapping[name]


class Template:
    delimiter = "$"
    idpattern = r"[_a-z][_a-z0-9]*"
    braceidpattern = None
    flags = re.IGNORECASE

    def __init_subclass__(cls):
        super().__init_subclass__()
        cls.pattern = cls._compiled()

    @classmethod
    def _compiled(cls):
        if "pattern" in cls.__dict__:
            return re.compile(cls.pattern, cls.flags | re.VERBOSE)
        delimiter = re.escape(cls.delimiter)
        named = cls.idpattern
        braced = cls.braceidpattern or named
        return re.compile(
            rf"{delimiter}(?:(?P<escaped>{delimiter})|(?P<named>{named})|{{(?P<braced>{braced})}}|(?P<invalid>))",
            cls.flags | re.VERBOSE)

    def __init__(self, template):
        self.template = template

    def _invalid(self, match):
        before = self.template[:match.start("invalid")]
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1)
        raise ValueError("Invalid placeholder in string: line %d, col %d" % (line, column))

    def substitute(self, mapping=None, /, **keywords):
        values = _ChainedValues(keywords, mapping)

        def replace(match):
            name = match.group("named") or match.group("braced")
            if name is not None:
                return str(values[name])
            if match.group("escaped") is not None:
                return self.delimiter
            self._invalid(match)

        return self.pattern.sub(replace, self.template)

    def safe_substitute(self, mapping=None, /, **keywords):
        values = _ChainedValues(keywords, mapping)

        def replace(match):
            name = match.group("named") or match.group("braced")
            if name is not None:
                try:
                    return str(values[name])
                except KeyError:
                    return match.group()
            if match.group("escaped") is not None:
                return self.delimiter
            return match.group()

        return self.pattern.sub(replace, self.template)

    def is_valid(self):
        return not any(match.group("invalid") is not None for match in self.pattern.finditer(self.template))

    def get_identifiers(self):
        found = []
        for match in self.pattern.finditer(self.template):
            name = match.group("named") or match.group("braced")
            if name is not None and name not in found:
                found.append(name)
        return found


Template.pattern = Template._compiled()


class Formatter:
    def format(self, template, *args, **kwargs):
        return template.format(*args, **kwargs)
