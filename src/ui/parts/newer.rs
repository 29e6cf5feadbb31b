//! That the host has another build than the one that runs here. The page changes on a press only.

use crate::ui::prelude::*;
use crate::web::version::{self, Build};
use crate::web::{clock, window};
use leptos::task::spawn_local;

/// The host is asked when the tab is visible again, and every hour while it is; never twice within ten minutes.
const EVERY: u32 = 60 * 60_000;
const REST: f64 = 10.0 * 60_000.0;
/// How long its response may take, in milliseconds.
const LIMIT: u32 = 5_000;

/// The other build, as long as it was not dismissed.
#[derive(Clone, Copy)]
struct Newer {
    hosted: RwSignal<Option<Build>>,
    dismissed: RwSignal<Option<Build>>,
}

/// Looks for other builds for as long as the page lives; called once. In a frame of another origin it does not.
pub fn watch_for_newer() {
    let newer = Newer { hosted: RwSignal::new(None), dismissed: RwSignal::new(None) };
    provide_context(newer);
    let Some(own) = version::own().filter(|_| !window::is_in_foreign_frame()) else { return };
    let (own, asked) = (StoredValue::new(own), StoredValue::new(clock::now()));
    let look = move || {
        let now = clock::now();
        if window::is_hidden() || (now - asked.get_value()).abs() < REST {
            return;
        }
        asked.set_value(now);
        spawn_local(async move {
            if let Some(build) = version::hosted(LIMIT).await {
                newer.hosted.set((build.build != own.get_value()).then_some(build));
            }
        });
    };
    window::on("visibilitychange", move |_| look());
    spawn_local(async move {
        loop {
            clock::sleep(EVERY).await;
            look();
        }
    });
}

/// Says so on every page. It is part of the first load: after an upgrade the host may have no later part of this build.
#[component]
pub fn NewerBuild() -> impl IntoView {
    let Newer { hosted, dismissed } = expect_context();
    let shown = Memo::new(move |_| hosted.get().filter(|it| dismissed.read().as_ref() != Some(it)));
    let later = move |_| dismissed.set(hosted.get_untracked());
    move || {
        shown.get().map(|it| {
            let what = if it.version == env!("CARGO_PKG_VERSION") { "another build of Flowglass " } else { "Flowglass " };
            view! {
                <section class="waiting" role="status" data-testid="version-notice">
                    <p>"This host now has "{what}<strong data-testid="version-hosted">{foreign(it.version)}</strong>"."</p>
                    <button type="button" class="main" data-testid="version-reload" on:click=move |_| window::reload()>"Reload"</button>
                    <button type="button" data-testid="version-later" on:click=later>"Later"</button>
                </section>
            }
        })
    }
}
