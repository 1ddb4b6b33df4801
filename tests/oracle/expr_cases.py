"""Writes expr_cases.json: what SQLAlchemy 2.1.9 makes of each expression below, per dialect.

Run with a Python that has alembic 1.20.1 and SQLAlchemy 2.1.9:  python expr_cases.py
"""

import json
import pathlib
import warnings

from sqlalchemy.engine import make_url

DIALECTS = ["postgresql", "sqlite", "mysql", "mariadb", "mssql", "oracle"]

PREAMBLE = '''\
import datetime
import decimal
import uuid
import enum
import sqlalchemy as sa
from sqlalchemy import (
    ARRAY, JSON, BigInteger, Boolean, Column, Date, DateTime, Float, ForeignKey, Integer, Interval,
    MetaData, Numeric, String, Table, Text, Time, Uuid,
    and_, or_, not_, func, case, cast, literal, literal_column, null, true, false, text, select,
    insert, update, delete, bindparam, distinct, exists, extract, union, union_all, desc, asc,
    nulls_first, nulls_last, tuple_, type_coerce, collate, between, any_, all_, intersect, except_,
    values, lateral, try_cast, over, within_group, label, column, table,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, array

account = table("account", column("id", Integer), column("name", String), column("n", Integer),
                column("active", Boolean), column("created", DateTime), column("data", JSON))
other = table("other", column("id", Integer), column("account_id", Integer), column("value", String),
              schema="s")
bare = table("bare", column("a"), column("b"))
quoted = table("Order", column("Id", Integer), column("group", String))
meta = MetaData()
users = Table("users", meta, Column("id", Integer, primary_key=True), Column("name", String(50)),
              Column("score", Float), Column("active", Boolean), Column("made", DateTime),
              Column("doc", JSONB), Column("tags", postgresql.ARRAY(String)))
posts = Table("posts", meta, Column("id", Integer, primary_key=True),
              Column("user_id", Integer, ForeignKey("users.id")), Column("title", String(10)),
              Column("d", Date), Column("price", Numeric(10, 2)), Column("uid", Uuid))
x = column("x")
i = column("i", Integer)
j = column("j", Integer)
s = column("s", String)
z = column("z", String)
f = column("f", Boolean)
d = column("d", Date)
dt = column("dt", DateTime)
js = column("js", JSON)
jb = column("jb", JSONB)
arr = column("arr", postgresql.ARRAY(Integer))
'''

CASES = {}


def group(name, text):
    for number, line in enumerate(part for part in text.strip().split("\n") if part.strip()):
        CASES[f"{name}_{number + 1:02}"] = line.strip()


group("operator", """
i + 1
i - 1
1 + i
10 - i
i * 2
i / 2
i / j
i // 2
i % 3
-i
-(i + 1)
(i + 1) * 2
i + 1 + j + 2
i - 1 - j
i - (1 - j)
(i - 1) * (j + 2) / 3
i ** 2
s + 'a'
'a' + s
s + z + 'q'
s.concat('x')
x + 'a'
x + 1
x + x
s + i
i == 1
i != 1
i < 1
i <= 1
i > 1
i >= 1
1 < i
i == None
i != None
i == j
i.is_(None)
i.is_not(None)
i.isnot(None)
i.is_(null())
f.is_(True)
f.is_(False)
f == True
f == False
f != True
f.is_(true())
f == true()
i.is_distinct_from(1)
i.is_not_distinct_from(None)
i.isnot_distinct_from(j)
~(i == 1)
~(i > 1)
~f
~i
~(i + 1)
not_(i == 1)
not_(and_(i == 1, j == 2))
not_(or_(i == 1, j == 2))
not_(not_(i == 1))
not_(f)
not_(s.like('x'))
(i == 1) & (j == 2)
(i == 1) | (j == 2)
(i == 1) & (j == 2) | (s == 'x')
(i == 1) & ((j == 2) | (s == 'x'))
and_(i == 1, or_(j == 2, s == 'x'))
or_(and_(i == 1, j == 2), s == 'x')
and_(i == 1, and_(j == 2, s == 'x'))
and_(True, i == 1)
and_(False, i == 1)
or_(False, i == 1)
or_(True, i == 1)
and_(true(), f)
and_(f, i == 1)
or_(f, ~f)
and_(True)
and_(i == 1)
and_(f)
and_(text("a = 1"), i == 2)
or_(text("a = 1 OR b = 2"), i == 2)
and_(*[i == 1, j == 2])
i == (j == 2)
(i == j) == f
i.bitwise_and(1)
i.bitwise_or(1)
i.bitwise_xor(1)
i.bitwise_not()
i.bitwise_lshift(1)
i.bitwise_rshift(1)
i.op('&')(1)
i.op('&')(1) == 2
i.op('->>')('a')
s.op('~')('^a')
s.op('~*')('^a') & (i == 1)
i.op('+')(j).op('-')(1)
i.bool_op('@@')(1)
~i.bool_op('@@')(1)
i.op('@@', is_comparison=True)(1) & f
i.op('#', precedence=5)(j) + 1
i.op('&')(1 + j)
(i & 1)
""")

group("string", """
s == 'x'
s == "it's"
s == 'a%b'
s == 'a\\\\b'
s == 'é'
s == ':x'
s.like('a%')
s.like('a/%', escape='/')
s.not_like('a%')
s.notlike('a%')
s.ilike('A%')
s.not_ilike('A%')
~s.ilike('A%')
s.ilike('a/%', escape='/')
s.contains('x')
s.contains('a%b', autoescape=True)
s.contains('x', escape='^')
~s.contains('x')
s.icontains('x')
s.startswith('x')
s.startswith('a_b', autoescape=True)
~s.startswith('x')
s.istartswith('x')
s.endswith('x')
s.iendswith('x')
s.endswith(z)
s.contains(z)
s.contains('x') & (i == 1)
s.contains('x') == True
func.lower(s).contains('x')
s.match('x')
~s.match('x')
s.regexp_match('^a')
s.regexp_match('^a', flags='i')
~s.regexp_match('^a')
s.regexp_replace('a', 'b')
s.regexp_replace('a', 'b', flags='g')
s.collate('C')
s.collate('utf8_bin') == 'x'
collate(s, 'de_DE')
s.collate('C').desc()
(s + z).like('x')
s.like('x') == False
s.concat(z).concat('q')
s.between('a', 'b')
between(i, 1, 5)
~i.between(1, 5)
i.between(1, 5) & f
i.between(j, j + 1)
i.between(1, 5, symmetric=True)
""")

