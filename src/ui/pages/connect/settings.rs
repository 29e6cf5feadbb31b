//! The two groups of settings below the address.

use crate::lens;
use crate::revision::Revision;
use crate::route::Route;
use crate::settings::{Draft, Field, GrantType, Leaving, Pinned, Registration, ResourceMode, TOKEN_AUTH};
use crate::ui::own_document::OwnDocument;
use crate::ui::parts::copy::Copy;
use crate::ui::parts::field::{Choice, FieldNote, Look, Refusals, TextField};
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;

const fn look(id: &'static str, label: &'static str, hint: &'static str) -> Look {
    Look { id, label, hint, kind: "text", placeholder: "" }
}

const CLIENT_SECRET: Look =
    Look { kind: "password", ..look("client-secret", "Client secret", "Stays in this tab, and is forgotten with it.") };
const PRIVATE_KEY: Look = Look {
    kind: "password",
    placeholder: "-----BEGIN PRIVATE KEY-----",
    ..look(
        "private-key",
        "Private key, for private_key_jwt",
        "PKCS#8 or a JWK, for testing. In memory alone: a reload forgets it.",
    )
};
const METADATA_URL: Look = Look {
    placeholder: "https://",
    ..look(
        "client-metadata-url",
        "Client ID metadata document",
        "An https address that describes this client; it becomes the client id.",
    )
};
const EXTRA: Look = Look {
    kind: "area",
    placeholder: "prompt=consent",
    ..look(
        "extra-params",
        "Extra parameters of the authorization request",
        "One name=value a line, for servers that want audience, prompt or login_hint.",
    )
};
const ISSUER: Look = Look {
    placeholder: "https://",
    ..look(
        "issuer",
        "Authorization server",
        "Its issuer. Of several that a server names, the one to use; where it names none, the one to ask.",
    )
};
const AUTHORIZATION: Look =
    Look { placeholder: "https://", ..look("authorization-endpoint", "Authorization endpoint", "") };
const TOKEN: Look = Look {
    placeholder: "https://",
    ..look("token-endpoint", "Token endpoint", "With both, no metadata of the authorization server is asked for.")
};
const REGISTER: Look = Look { placeholder: "https://", ..look("registration-endpoint", "Registration endpoint", "") };
const ROOTS: Look = Look {
    kind: "area",
    placeholder: "file:///home/me/project My project",
    ..look("roots", "Roots", "Folders that the server is told of when it asks, one a line. Nothing in them is read.")
};
const TIMEOUT: Look = Look { kind: "number", ..look("request-timeout", "Time-out of a request, in seconds", "") };
const BEARER: Look = Look { kind: "password", ..look("bearer-token", "Bearer token, instead of a login", "") };

#[component]
pub fn AuthorizationSettings() -> impl IntoView {
    let refusals: Refusals = expect_context();
    let opened = move || {
        refusals.any(&[Field::ClientId, Field::PrivateKey, Field::ClientMetadataUrl, Field::Extra]) || by_hand(refusals)
    };
    let ways = Registration::ALL.into_iter().map(|(_, name, words)| (name, words)).collect();
    let windows = Leaving::ALL.into_iter().map(|(_, name, words)| (name, words)).collect();
    let scope = look("scope", "Scope", "Left empty, what the server asks for is asked for.");
    view! {
        <details data-testid="auth-settings" open=opened>
            <summary>"Authorization settings"</summary>
            <div class="fields">
                <Choice look=look("registration", "Registration of this client", "") lens=lens!(registration) options=ways/>
                <TextField look=scope lens=lens!(scope)/>
                <TextField look=look("client-id", "Client ID", "") lens=lens!(client_id) field=Field::ClientId/>
                <TextField look=CLIENT_SECRET lens=lens!(client_secret)/>
                <TextField look=PRIVATE_KEY lens=lens!(private_key) field=Field::PrivateKey class="field whole"/>
                <TextField look=METADATA_URL lens=lens!(client_metadata_url) field=Field::ClientMetadataUrl class="field whole"/>
                <OwnMetadata/>
                <TextField look=EXTRA lens=lens!(extra) field=Field::Extra class="field whole"/>
                <RedirectUri/>
                <Choice look=look("redirect-mode", "The login opens", "") lens=lens!(redirect_mode) options=windows/>
                <StepMode/>
                <ByHand/>
                <MemoryOnly/>
            </div>
        </details>
    }
}

/// Whether something is refused of what discovery would find.
fn by_hand(refusals: Refusals) -> bool {
    let fields = [Field::Issuer, Field::AuthorizationEndpoint, Field::TokenEndpoint, Field::RegistrationEndpoint];
    refusals.any(&fields)
}

#[component]
fn StepMode() -> impl IntoView {
    let draft = session().draft;
    view! {
        <div class="field">
            <span class="label">"Step mode"</span>
            <label class="check">
                <input
                    type="checkbox" data-testid="step-mode" prop:checked=move || draft.read().step_mode
                    on:change:target=move |event| draft.update(|it| it.step_mode = event.target().checked())
                />
                "Pause before every request"
            </label>
            <p class="hint">"Each request of the authorization is shown before it leaves, and can be changed."</p>
        </div>
    }
}

