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


_PLACEHOLDER = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<named>[_a-zA-Z][_a-zA-Z0-9]*)|\{(?P<braced>[_a-zA-Z][_a-zA-Z0-9]*)\}|(?P<invalid>))")


class Template:
    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def _render(self, values, safe):
        def replace(match):
            name = match.group("named") or match.group("braced")
            if match.group("escaped") is not None:
                return "$"
            if name is None:
                if safe:
                    return match.group()
                before = self.template[:match.start()]
                line = before.count("\n") + 1
                column = match.start() - (before.rfind("\n") + 1) + 1
                raise ValueError(
                    "Invalid placeholder in string: line " + str(line) + ", col " + str(column))
            if safe and name not in values:
                return match.group()
            return str(values[name])

        return _PLACEHOLDER.sub(replace, self.template)

    def substitute(self, mapping=None, **keywords):
        values = dict(mapping or {})
        values.update(keywords)
        return self._render(values, False)

    def safe_substitute(self, mapping=None, **keywords):
        values = dict(mapping or {})
        values.update(keywords)
        return self._render(values, True)


class Formatter:
    def format(self, template, *args, **kwargs):
        return template.format(*args, **kwargs)
