//! Parts of pages, one a file.

pub mod arguments;
pub mod browse;
pub mod checks;
pub mod controls;
pub mod copy;
pub mod describe;
pub mod elapsed;
pub mod exchange;
pub mod field;
pub mod hand_over;
pub mod header;
pub mod icon;
pub mod json;
pub mod link;
pub mod live;
pub mod palette;
pub mod pending;
pub mod problem;
pub mod request;
pub mod result;
pub mod show;
pub mod violations;
pub mod virtual_list;
pub mod waiting;
