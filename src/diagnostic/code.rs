//! The one registry of diagnostic codes. A code's documentation is what `gensql explain` prints.

macro_rules! codes {
    ($( $(#[doc = $doc:literal])+ $name:ident = $text:literal; )+) => {
        /// A registered diagnostic code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $( $(#[doc = $doc])+ $name, )+
        }

        impl Code {
            /// Every code, in the order of the registry.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code as it is printed, such as `E0201`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }

            /// The explanation, a paragraph a line.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc, "\n"),+)),+ }
            }
        }
    };
}

// E01xx configuration and usage (exit status 2), E02xx Alembic front-end, E03xx revision graph,
// E04xx SQL front-end, E05xx catalog, E06xx lowering and rendering, W…: warnings with the same hundreds.
codes! {
    /// The configuration file cannot be found.
    ///
    /// gensql looks for `gensql.toml`, `alembic.ini` and `pyproject.toml` in the working
    /// directory, or reads the file given with `-c`.
    ConfigNotFound = "E0101";
    /// The configuration file cannot be read or understood.
    ConfigInvalid = "E0102";
    /// No dialect is known.
    ///
    /// It comes from `--dialect`, `gensql.toml`, `sqlalchemy.url`, `DATABASE_URL` or `env.py`, in
    /// that order.
    DialectUnknown = "E0103";
    /// The command line is wrong.
    Usage = "E0104";
    /// A file or directory cannot be read or written.
    Io = "E0105";
    /// A project's own dialect file or template is wrong.
    ///
    /// `dialects/NAME.toml` and `templates/NAME/*.sql.j2` are described in docs/dialects.md. What
    /// a file does not say, it takes from the dialect that it `extends`.
    DialectFile = "E0106";

    /// A Python file cannot be parsed.
    PythonSyntax = "E0201";
    /// The migration uses a Python construct that gensql does not evaluate.
    PythonUnsupported = "E0202";
    /// The migration raised an exception.
    PythonException = "E0203";
    /// A value that cannot be known without a database, a network or a clock reached the script.
    UnknownValue = "E0204";
    /// A branch depends on a value that cannot be known.
    UnknownCondition = "E0205";
    /// The evaluation used up its budget of steps, depth or memory.
    BudgetExceeded = "E0206";
    /// The file is not a revision.
    NotARevision = "E0207";
    /// The migration asks the database for rows.
    DatabaseRead = "E0208";
    /// The project's `script.py.mako` cannot be rendered.
    ///
    /// It is a template of Mako, which `gensql revision` and `gensql merge` write files with.
    /// `docs/authoring.md` lists what of Mako is understood.
    MakoTemplate = "E0209";

    /// No revision has that identifier.
    RevisionNotFound = "E0301";
    /// Several heads where one is needed.
    MultipleHeads = "E0302";
    /// A `down_revision` or `depends_on` names a revision that is not there.
    MissingRevision = "E0303";
    /// Two files declare the same revision.
    DuplicateRevision = "E0304";
    /// The revisions form a cycle.
    Cycle = "E0305";
    /// The range cannot be walked.
    RangeInvalid = "E0306";
    /// A revision identifier has a character that is not allowed.
    RevisionIdInvalid = "E0307";
    /// A branch label is declared by two revisions.
    BranchLabel = "E0308";
    /// The database is not at all heads.
    NotAtHeads = "E0309";
    /// A released revision is not what it was.
    ///
    /// `gensql.lock` records what each released revision rendered to. Databases that have the
    /// revision do not get a change that is made to it afterwards. `docs/lock.md` tells more.
    ReleasedChanged = "E0310";
    /// `gensql.lock` cannot be used.
    ///
    /// It was edited, or put together from the files of two branches: each of its blocks continues
    /// the one before. `docs/lock.md` says what to do after a conflict.
    LockInvalid = "E0311";
    /// A revision is not in `gensql.lock`.
    NotLocked = "E0312";
    /// A bundle is not what it was when it was made, or not what the sources render now.
    ///
    /// `gensql bundle --check` compares the files of a bundle with its manifest and with what the
    /// sources render.
    BundleDiffers = "E0313";
    /// A revision of the range cannot be taken back.
    Irreversible = "E0314";

    /// A SQL revision's header or sections cannot be understood.
    SqlRevisionInvalid = "E0401";
    /// A SQL revision's template fails.
    SqlTemplate = "E0402";

    /// The dialect cannot express the operation.
    Unsupported = "E0601";
    /// A value has no literal form in the dialect.
    LiteralUnsupported = "E0602";
    /// An identifier is longer than the dialect allows.
    IdentifierTooLong = "E0603";
    /// A template of the dialect fails.
    Template = "E0604";
    /// The operation's arguments do not make sense.
    OperationInvalid = "E0605";

    /// A step needs a table that a statement before it may have changed in a way that is not known.
    ///
    /// gensql reads the SQL of revisions as far as it can. A statement that it cannot read taints the
    /// tables that it names: what they look like afterwards is not known. A comment in that statement
    /// declares its effect in portable DDL, one statement a line:
    /// `-- gensql: effect ALTER TABLE t ADD COLUMN c INTEGER`, or `-- gensql: effect none`.
    CatalogTainted = "E0501";
    /// What a statement does to the schema is not known.
    ///
    /// Statements that gensql cannot read are handed on as they are. The schema at a revision lacks
    /// what they make.
    EffectUnknown = "W0501";
    /// A revision takes the place of others.
    ///
    /// Their files have to go, since it has the identifier of the last of them.
    Squashed = "W0502";
    /// The text that Alembic would print here is unsafe; `--compat alembic` keeps it.
    UnsafeCompat = "W0601";
    /// Alembic ignores or warns about this option on the dialect.
    OptionIgnored = "W0602";
    /// The script depends on a value that differs each time, made fixed here.
    FixedValue = "W0201";
    /// `env.py` cannot be evaluated.
    ///
    /// The options that it passes to `context.configure` are not known then; those of Alembic's
    /// own template are assumed.
    EnvironmentUnknown = "W0202";
    /// The script cannot check what it needs to be true.
    ///
    /// In this dialect no statement can end a script, so that the check is left to whoever
    /// applies it.
    Unguarded = "W0603";
    /// The database refuses the statement, as far as the schema is known.
    Refused = "W0604";
    /// The script does not check what the database is at.
    ///
    /// Applied to a database at another revision than its start, it fails half-way or does harm.
    /// With `--guard` it refuses such a database before its first change. For SQL revisions that is
    /// usual. `guard = true` or `guard = false` in gensql.toml decides for the project.
    NotGuarded = "W0605";
    /// A step is left to a person (`--on-opaque stub`).
    ///
    /// What it does depends on rows, which only a database knows. The script says what is to be done
    /// and stops there, until somebody has written the SQL in the place of the statement that stops it.
    ManualStep = "W0606";
    /// There is no online form of the statement in this dialect.
    ///
    /// With `--online` it is written as without: others wait for it as long as it runs.
    NotOnline = "W0607";
    /// `env.py` would write the script to a file.
    ///
    /// gensql writes no file of its own: the scripts come one after another on the standard output.
    OutputElsewhere = "W0203";
    /// The revisions lead to the wanted schema already.
    NothingDiffers = "W0103";
    /// Something goes while something much like it comes.
    ///
    /// A rename cannot be told from a drop and a creation, which loses the rows. `--rename OLD:NEW` says
    /// that it is one.
    LikelyRename = "W0104";
    /// A program that the project runs on new revisions was not run.
    ///
    /// `post_write_hooks` names programs. gensql runs no program because a file says so: `--hooks`,
    /// or `GENSQL_HOOKS=1` in the environment, allows it.
    HookNotRun = "W0101";
    /// A program that the project runs on new revisions failed.
    HookFailed = "W0102";
    /// A start revision was assumed.
    AssumedStart = "W0301";
    /// The project has no revisions.
    ///
    /// Alembic prints nothing then, as gensql does. If there should be some, `script_location` or
    /// `version_locations` is not where they are.
    NoRevisions = "W0302";
}
