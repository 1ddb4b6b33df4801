"""Alembic's operation objects, which `op.invoke()` takes: what each directive is made of."""

from alembic.operations import MigrateOperation, Operations
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)


class _Operation(MigrateOperation):
    """An operation that says by its directive what it does."""

    _mutations = ()

    def to_diff_tuple(self):
        raise NotImplementedError(f"{type(self).__name__}.to_diff_tuple()")


class _Drop(_Operation):
    """An operation that is taken back by the one that it was made from."""

    def reverse(self):
        if self._reverse is None:
            raise ValueError("operation is not reversible; original operation is not present")
        return self._reverse


class CreateTableOp(_Operation):
    def __init__(self, table_name, columns, *, schema=None, if_not_exists=None, _namespace_metadata=None, _constraints_included=False, **kw):
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.if_not_exists = if_not_exists
        self.info = kw.pop("info", {})
        self.comment = kw.pop("comment", None)
        self.prefixes = kw.pop("prefixes", None)
        self.kw = kw

    def reverse(self):
        return DropTableOp(self.table_name, schema=self.schema, _reverse=self)

    def to_table(self, migration_context=None):
        return Table(self.table_name, MetaData(), *[item._copy() for item in self.columns], schema=self.schema, comment=self.comment)

    def to_diff_tuple(self):
        return ("add_table", self.to_table())

    def _run(self, operations):
        options = dict(self.kw)
        for name in ("if_not_exists", "comment", "prefixes"):
            if getattr(self, name) is not None:
                options[name] = getattr(self, name)
        return operations.create_table(self.table_name, *[item._copy() for item in self.columns], schema=self.schema, **options)


class DropTableOp(_Drop):
    def __init__(self, table_name, *, schema=None, if_exists=None, table_kw=None, _reverse=None):
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.table_kw = dict(table_kw or {})
        self.comment = self.table_kw.pop("comment", None)
        self.info = self.table_kw.pop("info", None)
        self.prefixes = self.table_kw.pop("prefixes", None)
        self._reverse = _reverse

    def to_table(self, migration_context=None):
        items = [item._copy() for item in self._reverse.columns] if self._reverse else []
        return Table(self.table_name, MetaData(), *items, schema=self.schema)

    def to_diff_tuple(self):
        return ("remove_table", self.to_table())

    def _run(self, operations):
        return operations.drop_table(self.table_name, schema=self.schema, if_exists=self.if_exists, **self.table_kw)


class AlterTableOp(_Operation):
    """What changes one table."""

    def __init__(self, table_name, *, schema=None):
        self.table_name = table_name
        self.schema = schema


class RenameTableOp(AlterTableOp):
    def __init__(self, old_table_name, new_table_name, *, schema=None):
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name

    def reverse(self):
        return RenameTableOp(self.new_table_name, self.table_name, schema=self.schema)

    def _run(self, operations):
        return operations.rename_table(self.table_name, self.new_table_name, schema=self.schema)


class CreateTableCommentOp(AlterTableOp):
    def __init__(self, table_name, comment, *, schema=None, existing_comment=None):
        super().__init__(table_name, schema=schema)
        self.comment = comment
        self.existing_comment = existing_comment

    def reverse(self):
        if self.existing_comment is None:
            return DropTableCommentOp(self.table_name, existing_comment=self.comment, schema=self.schema)
        return CreateTableCommentOp(self.table_name, self.existing_comment, existing_comment=self.comment, schema=self.schema)

    def to_table(self, migration_context=None):
        return Table(self.table_name, MetaData(), schema=self.schema, comment=self.comment)

    def to_diff_tuple(self):
        return ("add_table_comment", self.to_table(), self.existing_comment)

    def _run(self, operations):
        return operations.create_table_comment(
            self.table_name, self.comment, existing_comment=self.existing_comment, schema=self.schema
        )


class DropTableCommentOp(AlterTableOp):
    def __init__(self, table_name, *, schema=None, existing_comment=None):
        super().__init__(table_name, schema=schema)
        self.existing_comment = existing_comment

    def reverse(self):
        return CreateTableCommentOp(self.table_name, self.existing_comment, schema=self.schema)

    def to_table(self, migration_context=None):
        return Table(self.table_name, MetaData(), schema=self.schema)

    def to_diff_tuple(self):
        return ("remove_table_comment", self.to_table())

    def _run(self, operations):
        return operations.drop_table_comment(self.table_name, existing_comment=self.existing_comment, schema=self.schema)


