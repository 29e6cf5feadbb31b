//! What the pages read of the machine.

use super::attempt::Attempt;
use super::visit::Visit;
use super::{
    Bench, Call, Changes, Completing, HandOver, History, Inspector, Listing, Logs, Outcome, Paused, Phase,
    ResourceUpdate, TaskRow, Tasks,
};
use crate::base::secret::Secret;
use crate::mcp::connection::{Connection, Target};
use crate::mcp::era::Era;
use crate::mcp::jsonrpc::Id;
use crate::mcp::model::{Item, ItemKind, ServerInfo};
use crate::mcp::question::{Question, Reply};
use crate::mcp::task::TaskSupport;
use crate::oauth::account::Account;
use crate::oauth::flow::Wait;
use crate::oauth::negative::Negative;
use crate::oauth::registration::Client;
use crate::oauth::token::Grant;
use crate::settings::Settings;
use crate::trace::problem::Problem;
use crate::trace::{Trace, Violation};

impl Inspector {
    pub fn phase(&self) -> Phase {
        if self.record.foreign_callback { Phase::Refused } else { self.attempt.phase() }
    }

    /// Requests in flight, without streams that stay open by design.
    pub fn busy(&self) -> usize {
        self.network.busy()
    }

    /// The id of the newest message of the user's whose response is still to come.
    pub fn waiting_raw(&self) -> Option<&Id> {
        self.network.waiting_raw()
    }

    /// What the user is asked, the oldest first.
    pub fn questions(&self) -> &[Question] {
        self.attempt.work().questions.open()
    }

    /// Rules that the server broke since the last attempt began.
    pub fn violations(&self) -> &[Violation] {
        &self.record.violations
    }

    /// What the server logged.
    pub const fn logs(&self) -> &Logs {
        &self.attempt.work().logs
    }

    /// What the server changed in its lists.
    pub const fn changes(&self) -> &Changes {
        &self.attempt.work().changes
    }