group("in", """
i.in_([1, 2, 3])
i.in_((1,))
i.in_([])
i.not_in([1, 2])
i.notin_([])
~i.in_([1])
~i.in_([])
s.in_(['a', "b'c"])
s.in_([None, 'a'])
x.in_([1, 'a'])
x.in_(['a'])
i.in_([j, 1])
i.in_(select(account.c.id))
i.not_in(select(account.c.id).where(account.c.n > 1))
i.in_(text("(1, 2)"))
i.in_(text("SELECT 1"))
i.in_(bindparam('q', [1, 2], expanding=True))
i.in_(bindparam('q', expanding=True, value=['a']))
tuple_(i, j).in_([(1, 2), (3, 4)])
tuple_(i, s).in_([])
tuple_(i, j) == tuple_(1, 2)
i.in_(select(account.c.id)) & (j == 1)
i.in_([1, 2]) & i.not_in([3])
(i + 1).in_([1])
i.in_({1})
i.in_(range(3))
d.in_([datetime.date(2020, 1, 1)])
func.lower(s).in_(['a'])
i.in_(None)
i.in_(1)
f.in_([True, False])
""")

group("literal", """
literal(1)
literal('a')
literal(None)
literal(True)
literal(1.5)
literal(decimal.Decimal('1.50'))
literal(datetime.date(2020, 1, 2))
literal(datetime.datetime(2020, 1, 2, 3, 4, 5, 6))
literal(datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc))
literal(datetime.time(3, 4, 5))
literal(datetime.timedelta(days=1))
literal(uuid.UUID('12345678123456781234567812345678'))
literal(b'x')
literal([1, 2])
literal({'a': 1})
literal('a', String)
literal(1, BigInteger)
literal('1', Integer)
literal(1, String)
literal(2, Boolean)
literal('2020', Date)
literal(['a'], postgresql.ARRAY(String))
literal([1], ARRAY(Integer))
literal('x') + 'y'
literal(1) + 1
literal(1) == 2
literal_column("a + b")
literal_column("a + b") + 1
literal_column("'x'", String) + 'y'
literal_column("a %% b")
null()
true()
false()
dt == datetime.datetime(2020, 1, 1)
dt > '2020-01-01'
d == '2020-01-01'
d == datetime.date(2020, 1, 1)
d + 1
d - d
d + datetime.timedelta(days=1)
dt - datetime.timedelta(hours=1)
i == '1'
i == 1.5
i == True
s == 1
s == True
f == 1
x == 1
x == 'a'
x == datetime.date(2020, 1, 1)
column('u', Uuid) == uuid.UUID('12345678123456781234567812345678')
column('u', Uuid) == '12345678-1234-5678-1234-567812345678'
column('u', postgresql.UUID) == '12345678-1234-5678-1234-567812345678'
column('u', postgresql.UUID(as_uuid=False)) == 'abc'
column('e', sa.Enum('a', 'b', name='e')) == 'a'
column('n', Numeric) == decimal.Decimal('1.1')
column('n', Numeric) == 1
column('n', Float) == 1
bindparam('q', 5)
bindparam('q')
bindparam('q', type_=Integer)
bindparam('q', 'a', String)
bindparam('q', value=None)
i == bindparam('q', 5)
i == bindparam('q', 'x')
i == bindparam('q')
i == null()
text("a = :b")
text("a = :b AND c = ':d' AND e = '12:30' AND f::text = 'x'")
text("a = :b").bindparams(b=5)
text("a = :b AND c = :c").bindparams(b="it's", c=None)
text("a = :b").bindparams(bindparam('b', 7))
text("a = :b").bindparams(bindparam('b', type_=String)).bindparams(b='q')
text("a IN :b").bindparams(bindparam('b', [1, 2], expanding=True))
text("a IN :b").bindparams(bindparam('b', expanding=True)).bindparams(b=['x', 'y'])
text("a IN :b").bindparams(b=(1, 2))
text("a = '\\\\:b' AND c = \\\\:d")
text("SELECT '50%' || :x").bindparams(x='100%')
text("a = :missing").bindparams(b=1)
text("d = :d").bindparams(d=datetime.datetime(2020, 1, 1))
text("a = :b").params(b=3)
""")

