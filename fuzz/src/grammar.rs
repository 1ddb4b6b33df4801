//! Python that is well-formed, grown from the bytes of an input. Mutated text rarely gets past the
//! parser; this reaches the evaluator with every input.

use std::fmt::Write;

/// Values at the edges of what each type holds.
const ATOMS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "7",
    "255",
    "-2**63",
    "2**63-1",
    "2**64",
    "10**40",
    "True",
    "False",
    "None",
    "0.0",
    "-0.0",
    "1.5",
    "1e308",
    "5e-324",
    "float('inf')",
    "float('nan')",
    "1j",
    "''",
    "'a'",
    "'abc'",
    "'A b,c'",
    "'é\\U0001F600'",
    "'\\0'",
    "'%s'",
    "'%d %5.2f %r'",
    "'%(a)s'",
    "'{}'",
    "'{0!r:>10}'",
    "'{a.b[0]}'",
    "'x' * 999",
    "'1_0'",
    "'0x1f'",
    "'\\n\\t'",
    "b''",
    "b'\\xff a'",
    "bytearray(b'ab')",
    "()",
    "(1,)",
    "(1, 'a', None)",
    "[]",
    "[3, 1, 2]",
    "[[1], [2, 3]]",
    "{}",
    "{'a': 1, 'b': [2]}",
    "{1: 2}",
    "{1, 2}",
    "set()",
    "frozenset('ab')",
    "range(5)",
    "range(10**18)",
    "range(5, -5, -2)",
    "range(2**70)",
    "slice(1, None, -1)",
    "object()",
    "int",
    "str",
    "dict",
    "list",
    "type",
    "C",
    "C()",
    "D(3)",
    "E.A",
    "E",
    "F",
    "T(1, 2)",
    "f",
    "g()",
    "gen()",
    "datetime.date(1, 1, 1)",
    "datetime.datetime.max",
    "datetime.timedelta.max",
    "datetime.timedelta(-1, 3)",
    "datetime.timezone.utc",
    "datetime.time(23, 59)",
    "decimal.Decimal('NaN')",
    "decimal.Decimal('1e400')",
    "decimal.Decimal('-0.10')",
    "uuid.UUID(int=5)",
    "re.compile('(a)|b*')",
    "re.match('(?P<n>a)(b)?', 'a')",
    "collections.OrderedDict(a=1)",
    "collections.defaultdict(list)",
    "collections.Counter('aab')",
    "itertools.count()",
    "itertools.cycle([1, 2])",
    "json.loads('[1, {\"a\": null}]')",
    "Ellipsis",
    "NotImplemented",
    "ValueError('x')",
    "Exception",
    "iter([1, 2])",
    "(i for i in range(9))",
    "__name__",
    "a",
    "b",
    "c",
    "d",
    "a",
    "b",
    "c",
    "d",
];

const FUNCTIONS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytes",
    "bytearray",
    "callable",
    "chr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "oct",
    "ord",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "delattr",
    "slice",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
    "f",
    "C",
    "D",
    "T",
    "E",
    "F",
    "datetime.date",
    "datetime.datetime",
    "datetime.timedelta",
    "datetime.time",
    "datetime.timezone",
    "datetime.datetime.strptime",
    "datetime.datetime.fromisoformat",
    "datetime.datetime.fromtimestamp",
    "datetime.date.fromordinal",
    "decimal.Decimal",
    "uuid.UUID",
    "uuid.uuid5",
    "re.compile",
    "re.sub",
    "re.split",
    "re.findall",
    "re.match",
    "re.search",
    "re.escape",
    "json.dumps",
    "json.loads",
    "math.floor",
    "math.sqrt",
    "math.log",
    "math.gcd",
    "math.factorial",
    "math.comb",
    "itertools.chain",
    "itertools.product",
    "itertools.islice",
    "itertools.groupby",
    "itertools.permutations",
    "itertools.combinations",
    "itertools.repeat",
    "itertools.accumulate",
    "itertools.zip_longest",
    "functools.partial",
    "functools.reduce",
    "functools.wraps",
    "functools.lru_cache",
    "collections.namedtuple",
    "collections.deque",
    "collections.Counter",
    "collections.defaultdict",
    "collections.ChainMap",
    "textwrap.dedent",
    "textwrap.wrap",
    "textwrap.indent",
    "textwrap.fill",
    "string.Template",
    "copy.deepcopy",
    "copy.copy",
    "operator.itemgetter",
    "operator.attrgetter",
    "operator.mul",
    "hashlib.md5",
    "base64.b64encode",
    "base64.b64decode",
    "os.path.join",
    "os.path.normpath",
    "os.path.dirname",
    "pathlib.Path",
    "contextlib.suppress",
    "contextlib.contextmanager",
    "dataclasses.dataclass",
    "io.StringIO",
    "enum.Enum",
    "enum.IntFlag",
    "staticmethod",
    "classmethod",
    "property",
    "binascii.hexlify",
    "struct.pack",
    "time.strftime",
    "locals",
    "globals",
    "eval",
    "exec",
    "open",
    "__import__",
    "compile",
    "input",
    "memoryview",
    "complex",
    "breakpoint",
];

