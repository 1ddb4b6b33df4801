//! How one dialect file is laid over another. The build does it for the built-in dialects, the
//! program for those of a project.

/// Lays one file's facts over another's.
pub fn lay(under: &mut toml::Table, over: toml::Table) {
    // Another name is no name of this one, nor is what has been verified.
    for own in ["aliases", "verified", "extends"] {
        under.remove(own);
    }
    // A type that this file spells is right as it is.
    let own = over.get("types").and_then(toml::Value::as_table);
    if let (Some(own), Some(toml::Value::Table(corrected))) = (own, under.get_mut("corrected")) {
        corrected.retain(|name, _| !own.contains_key(name));
    }
    merge(under, over);
}

/// Tables are laid over each other, all else takes the place.
pub fn merge(under: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(toml::Value::Table(under)), toml::Value::Table(over)) => merge(under, over),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}