group("function", """
func.now()
func.current_timestamp()
func.current_date()
func.current_user()
func.localtimestamp()
func.random()
func.count()
func.count(i)
func.count('*')
func.count(distinct(i))
func.count(i.distinct())
func.coalesce(s, 'x')
func.coalesce(s, z, None)
func.coalesce(i, 0) + 1
func.max(i)
func.max(i) + 1
func.min(s) + 'x'
func.sum(i)
func.lower(s) == 'x'
func.lower(s)
func.Lower(s)
func.LOWER('X')
func.char_length(s)
func.length(s)
func.concat(s, '-', z)
func.substring(s, 1, 3)
func.substr(s, 1)
func.replace(s, 'a', 'b')
func.pow(i, 2)
func.foo()
func.foo(1, 'a', None, True)
func.foo(i + 1, i == 1)
func.pkg.foo(1)
func.a.b.c(1)
func.foo(s, type_=Integer) + 1
func.foo(s) + 'x'
func.foo(s) == 1
func.foo(s.contains('x'))
func.foo(select(account.c.id).scalar_subquery())
func.foo(select(account.c.id))
func.array_agg(i)
func.array_agg(aggregate_order_by(i, j.desc()))
func.string_agg(s, ',')
func.string_agg(s, aggregate_order_by(literal_column("','"), s))
func.aggregate_strings(s, ',')
func.json_build_object('a', i)
func.jsonb_set(jb, '{a}', '1')
func.count().filter(i > 1)
func.count(i).filter(i > 1, j < 2)
func.row_number().over(order_by=i)
func.row_number().over(partition_by=s, order_by=i.desc())
func.row_number().over(partition_by=[s, z], order_by=[i, j])
func.sum(i).over()
func.sum(i).over(order_by=i, rows=(None, 0))
func.sum(i).over(order_by=i, range_=(-5, 10))
func.sum(i).over(order_by=i, rows=(1, None))
func.rank().over(order_by=i) == 1
func.percentile_cont(0.5).within_group(i)
func.percentile_cont(0.5).within_group(i.desc())
func.mode().within_group(s)
func.date_trunc('day', dt)
func.to_char(dt, 'YYYY')
func.gen_random_uuid()
func.uuid_generate_v4()
func.cast(s, Integer)
func.cast(s)
func.any(arr)
func.now() - datetime.timedelta(days=1)
func.current_timestamp() + datetime.timedelta(days=1)
func.group_concat(s)
func.if_(i == 1, 2, 3)
func.REGEXP(s)
func.user()
func.cube(i, j)
func.f(i).label('q')
func.unnest(arr)
func.nextval('seq')
func.setval('seq', func.max(i))
func.mixedCase(s)
func.next_value(sa.Sequence('my_seq'))
sa.Sequence('my_seq').next_value()
sa.Sequence('my_seq', schema='s').next_value()
sa.sql.functions.now()
sa.sql.functions.count(i)
sa.sql.functions.coalesce(s, 'x')
func.round(i, 2)
func.timezone('utc', func.now())
func.date(dt) == datetime.date(2020, 1, 1)
-func.count()
func.foo(*[1, 2])
func.foo(text("x"))
func.foo(literal_column("x"))
func.foo(array([1, 2]))
func.exists(select(account.c.id))
""")

group("construct", """
cast(i, String)
cast(i, String(10))
cast('1', Integer)
cast(None, Integer)
cast(i, Numeric(10, 2))
cast(i, BigInteger)
cast(s, Boolean)
cast(s, JSONB)
cast(s, JSON)
cast(s, postgresql.UUID)
cast(s, DateTime)
cast(s, postgresql.ARRAY(String))
cast(func.foo(i), Integer) + 1
cast(s, Text) == 'x'
i.cast(String) + 'x'
cast(i + 1, String)
cast("a", String) + "b"
try_cast(s, Integer)
type_coerce(s, Integer) + 1
type_coerce(s, Integer)
extract('year', dt)
extract('epoch', dt) + 1
extract('month', func.now())
case((i == 1, 'a'))
case((i == 1, 'a'), else_='b')
case((i == 1, 'a'), (i == 2, 'b'), else_=s)
case((i == 1, 1), else_=None)
case((i == 1, null()), else_=0)
case({1: 'a', 2: 'b'}, value=i)
case({'x': 1}, value=s, else_=0)
case((f, 1), else_=0)
case((f == True, true()), else_=false())
case((i == 1, literal_column("'x'")), else_=literal_column("'y'"))
case((i == 1, text("'x'")), else_=text("y"))
case((and_(i == 1, j == 2), 1))
case((i == 1, 'a'), else_='b') == 'a'
case((i == 1, 2), else_=3) + 1
case((i.in_([1, 2]), 'a'), else_=cast(s, Text))
case([(i == 1, 'a')], else_='b')
i.label('q')
(i + 1).label('q')
i.label('q') + 1
i.label('q') == 1
i.asc()
i.desc()
desc(i)
asc('x')
desc('x')
nulls_last(i.desc())
i.desc().nulls_first()
i.nullslast()
distinct(i)
tuple_(i, j)
tuple_(i, 1) > tuple_(j, 'a')
array([1, 2, 3])
array(['a', s])
array([])
array([i, j]) + array([1])
array([1, 2])[1]
arr[1]
arr[1:2]
arr == [1, 2]
arr.any(5)
arr.contains([1])
arr.contained_by([1])
arr.overlap(array([1]))
arr + [1]
arr.op('||')(array([3]))
i == any_(arr)
i == all_(arr)
i == func.any(arr)
any_(arr) == 5
i != any_(array([1, 2]))
i == any_(select(account.c.id).scalar_subquery())
js['a']
js['a']['b']
js[1]
js[('a', 'b')]
js['a'].as_string()
js['a'].as_integer()
js['a'].as_boolean()
js['a'].as_float()
js['a'].as_json()
js['a'].as_string() == 'x'
js['a'] == 'x'
js.is_(None)
js == None
jb['a']
jb['a'].astext
jb['a'].astext == 'x'
jb['a'].astext.cast(Integer) == 1
jb['a']['b'].astext
jb[('a', 'b')].astext
jb.contains({'a': 1})
jb.contains('{"a": 1}')
jb.contains(cast('{"a": 1}', JSONB))
jb.has_key('a')
jb.has_any(array(['a', 'b']))
jb.has_all(array(['a']))
jb.contained_by(cast('{}', JSONB))
jb.op('->>')('a') == 'x'
jb.op('?')('a')
jb.path_exists('$.a')
jb - 'a'
jb + jb
jb.op('||')(cast('{}', JSONB))
cast(jb, Text).like('%a%')
func.jsonb_array_length(jb) > 0
func.jsonb_array_length(jb['a']) > 0
jb['a'].astext.is_(None)
jb['a'].is_(None)
sa.column('a').is_(None)
sa.sql.column('a') == 1
exists(select(account.c.id))
exists().where(account.c.id == 1)
exists(account.c.id).where(account.c.id == 1)
~exists(select(account.c.id))
select(account.c.id).exists()
~select(account.c.id).where(account.c.n == 1).exists()
exists(1).where(account.c.id == 1)
select(account.c.id).scalar_subquery()
select(account.c.id).scalar_subquery() + 1
select(account.c.id).as_scalar()
select(account.c.id).scalar_subquery().label('q')
values(column('a', Integer), column('b', String), name='v').data([(1, 'x'), (2, 'y')])
""")

