//! Values that are computed, and redraw only what uses them when they have become another.
//!
//! Leptos compiles its memo anew for every type, two kilobytes each; here the values are boxed, one memo serves them
//! all, and what a type costs is a cast.

use leptos::prelude::{Get, GetUntracked, Signal};
use leptos::reactive::computed::Memo as LeptosMemo;
use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

/// Anything that can be compared with another of its type.
trait Same: Send + Sync {
    fn same(&self, other: &dyn Any) -> bool;
    fn any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
    fn by_ref(&self) -> &dyn Any;
}

impl<T: PartialEq + Send + Sync + 'static> Same for T {
    fn same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }

    fn any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }

    fn by_ref(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone)]
struct Boxed(Arc<dyn Same>);

impl PartialEq for Boxed {
    fn eq(&self, other: &Self) -> bool {
        (*self.0).same((*other.0).by_ref())
    }
}

/// A computed value.
pub struct Memo<T> {
    boxed: LeptosMemo<Boxed>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

/// A value of a memo, held while it is looked at.
pub struct Held<T>(Arc<T>);

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

type Compute = Box<dyn Fn(Option<&Boxed>) -> Boxed + Send + Sync>;

#[inline(never)]
fn boxed(compute: Compute) -> LeptosMemo<Boxed> {
    LeptosMemo::new(compute)
}

#[expect(clippy::expect_used, reason = "a memo holds what its own function gave")]
fn held<T: Send + Sync + 'static>(boxed: Boxed) -> Held<T> {
    Held(boxed.0.any().downcast().expect("a memo holds values of its type"))
}

/// A value that redraws only when it has changed.
pub fn memo<T: PartialEq + Send + Sync + 'static>(compute: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    memo_after(move |_| compute())
}

/// The same, with the value before.
pub fn memo_after<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let compute = move |last: Option<&Boxed>| {
        let last = last.and_then(|it| (*it.0).by_ref().downcast_ref());
        Boxed(Arc::new(compute(last)))
    };
    Memo { boxed: boxed(Box::new(compute)), of: PhantomData }
}

impl<T: Send + Sync + 'static> Memo<T> {
    pub fn read(&self) -> Held<T> {
        held(self.boxed.get())
    }

    pub fn read_untracked(&self) -> Held<T> {
        held(self.boxed.get_untracked())
    }

    pub fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.read())
    }

    pub fn with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.read_untracked())
    }

    /// Makes whoever runs now run again when the value has changed.
    pub fn track(&self) {
        self.boxed.get();
    }
}

impl<T: Clone + Send + Sync + 'static> Memo<T> {
    pub fn get(&self) -> T {
        self.read().clone()
    }

    pub fn get_untracked(&self) -> T {
        self.read_untracked().clone()
    }
}

impl<T: Clone + Send + Sync + 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}
