//! Markdown of a server as a tree of what is drawn. HTML in it stays text, and nothing of it is loaded.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag as Mark, TagEnd};

/// How deep elements stand in each other; deeper ones are drawn as what they hold.
const DEPTH: usize = 24;
/// How many nodes are drawn.
const NODES: usize = 2_000;
/// The longest text that is drawn, in bytes.
pub const LONGEST: usize = 128 << 10;

#[derive(Debug, Default, PartialEq)]
pub struct Document {
    pub nodes: Vec<Node>,
    /// Whether there was more.
    pub cut: bool,
}

#[derive(Debug, PartialEq)]
pub enum Node {
    Text(String),
    Code(String),
    /// A code block, or HTML.
    Block(String),
    Break,
    Rule,
    /// The box of a task, checked or not.
    Task(bool),
    /// An image that is not loaded: what it shows in words, and where it is.
    Image {
        alt: String,
        url: String,
    },
    Link {
        url: String,
        inside: Vec<Self>,
    },
    Element(Element, Vec<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    Paragraph,
    /// 1 to 6.
    Heading(u8),
    Quote,
    List,
    /// With the number of its first item.
    Ordered(u64),
    Item,
    Emphasis,
    Strong,
    Struck,
    Table,
    Head,
    Row,
    Cell,
}

/// What is open while a text is read.
enum Open {
    Element(Element),
    Block,
    Image(String),
    Link(String),
    /// What has no element of its own.
    Nothing,
}

impl Document {
    pub fn read(text: &str) -> Self {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        let mut reader = Reader { open: Vec::new(), nodes: Vec::new(), left: NODES };
        for event in Parser::new_ext(text, options) {
            if reader.left == 0 {
                break;
            }
            reader.read(event);
        }
        while !reader.open.is_empty() {
            reader.end();
        }
        Self { nodes: reader.nodes, cut: reader.left == 0 }
    }
}

struct Reader {
    /// What is open, each with the nodes around it.
    open: Vec<(Open, Vec<Node>)>,
    nodes: Vec<Node>,
    left: usize,
}

impl Reader {
    fn read(&mut self, event: Event) {
        match event {
            Event::Start(mark) => self.start(mark),
            Event::End(TagEnd::TableHead) => {
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(Node::Code(text.into_string()));
            }
            Event::FootnoteReference(text) => self.text(&text),
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.push(Node::Break),
            Event::Rule => self.push(Node::Rule),
            Event::TaskListMarker(checked) => self.push(Node::Task(checked)),
        }
    }

    fn push(&mut self, node: Node) {
        self.left = self.left.saturating_sub(1);
        self.nodes.push(node);
    }

    /// Texts beside each other are one.
    fn text(&mut self, text: &str) {
        match self.nodes.last_mut() {
            Some(Node::Text(last)) => last.push_str(text),
            _ => self.push(Node::Text(text.to_owned())),
        }
    }

    fn start(&mut self, mark: Mark) {
        let open = match mark {
            _ if self.open.len() >= DEPTH => Open::Nothing,
            Mark::Paragraph => Open::Element(Element::Paragraph),
            Mark::Heading { level, .. } => Open::Element(Element::Heading(level as u8)),
            Mark::BlockQuote(_) => Open::Element(Element::Quote),
            Mark::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) | Mark::HtmlBlock => Open::Block,
            Mark::List(None) => Open::Element(Element::List),
            Mark::List(Some(first)) => Open::Element(Element::Ordered(first)),
            Mark::Item => Open::Element(Element::Item),
            Mark::Emphasis => Open::Element(Element::Emphasis),
            Mark::Strong => Open::Element(Element::Strong),
            Mark::Strikethrough => Open::Element(Element::Struck),
            Mark::Table(_) => Open::Element(Element::Table),
            Mark::TableHead => Open::Element(Element::Head),
            Mark::TableRow => Open::Element(Element::Row),
            Mark::TableCell => Open::Element(Element::Cell),
            Mark::Link { dest_url, .. } => Open::Link(dest_url.into_string()),
            Mark::Image { dest_url, .. } => Open::Image(dest_url.into_string()),
            _ => Open::Nothing,
        };
        self.open.push((open, std::mem::take(&mut self.nodes)));
    }