group("select", """
select(account)
select(account.c.id)
select(account.c.id, account.c.name).where(account.c.n > 1)
select(account.c.id).where(account.c.n > 1, account.c.name == 'a')
select(account.c.id).where(account.c.n > 1).where(or_(account.c.id == 1, account.c.id == 2))
select(account.c.id).where(account.c.active)
select(account.c.id).where(~account.c.active)
select(account.c.id).where(not_(account.c.active), account.c.n == 1)
select(account.c.id).where(true())
select(account.c.id).where(false())
select(account.c.id).where(True)
select(account.c.id).where(text("n > 1"))
select(account.c.id).where(text("n > :q").bindparams(q=3))
select(1)
select(literal(1))
select(literal('a').label('b'))
select(text('1'))
select(text('a'), text('b')).select_from(text('t'))
select(text('*')).select_from(account)
select('*')
select(literal_column('1'))
select(literal_column("'x'").label('q'), account.c.id)
select(func.count()).select_from(account)
select(func.count(account.c.id))
select(func.count('*')).select_from(account)
select(func.max(account.c.id), func.max(account.c.n))
select(func.max(account.c.id).label('m')).group_by(account.c.n).having(func.max(account.c.id) > 1)
select(account.c.id + 1)
select(account.c.id + 1, account.c.id + 2)
select((account.c.id + 1).label('p'), account.c.id == 1)
select(cast(account.c.id, String))
select(cast(account.c.id, String), cast(account.c.id, Integer))
select(account.c.id.cast(String).label('x'))
select(account.c.id, other.c.id)
select(account.c.id, account.c.id)
select(account, other).where(account.c.id == other.c.account_id)
select(account.c.id).order_by(account.c.id)
select(account.c.id).order_by(account.c.id.desc(), account.c.name)
select(account.c.id).order_by('id')
select(account.c.id).order_by(desc('id'))
select(account.c.id.label('q')).order_by('q')
select(account.c.id.label('q')).order_by(desc('q'))
select((account.c.id + 1).label('q')).order_by((account.c.id + 1).label('q'))
select(account.c.id).order_by(text('id DESC'))
select(account.c.id).order_by('nope')
select(account.c.n, func.count(account.c.id).label('c')).group_by(account.c.n).order_by(func.count(account.c.id))
select(account.c.n).group_by('n')
select(account.c.n).group_by(account.c.n, account.c.name)
select(account.c.n).group_by(text('1'))
select(account.c.id).limit(5)
select(account.c.id).offset(5)
select(account.c.id).limit(5).offset(10)
select(account.c.id).order_by(account.c.id).limit(5).offset(10)
select(account.c.id).limit(bindparam('q', 3))
select(account.c.id).fetch(5)
select(account.c.id).slice(2, 5)
select(account.c.id).distinct()
select(account.c.id).distinct(account.c.n)
select(distinct(account.c.id))
select(account.c.id.distinct())
select(func.count(distinct(account.c.id)))
select(account.c.id).with_for_update()
select(account.c.id).with_for_update(nowait=True)
select(account.c.id).with_for_update(skip_locked=True, read=True)
select(account.c.id).with_for_update(of=account)
select(account.c.id).prefix_with('ALL')
select(account.c.id).prefix_with('X', dialect='mysql')
select(account.c.id).suffix_with('OPTION')
select(account.c.id).join(other, account.c.id == other.c.account_id)
select(account.c.id).join(other, account.c.id == other.c.account_id, isouter=True)
select(account.c.id).outerjoin(other, account.c.id == other.c.account_id).where(other.c.id.is_(None))
select(account.c.id).join(other, account.c.id == other.c.account_id, full=True)
select(account.c.id).select_from(account.join(other, account.c.id == other.c.account_id))
select(account.c.id, other.c.value).select_from(account.outerjoin(other, account.c.id == other.c.account_id))
select(users.c.id).join(posts)
select(users.c.id).select_from(users.join(posts))
select(users.c.id, posts.c.title).join_from(users, posts)
select(posts.c.id).select_from(sa.join(users, posts))
select(users.c.id).select_from(sa.outerjoin(users, posts, users.c.id == posts.c.user_id)).where(posts.c.id == 1)
select(users.join(posts))
select(account.c.id).where(account.c.id.in_(select(other.c.account_id)))
select(account.c.id).where(account.c.id == select(func.max(other.c.account_id)).scalar_subquery())
select(account.c.id, select(func.count(other.c.id)).where(other.c.account_id == account.c.id).scalar_subquery())
select(account.c.id, select(func.count(other.c.id)).where(other.c.account_id == account.c.id).scalar_subquery().label('c'))
select(account.c.id).where(exists().where(other.c.account_id == account.c.id))
select(account.c.id).where(exists(select(other.c.id).where(other.c.account_id == account.c.id)))
select(account.c.id).where(~exists(select(1).where(other.c.account_id == account.c.id)))
select(account.c.id).where(exists(select(account.c.id).where(account.c.id == 1).correlate(None)))
select(account.c.id).where(account.c.n == select(other.c.id).where(other.c.account_id == account.c.id).correlate(account).scalar_subquery())
select(account.c.id).where(account.c.n == select(other.c.id).where(other.c.account_id == account.c.id).correlate_except(other).scalar_subquery())
select(account.c.id).select_from(account).where(account.c.name.like('a%'))
select(account.alias('a').c.id)
select(account.alias().c.id)
select(account.alias('a').c.id, account.c.id)
select(account.alias('a'))
select(select(account.c.id).subquery().c.id)
select(select(account.c.id, account.c.name).subquery('q'))
select(select(func.count(account.c.id)).subquery())
select(select(func.count(account.c.id).label('c')).subquery('q').c.c)
select(func.count()).select_from(select(account.c.id).subquery())
select(select(account.c.id + 1).subquery())
select(text('a')).select_from(select(account.c.id).subquery('q'))
select(account.c.id).add_columns(account.c.name)
select(account.c.id).with_only_columns(account.c.name)
select(account.c.id).filter(account.c.n == 1)
select(account).filter_by(n=1, name='q')
select(account.c.id).where(account.c.n.is_(None)).order_by(None)
select(account).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
select(account.c.id, other.c.id).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
select(account.c.id).union(select(other.c.id))
union(select(account.c.id), select(other.c.id))
union_all(select(account.c.id), select(other.c.id)).order_by('id')
union_all(select(account.c.id), select(other.c.id)).limit(3)
select(account.c.id).union_all(select(other.c.id), select(other.c.account_id))
intersect(select(account.c.id), select(other.c.id))
except_(select(account.c.id), select(other.c.id))
union(select(account.c.id).limit(1), select(other.c.id).order_by(other.c.id))
select(union(select(account.c.id), select(other.c.id)).subquery())
select(select(account.c.id).cte('q').c.id)
select(select(account.c.id).where(account.c.n == 1).cte('q'))
select(select(account.c.id).cte().c.id)
select(account.c.id).where(account.c.id.in_(select(select(other.c.id).cte('q').c.id)))
select(quoted)
select(quoted.c.Id).where(quoted.c.group == 'x')
select(bare.c.a, bare.c.b)
select(sa.table('t').c)
select(sa.text('*')).select_from(sa.table('t', schema='Sch'))
select(column('a'), column('b')).select_from(table('t'))
select(column('a')).where(column('b') == 1).select_from(text('t'))
select(users)
select(users.c.id).where(users.c.name == 'x', users.c.score > 1.5)
select(users.c['id'])
select(users.c.id).where(users.c.doc['a'].astext == 'x')
select(users.c.id).where(users.c.doc['a']['b'].astext == 'x')
select(users.c.id).where(users.c.tags.any('x'))
select(users.c.id).where(users.c.tags.contains(['x']))
select(posts.c.id).where(posts.c.price > decimal.Decimal('1.5'), posts.c.d < datetime.date(2020, 1, 1))
select(posts.c.id).where(posts.c.uid == uuid.UUID('12345678123456781234567812345678'))
select(func.unnest(users.c.tags))
select(func.jsonb_array_elements(users.c.doc).label('e'))
select(users.c.id, func.row_number().over(partition_by=users.c.name, order_by=users.c.id.desc()).label('rn'))
select(func.json_each(users.c.doc).table_valued('key', 'value'))
select(func.unnest(array([1, 2])).column_valued('v'))
select(users.c.id, func.jsonb_array_elements(users.c.doc).table_valued('value', name='e').c.value)
select(lateral(select(posts.c.id).where(posts.c.user_id == users.c.id), 'l').c.id)
select(case((account.c.n == 1, 'a'), else_='b').label('q'), account.c.id)
select(case((account.c.n == 1, 'a'), else_='b'))
select(null(), null())
select(null().label('x'), literal(None))
select(true(), false().label('f'))
select(-account.c.id)
select(~account.c.active)
select(account.c.active)
select(account.c.id.in_([1]))
select(exists(select(account.c.id)))
select(account.c.data['a'].as_string())
select(account.c.name.label('a'), account.c.name.label('a'))
select(text("x AS y"), account.c.id)
select(func.now())
select(func.nextval('seq'))
select(func.foo(account.c.id).label('z')).where(func.foo(account.c.id) == 1)
select(account.c.id).select_from(account, other)
select(account.c.id).select_from(other)
select([account.c.id])
select(account.columns.id)
account.select()
account.select().where(account.c.id == 1)
select(values(column('a', Integer), column('b', String), name='v').data([(1, 'x'), (2, 'y')]))
select(account.c.id).group_by(func.rollup(account.c.id, account.c.name))
select(account.c.id, func.count()).group_by(func.rollup(account.c.id))
exists(select(account.c.id)).select()
exists(1).where(account.c.id == 1).select()
(~exists(select(account.c.id))).select()
""")

