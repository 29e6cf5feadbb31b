//! Markdown of a server, drawn: no HTML of it becomes markup, no image is loaded, and links say where they lead.

use crate::base::address::Address;
use crate::base::text::prefix;
use crate::mcp::content::markdown::{Document, Element, Node};
use crate::mcp::content::opened;
use crate::ui::parts::sought::sought;
use crate::ui::prelude::*;
use crate::ui::session::session;
use std::sync::Arc;

/// As much of an address is shown, in bytes.
const ADDRESS: usize = 200;

#[component]
pub fn MarkdownView(text: Arc<str>) -> impl IntoView {
    let server = session().peek(|it| it.settings().map(|it| it.server.clone()));
    let document = Document::read(&text);
    view! {
        <div class="doc">{all(&document.nodes, server.as_ref())}</div>
        {document.cut.then(|| view! { <p class="muted small">"The rest is only in the source."</p> })}
    }
}

fn all(nodes: &[Node], server: Option<&Address>) -> AnyView {
    nodes.iter().map(|node| one(node, server)).collect_view().into_any()
}

fn one(node: &Node, server: Option<&Address>) -> AnyView {
    match node {
        Node::Text(text) => sought(text.clone()),
        Node::Code(text) => view! { <code>{sought(text.clone())}</code> }.into_any(),
        Node::Block(text) => {
            view! { <pre class="wire" tabindex="0" aria-label="Code">{sought(text.clone())}</pre> }.into_any()
        }
        Node::Break => view! { <br/> }.into_any(),
        Node::Rule => view! { <hr/> }.into_any(),
        Node::Task(checked) => if *checked { "☑ " } else { "☐ " }.into_any(),
        Node::Image { alt, url } => image(alt, url, server),
        Node::Link { url, inside } => link(url, all(inside, server), server),
        Node::Element(element, inside) => drawn(*element, inside, server),
    }
}

fn drawn(element: Element, inside: &[Node], server: Option<&Address>) -> AnyView {
    let words = || all(inside, server);
    match element {
        Element::Paragraph => view! { <p>{words()}</p> }.into_any(),
        Element::Heading(level @ 1..=2) => view! { <h5 data-level=level>{words()}</h5> }.into_any(),
        Element::Heading(_) => view! { <h6>{words()}</h6> }.into_any(),
        Element::Quote => view! { <blockquote>{words()}</blockquote> }.into_any(),
        Element::List => view! { <ul>{words()}</ul> }.into_any(),
        Element::Ordered(first) => view! { <ol start=first.to_string()>{words()}</ol> }.into_any(),
        Element::Item => view! { <li>{words()}</li> }.into_any(),
        Element::Emphasis => view! { <em>{words()}</em> }.into_any(),
        Element::Strong => view! { <strong>{words()}</strong> }.into_any(),
        Element::Struck => view! { <s>{words()}</s> }.into_any(),
        Element::Table => table(inside, server),
        Element::Head => view! { <tr>{heads(inside, server)}</tr> }.into_any(),
        Element::Row => view! { <tr>{words()}</tr> }.into_any(),
        Element::Cell => view! { <td>{words()}</td> }.into_any(),
    }
}

fn table(rows: &[Node], server: Option<&Address>) -> AnyView {
    let is_head = |it: &&Node| matches!(it, Node::Element(Element::Head, _));
    let (head, body): (Vec<&Node>, Vec<&Node>) = rows.iter().partition(is_head);
    let draw = |rows: Vec<&Node>| rows.into_iter().map(|it| one(it, server)).collect_view();
    view! {
        <div class="cells" tabindex="0" role="region" aria-label="Table">
            <table><thead>{draw(head)}</thead><tbody>{draw(body)}</tbody></table>
        </div>
    }
    .into_any()
}

fn heads(cells: &[Node], server: Option<&Address>) -> AnyView {
    let head = |cell: &Node| match cell {
        Node::Element(Element::Cell, inside) => view! { <th scope="col">{all(inside, server)}</th> }.into_any(),
        other => one(other, server),
    };
    cells.iter().map(head).collect_view().into_any()
}

/// A link with its host; what may not be opened is text with its address.
fn link(url: &str, inside: AnyView, server: Option<&Address>) -> AnyView {
    match opened(url, server) {
        Some(Ok(to)) => view! {
            <a href=to.href target="_blank" rel="noreferrer">{inside}</a>
            " "<small class="muted">"("{foreign(to.host)}")"</small>
        }
        .into_any(),
        _ => view! { {inside}" "<small class="muted">"("{foreign(prefix(url, ADDRESS).to_owned())}")"</small> }
            .into_any(),
    }
}

/// Words in the place of an image: loading it would tell its host who looks at it.
fn image(alt: &str, url: &str, server: Option<&Address>) -> AnyView {
    let place = match opened(url, server) {
        Some(Ok(to)) => to.host,
        _ => prefix(url, ADDRESS).to_owned(),
    };
    view! {
        <span class="not-loaded">"Image: "{foreign(alt.to_owned())}" "<small class="muted">"("{foreign(place)}", not loaded)"</small></span>
    }
    .into_any()
}
