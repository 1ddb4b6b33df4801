"""What Alembic prints for types, directives and models of other packages.

Run with a Python that has alembic 1.20.1, SQLAlchemy 2.1.9 and the packages that are imported below:

    python tests/oracle/package_cases.py > tests/oracle/package_cases.json

A case is the body of an `upgrade()`. What a package cannot do with these versions is left out.
"""

import io
import json
import sys
import warnings

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

DIALECTS = ["postgresql", "sqlite", "mysql", "mssql", "oracle"]

# Imports, and the types that are written with them.
TYPES = {
    'import sqlalchemy_utils': [
        'sqlalchemy_utils.UUIDType',
        'sqlalchemy_utils.UUIDType()',
        'sqlalchemy_utils.types.uuid.UUIDType(binary=False)',
        'sqlalchemy_utils.UUIDType(native=False)',
        'sqlalchemy_utils.UUIDType(binary=False, native=False)',
        "sqlalchemy_utils.types.choice.ChoiceType([('a','b')])",
        "sqlalchemy_utils.ChoiceType([(1,'b')], impl=sa.Integer())",
        'sqlalchemy_utils.EmailType()',
        'sqlalchemy_utils.types.email.EmailType(length=120)',
        'sqlalchemy_utils.types.url.URLType()',
        'sqlalchemy_utils.JSONType()',
        'sqlalchemy_utils.types.json.JSONType',
        'sqlalchemy_utils.ArrowType()',
        'sqlalchemy_utils.types.arrow.ArrowType(timezone=True)',
        'sqlalchemy_utils.types.password.PasswordType(max_length=60)',
        'sqlalchemy_utils.types.password.PasswordType()',
        'sqlalchemy_utils.types.encrypted.encrypted_type.StringEncryptedType()',
        "sqlalchemy_utils.types.encrypted.encrypted_type.StringEncryptedType(sa.Unicode, 'k', length=255)",
        "sqlalchemy_utils.EncryptedType(sa.String, 'x')",
        "sqlalchemy_utils.types.ts_vector.TSVectorType('a','b',weights={'a':'A'})",
        'sqlalchemy_utils.TSVectorType()',
        'sqlalchemy_utils.LtreeType',
        'sqlalchemy_utils.types.ltree.LtreeType()',
        'sqlalchemy_utils.types.scalar_list.ScalarListType()',
        'sqlalchemy_utils.ScalarListType(int)',
        'sqlalchemy_utils.types.ip_address.IPAddressType(length=50)',
        'sqlalchemy_utils.IPAddressType()',
        'sqlalchemy_utils.IPAddressType(30)',
        "sqlalchemy_utils.types.phone_number.PhoneNumberType(region='FR', max_length=25)",
        'sqlalchemy_utils.PhoneNumberType()',
        'sqlalchemy_utils.CurrencyType()',
        'sqlalchemy_utils.CountryType',
        'sqlalchemy_utils.LocaleType()',
        "sqlalchemy_utils.TimezoneType(backend='pytz')",
        'sqlalchemy_utils.types.color.ColorType()',
        'sqlalchemy_utils.WeekDaysType()',
        'sqlalchemy_utils.types.bit.BitType(4)',
        'sqlalchemy_utils.types.enriched_datetime.EnrichedDateTimeType',
        'sqlalchemy_utils.IntRangeType()',
        'sqlalchemy_utils.DateRangeType()',
        'sqlalchemy_utils.NumericRangeType()',
        'sqlalchemy_utils.DateTimeRangeType()',
        'sqlalchemy_utils.Int8RangeType()',
        "sqlalchemy_utils.CompositeType('money', [sa.Column('a', sa.Integer)])",
    ],
    'import sqlmodel': [
        'sqlmodel.AutoString()',
        'sqlmodel.sql.sqltypes.AutoString(length=40)',
        'sqlmodel.sql.sqltypes.AutoString',
        'sqlmodel.sql.sqltypes.UTCDateTime()',
        'sqlmodel.Integer()',
    ],
    'import fastapi_users_db_sqlalchemy': [
        'fastapi_users_db_sqlalchemy.generics.GUID()',
        'fastapi_users_db_sqlalchemy.generics.TIMESTAMPAware(timezone=True)',
    ],
    'import fastapi_utils.guid_type': [
        'fastapi_utils.guid_type.GUID()',
    ],
    'import pgvector.sqlalchemy': [
        'pgvector.sqlalchemy.Vector(3)',
        'pgvector.sqlalchemy.Vector(dim=1536)',
        'pgvector.sqlalchemy.vector.VECTOR()',
        'pgvector.sqlalchemy.HALFVEC(4)',
        'pgvector.sqlalchemy.SPARSEVEC(9)',
        'pgvector.sqlalchemy.BIT(3)',
    ],
    'import citext': [
        'citext.CIText()',
    ],
    'import sqlalchemy_json\nimport sqlalchemy.dialects.postgresql': [
        'sqlalchemy_json.MutableJson',
        'sqlalchemy_json.NestedMutableJson',
        'sqlalchemy_json.mutable_json_type(dbtype=sa.dialects.postgresql.JSONB, nested=True)',
    ],
    'import sqlalchemy_jsonfield': [
        'sqlalchemy_jsonfield.JSONField()',
        'sqlalchemy_jsonfield.jsonfield.JSONField(enforce_string=True, enforce_unicode=False)',
        'sqlalchemy_jsonfield.mutable_json_field()',
    ],
    'from oslo_db.sqlalchemy import types': [
        'types.JsonEncodedDict()',
        'types.JsonEncodedDict(mysql_as_long=True)',
        'types.JsonEncodedList',
        'types.SoftDeleteInteger()',
    ],
    'import advanced_alchemy.types\nfrom advanced_alchemy.types import GUID, BigIntIdentity, JsonB, EncryptedString, EncryptedText, ORA_JSONB': [
        'advanced_alchemy.types.GUID(length=16)',
        'GUID(binary=False)',
        'advanced_alchemy.types.DateTimeUTC(timezone=True)',
        'BigIntIdentity',
        'JsonB',
        "EncryptedString('k')",
        "EncryptedText('k')",
        'ORA_JSONB()',
    ],
}

