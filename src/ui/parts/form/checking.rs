//! Keeps a verdict current while a text changes. One check at a time: what was typed meanwhile is checked next.

use super::sheet::Sheet;
use crate::ui::prelude::*;
use crate::web::validator;
use leptos::task::spawn_local_scoped;
use std::sync::Arc;

/// Checks a text against a schema whenever it is another one; no text has no verdict.
pub fn keep_checked(schema: Arc<str>, text: impl Fn() -> Option<String> + Copy + Send + Sync + 'static, sheet: Sheet) {
    let text = Memo::new(move |_| text());
    let busy = StoredValue::new(false);
    Effect::new(move |_| {
        text.track();
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        let schema = Arc::clone(&schema);
        spawn_local_scoped(async move {
            while let Some(Some(now)) = text.try_get_untracked() {
                let checked = validator::check(&schema, &now).await;
                if text.try_get_untracked().flatten().as_ref() == Some(&now) {
                    sheet.judge(Some((now, checked)));
                    break;
                }
            }
            if text.try_get_untracked() == Some(None) {
                sheet.judge(None);
            }
            let _ = busy.try_set_value(false);
        });
    });
}