const ATTRIBUTES: &[&str] = &[
    "append",
    "add",
    "astimezone",
    "bit_length",
    "capitalize",
    "casefold",
    "center",
    "clear",
    "close",
    "copy",
    "count",
    "date",
    "days",
    "decode",
    "difference",
    "discard",
    "elements",
    "encode",
    "end",
    "endswith",
    "expandtabs",
    "extend",
    "find",
    "findall",
    "finditer",
    "format",
    "format_map",
    "from_bytes",
    "fromhex",
    "fromkeys",
    "get",
    "group",
    "groupdict",
    "groups",
    "hex",
    "index",
    "insert",
    "intersection",
    "isalpha",
    "isdigit",
    "isdisjoint",
    "isidentifier",
    "isoformat",
    "issubset",
    "items",
    "join",
    "keys",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "mro",
    "most_common",
    "move_to_end",
    "name",
    "partition",
    "pop",
    "popitem",
    "quantize",
    "real",
    "remove",
    "removeprefix",
    "replace",
    "reverse",
    "rfind",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "send",
    "setdefault",
    "sort",
    "span",
    "split",
    "splitlines",
    "start",
    "startswith",
    "strftime",
    "strip",
    "sub",
    "swapcase",
    "symmetric_difference",
    "throw",
    "timestamp",
    "title",
    "to_bytes",
    "total_seconds",
    "translate",
    "tzinfo",
    "union",
    "update",
    "upper",
    "utcoffset",
    "value",
    "values",
    "weekday",
    "with_traceback",
    "year",
    "zfill",
    "x",
    "y",
    "m",
    "__class__",
    "__dict__",
    "__doc__",
    "__name__",
    "__init__",
    "__eq__",
    "__hash__",
    "__iter__",
    "__next__",
    "__len__",
    "__getitem__",
    "__mro__",
    "__bases__",
    "__subclasses__",
    "__members__",
    "__add__",
    "__str__",
    "__repr__",
    "__call__",
    "__module__",
    "__enter__",
    "__exit__",
    "__new__",
    "__get__",
    "__set__",
    "_replace",
    "_asdict",
    "_make",
    "_fields",
    "args",
    "__cause__",
    "__traceback__",
    "__self__",
    "__func__",
    "__wrapped__",
    "__defaults__",
    "__code__",
    "__globals__",
    "fget",
    "as_tuple",
    "adjusted",
    "sqrt",
    "normalize",
];

const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@", "==", "!=", "<", "<=",
    ">", ">=", "in", "not in", "is", "is not", "and", "or",
];

const SPECIFICATIONS: &[&str] = &[
    "",
    ":>10",
    ":<5s",
    ":^7",
    ":08.3f",
    ":,",
    ":_x",
    ":#b",
    ":e",
    ":g",
    ":%",
    "!r",
    "!s:>4",
    "!a",
    ":=+9d",
    ":%Y-%m-%d",
    ":.0f",
    ":.300f",
    ":c",
    ":n",
    ":{a}",
    ":999999999",
    ":.999999999",
    "=",
];

