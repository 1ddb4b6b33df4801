//! `constraint-index-build`: a key or unique constraint builds its index under a lock

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct ConstraintIndexBuild;

static INFO: Info = Info {
    name: "constraint-index-build",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a key or unique constraint builds its index under a lock",
    why: "nobody can use the table while the index is built",
    instead: "build a unique index concurrently first, then add the constraint USING INDEX",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD CONSTRAINT u UNIQUE (email)",
    good: "ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u",
    others: &[],
    peers: &[
        "strong_migrations exclusion constraint",
        "eugene E8",
        "squawk disallowed-unique-constraint",
        "squawk adding-serial-primary-key-field",
        "strong_migrations unique constraint",
        "atlas PG104",
        "atlas PG105",
        "eugene E7",
    ],
};

impl Rule for ConstraintIndexBuild {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let forms = [Form::AddUnique, Form::AddPrimaryKey, Form::AddExclude];
        let used = site.locks.iter().find(|used| forms.contains(&used.form));
        let Some(used) = used.filter(|used| used.row.blocks >= Blocks::Writes) else {
            return;
        };
        if let Some(table) = &site.effect.table
            && !site.is_new(table)
            && site.served
        {
            let name = site.table_name(table);
            found.add(
                &INFO,
                site,
                format!(
                    "{} on {name} while the index of the constraint is built",
                    used.row.lock
                ),
            );
        }
    }
}
