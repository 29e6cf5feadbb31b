//! What an authorization server has to know of this client, to copy there.

use crate::ui::own_document::OwnDocument;
use crate::ui::parts::copy::Copy;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::window;

#[component]
pub fn RedirectUri() -> impl IntoView {
    let uri = format!("{}{}{}", window::origin(), window::base(), Route::Callback.path());
    view! {
        <ToCopy id="redirect-uri" label="Redirect URI to register" text=uri>
            <p class="hint">"Register it exactly as written."</p>
        </ToCopy>
    }
}

/// This page's own description of itself as a client, and whether it can be used as a client ID.
#[component]
pub fn OwnMetadata() -> impl IntoView {
    let document = OwnDocument::found();
    let words = document
        .obstacle()
        .unwrap_or_else(|| "Used where the authorization server accepts client metadata documents.".to_owned());
    view! {
        <ToCopy id="own-metadata" label="Flowglass's metadata URL" text=document.here>
            <p class="hint" data-testid="own-metadata-note">{words}</p>
        </ToCopy>
    }
}

#[component]
fn ToCopy(id: &'static str, label: &'static str, text: String, children: Children) -> impl IntoView {
    let copied = text.clone();
    view! {
        <div class="field whole">
            <label for=id>{label}</label>
            <div class="row nowrap">
                <input id=id data-testid=id class="mono grow" type="text" readonly prop:value=text/>
                <Copy text=move |()| copied.clone()/>
            </div>
            {children()}
        </div>
    }
}
