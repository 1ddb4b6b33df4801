import hashlib


class HMAC:
    def __init__(self, key, msg=None, digestmod=""):
        make = digestmod if callable(digestmod) else (lambda data=b"": hashlib.new(digestmod, data))
        self._make = make
        size = make().block_size
        if len(key) > size:
            key = make(key).digest()
        key = key + bytes(size - len(key))
        self._outer = bytes([b ^ 92 for b in key])
        self._data = bytes([b ^ 54 for b in key]) + (msg or b"")

    def update(self, msg):
        self._data = self._data + msg

    def digest(self):
        return self._make(self._outer + self._make(self._data).digest()).digest()

    def hexdigest(self):
        return self.digest().hex()


def new(key, msg=None, digestmod=""):
    return HMAC(key, msg, digestmod)


def compare_digest(a, b):
    return a == b
