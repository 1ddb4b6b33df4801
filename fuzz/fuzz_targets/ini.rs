//! Reads an ini file and interpolates each of its values.
#![no_main]

use gensql::config::Ini;
use gensql::source::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(ini) = Ini::parse(SourceFile::new("alembic.ini", text)) else {
        return;
    };
    for section in ini.sections() {
        for option in ini.options(section) {
            let _ = ini.get(section, option);
        }
    }
});
