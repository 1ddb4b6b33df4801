from datetime import timezone, timedelta
from _native import unknown


class ZoneInfoNotFoundError(KeyError):
    pass


def ZoneInfo(key):
    if key in ("UTC", "Etc/UTC", "GMT", "Etc/GMT"):
        return timezone(timedelta(0), key)
    return unknown("the time zone " + repr(key))
