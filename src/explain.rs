//! Facts into words: the trace as a walkthrough and as a wire, causes of failures, reports, comparisons.

pub mod agreement;
pub mod audit;
pub mod card;
pub mod catalog;
pub mod compare;
pub mod dock;
pub mod fixes;
pub mod ledger;
pub mod logs;
pub mod palette;
pub mod pasted;
pub mod walkthrough;
pub mod why;
pub mod wire;
pub mod words;