/// What discovery finds, set by hand instead.
#[component]
fn ByHand() -> impl IntoView {
    let grants = GrantType::ALL.into_iter().map(|(_, name, words)| (name, words)).collect();
    let resources = ResourceMode::ALL.into_iter().map(|(_, name, words)| (name, words)).collect();
    view! {
        <fieldset class="field whole stack by-hand">
            <legend class="label">"Instead of what discovery finds"</legend>
            <div class="fields">
                <TextField look=ISSUER lens=lens!(issuer) field=Field::Issuer class="field whole"/>
                <TextField look=AUTHORIZATION lens=lens!(authorization_endpoint) field=Field::AuthorizationEndpoint/>
                <TextField look=TOKEN lens=lens!(token_endpoint) field=Field::TokenEndpoint/>
                <TextField look=REGISTER lens=lens!(registration_endpoint) field=Field::RegistrationEndpoint/>
                <Choice look=look("grant", "How a token is had", "") lens=lens!(grant) options=grants/>
                <Choice look=look("token-auth", "Client authentication", "") lens=lens!(token_auth) options=TOKEN_AUTH.into()/>
                <Choice look=look("resource", "Resource indicator", "") lens=lens!(resource) options=resources/>
            </div>
        </fieldset>
    }
}

/// This page's own description of itself as a client, and whether it can be used as a client id.
#[component]
fn OwnMetadata() -> impl IntoView {
    let document = OwnDocument::found();
    let (address, obstacle) = (document.here.clone(), document.obstacle());
    let words =
        obstacle.unwrap_or_else(|| "It is used where the authorization server takes such documents.".to_owned());
    view! {
        <div class="field whole">
            <label for="own-metadata">"Metadata document of this page"</label>
            <div class="row nowrap">
                <input id="own-metadata" data-testid="own-metadata" class="mono grow" type="text" readonly prop:value=document.here/>
                <Copy text=move |()| address.clone()/>
            </div>
            <p class="hint" data-testid="own-metadata-note">{words}</p>
        </div>
    }
}

#[component]
fn MemoryOnly() -> impl IntoView {
    let draft = session().draft;
    view! {
        <div class="field whole">
            <label class="check">
                <input
                    type="checkbox" data-testid="memory-only" prop:checked=move || draft.read().memory_only
                    on:change:target=move |event| draft.update(|it| it.memory_only = event.target().checked())
                />
                "Keep tokens in memory only"
            </label>
            <p class="hint">
                "They end with this page: a reload asks for another login. What this tab holds, and where it was sent, is on the "
                <a href=href(&Route::Bench) on:click=follow(Route::Bench)>"token bench"</a>"."
            </p>
        </div>
    }
}

/// What has to be registered with the authorization server.
#[component]
fn RedirectUri() -> impl IntoView {
    let uri = format!("{}{}{}", window::origin(), window::base(), Route::Callback.path());
    let text = uri.clone();
    view! {
        <div class="field whole">
            <label for="redirect-uri">"Redirect URI of this page"</label>
            <div class="row nowrap">
                <input id="redirect-uri" class="mono grow" type="text" readonly prop:value=uri/>
                <Copy text=move |()| text.clone()/>
            </div>
            <p class="hint">"Where a client is registered by hand, register it with this address, character by character."</p>
        </div>
    }
}

#[component]
pub fn TransportSettings() -> impl IntoView {
    let refusals: Refusals = expect_context();
    let opened = move || refusals.any(&[Field::Timeout, Field::Bearer, Field::Headers, Field::Roots, Field::Transport]);
    let automatic = [("auto", "Automatic")].into_iter();
    let versions = automatic.clone().chain(Revision::ALL.into_iter().map(|it| (it.as_str(), it.as_str()))).collect();
    let transports = automatic.chain(Pinned::ALL.into_iter().map(|(_, name, words)| (name, words))).collect();
    view! {
        <details open=opened>
            <summary>"Version, transport, headers, roots"</summary>
            <div class="fields">
                <Choice look=look("protocol-version", "Protocol version", "") lens=lens!(revision) options=versions/>
                <Choice look=look("transport", "Transport", "") lens=lens!(transport) options=transports field=Field::Transport/>
                <TextField look=TIMEOUT lens=lens!(timeout) field=Field::Timeout/>
                <TextField look=BEARER lens=lens!(bearer) field=Field::Bearer/>
                <Headers/>
                <TextField look=ROOTS lens=lens!(roots) field=Field::Roots class="field whole"/>
            </div>
        </details>
    }
}

/// The person's own request headers: those that were added, and one pair of fields for the next.
#[component]
fn Headers() -> impl IntoView {
    let draft = session().draft;
    let refusals: Refusals = expect_context();
    let refusal = memo(move || refusals.of(Some(Field::Headers)));
    let added = memo(move || draft.read().headers.clone());
    let rows = move || added.get().into_iter().enumerate().map(|(index, (name, _))| view! { <Added index name/> });
    let add = move |_| draft.update(Draft::add_header);
    view! {
        <fieldset class="field whole stack">
            <legend class="label">"Request headers"</legend>
            <Show when=move || !added.read().is_empty()>
                <ul class="chips">{move || rows().collect_view()}</ul>
            </Show>
            <div class="pair">
                <TextField look=look("header-name", "Header", "") lens=lens!(header_name)/>
                <TextField look=Look { kind: "password", ..look("header-value", "Value", "") } lens=lens!(header_value)/>
                <button type="button" data-testid="header-add" on:click=add>"Add"</button>
            </div>
            <FieldNote id="headers-hint".to_owned() hint="Sent with every request to the MCP server." refusal/>
        </fieldset>
    }
}

/// A header that goes along; its value is as good as a secret.
#[component]
fn Added(index: usize, name: String) -> impl IntoView {
    let draft = session().draft;
    let remove = move |_| {
        draft.update(|it| {
            it.headers.remove(index);
        });
    };
    view! {
        <li class="chip">
            {name.clone()}": ••••"
            <button class="quiet icon" type="button" aria-label=format!("Remove the header {name}") on:click=remove>
                <Drawing icon=Icon::Close/>
            </button>
        </li>
    }
}
