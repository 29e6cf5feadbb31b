//! What every part of the interface uses: Leptos' signals and components, and our own `view!` and nodes.

pub use super::dom::{AnyView, Children, ChildrenFn, CollectView, IntoView, Memo, NodeRef, each, memo, memo_after};
pub use super::parts::show::Show;
pub use flowglass_view::view;
pub use leptos::callback::{Callable, Callback};
pub use leptos::component;
pub use leptos::context::{provide_context, use_context};
pub use leptos::prelude::{expect_context, on_cleanup, request_animation_frame, untrack};
pub use leptos::reactive::effect::Effect;
pub use leptos::reactive::owner::{LocalStorage, Owner, StoredValue};
pub use leptos::reactive::signal::{ReadSignal, RwSignal, WriteSignal, signal};
pub use leptos::reactive::traits::*;
pub use leptos::reactive::wrappers::read::Signal;
