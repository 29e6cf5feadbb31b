//! Values of attributes, properties, classes and styles: fixed, or kept up by an effect.

use super::live::keep;
use super::memo::Memo;
use leptos::prelude::{Get, ReadSignal, RwSignal, Signal};
use leptos::reactive::effect::RenderEffect;
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// What an attribute can be.
#[derive(Clone, PartialEq)]
pub enum Plain {
    Absent,
    /// There, without a value.
    Present,
    Text(Cow<'static, str>),
}

/// A value that stays, or one that is read again whenever it changes.
pub enum Value {
    Fixed(Plain),
    Live(Box<dyn Fn() -> Plain>),
}

/// What can be the value of an attribute: texts, numbers, truth, options, signals and closures of them.
pub trait IntoValue {
    fn into_value(self) -> Value;
}

/// What can be such a value at one moment.
pub trait IntoPlain {
    fn into_plain(self) -> Plain;
}

macro_rules! plain {
    ($($kind:ty => |$it:ident| $plain:expr;)*) => {$(
        impl IntoPlain for $kind {
            fn into_plain(self) -> Plain {
                let $it = self;
                $plain
            }
        }

        impl IntoValue for $kind {
            fn into_value(self) -> Value {
                Value::Fixed(self.into_plain())
            }
        }
    )*};
}

plain! {
    &'static str => |it| Plain::Text(it.into());
    String => |it| Plain::Text(it.into());
    Cow<'static, str> => |it| Plain::Text(it);
    bool => |it| if it { Plain::Present } else { Plain::Absent };
    usize => |it| Plain::Text(it.to_string().into());
    u32 => |it| Plain::Text(it.to_string().into());
    i32 => |it| Plain::Text(it.to_string().into());
    u64 => |it| Plain::Text(it.to_string().into());
}

impl<T: IntoPlain> IntoPlain for Option<T> {
    fn into_plain(self) -> Plain {
        self.map_or(Plain::Absent, T::into_plain)
    }
}

impl<T: IntoPlain> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        Value::Fixed(self.into_plain())
    }
}

impl<F: Fn() -> T + 'static, T: IntoPlain> IntoValue for F {
    fn into_value(self) -> Value {
        Value::Live(Box::new(move || self().into_plain()))
    }
}

macro_rules! signals {
    ($($signal:ident),*) => {$(
        impl<T: IntoPlain + Clone + Send + Sync + 'static> IntoValue for $signal<T> {
            fn into_value(self) -> Value {
                Value::Live(Box::new(move || self.get().into_plain()))
            }
        }
    )*};
}

signals!(Memo, ReadSignal, RwSignal, Signal);

/// Applies a value now and, where it changes, whenever it is another.
#[inline(never)]
pub(super) fn apply(element: Element, set: fn(&Element, &str, &Plain), name: &'static str, value: Value) {
    match value {
        Value::Fixed(plain) => set(&element, name, &plain),
        Value::Live(read) => keep(RenderEffect::new(move |last: Option<Plain>| {
            let plain = read();
            if last.as_ref() != Some(&plain) {
                set(&element, name, &plain);
            }
            plain
        })),
    }
}

pub(super) fn set_attribute(element: &Element, name: &str, plain: &Plain) {
    let _ = match plain {
        Plain::Absent => element.remove_attribute(name),
        Plain::Present => element.set_attribute(name, ""),
        Plain::Text(text) => element.set_attribute(name, text),
    };
}

pub(super) fn set_property(element: &Element, name: &str, plain: &Plain) {
    let value = match plain {
        Plain::Absent => JsValue::FALSE,
        Plain::Present => JsValue::TRUE,
        Plain::Text(text) => JsValue::from_str(text),
    };
    let _ = js_sys::Reflect::set(element, &JsValue::from_str(name), &value);
}

pub(super) fn set_class(element: &Element, name: &str, plain: &Plain) {
    let _ = element.class_list().toggle_with_force(name, *plain == Plain::Present);
}

/// Custom properties, through the object model: the page's policy forbids style attributes.
pub(super) fn set_style(element: &Element, name: &str, plain: &Plain) {
    let (Some(element), Plain::Text(text)) = (element.dyn_ref::<HtmlElement>(), plain) else { return };
    let _ = element.style().set_property(name, text);
}