    pub const fn log_level(&self) -> Option<&'static str> {
        self.attempt.work().log_level
    }

    /// The candidates that were asked for last.
    pub fn completing(&self) -> Option<&Completing> {
        self.attempt.work().completing.as_ref()
    }

    /// Whether the server completes arguments, as far as that is known.
    pub fn completes(&self) -> bool {
        let unsupported = self.completing().is_some_and(Completing::is_unsupported);
        self.server_info().is_some_and(ServerInfo::completes) && !unsupported
    }

    pub fn is_subscribed(&self, uri: &str) -> bool {
        self.attempt.work().subscriptions.has(uri)
    }

    /// What the server told of a resource that was subscribed to.
    pub fn resource_update(&self, uri: &str) -> Option<&ResourceUpdate> {
        self.attempt.work().subscriptions.updated(uri)
    }

    /// What went wrong since the last attempt began, the newest first.
    pub fn problems(&self) -> &[Problem] {
        &self.record.problems
    }

    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    pub fn settings(&self) -> Option<&Settings> {
        self.visit.as_ref().map(|it| &it.settings)
    }

    /// The connection, from the handshake on.
    pub const fn connection(&self) -> Option<&Connection> {
        self.attempt.connection()
    }

    pub const fn is_connected(&self) -> bool {
        self.attempt.is_connected()
    }

    /// The login that waits for its callback.
    pub fn waiting(&self) -> Option<&Wait> {
        self.attempt.login()
    }

    pub fn list(&self, kind: ItemKind) -> Option<&Listing> {
        self.attempt.work().lists.get(&kind)
    }

    /// What is shown of the use of an item: the newest, or of a tool the call that the user opened.
    pub fn outcome(&self, target: &Target) -> Option<&Outcome> {
        let live = self.attempt.work().outcomes.get(target);
        match live {
            Some(it) if it.status.is_open() => live,
            _ => self.memory.history.outcome(target, live),
        }
    }

    /// The finished calls of this tab.
    pub const fn history(&self) -> &History {
        &self.memory.history
    }

    /// The tasks that this tab knows.
    pub const fn tasks(&self) -> &Tasks {
        &self.memory.tasks
    }

    /// Those of the present server, the newest first.
    pub fn tasks_here(&self) -> Vec<&TaskRow> {
        let server = self.visit.as_ref().map(Visit::server);
        server.map(|it| self.memory.tasks.of(&it)).unwrap_or_default()
    }

    /// Whether the connection knows tasks.
    pub fn knows_tasks(&self) -> bool {
        self.server_info().is_some_and(ServerInfo::has_tasks)
    }

    /// Whether the server lists its tasks.
    pub fn lists_tasks(&self) -> bool {
        self.server_info().is_some_and(ServerInfo::lists_tasks)
    }

    /// Whether a task can be cancelled.
    pub fn cancels_tasks(&self) -> bool {
        self.server_info().is_some_and(ServerInfo::cancels_tasks)
    }

    fn server_info(&self) -> Option<&ServerInfo> {
        self.connection().filter(|_| self.is_connected())?.info.as_ref()
    }

    /// How many tasks of the present server have not ended.
    pub fn open_tasks(&self) -> usize {
        self.visit.as_ref().map_or(0, |it| self.memory.tasks.open(&it.server()))
    }

    /// Whether a tool may or must be called as a task.
    pub fn task_support(&self, tool: &Item) -> TaskSupport {
        self.server_info().map(|it| it.task_support(tool)).unwrap_or_default()
    }

    /// Whether the user wants a tool to be called as a task.
    pub fn is_called_as_task(&self, tool: &Target) -> bool {
        self.visit.as_ref().is_some_and(|it| self.memory.tasks.is_wanted(&it.server(), tool))
    }

    /// One of them.
    pub fn task(&self, id: &str) -> Option<&TaskRow> {
        self.memory.tasks.get(&self.visit.as_ref()?.server(), id)
    }

    /// What the user answered last to a request for sampling.
    pub const fn last_sampled(&self) -> Option<&Reply> {
        self.attempt.work().questions.last_sampled.as_ref()
    }

    /// Those of a tool of the present server, the newest first.
    pub fn calls(&self, target: &Target) -> Vec<&Call> {
        let server = self.visit.as_ref().map(Visit::server);
        server.map(|it| self.memory.history.of(&it, target).collect()).unwrap_or_default()
    }

    /// The token that the present server would get; a check uses none.
    pub fn grant(&self) -> Option<&Grant> {
        self.visit.as_ref()?.grant(&self.memory)
    }

    /// Who logged in, where the authorization server said so.
    pub fn account(&self) -> Option<&Account> {
        self.grant().and_then(|it| it.account.as_ref())
    }

    pub fn grants(&self) -> &[Grant] {
        &self.memory.grants
    }

    /// The token that the connection uses: granted, or given by hand.
    pub fn access_token(&self) -> Option<&Secret<String>> {
        self.visit.as_ref()?.access_token(&self.memory)
    }

    /// Registered clients, by issuer.
    pub fn clients(&self) -> &[(String, Client)] {
        &self.memory.clients
    }

    pub const fn bench(&self) -> &Bench {
        &self.memory.bench
    }

    /// What is known of a server by its address.
    pub fn era_of(&self, server: &str) -> Option<Era> {
        self.memory.era(server)
    }

    /// Whether the login is opened in a window of its own.
    pub fn uses_popup(&self) -> bool {
        let settings = self.settings();
        self.place.framed || self.place.forgetful || settings.is_some_and(|it| self.place.uses_popup(it))
    }

    /// What waits for the user, in step mode.
    pub fn paused(&self) -> Option<&Paused> {
        match &self.attempt {
            Attempt::Negotiating(it) => it.held.as_ref().map(|held| &held.0),
            _ => self.attempt.authorization()?.paused(),
        }
    }

    /// Whether requests wait for the user: step mode, until the attempt is over or runs to its end.
    pub fn is_stepping(&self) -> bool {
        let pauses = self.visit.as_ref().is_some_and(|it| it.settings.step_mode && !it.automatic);
        pauses && matches!(self.phase(), Phase::Connecting | Phase::Authorizing)
    }

    /// The authorization servers among which the user may choose now.
    pub fn choices(&self) -> &[String] {
        match &self.attempt {
            Attempt::Authorizing(it) => it.choices(),
            _ => &[],
        }
    }

    /// What the user may do where the browser shows no answer; not before the reason was looked into.
    pub fn hand_over(&self) -> Option<&HandOver> {
        self.attempt.hand_over()
    }

    /// Whether the flow waits for the response to a request that the user sends.
    pub fn awaits_hand_over(&self) -> bool {
        self.attempt.authorization().is_some_and(|it| it.waiting.handed().is_some())
    }

    /// Whether a test can be made now, else why not.
    pub fn may_test(&self, kind: Negative) -> Result<(), &'static str> {
        match &self.visit {
            _ if self.testing().is_some() => Err("Another test is running."),
            Some(visit) if self.is_connected() => visit.may_test(&self.memory, &self.place, kind),
            _ => Err("Connect to run this."),
        }
    }

    /// The test that is on its way.
    pub fn testing(&self) -> Option<Negative> {
        self.network.testing().or_else(|| self.attempt.test())
    }
}
