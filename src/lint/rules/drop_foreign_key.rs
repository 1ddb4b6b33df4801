//! `drop-foreign-key`: a foreign key is dropped

use crate::diagnostic::Severity;
use crate::lint::coming::dropped_foreign_key;
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
        let key = dropped_foreign_key(site.effect);
        let said = matches!(kind, Some(DropConstraintKind::ForeignKey));
        let missed = !site.coming.makes_up_for_key(site.place);
        if (key.is_some() || said) && missed && !site.is_new(table) {
            let name = name
                .ident()
                .map(|name| format!(" {}", site.quote(name)))
                .unwrap_or_default();
            found.add(
                &INFO,
                site,
                format!(
                    "foreign key{name} of {} is dropped: its rows are no longer checked",
                    site.table_name(table)
                ),
            );
        }
    }
}
