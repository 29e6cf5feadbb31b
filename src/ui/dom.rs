//! What `view!` builds: nodes of the document, with the parts that change kept up by Leptos' reactive system.
//!
//! An element is a value and not a type, so that a page costs calls and not compiled code. Whatever changes is an
//! effect of the owner in which it was built, and ends with it. Text of any origin becomes text nodes; there is no way
//! to make markup of it.

mod element;
mod live;
mod memo;
mod value;

pub use element::{Element, NodeRef, Targeted};
pub use live::each;
pub use memo::{Held, Memo, memo, memo_after};
pub use value::{IntoValue, Value};

use leptos::prelude::{Get, Owner, ReadSignal, RwSignal, Signal};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Nodes of the document beside each other: none, one, several.
#[derive(Clone, Default)]
pub struct Node(Vec<web_sys::Node>);

/// What a component gets between its tags.
pub type Children = Box<dyn FnOnce() -> Node>;
/// The same, to be drawn more than once.
pub type ChildrenFn = Box<dyn Fn() -> Node>;
/// Any view is a node.
pub type AnyView = Node;

/// What can stand as a child: nodes, texts, numbers, lists, signals and closures of them.
pub trait IntoView: Sized {
    fn into_node(self) -> Node;

    /// The same, for branches that have to be of one type.
    fn into_any(self) -> Node {
        self.into_node()
    }
}

/// Any child as a node.
pub fn node(child: impl IntoView) -> Node {
    child.into_node()
}

impl Node {
    pub const fn nothing() -> Self {
        Self(Vec::new())
    }

    #[must_use]
    #[inline(never)]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// Sets an attribute of the element, where it is one.
    #[must_use]
    pub fn with_attribute(self, name: &'static str, value: impl IntoValue) -> Self {
        let element = self.0.iter().find_map(|it| it.dyn_ref::<web_sys::Element>());
        if let Some(element) = element {
            value::apply(element.clone(), value::set_attribute, name, value.into_value());
        }
        self
    }

    #[inline(never)]
    fn text(text: &str) -> Self {
        let document = crate::web::window::document();
        Self(document.map(|it| it.create_text_node(text).into()).into_iter().collect())
    }
}

impl<T> FromIterator<T> for Node
where
    T: IntoView,
{
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        items.into_iter().fold(Self::nothing(), |all, it| all.and(it.into_node()))
    }
}

/// All items of an iterator, beside each other.
pub trait CollectView {
    fn collect_view(self) -> Node;
}

impl<I: IntoIterator<Item: IntoView>> CollectView for I {
    fn collect_view(self) -> Node {
        self.into_iter().collect()
    }
}

impl IntoView for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl IntoView for () {
    fn into_node(self) -> Node {
        Node::nothing()
    }
}

impl IntoView for &'static str {
    fn into_node(self) -> Node {
        Node::text(self)
    }
}

impl IntoView for String {
    fn into_node(self) -> Node {
        Node::text(&self)
    }
}

impl IntoView for std::sync::Arc<str> {
    fn into_node(self) -> Node {
        Node::text(&self)
    }
}

impl IntoView for std::borrow::Cow<'static, str> {
    fn into_node(self) -> Node {
        Node::text(&self)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl IntoView for $number {
            fn into_node(self) -> Node {
                Node::text(&self.to_string())
            }
        }
    )*};
}

numbers!(usize, u32, i64);

impl<T: IntoView> IntoView for Option<T> {
    fn into_node(self) -> Node {
        self.map_or_else(Node::nothing, T::into_node)
    }
}

impl<T: IntoView> IntoView for Vec<T> {
    fn into_node(self) -> Node {
        self.into_iter().collect()
    }
}

impl<A: IntoView, B: IntoView> IntoView for (A, B) {
    fn into_node(self) -> Node {
        self.0.into_node().and(self.1.into_node())
    }
}

impl<F: Fn() -> T + 'static, T: IntoView> IntoView for F {
    fn into_node(self) -> Node {
        live::live(Box::new(move || self().into_node()))
    }
}

macro_rules! signals {
    ($($signal:ident),*) => {$(
        impl<T: IntoView + Clone + Send + Sync + 'static> IntoView for $signal<T> {
            fn into_node(self) -> Node {
                live::live(Box::new(move || self.get().into_node()))
            }
        }
    )*};
}

signals!(Memo, ReadSignal, RwSignal, Signal);

/// What was mounted; dropping it takes it away again.
pub struct Mounted {
    owner: Owner,
    nodes: Node,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.owner.cleanup();
        live::remove_span(&self.nodes.0);
    }
}

/// Draws into an element.
pub fn mount(parent: &HtmlElement, draw: impl FnOnce() -> Node) -> Mounted {
    // It is an error only where it was done before.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let nodes = owner.with(draw);
    for node in &nodes.0 {
        let _ = parent.append_child(node);
    }
    Mounted { owner, nodes }
}
