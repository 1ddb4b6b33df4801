//! What stands for the database connection: `op.get_bind()` and everything reached through it.

mod compile;
mod config;
pub(super) mod configured;
mod connection;
mod context;
mod dialect;
mod engine;
mod entity;
mod one_of;
mod query;
mod result;
mod row;
mod script;
mod session;
mod spelling;
mod url;

pub use compile::{compilation, compiled, compiler, compiles};
pub use config::config;
pub use connection::{class as connection_class, connection, execute, inspect, inspector_class};
pub use context::{context, context_class};
pub use dialect::{dialect, dialect_class};
pub use engine::{Engine, engine};
pub use query::Query;
pub use result::ResultObject;
pub use script::class as directory_class;
pub use session::{Session, scoped_session, session_class, sessionmaker};
pub use spelling::{spelled, version_table};
pub use url::{class as url_class, make_url, url_of_run};
