//! Tasks: calls whose result is fetched later.
//!
//! 2025-11-25 has them in its core (`basic/utilities/tasks`), where the client asks for one; 2026-07-28 as the extension
//! `io.modelcontextprotocol/tasks`, where the server decides. Both are read into the same [`Task`].

use super::connection::{self, Connection, Params};
use super::jsonrpc::{self, Id, RpcError};
use super::mirror;
use super::model::{Item, ServerInfo};
use crate::base::revision::Revision;
use crate::base::secret::Secret;
use crate::base::text::{Text, fact, prefix};
use crate::http::Request;
use crate::json::members::Members;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::sync::Arc;

/// The extension of 2026-07-28.
pub const EXTENSION: &str = "io.modelcontextprotocol/tasks";
/// The member of `_meta` that says which task a message belongs to (2025-11-25, "Associating Task-Related Messages").
const RELATED: &str = "io.modelcontextprotocol/related-task";
/// The longest task id that is taken, in bytes.
const ID: usize = 1 << 10;

/// How a task stands. The names are MCP's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    Working,
    InputRequired,
    Completed,
    Failed,
    Cancelled,
}

impl TaskStatus {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::InputRequired => "input_required",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it never changes again.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// A task as the server described it last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub id: String,
    pub status: TaskStatus,
    pub message: Option<String>,
    /// As the server wrote it (ISO 8601).
    pub created: Option<String>,
    pub updated: Option<String>,
    /// How long the server keeps it from its creation, in milliseconds; `None`: not said, or without limit.
    pub ttl: Option<f64>,
    /// How long the server wants to be left alone between two polls, in milliseconds.
    pub poll: Option<f64>,
}

/// A task with what 2026-07-28 puts beside it.
#[derive(Debug, PartialEq)]
pub struct Detailed {
    pub task: Task,
    /// The result of the call, as raw JSON.
    pub result: Option<Arc<str>>,
    pub error: Option<RpcError>,
    /// What the server wants to know before it goes on, as raw JSON.
    pub input_requests: Option<Arc<str>>,
}

impl Detailed {
    /// Reads a task; what is wrong with one that cannot be used.
    pub fn read(raw: &str) -> Result<Self, String> {
        let all = Members::of(raw).ok_or("The task is not an object")?;
        let id: String = all.read("taskId").ok_or("The task has no taskId, or it is not a string")?;
        if id.is_empty() || id.len() > ID {
            return Err(format!("The taskId is empty or longer than {ID} bytes"));
        }
        let status = all.read("status").ok_or_else(|| match all.get("status") {
            Some(other) => format!("The task's status is not one of MCP's: {}", fact(other)),
            None => "The task has no status".to_owned(),
        })?;
        let duration = |names: [&str; 2]| names.into_iter().find_map(|it| all.read::<f64>(it)).filter(|it| *it >= 0.0);
        let task = Task {
            id,
            status,
            message: all.shown("statusMessage").map(|it: String| fact(&it)),
            created: all.shown("createdAt").map(|it: String| prefix(&it, 64).to_owned()),
            updated: all.shown("lastUpdatedAt").map(|it: String| prefix(&it, 64).to_owned()),
            ttl: duration(["ttl", "ttlMs"]),
            poll: duration(["pollInterval", "pollIntervalMs"]),
        };
        let part = |name: &str| all.value(name).map(|it| Arc::<str>::from(it.get()));
        Ok(Self {
            task,
            result: part("result"),
            error: all.value("error").and_then(|it| RpcError::read(it.get())),
            input_requests: part("inputRequests"),
        })
    }
}

/// The task in the response to a call of 2025-11-25; `None` where it holds a result instead.
pub fn created(result: &str) -> Option<Result<Detailed, String>> {
    let all = Members::of(result)?;
    let task = all.value("task").filter(|_| all.value("content").is_none())?;
    Some(Detailed::read(task.get()))
}

/// The tasks of a page of `tasks/list`, those that can be read, and the next cursor.
pub fn page(result: &str) -> Option<(Vec<Task>, Option<String>)> {
    let all = Members::of(result)?;
    let tasks = all.list("tasks")?.into_iter().filter_map(|it| Detailed::read(it.get()).ok());
    Some((tasks.map(|it| it.task).collect(), all.read("nextCursor")))
}

/// The task that a message belongs to, by its params.
pub fn related(params: &str) -> Option<String> {
    Members::of(params)?.object("_meta").object(RELATED).read("taskId")
}

/// The same result with the task that it belongs to.
pub fn relating(result: &RawValue, task: &str) -> Box<RawValue> {
    let all = Members::of(result.get()).unwrap_or_default();
    let mut members: Params<'_> = all.iter().map(|(name, value)| (name, value.to_owned())).collect();
    members.push(("_meta", jsonrpc::raw(&json!({ RELATED: { "taskId": task } }))));
    connection::object(&members)
}

