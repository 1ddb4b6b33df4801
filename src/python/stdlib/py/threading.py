class Lock:
    def acquire(self, *args, **kwargs):
        return True

    def release(self):
        return None

    def __enter__(self):
        return True

    def __exit__(self, *details):
        return False


RLock = Lock


class local:
    pass
