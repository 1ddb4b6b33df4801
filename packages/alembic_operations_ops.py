"""Alembic's operation objects, which `op.invoke()` takes: what each directive is made of."""

from alembic.operations import MigrateOperation, Operations


class _Operation(MigrateOperation):
    """An operation that says by its directive what it does."""


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
        self.kw = kw

    def reverse(self):
        return DropTableOp(self.table_name, schema=self.schema)

    def _run(self, operations):
        options = dict(self.kw)
        if self.if_not_exists is not None:
            options["if_not_exists"] = self.if_not_exists
        return operations.create_table(self.table_name, *self.columns, schema=self.schema, **options)


class DropTableOp(_Drop):
    def __init__(self, table_name, *, schema=None, if_exists=None, table_kw=None, _reverse=None):
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse

    def _run(self, operations):
        return operations.drop_table(self.table_name, schema=self.schema, if_exists=self.if_exists)


class RenameTableOp(_Operation):
    def __init__(self, old_table_name, new_table_name, *, schema=None):
        self.table_name = old_table_name
        self.new_table_name = new_table_name
        self.schema = schema

    def _run(self, operations):
        return operations.rename_table(self.table_name, self.new_table_name, schema=self.schema)


class AddColumnOp(_Operation):
    def __init__(self, table_name, column, *, schema=None, if_not_exists=None, **kw):
        self.table_name = table_name
        self.column = column
        self.schema = schema
        self.if_not_exists = if_not_exists

    def reverse(self):
        return DropColumnOp(self.table_name, self.column.name, schema=self.schema, _reverse=self)

    def _run(self, operations):
        return operations.add_column(self.table_name, self.column, schema=self.schema, if_not_exists=self.if_not_exists)


class DropColumnOp(_Drop):
    def __init__(self, table_name, column_name, *, schema=None, if_exists=None, _reverse=None, **kw):
        self.table_name = table_name
        self.column_name = column_name
        self.schema = schema
        self.if_exists = if_exists
        self.kw = kw
        self._reverse = _reverse

    def _run(self, operations):
        return operations.drop_column(self.table_name, self.column_name, schema=self.schema, if_exists=self.if_exists, **self.kw)


class AlterColumnOp(_Operation):
    def __init__(self, table_name, column_name, *, schema=None, existing_type=None, existing_server_default=False,
                 existing_nullable=None, existing_comment=None, modify_nullable=None, modify_comment=False,
                 modify_server_default=False, modify_name=None, modify_type=None, **kw):
        self.table_name = table_name
        self.column_name = column_name
        self.schema = schema
        self.options = {
            "existing_type": existing_type,
            "existing_server_default": existing_server_default,
            "existing_nullable": existing_nullable,
            "existing_comment": existing_comment,
            "nullable": modify_nullable,
            "comment": modify_comment,
            "server_default": modify_server_default,
            "new_column_name": modify_name,
            "type_": modify_type,
            **kw,
        }

    def _run(self, operations):
        return operations.alter_column(self.table_name, self.column_name, schema=self.schema, **self.options)


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

    def _run(self, operations):
        return operations.drop_index(self.index_name, self.table_name, schema=self.schema, if_exists=self.if_exists, **self.kw)


class DropConstraintOp(_Operation):
    def __init__(self, constraint_name, table_name, type_=None, *, schema=None, if_exists=None, _reverse=None):
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.constraint_type = type_
        self.schema = schema
        self.if_exists = if_exists

    def _run(self, operations):
        options = {} if self.if_exists is None else {"if_exists": self.if_exists}
        return operations.drop_constraint(
            self.constraint_name, self.table_name, type_=self.constraint_type, schema=self.schema, **options
        )


class ExecuteSQLOp(_Operation):
    def __init__(self, sqltext, *, execution_options=None):
        self.sqltext = sqltext
        self.execution_options = execution_options

    def _run(self, operations):
        return operations.execute(self.sqltext)


@Operations.implementation_for(_Operation)
def _run(operations, operation):
    return operation._run(operations)
