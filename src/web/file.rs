//! Files that the user gives to the page.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, File, HtmlInputElement};

/// The file that was chosen. The field is empty afterwards, so that the same file can be chosen again.
pub fn chosen(input: &HtmlInputElement) -> Option<File> {
    let file = input.files().and_then(|it| it.get(0));
    input.set_value("");
    file
}

/// The first file of a `drop`.
pub fn dropped(event: &Event) -> Option<File> {
    event.dyn_ref::<DragEvent>()?.data_transfer()?.files()?.get(0)
}

/// The text of a file of at most so many bytes, or how many it has; `Err(None)` where it cannot be read.
pub async fn text(file: &File, longest: usize) -> Result<String, Option<usize>> {
    let bytes = file.size() as usize;
    if bytes > longest {
        return Err(Some(bytes));
    }
    let text = JsFuture::from(file.text()).await.map_err(|_| None)?;
    text.as_string().ok_or(None)
}
