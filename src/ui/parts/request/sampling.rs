//! Sampling: the server requests a model's response, and the user writes it (MCP, sampling, "human in the loop").

use super::Accepting;
use crate::mcp::content::shape::Shape;
use crate::mcp::content::{Block, Body, Content};
use crate::mcp::model::ItemKind;
use crate::mcp::question::{Question, Reply};
use crate::mcp::sampling::{OfferedTool, Part, Said, Sampling};
use crate::schema::arguments;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What the user writes.
#[derive(Clone, Copy)]
struct Written {
    text: RwSignal<String>,
    /// The tool that is to be used; empty for a text.
    tool: RwSignal<String>,
    /// Its input as JSON.
    input: RwSignal<String>,
    /// Why the input is none, once sending was tried.
    refused: RwSignal<Option<String>>,
}

impl Written {
    fn reply(self) -> Option<Reply> {
        let (tool, input) = (self.tool.get_untracked(), self.input.get_untracked());
        if tool.is_empty() {
            return Some(Reply::Accept(self.text.get_untracked()));
        }
        match serde_json::from_str::<Map<String, Value>>(&input) {
            Ok(_) => Some(Reply::ToolUse { tool, input }),
            Err(why) => {
                self.refused.set(Some(format!("The input is not a JSON object: {why}.")));
                window::focus("#request-input");
                None
            }
        }
    }
}

#[component]
pub fn SamplingBody(question: Question, accepting: Accepting, reply: Callback<Reply>) -> impl IntoView {
    let asked = Sampling::read(&question.params);
    let written = Written {
        text: RwSignal::default(),
        tool: RwSignal::default(),
        input: RwSignal::default(),
        refused: RwSignal::default(),
    };
    accepting.set_value(Some(Callback::new(move |_| {
        if let Some(written) = written.reply() {
            reply.run(written);
        }
    })));
    view! {
        {asked.system_prompt.clone().map(|it| view! {
            <div class="stack message"><span class="label">"System prompt"</span><pre class="text">{foreign(it)}</pre></div>
        })}
        {asked.messages.iter().cloned().map(|said| view! { <Message said/> }).collect_view()}
        <Wishes asked=asked.clone()/>
        <details class="raw">
            <summary>"Request as received"</summary>
            <pre class="wire" tabindex="0" aria-label="Request as received">{foreign(question.params.to_string())}</pre>
        </details>
        <Answer asked written/>
        <Again reply/>
    }
}

#[component]
fn Message(said: Said) -> impl IntoView {
    let parts = said.parts.into_iter().map(part).collect_view();
    view! { <div class="stack message"><span class="label">{foreign(said.role)}</span>{parts}</div> }
}

fn part(part: Part) -> AnyView {
    match part {
        Part::Text(text) | Part::Other(text) => view! { <pre class="text">{foreign(text)}</pre> }.into_any(),
        Part::ToolUse { tool, input } => view! {
            <p class="small">"Tool use "<code>{foreign(tool)}</code></p>
            <pre class="text">{foreign(input)}</pre>
        }
        .into_any(),
        Part::ToolResult { text, failed } => view! {
            <p class="small">{if failed { "Tool error" } else { "Tool result" }}</p>
            <pre class="text">{foreign(text)}</pre>
        }
        .into_any(),
        Part::Media(raw) => media(&raw),
    }
}

