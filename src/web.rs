//! The browser, one of its interfaces a file. Nothing of the user interface is known here.

pub mod blob;
pub mod channel;
pub mod clock;
pub mod compress;
pub mod embedder;
pub mod entropy;
pub mod fetch;
pub mod file;
pub mod frame;
pub mod fullscreen;
pub mod host_file;
pub mod launch;
pub mod panic;
pub mod play;
pub mod policy;
pub mod relay;
pub mod resize;
pub mod scheme;
pub mod signature;
pub mod storage;
pub mod stylesheet;
pub mod validator;
pub mod version;
pub mod window;
