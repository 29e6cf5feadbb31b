//! What every room stands on: checked addresses, secrets, texts of which pieces are secret, numbers, revisions.

pub mod address;
pub mod format;
pub mod named;
pub mod revision;
pub mod secret;
pub mod simulated;
pub mod stored;
pub mod text;
pub mod viewport;
