//! `drop-foreign-key`: a foreign key is dropped

use crate::catalog::{ConstraintKind, TableName};
use crate::diagnostic::Severity;
use crate::expression::Ident;
use crate::lint::release::Action;
use crate::lint::rule::{Example, Family, Found, Info, Rule, Site};
use crate::operation::DropConstraintKind;
use crate::operation::Operation;

/// The rule.
pub struct DropForeignKey;

static INFO: Info = Info {
    name: "drop-foreign-key",
    family: Family::Destructive,
    severity: Severity::Note,
    opt_in: false,
    summary: "a foreign key is dropped",
    why: "from then on rows may refer to what is not there",
    instead: "keep it, or say in the revision what keeps the rows consistent",
    dialect: "postgresql",
    bad: "ALTER TABLE orders ADD COLUMN u BIGINT; ALTER TABLE orders ADD CONSTRAINT fk_u FOREIGN KEY (u) REFERENCES users (id); ALTER TABLE orders DROP CONSTRAINT fk_u",
    good: "DROP INDEX ix_name",
    others: &[Example {
        dialect: "postgresql",
        bad: "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES users (id); ALTER TABLE orders DROP CONSTRAINT fk; ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (total) REFERENCES users (id)",
        good: "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES users (id); ALTER TABLE orders DROP CONSTRAINT fk; ALTER TABLE orders RENAME COLUMN id TO user_id; ALTER TABLE orders ADD CONSTRAINT fk2 FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE",
    }],
    peers: &["atlas CD101"],
};

impl Rule for DropForeignKey {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::DropConstraint {
            table, name, kind, ..
        }) = site.operation()
        else {
            return;
        };
        let key = site.effect.before.as_deref().and_then(|before| {
            let inline = before.columns.iter().flat_map(|column| &column.constraints);
            inline.chain(&before.constraints).find_map(|constraint| {
                let known = constraint.name.ident()?;
                match &constraint.kind {
                    ConstraintKind::ForeignKey(key) if known.name == name.ident()?.name => {
                        Some(key)
                    }
                    _ => None,
                }
            })
        });
        let said = matches!(kind, Some(DropConstraintKind::ForeignKey));
        let replaced = key.is_some_and(|key| is_replaced(site, table, &key.columns));
        if (key.is_some() || said) && !replaced && !site.is_new(table) {
            let name = name
                .ident()
                .map(|name| site.quote(name))
                .unwrap_or_default();
            found.add(
                &INFO,
                site,
                format!(
                    "foreign key {name} of {} is dropped: its rows are no longer checked",
                    site.table_name(table)
                ),
            );
        }
    }
}

/// Whether the release goes on to make a foreign key of the same columns, under whatever names they
/// have by then, or drops one of them, with which there is nothing to check any more.
fn is_replaced(site: &Site<'_>, table: &TableName, columns: &[Ident]) -> bool {
    let mut columns = columns.to_vec();
    let changes = site.release.steps.iter().flat_map(|step| &step.changes);
    let effects = changes.flat_map(|change| &change.effects);
    let mut later = effects.skip_while(|effect| !std::ptr::eq(*effect, site.effect));
    later.any(|effect| match &effect.action {
        Action::Operation(Operation::AddConstraint {
            table: of,
            constraint,
        }) => match &constraint.kind {
            ConstraintKind::ForeignKey(key) => of == table && key.columns == columns,
            _ => false,
        },
        Action::Operation(Operation::DropColumn {
            table: of, column, ..
        }) => of == table && columns.contains(column),
        Action::Operation(Operation::AlterColumn(alter)) => {
            if let Some(new) = &alter.new_name
                && alter.table == *table
            {
                for column in columns.iter_mut().filter(|known| **known == alter.column) {
                    column.clone_from(new);
                }
            }
            false
        }
        _ => false,
    })
}
