//! What stands for the database connection: `op.get_bind()` and everything reached through it.

mod compile;
mod config;
mod connection;
mod context;
mod dialect;
mod query;
mod result;
mod session;

pub use compile::{compilation, compiler, compiles};
pub use config::config;
pub use connection::{class as connection_class, connection, execute, inspect, inspector_class};
pub use context::{context, context_class};
pub use dialect::{dialect, dialect_class};
pub use query::Query;
pub use result::ResultObject;
pub use session::{Session, session_class, sessionmaker};
