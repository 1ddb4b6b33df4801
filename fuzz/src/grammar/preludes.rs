//! What stands before the grown text.

/// What a module imports.
pub const IMPORTS: &str = "import collections, copy, datetime, decimal, enum, functools, itertools, json, math, re, textwrap, uuid\n\
import base64, contextlib, dataclasses, hashlib, io, operator, os, pathlib, string\n";

/// What the grown text can use: classes, functions, variables.
pub const VALUES: &str = "\
class C:
    x = 1
    def __init__(self, *args, **kwargs):
        self.y = args
    def m(self, *args, **kwargs):
        return self
class D(C):
    def __init__(self, v=0):
        super().__init__(v)
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 1
    def __getitem__(self, i):
        return self.y[i]
    def __len__(self):
        return len(self.y)
    def __add__(self, other):
        return other
    def __getattr__(self, n):
        return n
    def __str__(self):
        return 'd'
class E(enum.Enum):
    A = 1
    B = 'b'
class F(enum.IntFlag):
    X = 1
    Y = 2
T = collections.namedtuple('T', 'x y')
def f(*args, **kwargs):
    return args or kwargs
def g():
    return [1, 'two', None]
def gen():
    x = yield 1
    yield x
a = 1
b = 'b'
c = [1, 2]
d = {'k': 1}
";

/// What a migration's text can use besides: tables, a type.
pub const TABLES: &str = "\
t = sa.table('t', sa.column('id', sa.Integer), sa.column('name', sa.String))
m = sa.MetaData()
u = sa.Table('u', m, sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(9)))
class T2(sa.types.TypeDecorator):
    impl = sa.String
Base = sa.orm.declarative_base()
class P(Base):
    __tablename__ = 'p'
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(9))
    ps = sa.orm.relationship('Q', back_populates='p')
class Q(Base):
    __tablename__ = 'q'
    id = sa.Column(sa.Integer, primary_key=True)
    p_id = sa.Column(sa.Integer, sa.ForeignKey('p.id'))
    n = sa.Column(sa.Integer)
    p = sa.orm.relationship(P, back_populates='ps')
";

/// What an upgrade begins with: tables whose rows are known in a new database.
pub const ROWS: &str = "    s = sa.orm.Session(bind=op.get_bind())
    Base.metadata.create_all(op.get_bind())
    op.create_table('t', sa.Column('id', sa.Integer), sa.Column('name', sa.String))
    op.create_table('u', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(9)))
    op.bulk_insert(t, [{'id': 1, 'name': 'a'}, {'id': 2, 'name': None}])
    s.add_all([P(name='x'), Q(p_id=1, n=5)])
    s.flush()
";
