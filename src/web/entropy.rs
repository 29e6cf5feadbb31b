//! Randomness from the browser.

/// 64 bytes that nobody can guess; `None` where the browser has none to give.
pub fn bytes() -> Option<[u8; 64]> {
    let mut bytes = [0; 64];
    getrandom::fill(&mut bytes).ok().map(|()| bytes)
}
