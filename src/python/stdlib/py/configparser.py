from _native import is_unknown

DEFAULTSECT = "DEFAULT"
MAX_INTERPOLATION_DEPTH = 10
_UNSET = object()


class Error(Exception):
    def __init__(self, msg=""):
        self.message = msg
        super().__init__(msg)


class NoSectionError(Error):
    def __init__(self, section):
        super().__init__("No section: %r" % (section,))
        self.section = section


class DuplicateSectionError(Error):
    pass


class DuplicateOptionError(Error):
    pass


class NoOptionError(Error):
    def __init__(self, option, section):
        super().__init__("No option %r in section: %r" % (option, section))
        self.option = option
        self.section = section


class InterpolationError(Error):
    pass


class InterpolationSyntaxError(InterpolationError):
    pass


class InterpolationMissingOptionError(InterpolationError):
    pass


class InterpolationDepthError(InterpolationError):
    pass


class ParsingError(Error):
    pass


class MissingSectionHeaderError(ParsingError):
    pass


class Interpolation:
    def before_get(self, parser, section, option, value, defaults):
        return value


class BasicInterpolation(Interpolation):
    def before_get(self, parser, section, option, value, defaults):
        return self._expand(parser, section, option, value, defaults, 1)

    def _expand(self, parser, section, option, value, defaults, depth):
        if "%" not in value:
            return value
        if depth > MAX_INTERPOLATION_DEPTH:
            raise InterpolationDepthError("Recursion limit exceeded in value substitution: option %r" % option)
        parts = []
        rest = value
        while rest:
            at = rest.find("%")
            if at < 0:
                parts.append(rest)
                break
            parts.append(rest[:at])
            rest = rest[at:]
            if rest.startswith("%%"):
                parts.append("%")
                rest = rest[2:]
            elif rest.startswith("%(") and ")s" in rest:
                end = rest.index(")s")
                name = parser.optionxform(rest[2:end])
                rest = rest[end + 2 :]
                if name not in defaults:
                    raise InterpolationMissingOptionError(
                        "Bad value substitution: option %r in section %r contains an interpolation key %r which is not a valid option name."
                        % (option, section, name)
                    )
                found = defaults[name]
                if is_unknown(found):
                    return found
                parts.append(self._expand(parser, section, option, found, defaults, depth + 1))
            else:
                raise InterpolationSyntaxError("'%' must be followed by '%' or '(', found: " + repr(rest))
        return "".join(parts)


class ExtendedInterpolation(Interpolation):
    def before_get(self, parser, section, option, value, defaults):
        return self._expand(parser, section, option, value, 1)

    def _expand(self, parser, section, option, value, depth):
        if depth > MAX_INTERPOLATION_DEPTH:
            raise InterpolationDepthError("Recursion limit exceeded in value substitution: option %r" % option)
        parts = []
        rest = value
        while rest:
            at = rest.find("$")
            if at < 0:
                parts.append(rest)
                break
            parts.append(rest[:at])
            rest = rest[at:]
            if rest.startswith("$$"):
                parts.append("$")
                rest = rest[2:]
            elif rest.startswith("${") and "}" in rest:
                end = rest.index("}")
                path = rest[2:end].split(":")
                rest = rest[end + 1 :]
                source, name = (path[0], path[1]) if len(path) == 2 else (section, path[0])
                parts.append(self._expand(parser, source, name, parser.get(source, name, raw=True), depth + 1))
            else:
                raise InterpolationSyntaxError("'$' must be followed by '$' or '{', found: " + repr(rest))
        return "".join(parts)