/// Names of a migration: types, items, functions and directives.
const SQL: &[&str] = &[
    "sa.Integer",
    "sa.String",
    "sa.Text",
    "sa.Enum",
    "sa.Numeric",
    "sa.DateTime",
    "sa.Boolean",
    "sa.JSON",
    "sa.ARRAY",
    "sa.LargeBinary",
    "sa.Interval",
    "sa.Uuid",
    "sa.Column",
    "sa.Table",
    "sa.MetaData",
    "sa.ForeignKey",
    "sa.ForeignKeyConstraint",
    "sa.PrimaryKeyConstraint",
    "sa.UniqueConstraint",
    "sa.CheckConstraint",
    "sa.Index",
    "sa.Sequence",
    "sa.Identity",
    "sa.Computed",
    "sa.text",
    "sa.select",
    "sa.insert",
    "sa.update",
    "sa.delete",
    "sa.func.now",
    "sa.func.count",
    "sa.func.coalesce",
    "sa.case",
    "sa.cast",
    "sa.and_",
    "sa.or_",
    "sa.not_",
    "sa.column",
    "sa.table",
    "sa.literal",
    "sa.literal_column",
    "sa.bindparam",
    "sa.null",
    "sa.true",
    "sa.exists",
    "sa.tuple_",
    "sa.union",
    "sa.union_all",
    "sa.desc",
    "sa.distinct",
    "sa.extract",
    "sa.type_coerce",
    "sa.inspect",
    "sa.join",
    "sa.values",
    "sa.lateral",
    "sa.between",
    "sa.collate",
    "sa.over",
    "sa.within_group",
    "sa.any_",
    "sa.schema.CreateTable",
    "sa.schema.DropTable",
    "sa.DefaultClause",
    "sa.FetchedValue",
    "sa.orm.Session",
    "sa.TypeDecorator",
    "sa.Variant",
    "sa.create_engine",
    "sa.DDL",
    "postgresql.ENUM",
    "postgresql.JSONB",
    "postgresql.ARRAY",
    "postgresql.UUID",
    "postgresql.TSVECTOR",
    "postgresql.insert",
    "postgresql.ExcludeConstraint",
    "postgresql.array",
    "postgresql.aggregate_order_by",
    "postgresql.INTERVAL",
    "op.create_table",
    "op.drop_table",
    "op.add_column",
    "op.drop_column",
    "op.alter_column",
    "op.create_index",
    "op.drop_index",
    "op.create_foreign_key",
    "op.create_unique_constraint",
    "op.create_check_constraint",
    "op.create_primary_key",
    "op.drop_constraint",
    "op.execute",
    "op.bulk_insert",
    "op.rename_table",
    "op.batch_alter_table",
    "op.get_bind",
    "op.get_context",
    "op.f",
    "op.inline_literal",
    "op.create_exclude_constraint",
    "op.create_table_comment",
    "op.drop_table_comment",
    "op.invoke",
    "op.run_async",
    "op.get_bind().execute",
    "op.get_bind().dialect.name",
    "op.get_context().autocommit_block",
    "op.batch_alter_table('t').__enter__",
    "t",
    "t.c.id",
    "t.c",
    "u",
    "m",
    "T2",
    "t.insert",
    "t.update",
    "t.delete",
    "t.select",
    "u.c.name",
    "t.alias",
    "t.join",
];

const SQL_ATTRIBUTES: &[&str] = &[
    "c",
    "columns",
    "where",
    "values",
    "select_from",
    "order_by",
    "group_by",
    "having",
    "limit",
    "offset",
    "join",
    "outerjoin",
    "alias",
    "subquery",
    "scalar_subquery",
    "label",
    "in_",
    "notin_",
    "like",
    "ilike",
    "is_",
    "is_not",
    "isnot",
    "between",
    "cast",
    "op",
    "desc",
    "asc",
    "nullslast",
    "any_",
    "contains",
    "startswith",
    "endswith",
    "match",
    "returning",
    "from_select",
    "on_conflict_do_nothing",
    "on_conflict_do_update",
    "excluded",
    "add_column",
    "drop_column",
    "alter_column",
    "create_index",
    "create_foreign_key",
    "create_unique_constraint",
    "drop_constraint",
    "execute",
    "fetchall",
    "scalar",
    "first",
    "compile",
    "bindparams",
    "columns",
    "params",
    "execution_options",
    "with_variant",
    "create",
    "drop",
    "name",
    "type",
    "table",
    "key",
    "primary_key",
    "constraints",
    "indexes",
    "create_all",
    "drop_all",
    "tables",
    "append_column",
    "append_constraint",
    "to_metadata",
    "copy",
    "filter",
    "over",
    "distinct",
    "union",
    "cte",
    "lateral",
    "exists",
    "correlate",
    "with_for_update",
    "prefix_with",
    "has_table",
    "get_columns",
    "get_table_names",
    "query",
    "add",
    "commit",
    "dialect",
    "concat",
    "collate",
    "astext",
    "as_string",
    "self_group",
    "nullable",
    "server_default",
    "as_generic",
    "python_type",
    "bind",
    "engine",
    "begin",
    "begin_nested",
];

