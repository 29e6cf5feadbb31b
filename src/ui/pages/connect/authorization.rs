//! How a token is asked for: client registration, authorization request, and what replaces discovery.

use super::group::{Group, Summary, authorization_changed, look};
use super::registered::{OwnMetadata, RedirectUri};
use crate::lens;
use crate::settings::{Field, GrantType, Leaving, Registration, ResourceMode, TOKEN_AUTH};
use crate::ui::parts::field::{Choice, Look, Refusals, TextField};
use crate::ui::prelude::*;
use crate::ui::session::session;

const CLIENT_SECRET: Look =
    Look { kind: "password", ..look("client-secret", "Client secret", "Kept in this tab only.") };
const PRIVATE_KEY: Look = Look {
    kind: "password",
    placeholder: "-----BEGIN PRIVATE KEY-----",
    ..look("private-key", "Private key", "For private_key_jwt: PKCS#8 or JWK. A reload forgets it.")
};
const METADATA_URL: Look = Look {
    placeholder: "https://",
    ..look("client-metadata-url", "Client metadata URL", "An https URL; it becomes the client ID.")
};
const SCOPE: Look = look("scope", "Scope", "Empty: the scope that the server asks for.");
const EXTRA: Look = Look {
    kind: "area",
    placeholder: "prompt=consent",
    ..look("extra-params", "Extra parameters", "One name=value a line, such as audience, prompt or login_hint.")
};
const ISSUER: Look = Look {
    placeholder: "https://",
    ..look("issuer", "Authorization server", "Its issuer, whatever the resource metadata names.")
};
const AUTHORIZATION: Look =
    Look { placeholder: "https://", ..look("authorization-endpoint", "Authorization endpoint", "") };
const TOKEN: Look = Look {
    placeholder: "https://",
    ..look("token-endpoint", "Token endpoint", "With both endpoints set, no server metadata is requested.")
};
const REGISTER: Look = Look { placeholder: "https://", ..look("registration-endpoint", "Registration endpoint", "") };

#[component]
pub fn AuthorizationSettings() -> impl IntoView {
    let refusals: Refusals = expect_context();
    let fields = [
        Field::ClientId,
        Field::PrivateKey,
        Field::ClientMetadataUrl,
        Field::Extra,
        Field::Issuer,
        Field::AuthorizationEndpoint,
        Field::TokenEndpoint,
        Field::RegistrationEndpoint,
    ];
    view! {
        <details data-testid="auth-settings" open=move || refusals.any(&fields)>
            <Summary title="Authorization settings" changed=authorization_changed/>
            <ClientRegistration/>
            <AuthorizationRequest/>
            <Overrides/>
        </details>
    }
}

#[component]
fn ClientRegistration() -> impl IntoView {
    let methods = Registration::ALL.into_iter().map(|(_, name, words)| (name, words)).collect();
    view! {
        <Group title="Client registration" when="When the authorization server must know this client in advance.">
            <Choice look=look("registration", "Registration method", "") lens=lens!(registration) options=methods/>
            <Choice look=look("token-auth", "Client authentication", "") lens=lens!(token_auth) options=TOKEN_AUTH.into()/>
            <TextField look=look("client-id", "Client ID", "") lens=lens!(client_id) field=Field::ClientId/>
            <TextField look=CLIENT_SECRET lens=lens!(client_secret)/>
            <TextField look=PRIVATE_KEY lens=lens!(private_key) field=Field::PrivateKey class="field whole"/>
            <TextField look=METADATA_URL lens=lens!(client_metadata_url) field=Field::ClientMetadataUrl class="field whole"/>
            <RedirectUri/>
            <OwnMetadata/>
        </Group>
    }
}

#[component]
fn AuthorizationRequest() -> impl IntoView {
    let windows = Leaving::ALL.into_iter().map(|(_, name, words)| (name, words)).collect();
    let grants = GrantType::ALL.into_iter().map(|(_, name, words)| (name, words)).collect();
    let resources = ResourceMode::ALL.into_iter().map(|(_, name, words)| (name, words)).collect();
    view! {
        <Group title="Authorization request" when="When the server needs a scope, an audience or a prompt.">
            <TextField look=SCOPE lens=lens!(scope)/>
            <Choice look=look("redirect-mode", "Open login in", "") lens=lens!(redirect_mode) options=windows/>
            <Choice look=look("grant", "Grant type", "") lens=lens!(grant) options=grants/>
            <Choice look=look("resource", "Resource indicator", "") lens=lens!(resource) options=resources/>
            <TextField look=EXTRA lens=lens!(extra) field=Field::Extra class="field whole"/>
            <StepMode/>
        </Group>
    }
}

#[component]
fn StepMode() -> impl IntoView {
    let draft = session().draft;
    view! {
        <div class="field whole">
            <label class="check">
                <input
                    type="checkbox" data-testid="step-mode" prop:checked=move || draft.read().step_mode
                    on:change:target=move |event| draft.update(|it| it.step_mode = event.target().checked())
                />
                "Pause before every request"
            </label>
            <p class="hint">"Read and edit each request of the authorization before it is sent."</p>
        </div>
    }
}

/// What discovery would find.
#[component]
fn Overrides() -> impl IntoView {
    view! {
        <Group title="Override discovery" when="When metadata is missing or wrong.">
            <TextField look=ISSUER lens=lens!(issuer) field=Field::Issuer class="field whole"/>
            <TextField look=AUTHORIZATION lens=lens!(authorization_endpoint) field=Field::AuthorizationEndpoint/>
            <TextField look=TOKEN lens=lens!(token_endpoint) field=Field::TokenEndpoint/>
            <TextField look=REGISTER lens=lens!(registration_endpoint) field=Field::RegistrationEndpoint/>
        </Group>
    }
}
