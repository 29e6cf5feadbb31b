//! The dock: wire and log of the connection beside or below the page, for as long as the page is drawn.
//!
//! It lies over the window's edge, and the page keeps off it by the custom property `--dock` and the attribute
//! `data-dock` of the document (`dock.css`). What the page itself shows is not shown here again.

mod edge;
mod rows;

use super::icon::{Drawing, Icon};
use crate::settings::dock::{Dock, Side, Tab};
use crate::ui::parts::styled::styled;
use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;
use edge::Edge;
use rows::{LogRows, WireRows};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How the dock is, as the user left it, and how wide the window is.
#[derive(Clone, Copy)]
struct Docking {
    dock: RwSignal<Dock>,
    width: RwSignal<f64>,
}

impl Docking {
    fn side(self) -> Side {
        self.dock.read().side(self.width.get())
    }

    /// Changes it, and remembers how it is.
    fn change(self, change: impl FnOnce(&mut Dock)) {
        self.dock.update(change);
        prefs::set_dock(&self.dock.read_untracked());
    }

    /// What it shows beside a page: never what the page itself shows.
    fn tab(self, route: &Route) -> Tab {
        match route {
            Route::Wire(_) => Tab::Logs,
            Route::Logs(_) => Tab::Wire,
            _ => self.dock.read().tab,
        }
    }
}

#[component]
pub fn DockView(width: RwSignal<f64>) -> impl IntoView {
    styled(include_str!("../../../style/dock.css"));
    let docking = Docking { dock: RwSignal::new(prefs::dock()), width };
    let open = Memo::new(move |_| docking.dock.read().open);
    make_room(docking);
    move || {
        match open.get() {
        true => view! { <Open docking/> }.into_any(),
        false => view! {
            <button
                class="dock-open" type="button" data-testid="dock-open" on:click=move |_| docking.change(|it| it.open = true)
            >"Open dock"</button>
        }
        .into_any(),
    }
    }
}

/// How many docks there are: for a moment, that of the page that comes is there beside that of the page that goes.
static DRAWN: AtomicUsize = AtomicUsize::new(0);

/// Tells the document how much of the window is the dock's, until the page goes.
fn make_room(docking: Docking) {
    DRAWN.fetch_add(1, Ordering::Relaxed);
    Effect::new(move |_| {
        let side = docking.side();
        let dock = docking.dock.read();
        window::mark("data-dock", dock.open.then(|| side.name()));
        window::measure("--dock", Some(&format!("{}px", dock.size(side))));
    });
    on_cleanup(|| {
        if DRAWN.fetch_sub(1, Ordering::Relaxed) == 1 {
            window::mark("data-dock", None);
            window::measure("--dock", None);
        }
    });
}

#[component]
fn Open(docking: Docking) -> impl IntoView {
    let session = session();
    let side = Memo::new(move |_| docking.side());
    let tab = Memo::new(move |_| docking.tab(&session.route()));
    let rows = move || match tab.get() {
        Tab::Wire => view! { <WireRows/> }.into_any(),
        Tab::Logs => view! { <LogRows/> }.into_any(),
    };
    view! {
        <aside class="dock" data-testid="dock" aria-label="Dock" data-side=move || side.get().name() data-tab=move || tab.get().name()>
            <Edge docking side/>
            <Head docking side tab/>
            {move || anew(rows())}
        </aside>
    }
}

#[component]
fn Head(docking: Docking, side: Memo<Side>, tab: Memo<Tab>) -> impl IntoView {
    let session = session();
    // On the pages of wire and log there is the other one alone.
    let there = move |it: Tab| tab.get() == it || !matches!(session.route(), Route::Wire(_) | Route::Logs(_));
    let choose = move |it: Tab, label: &'static str| {
        let pressed = move || (tab.get() == it).to_string();
        move || {
            there(it).then(|| view! {
            <button class="quiet" type="button" aria-pressed=pressed on:click=move |_| docking.change(|dock| dock.tab = it)>{label}</button>
        })
        }
    };
    let other = move || if side.get() == Side::Beside { "Move below" } else { "Move beside" };
    view! {
        <header class="row nowrap">
            <div class="tabs" role="group" aria-label="Dock content">{choose(Tab::Wire, "Wire")}{choose(Tab::Logs, "Logs")}</div>
            <span class="grow"></span>
            <button
                class="quiet" type="button" data-testid="dock-move"
                on:click=move |_| docking.change(|it| it.moved(side.get_untracked().other()))
            >{other}</button>
            <button
                class="quiet icon" type="button" data-testid="dock-close" aria-label="Close dock"
                on:click=move |_| docking.change(|it| it.open = false)
            ><Drawing icon=Icon::Close/></button>
        </header>
    }
}