group("insert", """
insert(account).values(name='a', n=1)
insert(account).values(n=1, name='a')
insert(account).values({'name': 'a'})
insert(account).values({account.c.name: 'a', account.c.n: None})
insert(account).values([{'name': 'a', 'n': 1}, {'name': 'b', 'n': 2}])
insert(account).values([{'name': 'a', 'n': 1}, {'name': 'b', 'n': func.now()}])
insert(account).values((1, 'x', 2))
insert(account).values([(1, 'x', 2, True, None, None), (2, 'y', 3, False, None, None)])
account.insert().values(name="it's")
account.insert().values(name=func.lower('A'), n=select(func.max(account.c.n)).scalar_subquery())
account.insert().values(n=account.c.id + 1)
account.insert().values(name=text("'q'"), n=literal_column('1'))
account.insert().values(name=null(), active=true())
account.insert().values(active=False, created=datetime.datetime(2020, 1, 1))
account.insert().values(created='2020-01-01')
account.insert().values(nope=1)
account.insert().values(data={'a': 1})
account.insert()
account.insert().values()
bare.insert().values(a=1, b='x')
bare.insert().values(a=datetime.date(2020, 1, 1))
other.insert().values(value='x')
quoted.insert().values({'Id': 1, 'group': 'x'})
insert(account).values(name='a').returning(account.c.id)
insert(account).values(name='a').returning(account.c.id, account.c.name.label('q'))
insert(account).values(name='a').returning(account)
insert(account).from_select(['name', 'n'], select(other.c.value, other.c.id))
insert(account).from_select([account.c.name], select(other.c.value).where(other.c.id == 1))
insert(account).from_select(['name'], select(literal('x')).where(~exists(select(account.c.id).where(account.c.name == 'x'))))
insert(account).from_select(['id', 'n'], select(other.c.id, literal(5)).distinct())
insert(account).from_select(['id'], union(select(other.c.id), select(account.c.id)))
insert(account).from_select(['id'], text('SELECT 1'))
insert(account).from_select(['id', 'n'], select(other.c.id, other.c.account_id)).returning(account.c.id)
insert(account).values(name=bindparam('q'))
insert(account).values(name=bindparam('q', 'z'))
insert(account).inline().values(name='a')
insert(account).prefix_with('OR IGNORE').values(name='a')
insert(account).prefix_with('OR REPLACE', dialect='sqlite').values(name='a')
insert(users).values(name='a')
insert(users).values(id=1, name='a')
insert(users).inline().values(name='a')
users.insert().values(name='a', score=1, made=func.now())
users.insert().values([{'name': 'a'}, {'name': 'b'}])
users.insert().values(doc={'a': 1})
users.insert().values(tags=['a', 'b'])
users.insert().values(doc=cast('{"a": 1}', JSONB))
users.insert().values(name='a').returning(users.c.id)
users.insert().from_select(['name'], select(posts.c.title))
users.insert().values(name=case((users.c.id == 1, 'a'), else_='b'))
posts.insert().values(user_id=select(users.c.id).where(users.c.name == 'a').scalar_subquery(), title='t')
posts.insert().values(user_id=select(users.c.id).where(users.c.name == 'a'))
posts.insert().values(uid=uuid.UUID('12345678123456781234567812345678'), price='1.5', d=datetime.date(2020, 1, 2))
postgresql.insert(account).values(name='a').on_conflict_do_nothing()
postgresql.insert(account).values(name='a').on_conflict_do_nothing(index_elements=['name'])
postgresql.insert(account).values(name='a').on_conflict_do_nothing(index_elements=[account.c.name], index_where=account.c.n > 1)
postgresql.insert(account).values(name='a').on_conflict_do_nothing(constraint='uq')
postgresql.insert(account).values(name='a').on_conflict_do_update(index_elements=['id'], set_={'name': 'b'})
postgresql.insert(account).values(name='a').on_conflict_do_update(index_elements=['id'], set_=dict(name='b', n=account.c.n + 1), where=account.c.n > 1)
postgresql.insert(account).values(name='a').on_conflict_do_update(constraint='uq_x', set_={account.c.name: func.lower('B')})
postgresql.insert(account).from_select(['name'], select(other.c.value)).on_conflict_do_nothing(index_elements=['name'])
postgresql.insert(users).values(name='a').on_conflict_do_nothing(index_elements=['name']).returning(users.c.id)
postgresql.insert(account).values([{'id': 1}, {'id': 2}]).on_conflict_do_nothing()
sqlite.insert(account).values(name='a').on_conflict_do_nothing(index_elements=['name'])
sqlite.insert(account).values(name='a').on_conflict_do_update(index_elements=['id'], set_={'name': 'b'})
mysql.insert(account).values(name='a').on_duplicate_key_update(name='b')
""")
CASES["upsert_excluded_pg"] = "q = postgresql.insert(account).values(name='a', n=1); result = q.on_conflict_do_update(index_elements=['id'], set_={'name': q.excluded.name, 'n': q.excluded.n + 1})"
CASES["upsert_excluded_pg_dict"] = "q = postgresql.insert(account).values(name='a', n=1); result = q.on_conflict_do_update(index_elements=[account.c.id], set_=q.excluded, where=account.c.n < q.excluded.n)"
CASES["upsert_excluded_sqlite"] = "q = sqlite.insert(account).values(name='a', n=1); result = q.on_conflict_do_update(index_elements=['id'], set_={'name': q.excluded.name})"
CASES["upsert_inserted_mysql"] = "q = mysql.insert(account).values(name='a', n=1); result = q.on_duplicate_key_update(name=q.inserted.name, n=q.inserted.n + 1)"

