"""The classes of `logging`. They keep what they are given, and nothing is ever written."""


class Filter:
    def __init__(self, name=""):
        self.name = name

    def filter(self, record):
        return True


class Filterer:
    def __init__(self):
        self.filters = []

    def addFilter(self, filter):
        if filter not in self.filters:
            self.filters.append(filter)

    def removeFilter(self, filter):
        if filter in self.filters:
            self.filters.remove(filter)

    def filter(self, record):
        return True


class LogRecord:
    def __init__(self, name, level, pathname, lineno, msg, args, exc_info, func=None, sinfo=None, **kwargs):
        self.name = name
        self.levelno = level
        self.pathname = pathname
        self.lineno = lineno
        self.msg = msg
        self.args = args
        self.exc_info = exc_info
        self.funcName = func
        self.stack_info = sinfo

    def getMessage(self):
        text = str(self.msg)
        return text % self.args if self.args else text


class Formatter:
    default_time_format = "%Y-%m-%d %H:%M:%S"
    default_msec_format = "%s,%03d"

    def __init__(self, fmt=None, datefmt=None, style="%", validate=True, *, defaults=None):
        self._fmt = "%(message)s" if fmt is None else fmt
        self.datefmt = datefmt

    def format(self, record):
        return record.getMessage()


class Handler(Filterer):
    def __init__(self, level=0):
        super().__init__()
        self._name = None
        self.level = level
        self.formatter = None
        self.lock = None

    def get_name(self):
        return self._name

    def set_name(self, name):
        self._name = name

    name = property(get_name, set_name)

    def setLevel(self, level):
        self.level = level

    def setFormatter(self, fmt):
        self.formatter = fmt

    def createLock(self):
        pass

    def acquire(self):
        pass

    def release(self):
        pass

    def format(self, record):
        return (self.formatter or Formatter()).format(record)

    def emit(self, record):
        pass

    def handle(self, record):
        return record

    def handleError(self, record):
        pass

    def flush(self):
        pass

    def close(self):
        pass


class StreamHandler(Handler):
    terminator = "\n"

    def __init__(self, stream=None):
        super().__init__()
        self.stream = stream

    def setStream(self, stream):
        self.stream, old = stream, self.stream
        return old

    @classmethod
    def __class_getitem__(cls, item):
        return cls


class FileHandler(StreamHandler):
    def __init__(self, filename, mode="a", encoding=None, delay=False, errors=None):
        super().__init__()
        self.baseFilename = filename
        self.mode = mode
        self.encoding = encoding
        self.delay = delay
        self.errors = errors


class RotatingFileHandler(FileHandler):
    def __init__(self, filename, mode="a", maxBytes=0, backupCount=0, encoding=None, delay=False, errors=None):
        super().__init__(filename, mode, encoding, delay, errors)
        self.maxBytes = maxBytes
        self.backupCount = backupCount


class TimedRotatingFileHandler(FileHandler):
    def __init__(self, filename, when="h", interval=1, backupCount=0, encoding=None, delay=False, **kwargs):
        super().__init__(filename, "a", encoding, delay)
        self.when = when.upper()
        self.backupCount = backupCount


class WatchedFileHandler(FileHandler):
    pass


class NullHandler(Handler):
    pass


class OtherHandler(Handler):
    """Stands for each handler that writes elsewhere: to a socket, by mail, into memory."""

    def __init__(self, *args, **kwargs):
        super().__init__()


class Logger(Filterer):
    def __init__(self, name, level=0):
        super().__init__()
        self.name = name
        self.level = level
        self.parent = None
        self.propagate = True
        self.handlers = []
        self.disabled = False

    def setLevel(self, level):
        self.level = level

    def isEnabledFor(self, level):
        return False

    def getEffectiveLevel(self):
        return self.level or 30

    def getChild(self, suffix):
        return type(self)(f"{self.name}.{suffix}")

    def addHandler(self, hdlr):
        if hdlr not in self.handlers:
            self.handlers.append(hdlr)

    def removeHandler(self, hdlr):
        if hdlr in self.handlers:
            self.handlers.remove(hdlr)

    def hasHandlers(self):
        return bool(self.handlers)

    def log(self, level, msg, *args, **kwargs):
        pass

    def debug(self, msg, *args, **kwargs):
        pass

    def _log(self, level, msg, args, **kwargs):
        pass

    info = warning = warn = error = exception = critical = fatal = debug

    def handle(self, record):
        pass


class LoggerAdapter:
    def __init__(self, logger, extra=None, merge_extra=False):
        self.logger = logger
        self.extra = extra
        self.merge_extra = merge_extra

    def process(self, msg, kwargs):
        kwargs["extra"] = self.extra
        return msg, kwargs

    def log(self, level, msg, *args, **kwargs):
        pass

    def debug(self, msg, *args, **kwargs):
        pass

    info = warning = warn = error = exception = critical = fatal = debug

    def isEnabledFor(self, level):
        return self.logger.isEnabledFor(level)

    def setLevel(self, level):
        self.logger.setLevel(level)

    def getEffectiveLevel(self):
        return self.logger.getEffectiveLevel()

    def hasHandlers(self):
        return self.logger.hasHandlers()

    @property
    def name(self):
        return self.logger.name

    @classmethod
    def __class_getitem__(cls, item):
        return cls
