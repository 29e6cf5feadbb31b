//! The account of this tab: as the authorization server named it, a name of the user's own, and the way to another
//! account.

use crate::inspector::Inspector;
use crate::oauth::account::prompt_for_another;
use crate::settings::GrantType;
use crate::ui::prelude::*;
use crate::ui::session::linked::link_for_another;
use crate::ui::session::session;

#[component]
pub fn ThisTab() -> impl IntoView {
    let session = session();
    let named = session.memo(|it| it.account().cloned());
    let words = move || {
        match named.get() {
        Some(it) => view! { "account "<span class="mono">{foreign(it.name)}</span>", from "<code>{foreign(it.claim)}</code>" of the ID token" }.into_any(),
        None => "The server does not tell which account it is.".into_any(),
    }
    };
    view! {
        <span class="small muted">{words}</span>
        <div class="row">
            <input
                type="text" data-testid="tab-label" aria-label="Label of this tab" placeholder="Label of this tab" maxlength="60"
                prop:value=move || session.tab_label.get()
                on:input:target=move |event| session.name_tab(event.target().value())
            />
        </div>
    }
}

/// How another account is asked for; `None` where no user logs in.
fn prompt(it: &Inspector) -> Option<Option<&'static str>> {
    let logs_in = it.settings().is_some_and(|it| it.grant == GrantType::AuthorizationCode);
    it.grant().filter(|_| logs_in).map(|it| prompt_for_another(&it.prompt_values))
}

/// A tab of its own has its own tokens and clients: nothing of this one goes along but the settings.
#[component]
pub fn AnotherAccount() -> impl IntoView {
    let session = session();
    let prompt = session.memo(prompt);
    let link = move || prompt.get().map(|prompt| link_for_another(session, prompt)).filter(|it| !it.is_empty());
    let hint = move || match prompt.get().flatten() {
        Some(prompt) => format!("Opens a tab that sends prompt={prompt}."),
        None => "Opens a tab. The authorization server decides which account it uses.".to_owned(),
    };
    move || {
        link().map(|link| {
            view! {
                <a class="button quiet" data-testid="another-account" href=link target="_blank" rel="noopener noreferrer">"Use another account"</a>
                <span class="small muted" data-testid="another-account-hint">{hint}</span>
            }
        })
    }
}