    fn end(&mut self) {
        let Some((open, around)) = self.open.pop() else { return };
        let inside = std::mem::replace(&mut self.nodes, around);
        match open {
            Open::Element(element) => self.push(Node::Element(element, inside)),
            Open::Block => self.push(Node::Block(words(&inside))),
            Open::Image(url) => self.push(Node::Image { alt: words(&inside), url }),
            Open::Link(url) => self.push(Node::Link { url, inside }),
            Open::Nothing => self.nodes.extend(inside),
        }
    }
}

/// The texts of nodes, however deep they are: at most [`DEPTH`].
fn words(nodes: &[Node]) -> String {
    let one = |node: &Node| match node {
        Node::Text(text) | Node::Code(text) | Node::Block(text) => text.clone(),
        Node::Image { alt, .. } => alt.clone(),
        Node::Link { inside, .. } | Node::Element(_, inside) => words(inside),
        Node::Break => "\n".to_owned(),
        Node::Rule | Node::Task(_) => String::new(),
    };
    nodes.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as it would be written in a line.
    fn draw(nodes: &[Node]) -> String {
        let one = |node: &Node| match node {
            Node::Text(text) => text.replace('\n', "␤"),
            Node::Code(text) => format!("`{text}`"),
            Node::Block(text) => format!("<{}>", text.trim_end()),
            Node::Break => "↵".to_owned(),
            Node::Rule => "―".to_owned(),
            Node::Task(checked) => if *checked { "☑" } else { "☐" }.to_owned(),
            Node::Image { alt, url } => format!("!{alt}@{url}"),
            Node::Link { url, inside } => format!("{}@{url}", draw(inside)),
            Node::Element(element, inside) => format!("{element:?}[{}]", draw(inside)),
        };
        nodes.iter().map(one).collect()
    }

    fn read(text: &str) -> String {
        draw(&Document::read(text).nodes)
    }

    #[test]
    fn elements_are_a_tree() {
        assert_eq!(
            read("## A *b*\n\nc **d** ~~e~~ `f`"),
            "Heading(2)[A Emphasis[b]]Paragraph[c Strong[d] Struck[e] `f`]"
        );
        assert_eq!(read("3. a\n4. b"), "Ordered(3)[Item[a]Item[b]]");
        assert_eq!(read("- [x] a\n- [ ] b"), "List[Item[☑a]Item[☐b]]");
        assert_eq!(read("> a\n\n---\n\n```js\nb\n```"), "Quote[Paragraph[a]]―<b>");
        assert_eq!(read("|a|b|\n|-|-|\n|1|2|"), "Table[Head[Cell[a]Cell[b]]Row[Cell[1]Cell[2]]]");
        assert_eq!(read("a\nb  \nc"), "Paragraph[a␤b↵c]");
    }

    #[test]
    fn html_stays_text_and_addresses_stay_words() {
        assert_eq!(read("<script>alert(1)</script>"), "<<script>alert(1)</script>>");
        assert_eq!(read("a <img src=x onerror=y> b"), "Paragraph[a <img src=x onerror=y> b]");
        assert_eq!(read("[a](javascript:alert(1))"), "Paragraph[a@javascript:alert(1)]");
        assert_eq!(read("![a *b*](https://e.example/x.png)"), "Paragraph[!a b@https://e.example/x.png]");
        assert_eq!(read("<https://a.example>"), "Paragraph[https://a.example@https://a.example]");
    }

    #[test]
    fn what_is_deep_or_much_has_a_bound() {
        fn depth(nodes: &[Node]) -> usize {
            let inside = |node: &Node| match node {
                Node::Element(_, inside) | Node::Link { inside, .. } => 1 + depth(inside),
                _ => 0,
            };
            nodes.iter().map(inside).max().unwrap_or(0)
        }
        for text in ["> ".repeat(10_000) + "a", "- ".repeat(5_000) + "a", "*".repeat(20_000) + "a", "[".repeat(50_000)]
        {
            assert!(depth(&Document::read(&text).nodes) <= DEPTH + 1);
        }
        let long = Document::read(&"a\n\n".repeat(10_000));
        assert!(long.cut && long.nodes.len() <= NODES);
        assert!(!Document::read("a").cut);
    }
}