/// Whether a tool may be called as a task (2025-11-25, "Tool-Level Negotiation").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaskSupport {
    #[default]
    Forbidden,
    Optional,
    Required,
}

impl Item {
    /// What a tool says of tasks in `execution.taskSupport`.
    pub fn task_support(&self) -> TaskSupport {
        let support = Members::of(&self.raw).and_then(|it| it.object("execution").read::<String>("taskSupport"));
        match support.as_deref() {
            Some("optional") => TaskSupport::Optional,
            Some("required") => TaskSupport::Required,
            _ => TaskSupport::Forbidden,
        }
    }
}

impl ServerInfo {
    /// Whether the connection knows tasks at all.
    pub fn has_tasks(&self) -> bool {
        match self.revision {
            Revision::R4 => self.capabilities.contains_key("tasks"),
            Revision::R5 => self.capabilities.get("extensions").is_some_and(|it| it.get(EXTENSION).is_some()),
            _ => false,
        }
    }

    /// Whether tasks can be listed. From 2026-07-28 on they cannot.
    pub fn lists_tasks(&self) -> bool {
        self.revision == Revision::R4 && self.task_capability("/list")
    }

    /// Whether tasks can be cancelled.
    pub fn cancels_tasks(&self) -> bool {
        match self.revision.has_handshake() {
            true => self.revision == Revision::R4 && self.task_capability("/cancel"),
            false => self.has_tasks(),
        }
    }

    /// Whether the client says which calls become tasks, and how that stands for a tool.
    pub fn task_support(&self, tool: &Item) -> TaskSupport {
        match self.revision == Revision::R4 && self.task_capability("/requests/tools/call") {
            true => tool.task_support(),
            false => TaskSupport::Forbidden,
        }
    }

    fn task_capability(&self, pointer: &str) -> bool {
        let tasks = self.capabilities.get("tasks");
        tasks.and_then(|it| it.pointer(pointer)).is_some_and(|it| !matches!(it, Value::Null | Value::Bool(false)))
    }
}

/// What can be asked about a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskVerb {
    Get,
    /// The result of the call, once there is one (2025-11-25).
    Result,
    Cancel,
    /// Answers to what the server wants to know (2026-07-28).
    Update,
    /// All tasks (2025-11-25).
    List,
}

impl TaskVerb {
    pub const fn method(self) -> &'static str {
        match self {
            Self::Get => "tasks/get",
            Self::Result => "tasks/result",
            Self::Cancel => "tasks/cancel",
            Self::Update => "tasks/update",
            Self::List => "tasks/list",
        }
    }
}

/// Whether a method is about one task, which the header `Mcp-Name` repeats (2026-07-28, "Routing Headers").
pub fn names_task(method: &str) -> bool {
    [TaskVerb::Get, TaskVerb::Result, TaskVerb::Cancel, TaskVerb::Update].iter().any(|it| it.method() == method)
}

impl Connection {
    /// A request about a task.
    pub fn task(&mut self, verb: TaskVerb, task: &str, more: Params<'_>) -> (Id, Request) {
        let id = self.next_id();
        let request = self.about(&id, verb, task, more);
        (id, request)
    }

    /// The same in the session that the task began in, where that is another one: no id may come twice in a session, and
    /// those that a page before this one used are not known.
    pub fn task_in(
        &self,
        session: &Secret<String>,
        id: String,
        (verb, task): (TaskVerb, &str),
        more: Params<'_>,
    ) -> (Id, Request) {
        let id = Id::Text(id);
        let request = self.in_session(session).about(&id, verb, task, more);
        (id, request)
    }

    fn about(&self, id: &Id, verb: TaskVerb, task: &str, more: Params<'_>) -> Request {
        let mut params: Params<'_> = vec![("taskId", jsonrpc::raw(&task))];
        params.extend(more);
        self.routed(self.post(id, verb.method(), params, None), task)
    }

    /// A page of all tasks.
    pub fn list_tasks(&mut self, cursor: Option<&str>) -> (Id, Request) {
        let params = cursor.map(|it| ("cursor", jsonrpc::raw(&it)));
        self.request(TaskVerb::List.method(), params.into_iter().collect(), None)
    }

    /// How a task of this client's stands (2025-11-25, "Task Status Notification").
    pub fn task_status(&self, described: &RawValue) -> Request {
        self.notify("notifications/tasks/status", Some(described))
    }