class RawConfigParser:
    BOOLEAN_STATES = {
        "1": True, "yes": True, "true": True, "on": True,
        "0": False, "no": False, "false": False, "off": False,
    }
    _default_interpolation = Interpolation()

    def __init__(self, defaults=None, dict_type=dict, allow_no_value=False, *, delimiters=("=", ":"),
                 comment_prefixes=("#", ";"), inline_comment_prefixes=None, strict=True, empty_lines_in_values=True,
                 default_section=DEFAULTSECT, interpolation=_UNSET, converters=None, allow_unnamed_section=False):
        self._sections = {}
        self._defaults = {}
        self._allow_no_value = allow_no_value
        self._delimiters = tuple(delimiters)
        self._comments = tuple(comment_prefixes or ())
        self._inline = tuple(inline_comment_prefixes or ())
        self._strict = strict
        self._empty_lines = empty_lines_in_values
        self._converters = dict(converters or {})
        self.default_section = default_section
        if interpolation is _UNSET:
            interpolation = self._default_interpolation
        self._interpolation = interpolation or Interpolation()
        if defaults:
            self.read_dict({default_section: defaults})

    def __getattr__(self, name):
        if name.startswith("get") and name[3:] in self.__dict__.get("_converters", {}):
            convert = self._converters[name[3:]]
            return lambda section, option, **kw: self._converted(convert, section, option, kw)
        raise AttributeError("%r object has no attribute %r" % (type(self).__name__, name))

    def optionxform(self, optionstr):
        return optionstr.lower()

    def defaults(self):
        return self._defaults

    def sections(self):
        return list(self._sections)

    def add_section(self, section):
        if section in self._sections:
            raise DuplicateSectionError("Section %r already exists" % section)
        if section == self.default_section:
            raise ValueError("Invalid section name: %r" % section)
        self._sections[section] = {}

    def has_section(self, section):
        return section in self._sections

    def options(self, section):
        if section not in self._sections:
            raise NoSectionError(section)
        return list({**self._sections[section], **self._defaults})

    def has_option(self, section, option):
        option = self.optionxform(option)
        if not section or section == self.default_section:
            return option in self._defaults
        return section in self._sections and (option in self._sections[section] or option in self._defaults)

    def read(self, filenames, encoding=None):
        if isinstance(filenames, (str, bytes)) or hasattr(filenames, "__fspath__"):
            filenames = [filenames]
        done = []
        for name in filenames:
            try:
                file = open(name)
            except OSError:
                continue
            self.read_file(file, name)
            done.append(name)
        return done

    def read_file(self, f, source=None):
        self._read(f, str(source))

    def readfp(self, fp, filename=None):
        self._read(fp, str(filename))

    def read_string(self, string, source="<string>"):
        self._read(string.split("\n"), source)

    def read_dict(self, dictionary, source="<dict>"):
        for section, values in dictionary.items():
            section = str(section)
            if section != self.default_section and section not in self._sections:
                self._sections[section] = {}
            for key, value in values.items():
                self._options(section)[self.optionxform(str(key))] = value if value is None else str(value)

    def _options(self, section):
        if not section or section == self.default_section:
            return self._defaults
        if section not in self._sections:
            raise NoSectionError(section)
        return self._sections[section]

    def _read(self, lines, source):
        current = None
        option = None
        indent = 0
        seen = set()
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            value = line
            for prefix in self._inline:
                at = value.find(" " + prefix)
                if at >= 0:
                    value = value[:at]
                if value.startswith(prefix):
                    value = ""
            value = value.strip()
            if any(value.startswith(prefix) for prefix in self._comments):
                value = ""
                if option is not None and current is not None and self._empty_lines and current[option] is not None:
                    continue
            if not value:
                if self._empty_lines:
                    if option is not None and current is not None and current[option] is not None and not line.strip():
                        current[option].append("")
                else:
                    indent = len(line) + 1
                continue
            depth = len(line) - len(line.lstrip())
            if current is not None and option is not None and depth > indent:
                if current[option] is None:
                    raise ParsingError("Source contains parsing errors: %r\n\t[line %2d]: %r" % (source, number, line))
                current[option].append(value)
                continue
            indent = depth
            if value.startswith("[") and "]" in value:
                name = value[1 : value.rindex("]")]
                option = None
                if name == self.default_section:
                    current = self._defaults
                elif name in self._sections:
                    if self._strict and name in seen:
                        raise DuplicateSectionError("While reading from %r [line %2d]: section %r already exists" % (source, number, name))
                    current = self._sections[name]
                else:
                    current = self._sections[name] = {}
                seen.add(name)
                continue
            if current is None:
                raise MissingSectionHeaderError("File contains no section headers.\nfile: %r, line: %d\n%r" % (source, number, line + "\n"))
            places = [at for at in (value.find(mark) for mark in self._delimiters) if at >= 0]
            if places:
                at = min(places)
                option = self.optionxform(value[:at].rstrip())
                current[option] = [value[at + 1 :].strip()]
            elif self._allow_no_value:
                option = self.optionxform(value)
                current[option] = None
            else:
                raise ParsingError("Source contains parsing errors: %r\n\t[line %2d]: %r" % (source, number, line))
        for options in [self._defaults, *self._sections.values()]:
            for key, value in options.items():
                if isinstance(value, list):
                    options[key] = "\n".join(value).rstrip()

    def get(self, section, option, *, raw=False, vars=None, fallback=_UNSET):
        try:
            found = self._all(section, vars)
        except NoSectionError:
            if fallback is _UNSET:
                raise
            return fallback
        option = self.optionxform(option)
        if option not in found:
            if fallback is _UNSET:
                raise NoOptionError(option, section)
            return fallback
        value = found[option]
        if raw or value is None or is_unknown(value):
            return value
        return self._interpolation.before_get(self, section, option, value, found)

    def _all(self, section, vars=None):
        if section not in self._sections and section != self.default_section:
            raise NoSectionError(section)
        found = {**self._defaults, **self._sections.get(section, {})}
        for key, value in (vars or {}).items():
            found[self.optionxform(key)] = value if value is None else str(value)
        return found

    def _converted(self, convert, section, option, kw):
        fallback = kw.pop("fallback", _UNSET)
        try:
            return convert(self.get(section, option, **kw))
        except (NoSectionError, NoOptionError):
            if fallback is _UNSET:
                raise
            return fallback

    def getint(self, section, option, **kw):
        return self._converted(int, section, option, kw)

    def getfloat(self, section, option, **kw):
        return self._converted(float, section, option, kw)

    def getboolean(self, section, option, **kw):
        return self._converted(self._convert_to_boolean, section, option, kw)

    def _convert_to_boolean(self, value):
        if value.lower() not in self.BOOLEAN_STATES:
            raise ValueError("Not a boolean: %s" % value)
        return self.BOOLEAN_STATES[value.lower()]

    def items(self, section=_UNSET, raw=False, vars=None):
        if section is _UNSET:
            return [(name, self[name]) for name in self]
        found = self._all(section, vars)
        return [(option, self.get(section, option, raw=raw, vars=vars)) for option in found]

    def set(self, section, option, value=None):
        self._options(section)[self.optionxform(option)] = value

    def remove_option(self, section, option):
        options = self._options(section)
        option = self.optionxform(option)
        existed = option in options
        options.pop(option, None)
        return existed

    def remove_section(self, section):
        return self._sections.pop(section, None) is not None

    def write(self, fp, space_around_delimiters=True):
        mark = " = " if space_around_delimiters else "="
        for name, options in [(self.default_section, self._defaults), *self._sections.items()]:
            if name == self.default_section and not options:
                continue
            fp.write("[%s]\n" % name)
            for key, value in options.items():
                fp.write(key + "\n" if value is None else key + mark + value.replace("\n", "\n\t") + "\n")
            fp.write("\n")

    def __getitem__(self, key):
        if key != self.default_section and not self.has_section(key):
            raise KeyError(key)
        return SectionProxy(self, key)

    def __setitem__(self, key, value):
        if key in self and key != self.default_section:
            self._sections[key].clear()
        self.read_dict({key: value})

    def __delitem__(self, key):
        if not self.has_section(key):
            raise KeyError(key)
        self.remove_section(key)

    def __contains__(self, key):
        return key == self.default_section or self.has_section(key)

    def __len__(self):
        return len(self._sections) + 1

    def __iter__(self):
        return iter([self.default_section, *self._sections])

    def keys(self):
        return list(self)

    def values(self):
        return [self[name] for name in self]


