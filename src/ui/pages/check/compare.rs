//! An earlier audit from a file, and what has changed since.

use crate::base::format::instant;
use crate::explain::audit::Audit;
use crate::explain::audit::compare::Change;
use crate::explain::audit::json::{self, Earlier};
use crate::ui::parts::saved::FileField;
use crate::ui::prelude::*;
use crate::web::file;
use leptos::task::spawn_local_scoped;
use web_sys::File;

/// A longer file is no audit, in bytes.
const LONGEST: usize = 1 << 20;

#[component]
pub fn Choose(earlier: RwSignal<Option<Earlier>>) -> impl IntoView {
    let (failed, fail) = signal(None::<String>);
    let choose = move |chosen: File| {
        spawn_local_scoped(async move {
            let text = file::text(&chosen, LONGEST).await.unwrap_or_default();
            match json::read(&text) {
                Ok(read) => {
                    fail.try_set(None);
                    earlier.try_set(Some(read));
                }
                Err(why) => {
                    fail.try_set(Some(why.to_string()));
                }
            }
        });
    };
    view! {
        <FileField chosen=choose label="Compare with…" testid="check-compare"/>
        <span class="small" aria-live="polite">{move || failed.get()}</span>
    }
}

/// How many lines were fixed, and how many are new.
#[component]
pub fn Compare(audit: Audit, earlier: RwSignal<Option<Earlier>>) -> impl IntoView {
    move || {
        let audit = audit.clone();
        earlier.get().map(|before| {
            let (fixed, new) = (before.count(&audit, Change::Fixed), before.count(&audit, Change::New));
            let other = (before.server != audit.server).then(|| format!(" of {}", before.server));
            let words =
                format!("Since {}{}: {fixed} fixed, {new} new", instant(before.began), other.unwrap_or_default());
            view! {
                <p data-testid="check-compared" data-fixed=fixed data-new=new>{foreign(words)}</p>
            }
        })
    }
}
