//! Tasks that a server makes of its requests to this client (2025-11-25, `basic/utilities/tasks`, where this client is the
//! receiver): the request is answered with a task at once, the server asks how it stands, and fetches what the user said.

use super::era::INVALID_PARAMS;
use super::jsonrpc::{self, Id};
use super::task::{self, TaskStatus, TaskVerb};
use crate::base::format::instant;
use crate::json::members::Members;
use crate::trace::Millis;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// How many are kept. Each that waits for the user has a question, of which there are no more.
const MOST: usize = 200;
/// A longer id of a request that waits is not kept, in bytes.
const LONGEST_ID: usize = 1 << 10;
/// How long a task is kept where the server does not say, and at most, in milliseconds.
const LIFE: f64 = 3_600_000.0;
/// How long the server is asked to wait between two polls, in milliseconds.
const POLL: u32 = 1_000;

/// What the request came to: a result, or the code and the words of an error.
pub type Ending = Result<Box<RawValue>, (i64, &'static str)>;

/// The capability that is declared: what can be made a task of, and what can be done with it.
pub fn declared() -> Value {
    let requests = json!({ "sampling": { "createMessage": {} }, "elicitation": { "create": {} } });
    json!({ "list": {}, "cancel": {}, "requests": requests })
}

/// Whether a request of the server's is about a task.
pub fn is_about(method: &str) -> Option<TaskVerb> {
    [TaskVerb::Get, TaskVerb::Result, TaskVerb::Cancel, TaskVerb::List].into_iter().find(|it| it.method() == method)
}

/// The lifetime that a task is wanted with, where a request wants one: `params.task`.
pub fn lifetime(params: &str) -> Option<f64> {
    let wanted = Members::of(params)?.value("task").and_then(|it| Members::of(it.get()))?;
    let given = wanted.read::<f64>("ttl").filter(|it| it.is_finite() && *it >= 0.0);
    Some(given.unwrap_or(LIFE).min(LIFE).floor())
}

/// The oldest first.
#[derive(Default)]
pub struct ReceivedTasks(Vec<ReceivedTask>);

struct ReceivedTask {
    id: String,
    status: TaskStatus,
    message: Option<&'static str>,
    created: Millis,
    updated: Millis,
    ttl: f64,
    ending: Option<Ending>,
    /// The requests for its result that wait for its end.
    waiting: Vec<Id>,
}

/// What is to be done with a request about a task.
pub enum Reaction {
    Respond(Box<RawValue>),
    Refuse(i64, &'static str),
    /// The response comes when the task ends.
    Wait,
    /// It is cancelled first, and the response says so.
    Cancel(String),
}

/// What is told to the server when a task has ended.
pub struct Ended {
    /// The params of `notifications/tasks/status`.
    pub notification: Box<RawValue>,
    pub waiting: Vec<Id>,
    /// What each of those gets.
    pub ending: Ending,
}

impl ReceivedTask {
    fn described(&self) -> Value {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Described<'a> {
            task_id: &'a str,
            status: TaskStatus,
            #[serde(skip_serializing_if = "Option::is_none")]
            status_message: Option<&'a str>,
            created_at: String,
            last_updated_at: String,
            ttl: u64,
            poll_interval: u32,
        }
        json!(Described {
            task_id: &self.id,
            status: self.status,
            status_message: self.message,
            created_at: instant(self.created),
            last_updated_at: instant(self.updated),
            ttl: self.ttl as u64,
            poll_interval: POLL,
        })
    }

    /// What a request for the result gets: that of the request, with the task that it belongs to.
    fn given(&self, ending: &Ending) -> Ending {
        ending.as_ref().map(|it| task::relating(it, &self.id)).map_err(|it| *it)
    }

    fn is_kept(&self, now: Millis) -> bool {
        !self.status.is_terminal() || now - self.created <= self.ttl
    }
}

impl ReceivedTasks {
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes a task; the response to the request that it is made of.
    pub fn create(&mut self, now: Millis, id: String, ttl: f64) -> Box<RawValue> {
        self.forget(now);
        let message = Some("Waiting for the user");
        let (status, waiting) = (TaskStatus::Working, Vec::new());
        let task = ReceivedTask { id, status, message, created: now, updated: now, ttl, ending: None, waiting };
        let response = jsonrpc::raw(&json!({ "task": task.described() }));
        self.0.push(task);
        response
    }

    /// Tasks go at the end of their lifetime, and where there are too many the oldest that has ended.
    fn forget(&mut self, now: Millis) {
        self.0.retain(|it| it.is_kept(now));
        while self.0.len() >= MOST
            && let Some(oldest) = self.0.iter().position(|it| it.status.is_terminal())
        {
            self.0.remove(oldest);
        }
    }

    /// What a request about a task gets.
    pub fn asked(&mut self, now: Millis, verb: TaskVerb, id: &Id, params: &str) -> Reaction {
        self.forget(now);
        if verb == TaskVerb::List {
            return self.listed(params);
        }
        // Across all tasks: they are answered at once when the connection ends.
        let waiting: usize = self.0.iter().map(|it| it.waiting.len()).sum();
        let is_long = matches!(id, Id::Text(it) if it.len() > LONGEST_ID);
        let named: String = Members::of(params).and_then(|it| it.read("taskId")).unwrap_or_default();
        let Some(task) = self.0.iter_mut().find(|it| it.id == named) else {
            return Reaction::Refuse(INVALID_PARAMS, "There is no such task");
        };
        match (verb, &task.ending) {
            (TaskVerb::Result, Some(ending)) => match task.given(ending) {
                Ok(result) => Reaction::Respond(result),
                Err((code, why)) => Reaction::Refuse(code, why),
            },
            (TaskVerb::Result, None) if is_long => Reaction::Refuse(INVALID_PARAMS, "The ID is too long"),
            (TaskVerb::Result, None) if waiting >= MOST => {
                Reaction::Refuse(INVALID_PARAMS, "Too many requests wait for the results of tasks")
            }
            (TaskVerb::Result, None) => {
                task.waiting.push(id.clone());
                Reaction::Wait
            }
            (TaskVerb::Cancel, Some(_)) => Reaction::Refuse(INVALID_PARAMS, "The task has ended"),
            (TaskVerb::Cancel, None) => Reaction::Cancel(named),
            _ => Reaction::Respond(jsonrpc::raw(&task.described())),
        }
    }

    /// All are on one page, so no cursor is one of this client's.
    fn listed(&self, params: &str) -> Reaction {
        if Members::of(params).is_some_and(|it| it.value("cursor").is_some()) {
            return Reaction::Refuse(INVALID_PARAMS, "The cursor is unknown");
        }
        let all: Vec<Value> = self.0.iter().map(ReceivedTask::described).collect();
        Reaction::Respond(jsonrpc::raw(&json!({ "tasks": all })))
    }

    /// How a task stands, as the response to `tasks/cancel` says it.
    pub fn described(&self, id: &str) -> Option<Box<RawValue>> {
        self.0.iter().find(|it| it.id == id).map(|it| jsonrpc::raw(&it.described()))
    }

    /// A task ends; nothing where it has ended before.
    pub fn end(&mut self, now: Millis, id: &str, status: TaskStatus, ending: Ending) -> Option<Ended> {
        let task = self.0.iter_mut().find(|it| it.id == id && it.ending.is_none())?;
        (task.status, task.updated) = (status, now.max(task.created));
        task.message = ending.as_ref().err().map(|(_, why)| *why);
        let waiting = std::mem::take(&mut task.waiting);
        let given = task.given(&ending);
        task.ending = Some(ending);
        Some(Ended { notification: jsonrpc::raw(&task.described()), waiting, ending: given })
    }

    /// Those that have not ended.
    pub fn open(&self) -> Vec<String> {
        self.0.iter().filter(|it| it.ending.is_none()).map(|it| it.id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tasks(count: usize) -> ReceivedTasks {
        let mut tasks = ReceivedTasks::default();
        for number in 0..count {
            tasks.create(1_000.0, format!("t-{number}"), LIFE);
        }
        tasks
    }

    fn asked(tasks: &mut ReceivedTasks, verb: TaskVerb, params: &Value) -> Result<Value, i64> {
        match tasks.asked(2_000.0, verb, &Id::Number(1), &params.to_string()) {
            Reaction::Respond(result) => Ok(serde_json::from_str(result.get()).expect("JSON")),
            Reaction::Refuse(code, _) => Err(code),
            Reaction::Wait => Ok(json!("wait")),
            Reaction::Cancel(id) => Ok(json!(["cancel", id])),
        }
    }

    #[test]
    fn a_task_is_wanted_with_a_lifetime_that_has_a_bound() {
        assert_eq!(lifetime(r#"{"task":{"ttl":60000.5}}"#), Some(60_000.0));
        for (params, expected) in [
            (r#"{"task":{}}"#, Some(LIFE)),
            (r#"{"task":{"ttl":1e300}}"#, Some(LIFE)),
            (r#"{"task":{"ttl":-1}}"#, Some(LIFE)),
            (r#"{"task":null}"#, None),
            (r#"{"task":[]}"#, None),
            ("{}", None),
        ] {
            assert_eq!(lifetime(params), expected, "{params}");
        }
    }

    #[test]
    fn a_task_is_described_with_all_that_a_receiver_has_to_say() {
        let mut all = tasks(0);
        let created: Value = serde_json::from_str(all.create(0.0, "a".to_owned(), 5.0).get()).expect("JSON");
        let expected = json!({ "taskId": "a", "status": "working", "statusMessage": "Waiting for the user",
            "createdAt": "1970-01-01T00:00:00.000Z", "lastUpdatedAt": "1970-01-01T00:00:00.000Z", "ttl": 5, "pollInterval": 1_000 });
        assert_eq!(created, json!({ "task": expected }));
        assert!(task::created(&created.to_string()).is_some_and(|it| it.is_ok()));
    }

    #[test]
    fn requests_that_wait_are_bounded_over_all_tasks_and_their_ids_too() {
        let mut all = tasks(2);
        let wait = |tasks: &mut ReceivedTasks, task: &str, id: Id| {
            let params = json!({ "taskId": task }).to_string();
            matches!(tasks.asked(2_000.0, TaskVerb::Result, &id, &params), Reaction::Wait)
        };
        assert!(!wait(&mut all, "t-0", Id::Text("x".repeat(LONGEST_ID + 1))));
        for number in 0..MOST as i64 {
            assert!(wait(&mut all, if number % 2 == 0 { "t-0" } else { "t-1" }, Id::Number(number)));
        }
        assert!(!wait(&mut all, "t-1", Id::Number(-1)));
    }

    #[test]
    fn a_result_is_given_once_there_is_one_with_its_task() {
        let mut all = tasks(1);
        let id = json!({ "taskId": "t-0" });
        assert_eq!(asked(&mut all, TaskVerb::Result, &id), Ok(json!("wait")));
        let ended = all.end(3_000.0, "t-0", TaskStatus::Completed, Ok(jsonrpc::raw(&json!({ "action": "accept" }))));
        let ended = ended.expect("it had not ended");
        assert_eq!(
            (ended.waiting, task::related(ended.ending.expect("a result").get()).as_deref()),
            (vec![Id::Number(1)], Some("t-0"))
        );
        let notified: Value = serde_json::from_str(ended.notification.get()).expect("JSON");
        assert_eq!((&notified["status"], notified.get("statusMessage")), (&json!("completed"), None));
        assert_eq!(asked(&mut all, TaskVerb::Result, &id).expect("a result")["action"], "accept");
        assert_eq!(asked(&mut all, TaskVerb::Cancel, &id), Err(INVALID_PARAMS));
        assert!(all.end(4_000.0, "t-0", TaskStatus::Cancelled, Err((-1, "no"))).is_none());
    }

    #[test]
    fn unknown_tasks_and_cursors_are_refused() {
        let mut all = tasks(2);
        for verb in [TaskVerb::Get, TaskVerb::Result, TaskVerb::Cancel] {
            assert_eq!(asked(&mut all, verb, &json!({ "taskId": "other" })), Err(INVALID_PARAMS));
            assert_eq!(asked(&mut all, verb, &json!([])), Err(INVALID_PARAMS));
        }
        assert_eq!(
            asked(&mut all, TaskVerb::List, &json!({})).expect("a list")["tasks"].as_array().map(Vec::len),
            Some(2)
        );
        assert_eq!(asked(&mut all, TaskVerb::List, &json!({ "cursor": "x" })), Err(INVALID_PARAMS));
        assert_eq!(asked(&mut all, TaskVerb::Cancel, &json!({ "taskId": "t-1" })), Ok(json!(["cancel", "t-1"])));
    }

    #[test]
    fn those_that_have_ended_go_with_their_lifetime_and_beyond_a_bound() {
        let mut all = tasks(2);
        all.end(1_000.0, "t-0", TaskStatus::Failed, Err((-1, "no")));
        all.forget(2.0 * LIFE);
        assert_eq!((all.0.len(), all.open()), (1, vec!["t-1".to_owned()]));
        let mut all = tasks(MOST);
        all.end(1_000.0, "t-7", TaskStatus::Failed, Err((-1, "no")));
        all.create(1_000.0, "new".to_owned(), LIFE);
        assert_eq!((all.0.len(), all.described("t-7").is_none()), (MOST, true));
    }
}
