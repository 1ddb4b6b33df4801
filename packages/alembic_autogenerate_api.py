"""What Alembic's autogenerate hands to the functions of env.py."""

import enum

from alembic.operations.ops import (
    AddColumnOp,
    AlterColumnOp,
    CreateTableOp,
    DropTableOp,
    MigrationScript,
    ModifyTableOps,
    OpContainer,
)
from sqlalchemy import MetaData, Table, inspect


class DispatchPriority(enum.IntEnum):
    FIRST = 50
    MEDIUM = 25
    LOW = 10
    LAST = 0


class PriorityDispatchResult(enum.Enum):
    CONTINUE = 1
    STOP = 2


class _Comparators:
    """The functions of a project that compare what Alembic knows nothing of."""

    def __init__(self):
        self._registry = []

    def dispatch_for(self, target, *, priority=DispatchPriority.MEDIUM, qualifier="default", subgroup=None):
        def decorate(function):
            self._registry.append((target, qualifier, priority, subgroup, function))
            return function

        return decorate

    def _asks(self, target):
        return any(known[0] == target for known in self._registry)

    def _call(self, target, dialect, early, *arguments):
        """Calls the functions for a target: those before Alembic's own, or those after them."""
        stopped = set()
        for priority in DispatchPriority:
            if (priority >= DispatchPriority.MEDIUM) != early:
                continue
            for qualifier in (dialect, "default"):
                for known, of, at, subgroup, function in self._registry:
                    if (known, of, at) != (target, qualifier, priority) or subgroup in stopped:
                        continue
                    if function(*arguments) is PriorityDispatchResult.STOP:
                        if subgroup in _OWN_SUBGROUPS:
                            raise NotImplementedError(
                                f"a comparison function that takes the place of Alembic's for {subgroup!r} is not supported;"
                                " use include_object, compare_type or process_revision_directives"
                            )
                        if subgroup is not None:
                            stopped.add(subgroup)


#: What Alembic's own functions compare.
_OWN_SUBGROUPS = ("tables", "types", "constraints", "indexes", "server_default", "nullable", "comment", "autoincrement")


class _Renderers:
    """The functions of a project that write operations as Python."""

    def __init__(self):
        self._registry = {}

    def dispatch_for(self, target, *, qualifier="default", replace=False):
        def decorate(function):
            if (target, qualifier) in self._registry and not replace:
                raise ValueError(
                    f"Can not set dispatch function for object {target!r}: key already exists. "
                    "To replace existing function, use replace=True."
                )
            self._registry[(target, qualifier)] = function
            return function

        return decorate

    def _function(self, operation):
        for ancestor in type(operation).__mro__:
            if (ancestor, "default") in self._registry:
                return self._registry[(ancestor, "default")]
        return None


comparators = _Comparators()
renderers = _Renderers()


def has_functions():
    """Whether the project compares or writes something itself."""
    return bool(comparators._registry or renderers._registry)


class AutogenContext:
    def __init__(self, migration_context, metadata=None, opts=None, autogenerate=True):
        self.migration_context = migration_context
        self.opts = {} if opts is None else opts
        self.metadata = self.opts.get("target_metadata") if metadata is None else metadata
        self.imports = set()
        self.dialect = migration_context.dialect
        self.connection = migration_context.bind
        self.comparators = comparators
        self._has_batch = False

    @property
    def inspector(self):
        return inspect(self.connection)

    def run_name_filters(self, name, type_, parent_names):
        asked = self.opts.get("include_name")
        if asked is None:
            return True
        if "schema_name" in parent_names:
            table = name if type_ == "table" else parent_names.get("table_name")
            if table:
                schema = parent_names["schema_name"]
                parent_names["schema_qualified_table_name"] = f"{schema}.{table}" if schema else table
        return bool(asked(name, type_, parent_names))

    def run_object_filters(self, object_, name, type_, reflected, compare_to):
        asked = self.opts.get("include_object")
        return asked is None or bool(asked(object_, name, type_, reflected, compare_to))

    run_filters = run_object_filters

    def _metadata_list(self):
        return list(self.metadata) if isinstance(self.metadata, (list, tuple)) else [self.metadata]

    @property
    def sorted_tables(self):
        return [table for metadata in self._metadata_list() for table in metadata.sorted_tables]

    @property
    def table_key_to_table(self):
        return {key: table for metadata in self._metadata_list() for key, table in metadata.tables.items()}


def _schemas(context):
    found = {None}
    if context.opts.get("include_schemas"):
        inspector = context.inspector
        usual = inspector.default_schema_name
        found.update(name for name in inspector.get_schema_names() if name not in ("information_schema", usual))
    return {name for name in found if context.run_name_filters(name, "schema", {})}


