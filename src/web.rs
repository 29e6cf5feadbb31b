//! The browser, one of its interfaces a file. Nothing of the user interface is known here.

pub mod clock;
pub mod compress;
pub mod entropy;
pub mod fetch;
pub mod file;
pub mod panic;
pub mod play;
pub mod relay;
pub mod resize;
pub mod signature;
pub mod storage;
pub mod window;
