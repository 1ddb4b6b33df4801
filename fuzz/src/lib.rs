//! The fuzz targets' common part.

pub mod grammar;
pub mod memory;
pub mod readers;
