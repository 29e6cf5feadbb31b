//! The parts of the document that change: what stands between two marks.

use super::Node;
use super::memo::Memo;
use crate::web::window;
use leptos::prelude::{LocalStorage, Owner, StoredValue};
use leptos::reactive::effect::RenderEffect;
use std::cell::RefCell;

/// Keeps a value for as long as the present owner lives.
pub(super) fn keep<T: 'static>(value: T) {
    let _ = StoredValue::<T, LocalStorage>::new_local(value);
}

/// Two marks, at first without a parent.
fn marks() -> Option<(web_sys::Node, web_sys::Node)> {
    let mark = || Some(window::document()?.create_comment("").into());
    Some((mark()?, mark()?))
}

/// What stands between the marks goes.
fn clear(begin: &web_sys::Node, end: &web_sys::Node) {
    while let Some(next) = begin.next_sibling().filter(|it| it != end) {
        remove(&next);
    }
}

fn remove(node: &web_sys::Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

/// All that stands from the first of the nodes to the last: what is between them may have been drawn anew since.
fn span(nodes: &[web_sys::Node]) -> Vec<web_sys::Node> {
    // What is not in the document yet is as it was drawn, and has no siblings.
    if nodes.first().is_none_or(|it| it.parent_node().is_none()) {
        return nodes.to_vec();
    }
    let mut all = Vec::new();
    let mut next = nodes.first().cloned();
    while let Some(node) = next {
        next = node.next_sibling().filter(|_| Some(&node) != nodes.last());
        all.push(node);
    }
    all
}

pub(super) fn remove_span(nodes: &[web_sys::Node]) {
    for node in span(nodes) {
        remove(&node);
    }
}

/// Nodes that are drawn anew whenever what they were drawn from has changed.
#[inline(never)]
pub(super) fn live(draw: Box<dyn Fn() -> Node>) -> Node {
    let Some((begin, end)) = marks() else { return Node::nothing() };
    let first = std::rc::Rc::new(RefCell::new(Node::nothing()));
    let (from, to, drawn) = (begin.clone(), end.clone(), first.clone());
    keep(RenderEffect::new(move |last: Option<()>| {
        let nodes = draw();
        match (last, to.parent_node()) {
            (Some(()), Some(parent)) => {
                clear(&from, &to);
                for node in &nodes.0 {
                    let _ = parent.insert_before(node, Some(&to));
                }
            }
            _ => *drawn.borrow_mut() = nodes,
        }
    }));
    let inside = first.take();
    Node(vec![begin]).and(inside).and(Node(vec![end]))
}

/// An item that is drawn: its key, its owner, its nodes.
struct Drawn<K> {
    key: K,
    owner: Owner,
    nodes: Vec<web_sys::Node>,
}

/// A list whose items are drawn once, and moved rather than drawn anew. Keys differ from each other.
pub fn each<K: PartialEq + Clone + Send + Sync + 'static>(
    keys: Memo<Vec<K>>,
    draw: impl Fn(K) -> Node + 'static,
) -> Node {
    let Some((begin, end)) = marks() else { return Node::nothing() };
    let parent = Owner::current().unwrap_or_default();
    let first = std::rc::Rc::new(RefCell::new(Node::nothing()));
    let (from, to, drawn) = (begin.clone(), end.clone(), first.clone());
    keep(RenderEffect::new(move |last: Option<Vec<Drawn<K>>>| {
        let again = last.is_some();
        let mut old = last.unwrap_or_default();
        let mut new = Vec::new();
        for key in keys.get() {
            new.push(match old.iter().position(|it| it.key == key) {
                Some(at) => old.swap_remove(at),
                None => {
                    let owner = parent.child();
                    let nodes = owner.with(|| draw(key.clone())).0;
                    Drawn { key, owner, nodes }
                }
            });
        }
        for gone in old {
            gone.owner.cleanup();
            remove_span(&gone.nodes);
        }
        match again {
            true => arrange(&from, &to, &new),
            false => *drawn.borrow_mut() = Node(new.iter().flat_map(|it| it.nodes.clone()).collect()),
        }
        new
    }));
    let inside = first.take();
    Node(vec![begin]).and(inside).and(Node(vec![end]))
}

/// Puts the items in order; what is in its place already is not touched, and keeps the focus.
fn arrange<K>(begin: &web_sys::Node, end: &web_sys::Node, items: &[Drawn<K>]) {
    let Some(parent) = end.parent_node() else { return };
    let mut place = begin.next_sibling();
    for node in items.iter().flat_map(|it| span(&it.nodes)) {
        if place.as_ref() == Some(&node) {
            place = node.next_sibling();
        } else {
            let _ = parent.insert_before(&node, place.as_ref());
        }
    }
}