const KEYWORDS: &[&str] = &[
    "key",
    "default",
    "sep",
    "reverse",
    "name",
    "a",
    "x",
    "start",
    "maxsplit",
    "timezone",
    "length",
    "nullable",
    "primary_key",
    "server_default",
    "type_",
    "schema",
    "existing_type",
    "new_column_name",
    "unique",
    "ondelete",
    "postgresql_using",
    "postgresql_where",
    "sqlite_where",
    "native_enum",
    "create_type",
    "checkfirst",
    "if_exists",
    "if_not_exists",
    "comment",
    "autoincrement",
    "table_name",
    "recreate",
    "naming_convention",
    "index",
    "onupdate",
    "deferrable",
    "initially",
    "use_alter",
    "precision",
    "scale",
    "as_uuid",
    "dimensions",
    "persisted",
    "else_",
    "value",
    "bind",
    "impl",
    "indent",
    "fill",
    "flags",
    "type_expression",
    "existing_nullable",
    "existing_server_default",
    "literal_execute",
    "expanding",
    "isouter",
    "full",
    "index_elements",
    "set_",
    "constraint",
    "where",
    "unique",
    "referent_schema",
    "prefixes",
    "copy_from",
    "reflect_args",
    "table_args",
    "insert_after",
    "partial_reordering",
    "postgresql_concurrently",
    "postgresql_include",
    "mysql_length",
    "existing_comment",
    "sqlite_autoincrement",
    "info",
    "system",
    "key",
];

const PRELUDE: &str = "import collections, copy, datetime, decimal, enum, functools, itertools, json, math, re, textwrap, uuid\n\
import base64, contextlib, dataclasses, hashlib, io, operator, os, pathlib, string\n";

const VALUES: &str = "\
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

const TABLES: &str = "\
t = sa.table('t', sa.column('id', sa.Integer), sa.column('name', sa.String))
m = sa.MetaData()
u = sa.Table('u', m, sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(9)))
class T2(sa.types.TypeDecorator):
    impl = sa.String
";

struct Grower<'a> {
    bytes: std::slice::Iter<'a, u8>,
    text: String,
    /// Whether migrations are grown.
    sql: bool,
}

