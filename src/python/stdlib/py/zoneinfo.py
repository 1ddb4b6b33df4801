from _zoneinfo import ZoneInfo


class ZoneInfoNotFoundError(KeyError):
    pass


class InvalidTZPathWarning(RuntimeWarning):
    pass


TZPATH = ()


def reset_tzpath(to=None):
    pass