BODIES = [
    """import uuid
import sqlalchemy_utils
t=op.create_table('t', sa.Column('a', sqlalchemy_utils.UUIDType(binary=False)), sa.Column('b', sqlalchemy_utils.JSONType()), sa.Column('l', sqlalchemy_utils.ScalarListType()))
op.bulk_insert(t,[{'a':uuid.UUID(int=5),'b':{'x':1},'l':[1,2]}])
op.execute(t.insert().values(l=['a','b']))
op.execute(t.update().values(l=['a','b']).where(t.c.l == ['x']))""",
    """import uuid
import fastapi_users_db_sqlalchemy.generics as g
t=sa.table('t', sa.column('a', g.GUID()))
op.execute(t.insert().values(a=uuid.UUID(int=5)))
op.bulk_insert(t,[{'a':uuid.UUID(int=5)}])
op.execute(t.update().values(a=uuid.UUID(int=6)).where(t.c.a == uuid.UUID(int=5)))
op.execute(t.delete().where(t.c.a.in_([uuid.UUID(int=5)])))""",
    """import uuid
from pgvector.sqlalchemy import Vector
op.create_index('i','t',['v'],postgresql_using='hnsw',postgresql_with={'m':16,'ef_construction':64},postgresql_ops={'v':'vector_l2_ops'})
t=sa.table('t', sa.column('v', Vector(2)))
op.execute(t.insert().values(v=[1,2]))""",
    """import uuid
from oslo_db.sqlalchemy import types
t=sa.table('t', sa.column('a', types.SoftDeleteInteger()), sa.column('d', types.JsonEncodedDict()))
op.execute(t.insert().values(a=True, d={'a':1}))
op.execute(t.insert().values(d=None))
op.execute(t.update().values(a=False).where(t.c.a==True))
op.bulk_insert(t,[{'a':False,'d':None}])""",
    """import uuid

class T(sa.TypeDecorator):
    impl = sa.String
    def process_bind_param(self, value, dialect):
        return None if value is None else value.upper()

t=sa.Table('t', sa.MetaData(), sa.Column('a', T(10)), sa.Column('n', sa.Integer))
op.execute(t.insert().values(a='x'))
op.execute(t.insert().values([{'a':'x','n':1},{'a':None,'n':2}]))
op.execute(t.update().where(t.c.a=='x').values({t.c.a:'y'}))
op.execute(t.update().where(t.c.a.in_(['x','y'])).values(a=sa.func.lower(t.c.a)))
op.execute(t.delete().where(t.c.a != 'x').where(sa.or_(t.c.a == None, t.c.a > 'q')))
op.execute(sa.select(sa.case((t.c.a == 'x', 1), else_=2)).where(t.c.a.between('a','b')))
op.execute(sa.select(sa.cast('x', T(5)), sa.literal('q', T())))
op.execute(t.insert().from_select(['a'], sa.select(sa.literal('x', T()))))
op.execute(sa.text('update t set a=:a').bindparams(sa.bindparam('a', 'x', type_=T())))
op.execute(t.update().values(a=sa.bindparam('q', 'v', type_=T())))
op.add_column('t', sa.Column('z', T(3), server_default='abc'))""",
    """import uuid

class T(sa.TypeDecorator):
    impl = sa.String
    def process_literal_param(self, value, dialect):
        return 'lit' + value
    def process_bind_param(self, value, dialect):
        return 'bind' + value

t=sa.Table('t', sa.MetaData(), sa.Column('a', T(10)), sa.Column('n', sa.Integer))
op.execute(t.insert().values(a='x'))
op.bulk_insert(t,[{'a':'x'}])""",
    """import geoalchemy2
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('g', geoalchemy2.types.Geometry(geometry_type='POINT', srid=4326), nullable=True))""",
    """import geoalchemy2
op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('g', geoalchemy2.types.Geometry(geometry_type='POINT', srid=4326, from_text='ST_GeomFromEWKT', name='geometry', spatial_index=False), nullable=False), schema='s')""",
    """import geoalchemy2
op.add_column('t', sa.Column('g', geoalchemy2.Geography('POLYGON', 4326, use_N_D_index=True)))""",
    """import geoalchemy2
op.add_column('t', sa.Column('g', geoalchemy2.Raster(), nullable=False), schema='s')""",
    """import geoalchemy2
op.create_table('t', sa.Column('g', geoalchemy2.Geometry('POINT', 4326, use_typmod=False)))
op.drop_table('t')""",
    """import geoalchemy2
op.alter_column('t', 'c', type_=geoalchemy2.Geometry(geometry_type=None), existing_type=sa.Text())
op.drop_column('t','g')""",
    """import geoalchemy2
op.create_index('idx_t_g', 't', ['g'], postgresql_using='gist')
op.drop_index('idx_t_g', table_name='t', postgresql_using='gist')""",
    """import geoalchemy2
from geoalchemy2 import alembic_helpers
op.create_geospatial_table('t', sa.Column('id', sa.Integer), sa.Column('g', geoalchemy2.Geometry('POINT', 4326)))
op.create_geospatial_index('idx_t_g', 't', ['g'], unique=False, postgresql_using='gist', postgresql_ops={})
op.add_geospatial_column('t', sa.Column('h', geoalchemy2.Geometry('POINT', 4326, spatial_index=False)))
op.drop_geospatial_index('idx_t_g', table_name='t', postgresql_using='gist', column_name='g')
op.drop_geospatial_column('t','h')
op.drop_geospatial_table('t')""",
    """import geoalchemy2
t=op.create_table('t', sa.Column('g', geoalchemy2.Geometry('POINT', 4326)))
op.bulk_insert(t,[{'g':'POINT(1 2)'}])
op.execute(t.insert().values(g='SRID=4326;POINT(1 2)'))
op.execute(t.update().values(g=geoalchemy2.functions.ST_MakePoint(1,2)))
op.execute(t.update().values(g=geoalchemy2.WKTElement('POINT(1 2)', srid=4326)))""",
    """from alembic_utils.pg_function import PGFunction
f=PGFunction(schema='public',signature='toUpper(some_text text default \\'x\\', n int)',definition="returns text as $$ begin x := y::text; a:b; end $$ language plpgsql;")
op.create_entity(f)
op.replace_entity(f)
op.drop_entity(f)
op.drop_entity(f, cascade=True)""",
    """from alembic_utils.pg_function import PGFunction
f=PGFunction(schema='public',signature='f()',definition="returns text as\\n $$ select 'a:b'::text $$ language SQL")
op.create_entity(f)
op.drop_entity(f)""",
    """from alembic_utils.pg_view import PGView
f=PGView(schema='public',signature='v',definition="select 1 as a,\\n 'x:y'::text;")
op.create_entity(f)
op.replace_entity(f)
op.drop_entity(f)""",
    """from alembic_utils.pg_materialized_view import PGMaterializedView
f=PGMaterializedView(schema='public',signature='v',definition="select 1 as a", with_data=False)
op.create_entity(f)
op.replace_entity(f)
op.drop_entity(f)""",
    """from alembic_utils.pg_trigger import PGTrigger
f=PGTrigger(schema='public',signature='tr',on_entity='public.t',definition="BEFORE INSERT OR UPDATE ON public.t\\nFOR EACH ROW EXECUTE FUNCTION public.f()")
op.create_entity(f)
op.replace_entity(f)
op.drop_entity(f)
f=PGTrigger(schema='s',signature='tr',on_entity='t',is_constraint=True,definition="AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()")
op.create_entity(f)
op.drop_entity(f)""",
    """from alembic_utils.pg_extension import PGExtension
f=PGExtension(schema='public',signature='uuid-ossp')
op.create_entity(f)
op.drop_entity(f, cascade=True)""",
    """from alembic_utils.pg_policy import PGPolicy
f=PGPolicy(schema='public',signature='p',on_entity='t',definition='for all using (true)')
op.create_entity(f)
op.replace_entity(f)
op.drop_entity(f)""",
    """from alembic_utils.pg_grant_table import PGGrantTable, PGGrantTableChoice
f=PGGrantTable(schema='public',table='t',role='anon',grant=PGGrantTableChoice.SELECT,columns=['b','a'])
op.create_entity(f)
op.replace_entity(f)
op.drop_entity(f)
f=PGGrantTable(schema='public',table='t',role='anon',grant='DELETE',with_grant_option=True)
op.create_entity(f)""",
    """from alembic_postgresql_enum import TableReference
op.sync_enum_values(enum_schema='public',enum_name='en',new_values=['a','b'],affected_columns=[TableReference(table_schema='public',table_name='t',column_name='c'),TableReference(table_schema='public',table_name='t',column_name='d',existing_server_default="'a'::en")],enum_values_to_rename=[])""",
    """from alembic_postgresql_enum import TableReference, ColumnType
from alembic_postgresql_enum.sql_commands.indexes import TableIndex
op.sync_enum_values(enum_schema='public',enum_name='en',new_values=['a','b'],affected_columns=[TableReference('t','c',existing_server_default="'x'::en"),TableReference(table_schema='s',table_name='t',column_name='d',column_type=ColumnType.ARRAY,existing_server_default="ARRAY['x'::en]")],enum_values_to_rename=[('x','a'),('y','b')],indexes_to_recreate=[TableIndex(name='public.ix',definition="CREATE INDEX ix ON t (c) WHERE c = 'x'::en")])
op.add_enum_value(enum_schema='public',enum_name='en',new_value='z')
op.add_enum_value(enum_schema='public',enum_name='en',new_value='z',before_value='q')""",
    """op.sync_enum_values('public','en',['a'],[('t','c')])""",
    """from flask_sqlalchemy import SQLAlchemy
db=SQLAlchemy()
t=db.Table('m', db.Column('a', db.Integer, db.ForeignKey('blog_post.id')))
class BlogPost(db.Model):
    id=db.Column(db.Integer, primary_key=True)
    title=db.Column(db.String(80), unique=True, nullable=False)
class HTTPLog2(db.Model):
    id=db.Column(db.Integer, primary_key=True)
class Sub(BlogPost):
    extra=db.Column(db.Text)
class Joined(BlogPost):
    id=db.Column(db.ForeignKey('blog_post.id'), primary_key=True)
class Named(db.Model):
    __tablename__='nn'
    __bind_key__='other'
    id=db.Column(db.BigInteger, primary_key=True)
class Abs(db.Model):
    __abstract__=True
    z=db.Column(db.Integer)
class Conc(Abs):
    id=db.Column(db.Integer, primary_key=True)
b=op.get_bind()
for m in (BlogPost,HTTPLog2,Joined,Named,Conc): m.__table__.create(b)
t.create(b)
op.execute(BlogPost.__table__.insert().values(title='x'))
op.execute(sa.update(BlogPost).values(title='y').where(BlogPost.id==1))""",
    """from flask_appbuilder import Model
from flask_appbuilder.models.mixins import AuditMixin
class My(Model, AuditMixin):
    __tablename__='my'
    id=sa.Column(sa.Integer, primary_key=True)
    n=sa.Column(sa.String(5))
My.__table__.create(op.get_bind())""",
    """from authlib.integrations.sqla_oauth2 import OAuth2ClientMixin, OAuth2TokenMixin
from sqlalchemy.orm import declarative_base
Base=declarative_base()
class C(Base, OAuth2ClientMixin):
    __tablename__='c'
    id=sa.Column(sa.Integer, primary_key=True)
class T(Base, OAuth2TokenMixin):
    __tablename__='t'
    id=sa.Column(sa.Integer, primary_key=True)
for m in (C,T): m.__table__.create(op.get_bind())""",
    """from sqlalchemy_utils import Timestamp
from sqlalchemy.orm import declarative_base
Base=declarative_base()
class C(Base, Timestamp):
    __tablename__='c'
    id=sa.Column(sa.Integer, primary_key=True)
C.__table__.create(op.get_bind())""",
    """from sqlmodel import SQLModel, Field
from typing import Optional
class Hero(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True, max_length=40)
    age: Optional[int] = None
Hero.__table__.create(op.get_bind())""",
    """from sqlalchemy_utils.view import CreateView, DropView
op.execute(CreateView('v', sa.select(sa.literal_column('1'))))
op.execute(DropView('v'))""",
    """from sqlalchemy_utils import CompositeType
from sqlalchemy_utils.types.pg_composite import CreateCompositeType
c=CompositeType('money_t',[sa.Column('a',sa.Integer),sa.Column('b',sa.String(3))])
op.execute(CreateCompositeType(c))
op.add_column('t',sa.Column('m',c))""",
]


def typed(imports, kind):
    return (
        f"{imports}\nop.create_table('t', sa.Column('c', {kind}))"
        f"\nop.add_column('t', sa.Column('d', {kind}, nullable=False))"
        f"\nop.alter_column('t', 'c', type_={kind}, existing_type=sa.Integer())"
    )


def printed(body, dialect):
    buffer = io.StringIO()
    options = {"as_sql": True, "literal_binds": True, "output_buffer": buffer}
    context = MigrationContext.configure(dialect_name=dialect, opts=options)
    with Operations.context(context):
        exec(body, {})
    return buffer.getvalue()


def main():
    warnings.simplefilter("ignore")
    bodies = [typed(imports, kind) for imports, kinds in TYPES.items() for kind in kinds]
    cases = []
    for body in bodies + BODIES:
        body = "import sqlalchemy as sa\nfrom alembic import op\n" + body
        case = {"python": body}
        for dialect in DIALECTS:
            try:
                case[dialect] = printed(body, dialect)
            except Exception as error:
                print(dialect, repr(error)[:200], body.splitlines()[3:5], file=sys.stderr)
        cases.append(case)
    json.dump(cases, sys.stdout, indent=1)
    print()


main()