    /// The header that leads a request to where its task is.
    pub(super) fn routed(&self, request: Request, task: &str) -> Request {
        match self.revision().has_handshake() {
            true => request,
            false => request.header("mcp-name", Text::plain(mirror::encoded(task))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::model::{ItemKind, page as items};

    fn info(revision: &str, capabilities: Value) -> ServerInfo {
        let result = json!({ "protocolVersion": revision, "capabilities": capabilities }).to_string();
        ServerInfo::parse(&result).1.expect("known")
    }

    fn tool(execution: Value) -> Item {
        let tool = json!({ "name": "t", "inputSchema": {}, "execution": execution });
        let page = items(ItemKind::Tools, &json!({ "tools": [tool] }).to_string()).expect("a page");
        (*page.items[0]).clone()
    }

    #[test]
    fn a_task_is_read_in_the_words_of_both_revisions() {
        let old =
            r#"{"taskId":"a","status":"input_required","statusMessage":"cut \ud83d","ttl":null,"pollInterval":5}"#;
        let task = Detailed::read(old).expect("a task").task;
        assert_eq!((task.status.name(), task.ttl, task.poll), ("input_required", None, Some(5.0)));
        assert_eq!(task.message.as_deref(), Some("cut \u{fffd}"));
        let new =
            r#"{"taskId":"a","status":"failed","ttlMs":9,"pollIntervalMs":-1,"error":{"code":-1,"message":"no"}}"#;
        let it = Detailed::read(new).expect("a task");
        assert_eq!((it.task.ttl, it.task.poll, it.error.map(|it| it.code)), (Some(9.0), None, Some(-1)));
    }

    #[test]
    fn what_is_no_task_says_why() {
        let long = json!({ "taskId": "x".repeat(ID + 1), "status": "working" }).to_string();
        for (raw, why) in [
            ("[]", "not an object"),
            (r#"{"taskId":7,"status":"working"}"#, "no taskId"),
            (r#"{"taskId":"a"}"#, "no status"),
            (r#"{"taskId":"a","status":"done"}"#, "\"done\""),
            (long.as_str(), "longer than"),
        ] {
            let said = Detailed::read(raw).expect_err(raw);
            assert!(said.contains(why), "{said}");
        }
    }

    #[test]
    fn a_response_holds_a_task_or_a_result() {
        assert_eq!(created(r#"{"content":[],"task":{"taskId":"a"}}"#), None);
        assert_eq!(created(r#"{"content":[]}"#), None);
        assert!(created(r#"{"task":{"taskId":"a","status":"working"}}"#).is_some_and(|it| it.is_ok()));
        assert!(created(r#"{"task":{}}"#).is_some_and(|it| it.is_err()));
    }

    #[test]
    fn a_bad_task_does_not_hide_the_others_of_a_page() {
        let raw = r#"{"tasks":[{"taskId":1},{"taskId":"b","status":"working"}],"nextCursor":"2"}"#;
        let (tasks, next) = page(raw).expect("a page");
        assert_eq!((tasks.len(), next.as_deref()), (1, Some("2")));
        assert_eq!(page("{}"), None);
    }

    #[test]
    fn e_80_server_and_tool_both_have_a_say() {
        let server = info("2025-11-25", json!({ "tasks": { "requests": { "tools": { "call": {} } }, "list": {} } }));
        assert!(server.has_tasks() && server.lists_tasks() && !server.cancels_tasks());
        assert_eq!(server.task_support(&tool(json!({ "taskSupport": "required" }))), TaskSupport::Required);
        assert_eq!(server.task_support(&tool(json!({}))), TaskSupport::Forbidden);
        let without = info("2025-11-25", json!({ "tasks": { "list": {} } }));
        assert_eq!(without.task_support(&tool(json!({ "taskSupport": "required" }))), TaskSupport::Forbidden);
        let older = info("2025-06-18", json!({ "tasks": { "requests": { "tools": { "call": {} } } } }));
        assert!(!older.has_tasks());
        assert_eq!(older.task_support(&tool(json!({ "taskSupport": "optional" }))), TaskSupport::Forbidden);
    }

    #[test]
    fn e_85_from_2026_07_28_on_they_are_an_extension() {
        let discovered =
            |capabilities: Value| ServerInfo::discovered(&json!({ "capabilities": capabilities }).to_string());
        let server = discovered(json!({ "extensions": { EXTENSION: {} } }));
        assert!(server.has_tasks() && server.cancels_tasks() && !server.lists_tasks());
        assert!(!discovered(json!({ "tasks": {} })).has_tasks());
    }

    #[test]
    fn an_answer_names_the_task_that_it_belongs_to() {
        let params = json!({ "_meta": { RELATED: { "taskId": "a" } } }).to_string();
        assert_eq!(related(&params).as_deref(), Some("a"));
        let answer = relating(&jsonrpc::raw(&json!({ "action": "decline" })), "a");
        assert_eq!(related(answer.get()).as_deref(), Some("a"));
        assert!(answer.get().contains("decline"));
    }
}
