"""What Alembic's autogenerate hands to the functions of env.py."""

from alembic.operations.ops import MigrationScript, OpContainer


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


class Rewriter:
    """Hands each part of the scripts to the function that is registered for its class."""

    def __init__(self):
        self._functions = []
        self._next = ()

    def chain(self, other):
        """Another one that does the same, and then what `other` does."""
        chained = Rewriter()
        chained._functions = self._functions
        chained._next = self._next + (other,)
        return chained

    def rewrites(self, operator):
        def register(function):
            self._functions.append((operator, function))
            return function

        return register

    def _function(self, directive):
        for ancestor in type(directive).__mro__:
            for operator, function in reversed(self._functions):
                if operator is ancestor:
                    return function
        return None

    def _rewritten(self, context, revision, directive):
        function = self._function(directive)
        # What a function has made is not handed to it again.
        if function is None or any(one is self for one in getattr(directive, "_mutations", ())):
            return [directive]
        answer = function(context, revision, directive)
        if answer is None:
            return []
        found = list(answer) if isinstance(answer, (list, tuple)) else [answer]
        for one in found:
            one._mutations = tuple(getattr(one, "_mutations", ())) + (self,)
        return found

    def _visit(self, context, revision, directive):
        found = self._rewritten(context, revision, directive)
        for one in found:
            if isinstance(one, MigrationScript):
                one.upgrade_ops = self._visit_each(context, revision, one.upgrade_ops_list, "UpgradeOps")
                one.downgrade_ops = self._visit_each(context, revision, one.downgrade_ops_list, "DowngradeOps")
            elif isinstance(one, OpContainer):
                self._visit_all(context, revision, one.ops)
        return found

    def _visit_each(self, context, revision, containers, kind):
        done = []
        for container in containers:
            found = self._visit(context, revision, container)
            if len(found) != 1:
                raise ValueError(f"Can only return single object for {kind} traverse")
            done.extend(found)
        return done

    def _visit_all(self, context, revision, directives):
        done = []
        for directive in directives:
            done.extend(self._visit(context, revision, directive))
        directives[:] = done

    def process_revision_directives(self, context, revision, directives):
        self._visit_all(context, revision, directives)

    def __call__(self, context, revision, directives):
        self.process_revision_directives(context, revision, directives)
        for following in self._next:
            following(context, revision, directives)