group("update", """
update(account).values(name='a')
update(account).values(name='a', n=None)
update(account).values(n=5, name='a')
update(account).values({'name': 'a'})
update(account).values({account.c.name: 'a', 'n': 1})
account.update().values(name='a').where(account.c.id == 1)
account.update().where(account.c.id == 1).values(n=account.c.n + 1)
account.update().where(account.c.id == 1, account.c.n == 2).values(n=-account.c.n)
account.update().values(name=func.lower(account.c.name))
account.update().values(name=account.c.name + 'x')
account.update().values(name=text("'q'"))
account.update().values(name=null())
account.update().values(active=True)
account.update().values(active=true()).where(account.c.active.is_(None))
account.update().values(active=case((account.c.n == 1, True), else_=False))
account.update().values(name=case((account.c.n == 1, 'a'), (account.c.n == 2, 'b'), else_=account.c.name))
account.update().values(n=select(func.max(other.c.id)).scalar_subquery())
account.update().values(n=select(func.max(other.c.id)).where(other.c.account_id == account.c.id).scalar_subquery())
account.update().values(n=select(other.c.id).where(other.c.account_id == account.c.id))
account.update().values(n=select(other.c.id).limit(1).scalar_subquery()).where(account.c.n.is_(None))
account.update().values(n=other.c.id).where(account.c.id == other.c.account_id)
account.update().values(n=1).where(account.c.id.in_(select(other.c.account_id)))
account.update().values(n=1).where(exists().where(other.c.account_id == account.c.id))
account.update().values(n=1).where(account.c.id.in_([1, 2]))
account.update().where(account.c.name == bindparam('q')).values(name='x')
account.update().where(account.c.name == bindparam('q', 'a')).values(name=bindparam('z', 'b'))
account.update().values(nope=1)
account.update().values(created='2020-01-01')
account.update().values(data={'a': 1})
account.update().ordered_values((account.c.n, 1), (account.c.name, 'a'))
account.update()
update(account).where(account.c.id == 1).values(name='a').returning(account.c.id, account.c.name)
other.update().where(other.c.id == 1).values(value='x')
other.update().where(other.c.account_id == account.c.id).values(value=account.c.name)
quoted.update().values({'group': 'x'}).where(quoted.c.Id == 1)
bare.update().values(a=1).where(bare.c.b == 'x')
bare.update().values(a='x').where(bare.c.b.is_(None))
bare.update().values(a=bare.c.b)
bare.update().values({'a': bare.c.a + 1})
bare.update().values(a=func.now())
bare.update().values(a=bare.c.b == 1)
bare.update().values(a=cast(bare.c.b, Integer))
users.update().values(name='a').where(users.c.id == 1)
users.update().values(score=users.c.score * 2)
users.update().values(doc=func.jsonb_set(users.c.doc, '{a}', '1'))
users.update().values(doc=users.c.doc.op('||')(cast('{}', JSONB)))
users.update().values(doc=None)
users.update().values(tags=array(['a']))
users.update().values(name='x').where(users.c.id == posts.c.user_id).where(posts.c.title == 'q')
users.update().where(users.c.id == select(posts.c.user_id).scalar_subquery()).values(name='x')
update(account).where(text("id = 1")).values(n=1)
update(account).where(account.c.n == text("x")).values(n=1)
update(table('t', column('a'), column('b'))).values(a=column('b'))
sa.sql.update(account).where(account.c.id == 1).values(n=2)
update(account).where(and_(account.c.id == 1, account.c.n == 2)).values(n=3)
update(account).where(or_(account.c.id == 1, account.c.n == 2)).values(n=3)
update(account).where(account.c.id == 1).where(or_(account.c.id == 1, account.c.n == 2)).values(n=3)
update(account).values(name=sa.func.replace(account.c.name, 'a', 'b')).where(account.c.name.like('%a%'))
update(account.alias('q')).values(n=1)
""")

