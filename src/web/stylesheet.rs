//! A stylesheet that comes with a part of the page, so that the first load does without it.

use super::window::document;
use js_sys::Array;
use web_sys::CssStyleSheet;

/// Holds as long as this value is kept. It comes after the page's own stylesheets, and is of the script's making, so the
/// page's policy (`style-src 'self'`) has nothing against it.
pub struct Stylesheet(CssStyleSheet);

impl Stylesheet {
    /// None in a browser that has no such stylesheets: the part is then readable, but plain.
    pub fn adopt(text: &str) -> Option<Self> {
        let sheet = CssStyleSheet::new().ok()?;
        sheet.replace_sync(text).ok()?;
        adopted()?.push(&sheet);
        Some(Self(sheet))
    }
}

impl Drop for Stylesheet {
    fn drop(&mut self) {
        let Some(adopted) = adopted() else { return };
        if let Ok(at) = u32::try_from(adopted.index_of(self.0.as_ref(), 0)) {
            adopted.splice_many(at, 1, &[]);
        }
    }
}

fn adopted() -> Option<Array> {
    document().map(|it| it.adopted_style_sheets())
}
