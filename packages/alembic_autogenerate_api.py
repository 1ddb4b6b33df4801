"""What Alembic's autogenerate hands to the functions of env.py."""


class AutogenContext:
    def __init__(self, migration_context, metadata, opts):
        self.migration_context = migration_context
        self.metadata = metadata
        self.opts = opts
        self.imports = set()
        self.dialect = migration_context.dialect


def arguments(type_):
    """What a type of a project was given, as `repr()` shows it: what its constructor takes and it keeps."""
    given = []
    for name in type(type_).__init__.__code__.co_varnames[1:] if hasattr(type(type_).__init__, "__code__") else ():
        value = getattr(type_, name, None)
        if value is not None:
            given.append(f"{name}={value!r}")
    return ", ".join(given)
