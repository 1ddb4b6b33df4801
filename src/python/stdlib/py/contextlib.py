from functools import wraps


class _Manager:
    def __init__(self, make):
        self._make = make
        self._generator = make()

    def __enter__(self):
        try:
            return next(self._generator)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, kind, value, traceback):
        if kind is None:
            for _ in self._generator:
                raise RuntimeError("generator didn't stop")
            return False
        try:
            self._generator.throw(value)
        except StopIteration:
            return True
        except BaseException as error:
            if error is value:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw()")

    def __call__(self, function):
        @wraps(function)
        def helper(*args, **kwargs):
            with _Manager(self._make):
                return function(*args, **kwargs)

        return helper


def contextmanager(function):
    def helper(*args, **kwargs):
        return _Manager(lambda: function(*args, **kwargs))

    return helper


asynccontextmanager = contextmanager


class suppress:
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        return None

    def __exit__(self, kind, value, traceback):
        return kind is not None and issubclass(kind, self._exceptions)


class nullcontext:
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *details):
        return False


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *details):
        self.thing.close()
        return False


class redirect_stdout:
    def __init__(self, target):
        self._target = target

    def __enter__(self):
        return self._target

    def __exit__(self, *details):
        return False


redirect_stderr = redirect_stdout


class ContextDecorator:
    pass


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, *details):
        return None


class ExitStack:
    def __init__(self):
        self._exits = []

    def enter_context(self, manager):
        result = manager.__enter__()
        self._exits.append(manager.__exit__)
        return result

    def push(self, manager):
        self._exits.append(manager.__exit__)
        return manager

    def callback(self, function, *args, **kwargs):
        def run(kind, value, traceback):
            function(*args, **kwargs)
            return False

        self._exits.append(run)
        return function

    def close(self):
        self.__exit__(None, None, None)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        handled = False
        while self._exits:
            if self._exits.pop()(kind, value, traceback):
                handled = True
                kind = value = traceback = None
        return handled