class ConfigParser(RawConfigParser):
    _default_interpolation = BasicInterpolation()

    def set(self, section, option, value=None):
        if not is_unknown(value) and not isinstance(value, str) and not (value is None and self._allow_no_value):
            raise TypeError("option values must be strings")
        super().set(section, option, value)


SafeConfigParser = ConfigParser


class SectionProxy:
    def __init__(self, parser, name):
        self._parser = parser
        self._name = name

    @property
    def name(self):
        return self._name

    @property
    def parser(self):
        return self._parser

    def _names(self):
        if self._name == self._parser.default_section:
            return list(self._parser.defaults())
        return self._parser.options(self._name)

    def __getitem__(self, key):
        if not self._parser.has_option(self._name, key):
            raise KeyError(key)
        return self._parser.get(self._name, key)

    def __setitem__(self, key, value):
        self._parser.set(self._name, key, value)

    def __delitem__(self, key):
        if not self._parser.remove_option(self._name, key):
            raise KeyError(key)

    def __contains__(self, key):
        return self._parser.has_option(self._name, key)

    def __len__(self):
        return len(self._names())

    def __iter__(self):
        return iter(self._names())

    def keys(self):
        return self._names()

    def values(self):
        return [self[key] for key in self._names()]

    def items(self):
        return [(key, self[key]) for key in self._names()]

    def get(self, option, fallback=None, *, raw=False, vars=None):
        return self._parser.get(self._name, option, raw=raw, vars=vars, fallback=fallback)

    def getint(self, option, fallback=None, **kw):
        return self._parser.getint(self._name, option, fallback=fallback, **kw)

    def getfloat(self, option, fallback=None, **kw):
        return self._parser.getfloat(self._name, option, fallback=fallback, **kw)

    def getboolean(self, option, fallback=None, **kw):
        return self._parser.getboolean(self._name, option, fallback=fallback, **kw)