def compared(context, script):
    """Lets the project's comparison functions add to what is proposed in the last part of a script."""
    if not comparators._registry:
        return
    up, down = script.upgrade_ops_list[-1], script.downgrade_ops_list[-1]
    dialect = context.dialect.name
    proposed, back = up.ops, down.ops
    up.ops = []
    schemas = _schemas(context)
    comparators._call("autogenerate", dialect, True, context, up)
    comparators._call("schema", dialect, True, context, up, schemas)
    before = list(up.ops)
    up.ops.extend(proposed)
    down.ops = back + [operation.reverse() for operation in reversed(before)]
    if comparators._asks("table") or comparators._asks("column"):
        _tables(context, up, down, schemas)
    count = len(up.ops)
    known = list(up.ops)
    comparators._call("schema", dialect, False, context, up, schemas)
    comparators._call("autogenerate", dialect, False, context, up)
    if len(up.ops) < count or any(one is not other for one, other in zip(known, up.ops)):
        up.reverse_into(down)
    else:
        down.ops[:0] = [operation.reverse() for operation in reversed(up.ops[count:])]


def _tables(context, up, down, schemas):
    version = (context.migration_context.version_table_schema, context.migration_context.version_table)
    inspector = context.inspector
    usual = context.dialect.default_schema_name
    wanted = {(table.schema if table.schema != usual else None, table.name): table for table in context.table_key_to_table.values()}
    found = {}
    for schema in sorted(schemas, key=lambda schema: schema or ""):
        for name in inspector.get_table_names(schema=schema):
            if (schema, name) != version and context.run_name_filters(name, "table", {"schema_name": schema}):
                found[(schema, name)] = Table(name, MetaData(), schema=schema, autoload_with=context.connection)
    for key, table in wanted.items():
        if key not in found and context.run_object_filters(table, key[1], "table", False, None):
            _table(context, up, down, key, None, table)
    for key, table in found.items():
        if key not in wanted and context.run_object_filters(table, key[1], "table", True, None):
            _table(context, up, down, key, table, None)
    for key in sorted(found, key=lambda key: (key[0] or "", key[1])):
        if key in wanted and context.run_object_filters(wanted[key], key[1], "table", False, found[key]):
            _table(context, up, down, key, found[key], wanted[key])


def _changes(container, schema, name):
    for one in container.ops:
        if isinstance(one, ModifyTableOps) and (one.schema, one.table_name) == (schema, name):
            return one
    return None


def _table(context, up, down, key, found, wanted):
    schema, name = key
    dialect = context.dialect.name
    changes = _changes(up, schema, name)
    back = _changes(down, schema, name)
    if found is not None and wanted is not None and comparators._asks("column"):
        for column in wanted.c:
            if column.name in found.c:
                changes, back = _column(context, up, down, key, (changes, back), found.c[column.name], column)
    for early in (True, False):
        own = ModifyTableOps(name, [], schema=schema)
        comparators._call("table", dialect, early, context, own, schema, name, found, wanted)
        if own.is_empty():
            continue
        reverse = own.reverse()
        if changes is None:
            changes, back = own, reverse
            # What becomes of a table is said behind its CREATE, and before its DROP.
            _beside(up, own, last=True)
            _beside(down, reverse, last=False)
        elif early:
            columns = [one for one in changes.ops if isinstance(one, (AddColumnOp, AlterColumnOp))]
            changes.ops[len(columns):len(columns)] = own.ops
            at = len(back.ops) - len(columns) if back is not None else 0
            back.ops[max(at, 0):max(at, 0)] = reverse.ops
        else:
            changes.ops.extend(own.ops)
            back.ops[:0] = reverse.ops


def _beside(container, changes, last):
    """Puts changes of a table behind what makes it or before what drops it, else at one end."""
    table = (changes.schema, changes.table_name)
    for at, one in enumerate(container.ops):
        if isinstance(one, (CreateTableOp, DropTableOp)) and (one.schema, one.table_name) == table:
            container.ops.insert(at + 1 if isinstance(one, CreateTableOp) else at, changes)
            return
    container.ops.insert(len(container.ops) if last else 0, changes)


def _column(context, up, down, key, known, found, wanted):
    schema, name = key
    changes, back = known
    alter = None
    for one in changes.ops if changes is not None else ():
        if isinstance(one, AlterColumnOp) and one.column_name == wanted.name:
            alter = one
    new = alter is None
    if new:
        alter = AlterColumnOp(name, wanted.name, schema=schema, existing_type=found.type, existing_nullable=found.nullable)
    before = dict(vars(alter))
    for early in (True, False):
        comparators._call("column", context.dialect.name, early, context, alter, schema, name, wanted.name, found, wanted)
    if not alter.has_changes() or dict(vars(alter)) == before:
        return changes, back
    reverse = alter.reverse()
    if changes is None:
        changes, back = ModifyTableOps(name, [], schema=schema), ModifyTableOps(name, [], schema=schema)
        up.ops.append(changes)
        down.ops.insert(0, back)
    if new:
        changes.ops.insert(0, alter)
        back.ops.append(reverse)
    else:
        back.ops[:] = [
            reverse if isinstance(one, AlterColumnOp) and one.column_name in (wanted.name, reverse.column_name) else one
            for one in back.ops
        ]
    return changes, back


def rendered(context, operation):
    """The lines that the project's own function writes for an operation; `None` where it has none."""
    function = renderers._function(operation)
    if function is None:
        return None
    answer = function(context, operation)
    return list(answer) if isinstance(answer, (list, tuple)) else [answer]


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
