def pformat(value, *args, **kwargs):
    return repr(value)


def pprint(value, *args, **kwargs):
    print(repr(value))


pp = pprint


class PrettyPrinter:
    def __init__(self, *args, **kwargs):
        pass

    def pprint(self, value):
        print(repr(value))

    def pformat(self, value):
        return repr(value)
