//! Every secret of this tab: what it is, where it is kept, where it was sent, when it ends.

use crate::base::format;
use crate::base::text::Text;
use crate::explain::ledger::{self, LedgerEntry};
use crate::explain::wire::lines;
use crate::ui::parts::controls::is_checked;
use crate::ui::parts::exchange::runs;
use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock;

#[component]
pub fn Ledger() -> impl IntoView {
    let session = session();
    let entries = session.memo(ledger::entries);
    let rows = move || entries.get().into_iter().map(|entry| view! { <Row entry/> }).collect_view();
    view! {
        <section class="part" data-testid="secret-ledger" aria-labelledby="ledger-title">
            <h2 id="ledger-title">"Secrets in this tab"</h2>
            <p>
                "Flowglass keeps no secrets in localStorage or cookies, and sends them only to the origins listed here. sessionStorage ends with the tab."
            </p>
            {move || match entries.read().is_empty() {
                true => view! { <p class="muted">"This tab holds no secret."</p> }.into_any(),
                false => view! {
                    <div class="scroll" tabindex="0" role="region" aria-labelledby="ledger-title">
                        <table class="ledger">
                            <thead><tr><th>"Secret"</th><th>"Stored in"</th><th>"Sent to"</th><th>"State"</th><th>"Expires"</th></tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }
                .into_any(),
            }}
            <Forget/>
        </section>
    }
}

#[component]
fn Row(entry: LedgerEntry) -> impl IntoView {
    let session = session();
    let value = Text::secret(entry.value.expose().as_str());
    let ends = match entry.expires {
        Some(at) if at <= clock::now() => "expired".to_owned(),
        Some(at) => format!("in {}", format::clock(at - clock::now())),
        None => entry.kind.ends().to_owned(),
    };
    let sent = match entry.times {
        0 => "nowhere".to_owned(),
        times => format!("{}, in {}", entry.sent.join(", "), format::counted(times, "request", "requests")),
    };
    view! {
        <tr data-kind=entry.kind.name() data-live=entry.live.then_some("")>
            <th scope="row">
                {entry.kind.words()}
                <small class="mono cut">{move || { let reveal = session.reveal(); runs(lines::value(&value, reveal), reveal) }}</small>
            </th>
            <td class="place" data-label="Stored in">{entry.stored.words()}</td>
            <td class="mono" data-label="Sent to">{foreign(sent)}</td>
            <td data-label="State">{entry.state()}</td>
            <td data-label="Expires">{ends}</td>
        </tr>
    }
}

/// One press, and a word about what it takes away: it cannot be undone.
#[component]
fn Forget() -> impl IntoView {
    let session = session();
    let saved = RwSignal::new(false);
    let forget = move |_| {
        session.forget_everything();
        if saved.get_untracked() {
            session.forget_saved();
            saved.set(false);
        }
    };
    view! {
        <div class="row">
            <button type="button" data-testid="forget-everything" on:click=forget>"Forget everything"</button>
            <span class="small muted">
                "Deletes tokens, client registrations, secrets, a pending login and the trace. It does not revoke tokens; use Revoke for that."
            </span>
        </div>
        <label class="check">
            <input type="checkbox" data-testid="forget-saved" prop:checked=saved on:change=move |event| saved.set(is_checked(&event))/>
            "Saved servers and preferences too"
        </label>
        {move || saved.get().then(|| view! { <Going/> })}
    }
}

/// What of other tabs goes, too.
#[component]
fn Going() -> impl IntoView {
    let session = session();
    let kept = move || {
        session.kept_servers.track();
        session.theme.track();
        session.lessons.track();
        prefs::kept()
    };
    let list = move || match kept() {
        none if none.is_empty() => view! { <p>"This browser has nothing saved."</p> }.into_any(),
        all => view! { <ul>{all.into_iter().map(|it| view! { <li>{it}</li> }).collect_view()}</ul> }.into_any(),
    };
    view! {
        <div class="small muted" data-testid="forget-list" role="status">
            <p>"Goes for all tabs of this browser:"</p>
            {list}
        </div>
    }
}