/// An image or a sound of a type that is shown; any other as it came. SVG is none of them: it is not drawn unasked.
fn media(raw: &Arc<str>) -> AnyView {
    let whole: Arc<str> = format!(r#"{{"content":[{raw}]}}"#).into();
    let block = Content::read(ItemKind::Tools, &whole).groups.into_iter().flat_map(|it| it.blocks).next();
    let shown = block.and_then(|Block { shape, body, .. }| match (shape, body) {
        (Shape::Image, Body::Media(it)) => {
            let alt = format!("Image from the server, {}", it.mime);
            it.url.map(|url| view! { <img src=url alt=alt/> }.into_any())
        }
        (Shape::Audio, Body::Media(it)) => it.url.map(|url| view! { <audio controls src=url></audio> }.into_any()),
        _ => None,
    });
    shown.unwrap_or_else(|| view! { <pre class="text">{foreign(raw.to_string())}</pre> }.into_any())
}

/// What the server wishes of the model, as far as it said so.
#[component]
fn Wishes(asked: Sampling) -> impl IntoView {
    let names = ["cost", "speed", "intelligence"];
    let priorities: Vec<String> =
        names.iter().zip(asked.priorities).filter_map(|(name, it)| Some(format!("{name} {}", it?))).collect();
    let some = |text: String| Some(text).filter(|it| !it.is_empty());
    let facts = [
        ("Models", some(asked.models.join(", "))),
        ("Priorities", some(priorities.join(", "))),
        ("Max tokens", asked.max_tokens.map(|it| it.to_string())),
        ("Temperature", asked.temperature.map(|it| it.to_string())),
        ("Stop sequences", some(asked.stop_sequences.join(", "))),
        ("Context", asked.include_context),
        ("Tool choice", asked.tool_choice),
    ];
    let rows = facts.into_iter().filter_map(|(name, it)| Some(view! { <dt>{name}</dt><dd>{foreign(it?)}</dd> }));
    view! {
        <dl class="facts" data-testid="sampling-preferences">{rows.collect_view()}</dl>
        {(!asked.tools.is_empty()).then(|| view! { <Tools tools=asked.tools.clone()/> })}
    }
}

#[component]
fn Tools(tools: Vec<OfferedTool>) -> impl IntoView {
    let row = |tool: OfferedTool| {
        view! {
            <li><code>{foreign(tool.name)}</code>" "<span class="small muted">{tool.description.map(foreign)}</span></li>
        }
    };
    view! {
        <div class="stack">
            <span class="label">"Tools of the request"</span>
            <ul data-testid="sampling-tools">{tools.into_iter().map(row).collect_view()}</ul>
        </div>
    }
}

/// The response: a text, or the use of one of the tools.
#[component]
fn Answer(asked: Sampling, written: Written) -> impl IntoView {
    let tools = StoredValue::new(asked.tools);
    let is_text = Memo::new(move |_| written.tool.read().is_empty());
    let limit = asked.max_tokens.map(|it| format!("At most {it} tokens. "));
    view! {
        {tools.with_value(|it| !it.is_empty()).then(|| view! { <Choice tools written/> })}
        <Show when=move || is_text.get() fallback=move || view! { <InputOfTool written/> }>
            <div class="field">
                <label for="request-answer">"Your response, instead of a model"</label>
                <textarea id="request-answer" rows="4" aria-describedby="request-answer-note"
                    prop:value=written.text on:input:target=move |event| written.text.set(event.target().value())></textarea>
                <p class="hint" id="request-answer-note">{limit.clone()}"It is sent as you write it."</p>
            </div>
        </Show>
    }
}

#[component]
fn Choice(tools: StoredValue<Vec<OfferedTool>>, written: Written) -> impl IntoView {
    let choose = move |name: String| {
        let schema =
            tools.with_value(|all| all.iter().find(|it| it.name == name).and_then(|it| it.input_schema.clone()));
        written.input.set(arguments::starting(schema.as_deref()));
        written.refused.set(None);
        written.tool.set(name);
    };
    let options = tools.get_value().into_iter().map(|it| {
        let label = foreign(it.name.clone());
        view! { <option value=it.name>"Tool use: "{label}</option> }
    });
    view! {
        <div class="field">
            <label for="request-kind">"Respond with"</label>
            <select id="request-kind" data-testid="sampling-reply" on:change:target=move |event| choose(event.target().value())>
                <option value="">"Text"</option>
                {options.collect_view()}
            </select>
        </div>
    }
}

#[component]
fn InputOfTool(written: Written) -> impl IntoView {
    view! {
        <div class="field">
            <label for="request-input">"Input of the tool, as JSON"</label>
            <textarea
                id="request-input" data-testid="sampling-input" class="mono" rows="4" spellcheck="false" autocomplete="off"
                aria-describedby="request-input-note" aria-invalid=move || written.refused.read().is_some().then_some("true")
                prop:value=written.input on:input:target=move |event| written.input.set(event.target().value())
            ></textarea>
            <div id="request-input-note" aria-live="polite">
                {move || written.refused.get().map(|it| view! { <p class="error">{foreign(it)}</p> })}
            </div>
        </div>
    }
}

/// The response before this one, once more: for servers that ask in a loop.
#[component]
fn Again(reply: Callback<Reply>) -> impl IntoView {
    let last = session().peek(|it| it.last_sampled().cloned());
    last.map(|last| {
        let said = match &last {
            Reply::Accept(text) => text.clone(),
            Reply::ToolUse { tool, input } => format!("{tool} {input}"),
            Reply::Decline | Reply::Cancel => String::new(),
        };
        view! {
            <div class="row nowrap">
                <button type="button" data-testid="sampling-again" on:click=move |_| reply.run(last.clone())>"Send last response"</button>
                <span class="small muted cut grow">{foreign(said)}</span>
            </div>
        }
    })
}
