//! The stylesheets of the parts that load later.

use crate::ui::prelude::*;
use crate::web::stylesheet::Stylesheet;

/// Adds a stylesheet for as long as the view that is being made is there.
pub fn styled(text: &str) {
    StoredValue::new_local(Stylesheet::adopt(text));
}
