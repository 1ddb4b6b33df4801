//! A query, as far as it matters for whether it gives rows.

use super::{Answer, Cell};
use crate::catalog::{Catalog, Doubt, TableName};

/// How deeply queries are looked into.
pub(super) const DEPTH: usize = 40;

/// Where rows come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A table.
    Table(TableName),
    /// A subquery.
    Query(Box<Query>),
    /// No rows when one of them has none: inner joins, and no FROM at all.
    All(Vec<Source>),
    /// No rows when none of them has some: unions and full joins.
    Any(Vec<Source>),
    /// Values, functions and all that is not looked into.
    Unknown,
}

/// A query.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) source: Source,
    pub(super) output: Output,
}

/// How many rows there are for those of the source.
#[derive(Clone, Debug)]
pub(super) enum Output {
    /// At most one for each.
    PerRow,
    /// One in all: aggregates, or a SELECT without FROM.
    Single(Vec<Column>),
    /// Not known.
    Unknown,
}

/// A column of a single row.
#[derive(Clone, Debug)]
pub(super) enum Column {
    /// What an aggregate gives over no rows.
    Aggregate(Cell),
    /// `EXISTS`, perhaps negated.
    Exists { query: Box<Query>, negated: bool },
    /// Something else.
    Unknown,
}

/// What a selected expression is.
pub(super) enum Kind {
    /// One value for each row.
    Scalar,
    /// A column that makes one row of all, or `EXISTS`.
    Column(Column),
    /// An aggregate inside something, or a function of unknown kind.
    Unknown,
}

impl Kind {
    /// Whether it has a value for each row, and does not make one of all.
    fn is_of_row(&self) -> bool {
        matches!(self, Self::Scalar | Self::Column(Column::Exists { .. }))
    }
}

impl Output {
    /// That of what a SELECT without groups selects; `has_source` says whether it has a FROM.
    pub(super) fn of(kinds: Vec<Kind>, has_source: bool) -> Self {
        if kinds.iter().any(|kind| matches!(kind, Kind::Unknown)) {
            return Self::Unknown;
        }
        if has_source && kinds.iter().all(Kind::is_of_row) {
            return Self::PerRow;
        }
        // Aggregates, or no FROM: one row. A column beside them that is not one of them has no
        // known value.
        let columns = kinds.into_iter().map(|kind| match kind {
            Kind::Column(column) => column,
            Kind::Scalar | Kind::Unknown => Column::Unknown,
        });
        Self::Single(columns.collect())
    }
}

impl Source {
    fn is_empty(&self, catalog: &Catalog) -> bool {
        match self {
            Self::Table(name) => catalog.is_empty_table(name),
            Self::Query(query) => query.answer(catalog) == Some(Answer::NoRows),
            Self::All(sources) => sources.iter().any(|source| source.is_empty(catalog)),
            Self::Any(sources) => {
                !sources.is_empty() && sources.iter().all(|source| source.is_empty(catalog))
            }
            Self::Unknown => false,
        }
    }
}

impl Source {
    /// Why it may give rows; `None` where it gives none.
    fn doubt(&self, catalog: &Catalog) -> Option<Doubt> {
        match self {
            Self::Table(name) => catalog.doubt(name),
            Self::Query(query) => query.doubt(catalog),
            Self::All(sources) => {
                let mut doubts = sources.iter().map(|source| source.doubt(catalog));
                let first = doubts.next().unwrap_or_else(|| Some(by_form()))?;
                doubts.all(|doubt| doubt.is_some()).then_some(first)
            }
            Self::Any(sources) => {
                let mut doubts = sources.iter().map(|source| source.doubt(catalog));
                doubts.find_map(|doubt| doubt)
            }
            Self::Unknown => Some(by_form()),
        }
    }
}

/// The doubt about a query that is not looked into.
fn by_form() -> Doubt {
    Doubt {
        what: "what rows it gives cannot be told from the form of the query".to_owned(),
        by: None,
    }
}

impl Query {
    /// Why it is not known what it gives.
    pub(super) fn doubt(&self, catalog: &Catalog) -> Option<Doubt> {
        match &self.output {
            Output::PerRow => self.source.doubt(catalog),
            Output::Single(columns) => self.source.doubt(catalog).or_else(|| {
                columns.iter().find_map(|column| match column {
                    Column::Aggregate(_) => None,
                    Column::Exists { query, .. } => query.doubt(catalog),
                    Column::Unknown => Some(by_form()),
                })
            }),
            Output::Unknown => Some(by_form()),
        }
    }

    /// A query that is not looked into.
    pub(super) fn unknown() -> Self {
        Self {
            source: Source::Unknown,
            output: Output::Unknown,
        }
    }

    /// Whether it was not looked into.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self.output, Output::Unknown)
    }

    /// What it gives, when that is known.
    pub(super) fn answer(&self, catalog: &Catalog) -> Option<Answer> {
        match &self.output {
            Output::PerRow => self.source.is_empty(catalog).then_some(Answer::NoRows),
            Output::Single(columns) => {
                let nothing = self.source.is_empty(catalog);
                let cells: Option<Vec<Cell>> = columns
                    .iter()
                    .map(|column| match column {
                        Column::Aggregate(cell) => nothing.then_some(*cell),
                        Column::Exists { query, negated } => (query.answer(catalog)?
                            == Answer::NoRows)
                            .then_some(Cell::Bool(*negated)),
                        Column::Unknown => None,
                    })
                    .collect();
                cells.filter(|cells| !cells.is_empty()).map(Answer::Row)
            }
            Output::Unknown => None,
        }
    }
}