class AddColumnOp(AlterTableOp):
    def __init__(self, table_name, column, *, schema=None, if_not_exists=None, inline_references=None,
                 inline_primary_key=None, **kw):
        super().__init__(table_name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key
        self.kw = kw

    @classmethod
    def from_column_and_tablename(cls, schema, tname, col):
        return cls(tname, col, schema=schema)

    def to_column(self):
        return self.column

    def reverse(self):
        return DropColumnOp(self.table_name, self.column.name, schema=self.schema, _reverse=self)

    def to_diff_tuple(self):
        return ("add_column", self.schema, self.table_name, self.to_column())

    def _run(self, operations):
        options = dict(self.kw)
        for name in ("inline_references", "inline_primary_key"):
            if getattr(self, name):
                options[name] = True
        return operations.add_column(
            self.table_name, self.column._copy(), schema=self.schema, if_not_exists=self.if_not_exists, **options
        )


class DropColumnOp(AlterTableOp, _Drop):
    def __init__(self, table_name, column_name, *, schema=None, if_exists=None, _reverse=None, **kw):
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.if_exists = if_exists
        self.kw = kw
        self._reverse = _reverse

    @classmethod
    def from_column_and_tablename(cls, schema, tname, col):
        return cls(tname, col.name, schema=schema, _reverse=AddColumnOp(tname, col, schema=schema))

    def to_column(self, migration_context=None):
        return self._reverse.column if self._reverse is not None else Column(self.column_name)

    def to_diff_tuple(self):
        return ("remove_column", self.schema, self.table_name, self.to_column())

    def _run(self, operations):
        return operations.drop_column(self.table_name, self.column_name, schema=self.schema, if_exists=self.if_exists, **self.kw)


class AlterColumnOp(AlterTableOp):
    _GIVEN = (
        ("existing_type", "existing_type"),
        ("existing_server_default", "existing_server_default"),
        ("existing_nullable", "existing_nullable"),
        ("existing_comment", "existing_comment"),
        ("modify_nullable", "nullable"),
        ("modify_comment", "comment"),
        ("modify_server_default", "server_default"),
        ("modify_name", "new_column_name"),
        ("modify_type", "type_"),
    )

    def __init__(self, table_name, column_name, *, schema=None, existing_type=None, existing_server_default=False,
                 existing_nullable=None, existing_comment=None, modify_nullable=None, modify_comment=False,
                 modify_server_default=False, modify_name=None, modify_type=None, **kw):
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.existing_type = existing_type
        self.existing_server_default = existing_server_default
        self.existing_nullable = existing_nullable
        self.existing_comment = existing_comment
        self.modify_nullable = modify_nullable
        self.modify_comment = modify_comment
        self.modify_server_default = modify_server_default
        self.modify_name = modify_name
        self.modify_type = modify_type
        self.kw = kw

    def has_changes(self):
        return (
            self.modify_nullable is not None
            or self.modify_comment is not False
            or self.modify_server_default is not False
            or self.modify_type is not None
            or self.modify_name is not None
            or any(name.startswith("modify_") for name in self.kw)
        )

    def reverse(self):
        other = AlterColumnOp(self.table_name, self.column_name, schema=self.schema, **self.kw)
        for name, _ in self._GIVEN:
            setattr(other, name, getattr(self, name))
        for what, missing in (("type", None), ("nullable", None), ("server_default", False), ("comment", False)):
            if getattr(self, "modify_" + what) is not missing:
                setattr(other, "modify_" + what, getattr(self, "existing_" + what))
                setattr(other, "existing_" + what, getattr(self, "modify_" + what))
        if self.modify_name is not None:
            other.column_name, other.modify_name = self.modify_name, self.column_name
        return other

    def to_diff_tuple(self):
        found = []
        for what, name, missing in (
            ("type", "modify_type", None),
            ("nullable", "modify_nullable", None),
            ("server_default", "modify_default", False),
            ("comment", "modify_comment", False),
        ):
            new = getattr(self, "modify_" + what)
            if new is not missing:
                # Of the others it is told what they are.
                kept = [other for other in ("nullable", "type", "server_default", "comment") if other != what]
                existing = {"existing_" + other: getattr(self, "existing_" + other) for other in kept}
                old = getattr(self, "existing_" + what)
                found.append((name, self.schema, self.table_name, self.column_name, existing, old, new))
        return found

    def _run(self, operations):
        options = {keyword: getattr(self, name) for name, keyword in self._GIVEN}
        return operations.alter_column(self.table_name, self.column_name, schema=self.schema, **options, **self.kw)


def _index(operation, columns):
    """The index of an operation, on a table of its columns."""
    names = [column for column in columns if isinstance(column, str)]
    table = Table(operation.table_name or "no_table", MetaData(), *[Column(name) for name in names], schema=operation.schema)
    items = [table.c[column] if isinstance(column, str) else column for column in columns]
    options = dict(operation.kw)
    unique = options.pop("unique", None) or getattr(operation, "unique", False)
    return Index(operation.index_name, *items, unique=bool(unique), **options)


class CreateIndexOp(_Operation):
    def __init__(self, index_name, table_name, columns, *, schema=None, unique=False, if_not_exists=None, **kw):
        self.index_name = index_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.unique = unique
        self.if_not_exists = if_not_exists
        self.kw = kw

    def reverse(self):
        return DropIndexOp(self.index_name, self.table_name, schema=self.schema, _reverse=self, **self.kw)

    def to_index(self, migration_context=None):
        return _index(self, self.columns)

    def to_diff_tuple(self):
        return ("add_index", self.to_index())

    def _run(self, operations):
        return operations.create_index(
            self.index_name, self.table_name, self.columns, schema=self.schema, unique=self.unique,
            if_not_exists=self.if_not_exists, **self.kw,
        )


class DropIndexOp(_Drop):
    def __init__(self, index_name, table_name=None, *, schema=None, if_exists=None, _reverse=None, **kw):
        self.index_name = index_name
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.kw = kw
        self._reverse = _reverse

    def to_index(self, migration_context=None):
        return _index(self, self._reverse.columns if self._reverse else ["x"])

    def to_diff_tuple(self):
        return ("remove_index", self.to_index())

    def _run(self, operations):
        return operations.drop_index(self.index_name, self.table_name, schema=self.schema, if_exists=self.if_exists, **self.kw)


class AddConstraintOp(_Operation):
    """A constraint that is added to a table."""

    #: What `drop_constraint` calls the kind.
    constraint_type = None

    def reverse(self):
        return DropConstraintOp(self.constraint_name, self._table(), type_=self.constraint_type, schema=self._schema(), _reverse=self)

    def to_diff_tuple(self):
        return ("add_constraint", self.to_constraint())

    def _table(self):
        return self.table_name

    def _schema(self):
        return self.schema

    def _on_table(self, columns, constraint):
        table = Table(self._table(), MetaData(), *[Column(name) for name in columns], schema=self._schema())
        table.append_constraint(constraint)
        return constraint


class CreatePrimaryKeyOp(AddConstraintOp):
    constraint_type = "primary"

    def __init__(self, constraint_name, table_name, columns, *, schema=None, **kw):
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw

    def to_constraint(self, migration_context=None):
        return self._on_table(self.columns, PrimaryKeyConstraint(*self.columns, name=self.constraint_name, **self.kw))

    def _run(self, operations):
        return operations.create_primary_key(self.constraint_name, self.table_name, self.columns, schema=self.schema, **self.kw)


class CreateUniqueConstraintOp(AddConstraintOp):
    constraint_type = "unique"

    def __init__(self, constraint_name, table_name, columns, *, schema=None, **kw):
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw

    def to_constraint(self, migration_context=None):
        return self._on_table(self.columns, UniqueConstraint(*self.columns, name=self.constraint_name, **self.kw))

    def _run(self, operations):
        return operations.create_unique_constraint(
            self.constraint_name, self.table_name, self.columns, schema=self.schema, **self.kw
        )


class CreateForeignKeyOp(AddConstraintOp):
    constraint_type = "foreignkey"

    def __init__(self, constraint_name, source_table, referent_table, local_cols, remote_cols, **kw):
        self.constraint_name = constraint_name
        self.source_table = source_table
        self.referent_table = referent_table
        self.local_cols = local_cols
        self.remote_cols = remote_cols
        self.kw = kw

    def _table(self):
        return self.source_table

    def _schema(self):
        return self.kw.get("source_schema")

    def to_constraint(self, migration_context=None):
        options = dict(self.kw)
        options.pop("source_schema", None)
        schema = options.pop("referent_schema", None)
        referent = f"{schema}.{self.referent_table}" if schema else self.referent_table
        columns = [f"{referent}.{name}" for name in self.remote_cols]
        constraint = ForeignKeyConstraint(list(self.local_cols), columns, name=self.constraint_name, **options)
        return self._on_table(self.local_cols, constraint)

    def to_diff_tuple(self):
        return ("add_fk", self.to_constraint())

    def _run(self, operations):
        return operations.create_foreign_key(
            self.constraint_name, self.source_table, self.referent_table, self.local_cols, self.remote_cols, **self.kw
        )


class CreateCheckConstraintOp(AddConstraintOp):
    constraint_type = "check"

    def __init__(self, constraint_name, table_name, condition, *, schema=None, **kw):
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.condition = condition
        self.schema = schema
        self.kw = kw

    def to_constraint(self, migration_context=None):
        return self._on_table([], CheckConstraint(self.condition, name=self.constraint_name, **self.kw))

    def _run(self, operations):
        return operations.create_check_constraint(
            self.constraint_name, self.table_name, self.condition, schema=self.schema, **self.kw
        )


class DropConstraintOp(_Drop):
    def __init__(self, constraint_name, table_name, type_=None, *, schema=None, if_exists=None, _reverse=None):
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.constraint_type = type_
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse

    def to_constraint(self):
        if self._reverse is None:
            raise ValueError("constraint cannot be produced; original constraint is not present")
        return self._reverse.to_constraint()

    def to_diff_tuple(self):
        return ("remove_fk" if self.constraint_type == "foreignkey" else "remove_constraint", self.to_constraint())

    def _run(self, operations):
        options = {} if self.if_exists is None else {"if_exists": self.if_exists}
        return operations.drop_constraint(
            self.constraint_name, self.table_name, type_=self.constraint_type, schema=self.schema, **options
        )


class BulkInsertOp(_Operation):
    def __init__(self, table, rows, *, multiinsert=True):
        self.table = table
        self.rows = rows
        self.multiinsert = multiinsert

    def _run(self, operations):
        return operations.bulk_insert(self.table, self.rows, multiinsert=self.multiinsert)


class ExecuteSQLOp(_Operation):
    def __init__(self, sqltext, *, execution_options=None):
        self.sqltext = sqltext
        self.execution_options = execution_options

    def _run(self, operations):
        return operations.execute(self.sqltext)


def _diffs(operation):
    """What `as_diffs()` says of an operation."""
    return operation.as_diffs() if hasattr(operation, "ops") else [operation.to_diff_tuple()]


class OpContainer(_Operation):
    """Operations in order."""

    def __init__(self, ops=()):
        self.ops = list(ops)

    def is_empty(self):
        return not self.ops

    def as_diffs(self):
        return [diff for operation in self.ops for diff in _diffs(operation)]

    def _run(self, operations):
        for operation in self.ops:
            operations.invoke(operation)


class ModifyTableOps(OpContainer):
    """The changes of one table."""

    def __init__(self, table_name, ops, *, schema=None):
        super().__init__(ops)
        self.table_name = table_name
        self.schema = schema

    def reverse(self):
        return ModifyTableOps(self.table_name, [op.reverse() for op in reversed(self.ops)], schema=self.schema)


class UpgradeOps(OpContainer):
    def __init__(self, ops=(), upgrade_token="upgrades"):
        super().__init__(ops)
        self.upgrade_token = upgrade_token

    def reverse_into(self, downgrade_ops):
        downgrade_ops.ops[:] = [op.reverse() for op in reversed(self.ops)]
        return downgrade_ops

    def reverse(self):
        return self.reverse_into(DowngradeOps())


class DowngradeOps(OpContainer):
    def __init__(self, ops=(), downgrade_token="downgrades"):
        super().__init__(ops)
        self.downgrade_token = downgrade_token

    def reverse(self):
        return UpgradeOps([op.reverse() for op in reversed(self.ops)])


def _several(given):
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _only(several, what):
    if len(several) > 1:
        raise ValueError(
            f"This MigrationScript instance has a multiple-entry list for {what}; please use the {what}_list attribute."
        )
    return several[0] if several else None


class MigrationScript(_Operation):
    """A revision that is about to be written."""

    def __init__(self, rev_id, upgrade_ops, downgrade_ops, *, message=None, imports=(), head=None, splice=None,
                 branch_label=None, version_path=None, depends_on=None):
        self.rev_id = rev_id
        self.message = message
        self.imports = set(imports)
        self.head = head
        self.splice = splice
        self.branch_label = branch_label
        self.version_path = version_path
        self.depends_on = depends_on
        self.upgrade_ops = upgrade_ops
        self.downgrade_ops = downgrade_ops

    @property
    def upgrade_ops(self):
        return _only(self._upgrade_ops, "upgrade_ops")

    @upgrade_ops.setter
    def upgrade_ops(self, given):
        self._upgrade_ops = _several(given)

    @property
    def downgrade_ops(self):
        return _only(self._downgrade_ops, "downgrade_ops")

    @downgrade_ops.setter
    def downgrade_ops(self, given):
        self._downgrade_ops = _several(given)

    @property
    def upgrade_ops_list(self):
        return self._upgrade_ops

    @property
    def downgrade_ops_list(self):
        return self._downgrade_ops


class _Kept(_Operation):
    """A step for which Alembic has no operation; it stays as it is."""

    def __init__(self, number):
        self.number = number

    def reverse(self):
        raise ValueError("operation is not reversible")


class _Written(_Operation):
    """What a project's own function has written for an operation."""

    def __init__(self, lines):
        self.lines = lines

    def reverse(self):
        raise ValueError("operation is not reversible")


def _kind(operation):
    """How what is left of a script is read: the changes of a table, a step by its number, another container, or one operation."""
    if isinstance(operation, _Written):
        return "written"
    if isinstance(operation, ModifyTableOps):
        return "table"
    if isinstance(operation, _Kept):
        return "kept"
    if isinstance(operation, OpContainer):
        return "container"
    return "operation"


@Operations.implementation_for(_Operation)
def _run(operations, operation):
    return operation._run(operations)
