//! Elements of HTML and SVG.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use rstml::node::{KeyedAttributeValue, Node, NodeAttribute, NodeElement};
use syn::spanned::Spanned;

type Element = NodeElement<rstml::Infallible>;

/// The elements of SVG that are drawn.
const SVG: [&str; 2] = ["svg", "path"];

/// A block that makes the element, with what never changes in one table, and gives it.
///
/// The name of the element within the block is not to be seen by the expressions of the markup.
pub fn element(it: &Element) -> TokenStream {
    let tag = it.name().to_string();
    let new = if SVG.contains(&tag.as_str()) { quote!(svg) } else { quote!(html) };
    let this = Ident::new("this", Span::mixed_site());
    let (mut fixed, mut calls) = (Vec::new(), Vec::new());
    for (key, value) in pairs(it) {
        match literal(&value).filter(|_| !key.contains(':') && key != "node_ref") {
            Some(text) => fixed.push(quote! { (#key, #text) }),
            None => {
                let call = attribute(&tag, &key, &value);
                calls.push(quote! { #this #call; });
            }
        }
    }
    let children = it.children.iter().map(|node| child(&this, node));
    quote_spanned! { it.name().span() => {
        let #this = ::flowglass::ui::dom::Element::#new(#tag, &[#(#fixed),*]);
        #(#calls)*
        #(#children)*
        #this
    }}
}

/// Elements and texts are put in directly; all else becomes a node first.
fn child(this: &Ident, node: &Node) -> TokenStream {
    match node {
        Node::Element(it) if !super::is_component(it) => {
            let inside = element(it);
            quote! { #this.nest(&#inside); }
        }
        Node::Text(it) => {
            let text = &it.value;
            quote! { #this.text(#text); }
        }
        other => {
            let inside = super::node(other);
            quote! { #this.append(&#inside); }
        }
    }
}

/// The text of a literal; a lone name is there without a value.
fn literal(value: &TokenStream) -> Option<String> {
    match syn::parse2::<syn::Lit>(value.clone()).ok()? {
        syn::Lit::Str(text) => Some(text.value()),
        syn::Lit::Bool(it) if it.value => Some(String::new()),
        syn::Lit::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The attributes with their values; one without a value is `true`, a lone block is a name with the same value.
pub fn pairs(it: &Element) -> Vec<(String, TokenStream)> {
    let pair = |attribute: &NodeAttribute| match attribute {
        NodeAttribute::Block(block) => {
            let name = quote!(#block).to_string();
            let name = name.trim_matches(|it: char| it == '{' || it == '}' || it.is_whitespace()).to_owned();
            let value = Ident::new(&name, block.span());
            (name, quote!(#value))
        }
        NodeAttribute::Attribute(attribute) => {
            let key = attribute.key.to_string().replace(' ', "");
            let value = match &attribute.possible_value {
                KeyedAttributeValue::Value(_) => attribute.value().map(|it| bare(quote!(#it))),
                _ => None,
            };
            let is_property = super::is_component(it) && !key.contains(':');
            let name = Ident::new(if is_property { &key } else { "unused" }, attribute.key.span());
            let alone = if is_property { quote!(#name) } else { quote!(true) };
            (key, value.unwrap_or(alone))
        }
    };
    it.attributes().iter().map(pair).collect()
}

/// An expression without the braces around it, where they hold nothing else.
pub fn bare(tokens: TokenStream) -> TokenStream {
    match syn::parse2::<syn::Block>(tokens.clone()).as_ref().map(|it| it.stmts.as_slice()) {
        Ok([syn::Stmt::Expr(inside, None)]) => quote!(#inside),
        _ => tokens,
    }
}

fn attribute(tag: &str, key: &str, value: &TokenStream) -> TokenStream {
    let parts: Vec<&str> = key.split(':').collect();
    match parts.as_slice() {
        ["on", event] => {
            let kind = event_kind(event);
            quote! { .on::<::web_sys::#kind>(#event, #value) }
        }
        ["on", event, "capture"] => quote! { .on_capture(#event, #value) },
        ["on", event, "target"] => {
            let kind = target_kind(tag);
            quote! { .on_target::<::web_sys::#kind>(#event, #value) }
        }
        ["prop", name] => quote! { .property(#name, #value) },
        ["class", name] => quote! { .class_if(#name, #value) },
        ["style", name] => quote! { .style(#name, #value) },
        ["attr", name] => quote! { .attribute(#name, #value) },
        ["node_ref"] => quote! { .reference(#value) },
        _ => quote! { .attribute(#key, #value) },
    }
}

fn event_kind(event: &str) -> Ident {
    let name = match event {
        "click" => "MouseEvent",
        "keydown" => "KeyboardEvent",
        "submit" => "SubmitEvent",
        _ => "Event",
    };
    Ident::new(name, Span::call_site())
}

fn target_kind(tag: &str) -> Ident {
    let name = match tag {
        "textarea" => "HtmlTextAreaElement",
        "select" => "HtmlSelectElement",
        _ => "HtmlInputElement",
    };
    Ident::new(name, Span::call_site())
}