group("delete", """
delete(account)
delete(account).where(account.c.id == 1)
account.delete().where(account.c.id == 1, account.c.n == 2)
account.delete().where(account.c.id.in_([1, 2]))
account.delete().where(account.c.id.in_(select(other.c.account_id)))
account.delete().where(account.c.id == other.c.account_id)
account.delete().where(~exists(select(other.c.id).where(other.c.account_id == account.c.id)))
account.delete().where(account.c.active)
account.delete().where(account.c.name.is_(None))
account.delete().where(account.c.name == None)
delete(account).where(account.c.id == 1).returning(account.c.id)
other.delete().where(other.c.id > 5)
quoted.delete().where(quoted.c.group != 'x')
users.delete().where(users.c.name.in_(['a', 'b']))
users.delete().where(users.c.id == posts.c.user_id)
users.delete().where(and_(users.c.id == 1, or_(users.c.name == 'a', users.c.name == 'b')))
delete(account).where(text("a = :b").bindparams(b=1))
delete(account).where(tuple_(account.c.id, account.c.n).in_([(1, 2)]))
delete(account).where(account.c.id.not_in(select(func.max(account.c.id)).group_by(account.c.name)))
""")

MORE = {
    "cte_recursive": """
q = select(account.c.id, account.c.n).where(account.c.n == 1).cte('tree', recursive=True)
result = select(q.union_all(select(account.c.id, account.c.n).where(account.c.n == q.c.id)))
""",
    "cte_recursive_join": """
q = select(account.c.id).where(account.c.n == 1).cte('tree', recursive=True)
q = q.union(select(account.c.id).join(q, account.c.n == q.c.id))
result = select(func.count()).select_from(q)
""",
    "cte_update": """
q = select(other.c.account_id, func.max(other.c.id).label('m')).group_by(other.c.account_id).cte('q')
result = update(account).values(n=q.c.m).where(account.c.id == q.c.account_id)
""",
    "cte_delete": """
q = select(other.c.id).cte('q')
result = delete(account).where(account.c.id.in_(select(q.c.id)))
""",
    "cte_insert": """
q = select(other.c.id, other.c.value).cte('q')
result = insert(account).from_select(['id', 'name'], select(q.c.id, q.c.value))
""",
    "cte_two": """
q = select(account.c.id).cte('q')
r = select(q.c.id).where(q.c.id > 1).cte('r')
result = select(r.c.id, q.c.id).where(r.c.id == q.c.id)
""",
    "subquery_join": """
q = select(other.c.account_id, func.count(other.c.id).label('c')).group_by(other.c.account_id).subquery()
result = select(account.c.name, q.c.c).join(q, account.c.id == q.c.account_id)
""",
    "subquery_named_update": """
q = select(other.c.account_id, func.max(other.c.id).label('m')).group_by(other.c.account_id).subquery('q')
result = update(account).values(n=q.c.m).where(account.c.id == q.c.account_id)
""",
    "alias_self_join": """
a = account.alias('a')
b = account.alias('b')
result = select(a.c.id, b.c.id).join(b, a.c.id == b.c.n).where(a.c.name == b.c.name)
""",
    "alias_anonymous": """
a = account.alias()
b = account.alias()
result = select(a.c.id, b.c.id).where(a.c.id < b.c.id)
""",
    "anonymous_subqueries": """
a = select(account.c.id).subquery()
b = select(other.c.id).subquery()
result = select(a.c.id, b.c.id).where(a.c.id == b.c.id)
""",
    "delete_duplicates": """
a = account.alias('a')
result = delete(account).where(account.c.id > select(func.min(a.c.id)).where(a.c.name == account.c.name).scalar_subquery())
""",
    "join_chain": """
result = select(users.c.name).select_from(users.join(posts, users.c.id == posts.c.user_id).join(account, account.c.id == posts.c.id, isouter=True))
""",
    "join_nested": """
result = select(users.c.name).select_from(users.join(posts.join(account, account.c.id == posts.c.id), users.c.id == posts.c.user_id))
""",
    "row_number_delete": """
q = select(account.c.id, func.row_number().over(partition_by=account.c.name, order_by=account.c.id).label('rn')).subquery()
result = delete(account).where(account.c.id.in_(select(q.c.id).where(q.c.rn > 1)))
""",
    "text_columns": """
q = text("SELECT id, name FROM x").columns(column('id', Integer), column('name', String)).subquery('q')
result = select(q.c.id).where(q.c.name == 'a')
""",
    "text_cte": """
q = text("SELECT id FROM x").columns(id=Integer).cte('q')
result = select(q.c.id)
""",
    "in_loop": """
result = update(account).where(account.c.id.in_([row for row in range(3)])).values({'name': 'a' + str(1)})
""",
    "enum_member": """
class Color(enum.Enum):
    red = 'RED'
    blue = 'BLUE'
result = column('c', sa.Enum(Color)) == Color.red
""",
    "str_enum_member": """
class Color(str, enum.Enum):
    red = 'RED'
result = s == Color.red
""",
    "str_enum_value": """
class Color(str, enum.Enum):
    red = 'RED'
result = s == Color.red.value
""",
    "table_reuse": """
t = table('t', column('id'), column('v'))
result = t.update().where(t.c.id == 1).values(v='x')
""",
    "table_item": """
t = table('t', column('id'), column('v'))
result = t.update().where(t.c['id'] == 1).values({t.c['v']: 'x'})
""",
    "columns_loop": """
t = table('t', column('id'), column('v'))
result = and_(*[c.is_(None) for c in t.c])
""",
    "columns_keys": """
t = table('t', column('id'), column('v'))
result = literal(','.join(t.c.keys()) + t.c.id.name + t.name + str('id' in t.c))
""",
    "str_of_text": "result = literal(str(text('a = :b')))",
    "str_of_select": "result = literal(str(select(account.c.id).where(account.c.n == 1)))",
    "str_of_column": "result = literal(str(account.c.id) + str(column('q')))",
    "f_string": "result = text(f'SELECT {account.c.id} FROM {account}')",
    "compile_literal": """
result = text(str(select(account.c.id).where(account.c.n == 1).compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})))
""",
    "bool_of_expression": "result = text('a') if i > 1 else text('b')",
    "bool_of_eq": "result = text('a') if (i == i) else text('b')",
    "on_clause_missing": "result = select(account.c.id).join(other)",
    "ambiguous_correlate": """
result = select(account.c.id).where(account.c.id == select(account.c.n).where(account.c.name == 'a').scalar_subquery())
""",
    "over_exclude": """
result = func.sum(account.c.n).over(rows=(None, 0), order_by=account.c.id, exclude='CURRENT ROW')
""",
    "over_exclude_groups": """
result = func.sum(account.c.n).over(groups=(-1, 2), order_by=account.c.id, exclude='ties')
""",
    "over_exclude_without_frame": """
result = func.sum(account.c.n).over(order_by=account.c.id, exclude='ties')
""",
    "over_exclude_unknown": """
result = func.sum(account.c.n).over(rows=(None, 0), exclude='x')
""",
    "function_unknown_argument": """
result = func.own(account.c.n, order_by=account.c.id)
""",
    "aggregate_strings_unknown_argument": """
result = func.aggregate_strings(account.c.name, ',', order_by=account.c.id)
""",
    "json_as_decimal": """
result = select(account.c.data['a'].as_numeric(5, 2))
""",
    "fetch_with_ties": """
result = select(account.c.id).fetch(5, with_ties=True)
""",
    "fetch_percent": """
result = select(account.c.id).order_by(account.c.id).fetch(5, percent=True, with_ties=True)
""",
    "fetch_percent_offset": """
result = select(account.c.id).order_by(account.c.id).fetch(5, percent=True).offset(2)
""",
    "labels_of_repeated_columns": """
result = select(account.c.id, account.c.id, account.c.n, account.c.id).set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
""",
    "insert_sequence_default": """
t = Table("t", MetaData(), Column("id", Integer, sa.Sequence("t_seq"), primary_key=True), Column("a", Integer))
result = t.insert().values(a=1)
""",
    "insert_select_sequence_default": """
t = Table("t", MetaData(), Column("id", Integer, sa.Sequence("t_seq"), primary_key=True), Column("a", Integer))
result = t.insert().from_select(["a"], select(t.c.a))
""",
}
for name, source in MORE.items():
    CASES[name] = source.strip()


def source_of(code):
    if "result =" in code:
        return code.replace("; result", "\nresult")
    return f"result = {code}"


def main():
    warnings.simplefilter("ignore")
    dialects = {
        name: make_url(f"{name}://").get_dialect()(paramstyle="named") for name in DIALECTS
    }
    out = []
    for name, code in CASES.items():
        source = source_of(code)
        entry = {"name": name, "source": source, "output": {}}
        for dialect_name, dialect in dialects.items():
            scope = {}
            try:
                exec(PREAMBLE + source, scope)
                value = scope["result"]
                sql = str(value.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
                entry["output"][dialect_name] = {"sql": sql}
            except Exception as error:  # noqa: BLE001
                entry["output"][dialect_name] = {
                    "error": type(error).__name__,
                    "message": str(error).split("\n")[0],
                }
        out.append(entry)
    path = pathlib.Path(__file__).with_name("expr_cases.json")
    path.write_text(
        json.dumps({"preamble": PREAMBLE, "cases": out}, indent=1, ensure_ascii=False) + "\n"
    )
    print(len(out), "cases")


main()
