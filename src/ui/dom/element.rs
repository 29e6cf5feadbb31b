//! Elements, as they are built.

use super::Node;
use super::live::keep;
use super::value::{self, IntoValue, Plain, Value};
use crate::web::window;
use leptos::prelude::{Get, GetUntracked, LocalStorage, RwSignal, Set};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AddEventListenerOptions, Event};

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element that is being built.
pub struct Element(Option<web_sys::Element>);

impl Element {
    /// An element with the attributes that never change.
    #[inline(never)]
    pub fn html(tag: &'static str, fixed: &'static [(&'static str, &'static str)]) -> Self {
        Self(window::document().and_then(|it| it.create_element(tag).ok())).with_all(fixed)
    }

    #[inline(never)]
    pub fn svg(tag: &'static str, fixed: &'static [(&'static str, &'static str)]) -> Self {
        Self(window::document().and_then(|it| it.create_element_ns(Some(SVG), tag).ok())).with_all(fixed)
    }

    fn with_all(self, fixed: &'static [(&'static str, &'static str)]) -> Self {
        if let Some(element) = &self.0 {
            for (name, value) in fixed {
                let _ = element.set_attribute(name, value);
            }
        }
        self
    }

    pub fn attribute(&self, name: &'static str, value: impl IntoValue) {
        self.put(value::set_attribute, name, value.into_value());
    }

    pub fn property(&self, name: &'static str, value: impl IntoValue) {
        self.put(value::set_property, name, value.into_value());
    }

    pub fn class_if(&self, name: &'static str, value: impl IntoValue) {
        self.put(value::set_class, name, value.into_value());
    }

    pub fn style(&self, name: &'static str, value: impl IntoValue) {
        self.put(value::set_style, name, value.into_value());
    }

    #[inline(never)]
    fn put(&self, set: fn(&web_sys::Element, &str, &Plain), name: &'static str, value: Value) {
        if let Some(element) = &self.0 {
            value::apply(element.clone(), set, name, value);
        }
    }

    /// Calls on every event of that name, for as long as the owner lives.
    pub fn on<E: JsCast>(&self, name: &'static str, mut call: impl FnMut(E) + 'static) {
        self.listen(name, false, Box::new(move |event| call(event.unchecked_into())));
    }

    /// The same, before the elements inside hear it.
    pub fn on_capture(&self, name: &'static str, call: impl FnMut(Event) + 'static) {
        self.listen(name, true, Box::new(call));
    }

    /// The same, with the element that the listener is of.
    pub fn on_target<T: JsCast>(&self, name: &'static str, mut call: impl FnMut(Targeted<T>) + 'static) {
        let call = move |event: Event| {
            if let Some(target) = event.current_target() {
                call(Targeted(target.unchecked_into()));
            }
        };
        self.listen(name, false, Box::new(call));
    }

    #[inline(never)]
    fn listen(&self, name: &'static str, capture: bool, call: Box<dyn FnMut(Event)>) {
        let Some(element) = &self.0 else { return };
        let call = Closure::wrap(call);
        let options = AddEventListenerOptions::new();
        options.set_capture(capture);
        let hear = call.as_ref().unchecked_ref();
        let _ = element.add_event_listener_with_callback_and_add_event_listener_options(name, hear, &options);
        keep(Listener { element: element.clone(), name, capture, call });
    }

    /// Tells where the element is, from now on.
    pub fn reference<T: JsCast + Clone + 'static>(&self, reference: NodeRef<T>) {
        reference.0.set(self.0.clone().map(JsCast::unchecked_into));
    }

    #[inline(never)]
    pub fn append(&self, child: &Node) {
        if let Some(element) = &self.0 {
            for node in &child.0 {
                let _ = element.append_child(node);
            }
        }
    }

    #[inline(never)]
    pub fn nest(&self, child: &Self) {
        if let (Some(element), Some(child)) = (&self.0, &child.0) {
            let _ = element.append_child(child);
        }
    }

    #[inline(never)]
    pub fn text(&self, text: &'static str) {
        self.append(&Node::text(text));
    }

    #[inline(never)]
    pub fn done(self) -> Node {
        Node(self.0.map(Into::into).into_iter().collect())
    }
}

/// An event with the element whose listener heard it.
pub struct Targeted<T>(T);

impl<T: Clone> Targeted<T> {
    pub fn target(&self) -> T {
        self.0.clone()
    }
}

/// Where an element is, once it is built.
pub struct NodeRef<T: 'static>(RwSignal<Option<T>, LocalStorage>);

impl<T> Clone for NodeRef<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for NodeRef<T> {}

impl<T: Clone + 'static> NodeRef<T> {
    #[expect(clippy::new_without_default, reason = "a signal is made, which a default should not do")]
    pub fn new() -> Self {
        Self(RwSignal::new_local(None))
    }

    pub fn get(&self) -> Option<T> {
        self.0.get()
    }

    pub fn get_untracked(&self) -> Option<T> {
        self.0.get_untracked()
    }

    pub fn try_get_untracked(&self) -> Option<Option<T>> {
        self.0.try_get_untracked()
    }
}

/// Goes with what it belongs to. The element is told so first: `toggle` and `scroll` come later than what they are of,
/// and would find nobody.
struct Listener {
    element: web_sys::Element,
    name: &'static str,
    capture: bool,
    call: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let hear = self.call.as_ref().unchecked_ref();
        let _ = self.element.remove_event_listener_with_callback_and_bool(self.name, hear, self.capture);
    }
}
