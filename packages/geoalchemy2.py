"""Types of GeoAlchemy 2, the indexes that they bring along, and its directives for Alembic."""

import sqlalchemy as sa
from alembic import op as directives
from alembic.operations import BatchOperations, Operations
from sqlalchemy import types
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import func

__modules__ = """
admin admin.dialects alembic_helpers comparator elements exc functions shape types types.dialects utils
"""


class ArgumentError(Exception):
    pass


class _GISType(types.UserDefinedType):
    name = None

    def __init__(
        self,
        geometry_type="GEOMETRY",
        srid=-1,
        dimension=None,
        spatial_index=True,
        use_N_D_index=False,
        use_typmod=None,
        from_text=None,
        name=None,
        nullable=True,
        management=False,
        _spatial_index_reflected=None,
    ):
        super().__init__()
        self.geometry_type = geometry_type.upper() if geometry_type else None
        self.srid = int(srid if srid is not None else -1)
        self.dimension = dimension
        if self.geometry_type:
            ending = {"ZM": 4}.get(self.geometry_type[-2:])
            self.dimension = ending or (3 if self.geometry_type[-1] in "ZM" else 2)
        if name is not None:
            self.name = name
        if from_text is not None:
            self.from_text = from_text
        self.spatial_index = spatial_index
        self.use_N_D_index = use_N_D_index
        self.use_typmod = use_typmod
        self.nullable = nullable
        self.reflected = _spatial_index_reflected
        self.is_recovered = False

    def get_col_spec(self):
        if self.is_recovered:
            return "GEOMETRY"
        if not self.geometry_type:
            return self.name
        return f"{self.name}({self.geometry_type},{self.srid})"

    def __companions__(self, column, table, dialect, created):
        """What is created beside a column: indexes, and statements after `CREATE TABLE`."""
        if not self.nullable:
            column.nullable = False
        else:
            self.nullable = column.nullable is not False
        has_index = self.spatial_index and not self.reflected
        if not created or dialect.name not in ("sqlite", "mysql", "mariadb", "mssql"):
            if self.use_typmod is False and dialect.name == "postgresql" and created:
                raise NotImplementedError(
                    "a spatial column with use_typmod=False is made by AddGeometryColumn(), "
                    "which is not supported here"
                )
            if has_index:
                _add_index(self, column, table)
            return []
        if dialect.name == "mssql":
            raise NotImplementedError("spatial columns of SQL Server are not supported")
        if dialect.name != "sqlite":
            prefix = f"{table.schema}." if table.schema else ""
            add = f"ALTER TABLE {prefix}{table.name} ADD SPATIAL INDEX({column.name});"
            return [sa.DDL(add)] if has_index else []
        if isinstance(self, Raster):
            return []
        self.is_recovered = True
        recover = func.RecoverGeometryColumn(
            table.name,
            column.name,
            self.srid,
            self.geometry_type or "GEOMETRY",
            _dimensions(self),
        )
        made = [sa.select(recover)]
        if has_index:
            made.append(sa.select(func.CreateSpatialIndex(table.name, column.name)))
        return made


def _dimensions(kind):
    if kind.dimension == 4:
        return "XYZM"
    if kind.dimension == 2 or kind.geometry_type is None:
        return "XY"
    return "XYM" if kind.geometry_type.endswith("M") else "XYZ"


def _add_index(kind, column, table):
    name = f"idx_{table.name}_{column.name}"
    if any(index.name == name for index in table.indexes):
        return
    options = {"postgresql_using": "gist"}
    indexed = column
    if isinstance(kind, Raster):
        indexed = func.ST_ConvexHull(column)
        table.append_constraint(sa.Index(name, indexed, **options))
        return
    if kind.use_N_D_index:
        options["postgresql_ops"] = {column.name: "gist_geometry_ops_nd"}
    sa.Index(name, indexed, **options)


@compiles(_GISType, "mysql")
@compiles(_GISType, "mariadb")
def _mysql(element, compiler, **kw):
    spec = element.geometry_type or "GEOMETRY"
    if not element.nullable or element.spatial_index:
        spec += " NOT NULL"
    if element.srid > 0 and compiler.dialect.name != "mariadb":
        spec += f" SRID {element.srid}"
    return spec


