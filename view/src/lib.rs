//! `view!`: the markup of Leptos, turned into plain calls of `ui::dom`.
//!
//! Leptos gives every element a type of its own and compiles its methods for each; of the 220 KB that the page may
//! have, they took more than all else together. Here an element is a value, and what is compiled are calls. The markup
//! is that of Leptos: elements, components, `on:`, `prop:`, `class:`, `style:`, `node_ref`, blocks.

mod element;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use rstml::node::{Node, NodeElement};
use rstml::{Parser, ParserConfig};
use syn::spanned::Spanned;

/// Builds a `ui::dom::Node` from markup.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let config = ParserConfig::default().recover_block(true);
    let (nodes, errors) = Parser::new(config).parse_recoverable(TokenStream::from(tokens)).split_vec();
    let errors = errors.into_iter().map(|it| it.emit_as_expr_tokens());
    let node = all(&nodes);
    quote! {{ #(#errors;)* #node }}.into()
}

/// Several nodes beside each other.
fn all(nodes: &[Node]) -> TokenStream {
    match nodes {
        [one] => node(one),
        several => {
            let adds = several.iter().map(node).map(|it| quote! { .and(#it) });
            quote! { ::flowglass::ui::dom::Node::nothing() #(#adds)* }
        }
    }
}

fn node(node: &Node) -> TokenStream {
    match node {
        Node::Element(it) if is_component(it) => component(it),
        Node::Element(it) => {
            let inside = element::element(it);
            quote! { #inside.done() }
        }
        Node::Fragment(it) => all(&it.children),
        Node::Text(it) => {
            let text = &it.value;
            quote_spanned! { it.span() => ::flowglass::ui::dom::node(#text) }
        }
        Node::Block(it) => {
            let inside = element::bare(quote!(#it));
            quote_spanned! { it.span() => ::flowglass::ui::dom::node(#inside) }
        }
        Node::RawText(it) => {
            let text = it.to_string_best();
            quote! { ::flowglass::ui::dom::node(#text) }
        }
        Node::Comment(_) | Node::Doctype(_) | Node::Custom(_) => quote! { ::flowglass::ui::dom::Node::nothing() },
    }
}

fn is_component(element: &NodeElement<rstml::Infallible>) -> bool {
    element.name().to_string().starts_with(|it: char| it.is_ascii_uppercase())
}

/// A component is called with its properties; `attr:` goes to the element that it draws.
fn component(it: &NodeElement<rstml::Infallible>) -> TokenStream {
    let name = Ident::new(&it.name().to_string(), it.name().span());
    let (mut properties, mut attributes) = (Vec::new(), Vec::new());
    for (key, value) in element::pairs(it) {
        match key.strip_prefix("attr:") {
            Some(attribute) => attributes.push(quote! { .with_attribute(#attribute, #value) }),
            None => {
                let property = Ident::new(&key, it.name().span());
                properties.push(quote! { .#property(#value) });
            }
        }
    }
    let children = (!it.children.is_empty()).then(|| {
        let inside = all(&it.children);
        quote! { .children(::std::boxed::Box::new(move || #inside)) }
    });
    quote_spanned! { it.name().span() =>
        ::flowglass::ui::dom::node(::leptos::component::component_view(
            #name,
            ::leptos::component::component_props_builder(&#name) #(#properties)* #children .build(),
        )) #(#attributes)*
    }
}
