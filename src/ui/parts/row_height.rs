//! Rows that are one line where the list is wide and two where it is narrow, as its stylesheet has it.

use crate::ui::prelude::*;
use crate::web::resize::Resize;
use leptos::html::Div;

/// How high a row is, in pixels, on one line and on two (`parts.css`, `exchanges.css`, `logs.css`).
const ONE_LINE: u32 = 32;
const TWO_LINES: u32 = 54;

/// The height of a row in pixels. The headings of a list are only drawn where a row is one line.
pub fn row_height(area: NodeRef<Div>, head: NodeRef<Div>) -> ReadSignal<u32> {
    let (height, set_height) = signal(ONE_LINE);
    let fit = move || {
        let narrow = head.try_get_untracked().flatten().is_some_and(|it| it.client_height() == 0);
        set_height.try_set(if narrow { TWO_LINES } else { ONE_LINE });
    };
    let resize = StoredValue::new_local(None::<Resize>);
    Effect::new(move |_| {
        if let Some(area) = area.get() {
            fit();
            resize.set_value(Resize::of(&area, fit));
        }
    });
    height
}
