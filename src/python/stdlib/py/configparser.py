from _native import unknown


class Error(Exception):
    pass


class NoSectionError(Error):
    pass


class NoOptionError(Error):
    pass


class ConfigParser:
    def __init__(self, *args, **kwargs):
        self._sections = {}

    def __getattr__(self, name):
        return lambda *args, **kwargs: unknown("a value of a configuration file")

    def read(self, *args, **kwargs):
        return []

    def read_dict(self, source):
        for section, options in source.items():
            self._sections[section] = dict(options)

    def __getitem__(self, section):
        if section in self._sections:
            return self._sections[section]
        return unknown("a section of a configuration file")


RawConfigParser = ConfigParser
SafeConfigParser = ConfigParser
