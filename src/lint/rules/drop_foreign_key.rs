//! `drop-foreign-key`: a foreign key is dropped

use crate::catalog::ConstraintKind;
use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
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
    others: &[],
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
        let known = site.effect.before.as_deref().is_some_and(|before| {
            let inline = before.columns.iter().flat_map(|column| &column.constraints);
            inline.chain(&before.constraints).any(|constraint| {
                constraint
                    .name
                    .ident()
                    .zip(name.ident())
                    .is_some_and(|(known, wanted)| known.name == wanted.name)
                    && matches!(constraint.kind, ConstraintKind::ForeignKey(_))
            })
        });
        let said = matches!(kind, Some(DropConstraintKind::ForeignKey));
        if (known || said) && !site.is_new(table) {
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