@compiles(_GISType, "mssql")
def _mssql(element, compiler, **kw):
    return element.name


class Geometry(_GISType):
    name = "geometry"
    from_text = "ST_GeomFromEWKT"


class Geography(_GISType):
    name = "geography"
    from_text = "ST_GeogFromText"


class Raster(_GISType):
    name = "raster"
    from_text = "raster"

    def __init__(
        self, spatial_index=True, from_text=None, name=None, nullable=True, _spatial_index_reflected=None
    ):
        super().__init__(
            geometry_type=None,
            spatial_index=spatial_index,
            from_text=from_text,
            name=name,
            nullable=nullable,
            _spatial_index_reflected=_spatial_index_reflected,
        )


def include_object(obj, name, obj_type, reflected, compare_to):
    return True


def render_item(obj_type, obj, autogen_context):
    return False


def writer(context, revision, directives):
    return None


def _without_index(column):
    column.type.spatial_index = False
    return column


@Operations.register_operation("create_geospatial_table")
class CreateGeospatialTableOp:
    @classmethod
    def create_geospatial_table(cls, operations, table_name, *columns, **kw):
        return directives.create_table(table_name, *columns, **kw)


@Operations.register_operation("drop_geospatial_table")
class DropGeospatialTableOp:
    @classmethod
    def drop_geospatial_table(cls, operations, table_name, schema=None, **kw):
        if directives.get_bind().dialect.name == "sqlite":
            return directives.execute(f"SELECT DropTable(NULL, '{table_name}')")
        return directives.drop_table(table_name, schema=schema, **kw)


@Operations.register_operation("add_geospatial_column")
class AddGeospatialColumnOp:
    @classmethod
    def add_geospatial_column(cls, operations, table_name, column, schema=None):
        if directives.get_bind().dialect.name != "sqlite":
            return directives.add_column(table_name, _without_index(column), schema=schema)
        kind = column.type
        add = func.AddGeometryColumn(
            table_name, column.name, kind.srid, kind.geometry_type, kind.dimension, not kind.nullable
        )
        return directives.execute(sa.select(add))


@Operations.register_operation("drop_geospatial_column")
class DropGeospatialColumnOp:
    @classmethod
    def drop_geospatial_column(cls, operations, table_name, column_name, schema=None, **kw):
        return directives.drop_column(table_name, column_name, schema=schema, **kw)


@Operations.register_operation("create_geospatial_index")
class CreateGeospatialIndexOp:
    @classmethod
    def create_geospatial_index(
        cls, operations, index_name, table_name, columns, schema=None, unique=False, **kw
    ):
        if directives.get_bind().dialect.name == "sqlite":
            create = func.CreateSpatialIndex(table_name, columns[0])
            return directives.execute(sa.select(create))
        return directives.create_index(
            index_name, table_name, columns, schema=schema, unique=unique, **kw
        )


@Operations.register_operation("drop_geospatial_index")
class DropGeospatialIndexOp:
    @classmethod
    def drop_geospatial_index(
        cls, operations, index_name, table_name=None, column_name=None, schema=None, unique=False, **kw
    ):
        if directives.get_bind().dialect.name == "sqlite":
            drop = func.DisableSpatialIndex(table_name, column_name)
            return directives.execute(sa.select(drop))
        return directives.drop_index(index_name, table_name=table_name, schema=schema, **kw)


class _Element:
    """A value in one of the ways to write a geometry."""

    def __init__(self, data, srid=-1, extended=None):
        self.data = data
        self.srid = srid


class WKTElement(_Element):
    def __clause_element__(self):
        if isinstance(self.data, str) and self.data.upper().startswith("SRID="):
            return func.ST_GeomFromEWKT(self.data).__clause_element__()
        return func.ST_GeomFromText(self.data, self.srid).__clause_element__()


class WKBElement(_Element):
    pass


class RasterElement(_Element):
    pass