impl Grower<'_> {
    fn byte(&mut self) -> usize {
        self.bytes.next().map_or(0, |byte| usize::from(*byte))
    }

    fn spent(&self) -> bool {
        self.bytes.len() == 0 || self.text.len() > 20_000
    }

    fn pick(&mut self, from: &[&str]) {
        let at = self.byte();
        self.text.push_str(from[at % from.len()]);
    }

    fn name(&mut self) {
        self.pick(&["a", "b", "c", "d", "e"]);
    }

    fn arguments(&mut self, depth: usize) {
        let count = self.byte() % 6;
        for index in 0..count {
            if index > 0 {
                self.text.push_str(", ");
            }
            // Positional arguments come first.
            if index + 1 == count && self.byte() % 3 == 0 {
                match self.byte() % 8 {
                    0 => self.text.push_str("*"),
                    1 => self.text.push_str("**"),
                    _ => {
                        self.pick(KEYWORDS);
                        self.text.push('=');
                    }
                }
            }
            self.expression(depth);
        }
    }

    fn expression(&mut self, depth: usize) {
        if depth == 0 || self.spent() {
            if self.sql && self.byte() % 2 == 0 {
                return self.pick(&[
                    "t",
                    "u",
                    "t.c.id",
                    "u.c.name",
                    "sa.Integer",
                    "'id'",
                    "'t'",
                    "'name'",
                    "sa.Column('x', sa.Integer)",
                    "sa.text('1')",
                    "['id']",
                    "m",
                    "T2(3)",
                    "sa.select(t)",
                    "op",
                    "op.get_bind()",
                    "{'id': 1}",
                    "[{'id': 1, 'name': 'n'}]",
                    "u.c",
                ]);
            }
            return self.pick(ATOMS);
        }
        let depth = depth - 1;
        if self.sql && self.byte() % 2 == 0 {
            if self.byte() % 3 == 0 {
                self.expression(depth);
                self.text.push('.');
                self.pick(SQL_ATTRIBUTES);
            } else {
                self.pick(SQL);
            }
            if self.byte() % 8 != 0 {
                self.text.push('(');
                self.arguments(depth);
                self.text.push(')');
            }
            return;
        }
        match self.byte() % 20 {
            0 | 1 => self.pick(ATOMS),
            2..=4 => {
                self.pick(FUNCTIONS);
                self.text.push('(');
                self.arguments(depth);
                self.text.push(')');
            }
            5..=8 => {
                self.text.push('(');
                self.expression(depth);
                self.text.push_str(").");
                self.pick(ATTRIBUTES);
                if self.byte() % 8 != 0 {
                    self.text.push('(');
                    self.arguments(depth);
                    self.text.push(')');
                }
            }
            9 | 10 => {
                self.text.push('(');
                self.expression(depth);
                self.text.push(' ');
                self.pick(OPERATORS);
                self.text.push(' ');
                self.expression(depth);
                self.text.push(')');
            }
            11 => {
                self.text.push('(');
                self.expression(depth);
                self.text.push_str(")[");
                self.expression(depth);
                if self.byte() % 2 == 0 {
                    self.text.push(':');
                    self.expression(depth);
                    self.text.push(':');
                    self.expression(depth);
                }
                self.text.push(']');
            }
            12 => {
                self.text.push_str("f'''<{(");
                let inner = self.text.len();
                self.expression(depth);
                // A quote or a backslash inside would end the literal in older grammars.
                let grown = self.text.split_off(inner).replace("'''", "''");
                self.text.push_str(&grown);
                self.text.push(')');
                self.pick(SPECIFICATIONS);
                self.text.push_str("}>'''");
            }
            13 => {
                let (open, close) = [("[", "]"), ("{", "}"), ("(", ")")][self.byte() % 3];
                self.text.push_str(open);
                self.expression(depth);
                self.text.push_str(" for ");
                self.name();
                self.text.push_str(" in ");
                self.expression(depth);
                if self.byte() % 3 == 0 {
                    self.text.push_str(" if ");
                    self.expression(depth);
                }
                self.text.push_str(close);
            }
            14 => {
                self.text.push_str("(lambda a=1, *b, **c: ");
                self.expression(depth);
                self.text.push_str(")(");
                self.arguments(depth);
                self.text.push(')');
            }
            15 => {
                self.text.push_str("(lambda a, b=None: ");
                self.expression(depth);
                self.text.push(')');
            }
            16 => {
                self.text.push('(');
                self.expression(depth);
                self.text.push_str(" if ");
                self.expression(depth);
                self.text.push_str(" else ");
                self.expression(depth);
                self.text.push(')');
            }
            17 => {
                let open = self.byte() % 2;
                self.text.push_str(["[", "("][open]);
                for _ in 0..self.byte() % 4 {
                    self.pick(&["", "", "*"]);
                    self.expression(depth);
                    self.text.push_str(", ");
                }
                self.text.push_str(["]", ")"][open]);
            }
            18 => {
                self.text.push('{');
                for _ in 0..self.byte() % 3 {
                    self.expression(depth);
                    self.text.push_str(": ");
                    self.expression(depth);
                    self.text.push_str(", ");
                }
                self.text.push('}');
            }
            _ => {
                self.pick(&["-", "~", "not ", "+"]);
                self.text.push('(');
                self.expression(depth);
                self.text.push(')');
            }
        }
    }

    fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.text.push_str("    ");
        }
    }

    fn block(&mut self, level: usize) {
        self.text.push_str(":\n");
        for _ in 0..=self.byte() % 3 {
            self.statement(level + 1);
        }
    }

    fn statement(&mut self, level: usize) {
        self.indent(level);
        let choice = if level > 3 { 0 } else { self.byte() % 24 };
        match choice {
            0..=7 => {
                self.name();
                self.text.push_str(" = ");
                self.expression(4);
                self.text.push('\n');
            }
            8..=11 => {
                self.expression(4);
                self.text.push('\n');
            }
            12 => {
                self.name();
                self.pick(&[
                    " += ", " *= ", " -= ", " |= ", " //= ", " %= ", " **= ", " <<= ",
                ]);
                self.expression(3);
                self.text.push('\n');
            }
            13 => {
                self.text.push_str("for ");
                self.pick(&["a", "b", "c, d", "(a, *b)", "d['k']", "c[0]"]);
                self.text.push_str(" in ");
                self.expression(3);
                self.block(level);
            }
            14 => {
                self.text.push_str("while ");
                self.expression(3);
                self.block(level);
            }
            15 => {
                self.text.push_str("if ");
                self.expression(3);
                self.block(level);
            }
            16 => {
                self.text.push_str("try");
                self.block(level);
                self.indent(level);
                self.pick(&[
                    "except Exception as e",
                    "except (ValueError, TypeError)",
                    "finally",
                    "except E",
                ]);
                self.block(level);
            }
            17 => {
                self.text.push_str("with ");
                self.expression(3);
                self.text.push_str(" as e");
                self.block(level);
            }
            18 => {
                let decorated = self.byte();
                if decorated % 3 == 0 {
                    self.text.push('@');
                    self.expression(2);
                    self.text.push('\n');
                    self.indent(level);
                }
                self.text.push_str("def ");
                self.name();
                self.pick(&["()", "(*a, **k)", "(self, a=1)", "(a, /, b, *, c=2)"]);
                self.block(level);
            }
            19 => {
                self.text.push_str("class ");
                self.name();
                self.text.push('(');
                self.arguments(1);
                self.text.push(')');
                self.block(level);
            }
            20 => {
                self.text.push_str("match ");
                self.expression(3);
                self.text.push_str(":\n");
                self.indent(level + 1);
                self.text.push_str("case ");
                self.pick(&[
                    "[a, *b]",
                    "{'k': d, **e}",
                    "C(x=1)",
                    "1 | 'a'",
                    "str(a)",
                    "(a, b)",
                    "E.A",
                    "a if a",
                    "_",
                ]);
                self.block(level + 1);
            }
            21 => {
                self.pick(&[
                    "(a, b)",
                    "[a, *b]",
                    "c[0]",
                    "d['k']",
                    "c[1:2]",
                    "a.x",
                    "C.x",
                    "C.__eq__",
                    "D.__len__",
                    "D.__str__",
                    "D.__getattr__",
                    "D.__iter__",
                    "C.__class__",
                    "D.__next__",
                    "C.__enter__",
                ]);
                self.text.push_str(" = ");
                self.expression(3);
                self.text.push('\n');
            }
            22 => {
                self.pick(&[
                    "del ",
                    "raise ",
                    "assert ",
                    "return ",
                    "yield ",
                    "global ",
                    "import ",
                    "from itertools import ",
                    "e = yield ",
                    "nonlocal ",
                ]);
                self.name();
                self.text.push('\n');
            }
            _ => {
                self.pick(&[
                    "pass",
                    "break",
                    "continue",
                    "raise",
                    "return",
                    "yield",
                    "del c[0]",
                    "del d['k']",
                    "del a",
                    "return locals()",
                    "import os.path",
                    "from enum import *",
                ]);
                self.text.push('\n');
            }
        }
    }
}

fn statements(bytes: &[u8], sql: bool, level: usize) -> String {
    let mut grower = Grower {
        bytes: bytes.iter(),
        text: String::new(),
        sql,
    };
    for _ in 0..40 {
        grower.statement(level);
        if grower.spent() {
            break;
        }
    }
    grower.text
}

/// A module.
pub fn module(bytes: &[u8]) -> String {
    let grown = statements(bytes, false, 0);
    format!("{PRELUDE}{VALUES}{grown}")
}

/// The body of a revision.
pub fn revision(bytes: &[u8]) -> String {
    let (up, down) = bytes.split_at(bytes.len() * 3 / 4);
    let (up, down) = (statements(up, true, 1), statements(down, true, 1));
    let mut text = format!("{PRELUDE}{VALUES}{TABLES}");
    let names = "    global a, b, c, d, e\n";
    let _ = write!(
        text,
        "def upgrade():\n{names}{up}def downgrade():\n{names}{down}"
    );
    text
}
