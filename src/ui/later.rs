//! The parts of the page: what the first view does without, each part a file of its own, by what a visit needs.
//!
//! A release build (`cargo xtask dist`, feature `split`) cuts the wasm at these functions: the first call of one loads
//! its part. Other builds have it all in one.

use super::pages::bench::TokenBench;
use super::pages::check::CheckPage;
use super::pages::connect::connected::Connected;
use super::pages::connect::left::LeftServer;
use super::pages::connect::lessons::Lessons;
use super::pages::connect::link_note::LinkNotice;
use super::pages::connect::servers::import::ImportDialog;
use super::pages::connect::servers::{ConfigProblem, ServerList};
use super::pages::demo_authorize::DemoAuthorize;
use super::pages::items::{Prompt, Prompts, Resource, Resources};
use super::pages::logs::LogsPage;
use super::pages::notes::NotesPage;
use super::pages::tasks::TasksPage;
use super::pages::tools::{Tool, Tools};
use super::pages::walkthrough::WalkthroughPage;
use super::pages::walkthrough::comparing::{self, Compared};
use super::pages::walkthrough::exports::{self, Choices};
use super::pages::walkthrough::guess::Riddle;
use super::pages::walkthrough::present::Presenter;
use super::pages::wire::Wire;
use super::parts::app::ToolApp;
use super::parts::browse::{FailedList, NoItem, Section};
use super::parts::changes::SectionChange;
use super::parts::clients::Clients;
use super::parts::dock::DockView;
use super::parts::dropped::Dropped;
use super::parts::palette::Palette;
use super::parts::problem::{Failed, Problems};
use super::parts::request::RequestDialog;
use super::parts::result::markdown::MarkdownView;
use super::parts::result::table::TableView;
use super::parts::saved::Replaying;
use super::parts::sheet::ShortcutSheet;
use super::parts::simulated::once_found;
use super::parts::undo::UndoBar;
use super::parts::violations::Violations;
use super::parts::waiting::Waiting;
use super::session::Session;
use super::session::keep::{self, TakenUp};
use super::session::linked;
use super::session::series::Candidate;
use super::session::servers::{Deed, ServerRow};
use super::stage;
use crate::base::revision::Revision;
use crate::demo::Said;
use crate::export::Export;
use crate::http::Request;
use crate::inspector::Inspector;
use crate::mcp::model::{Item, ItemKind};
use crate::oauth::flow::Moment;
use crate::settings::Settings;
use crate::settings::link::Left;
use crate::settings::servers::{Key, Server};
use crate::trace::ExchangeId;
use crate::trace::problem::Problem;
use crate::ui::prelude::*;
use crate::web::host_file::Given;
use crate::web::launch;
use std::sync::Arc;
use web_sys::File;

/// A part did not come; `assets/boot.js` says so.
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Functions, each after the name of the part that it lies in. All of them are asynchronous.
macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident: fn $name:ident($($given:ident: $type:ty),*) -> $result:ty $body:block)*) => {$(
        $(#[$doc])*
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split($part, fallible)]
        pub fn $name($($given: $type),*) -> Result<$result, NotLoaded> {
            Ok($body)
        }

        $(#[$doc])*
        #[cfg(not(feature = "split"))]
        pub async fn $name($($given: $type),*) -> Result<$result, NotLoaded> {
            Ok($body)
        }
    )*};
}

parts! {
    /// What the tab's storage holds is given to the machine.
    again: fn take_up(inspector: Inspector, moment: Moment) -> TakenUp {
        keep::take_up(inspector, &moment)
    }

    /// That what was stored could not be used.
    again: fn dropped() -> AnyView {
        view! { <Dropped/> }.into_any()
    }

    /// What of a link was not used, and where it leads the login.
    again: fn link_notice() -> AnyView {
        view! { <LinkNotice/> }.into_any()
    }

    /// Which server the tab was connected to when a link filled the form.
    again: fn left_server() -> AnyView {
        view! { <LeftServer/> }.into_any()
    }

    /// The machine takes what happened, and its orders are carried out.
    connection: fn work(session: Session) -> () {
        session.work()
    }

    /// What the server says of itself.
    connection: fn connected() -> AnyView {
        view! { <Connected/> }.into_any()
    }

    /// That something waits for the user.
    connection: fn waiting() -> AnyView {
        view! { <Waiting/> }.into_any()
    }

    connection: fn tools() -> AnyView {
        view! { <Tools/> }.into_any()
    }

    connection: fn resources() -> AnyView {
        view! { <Resources/> }.into_any()
    }

    connection: fn prompts() -> AnyView {
        view! { <Prompts/> }.into_any()
    }

    /// The place of the item where none is open.
    connection: fn no_item() -> AnyView {
        view! { <NoItem/> }.into_any()
    }

    commands: fn palette() -> AnyView {
        view! { <Palette/> }.into_any()
    }

    /// The keyboard shortcuts.
    commands: fn shortcuts() -> AnyView {
        view! { <ShortcutSheet/> }.into_any()
    }

    /// The servers that are kept, and those of the host.
    servers: fn servers() -> AnyView {
        view! { <ServerList/> }.into_any()
    }

    /// What of the host's file is left out.
    servers: fn config_problem() -> AnyView {
        view! { <ConfigProblem/> }.into_any()
    }

    /// The dialog that imports servers.
    servers: fn import_servers(open: RwSignal<bool>) -> AnyView {
        view! { <ImportDialog open/> }.into_any()
    }

    /// Keeps what the form holds; what came of it, in a sentence.
    servers: fn save_server(session: Session) -> Option<String> {
        session.save_server()
    }

    /// The settings as a link, and what it does without.
    servers: fn settings_link(session: Session) -> (String, Left) {
        linked::settings_link(session)
    }

    /// The connected server is the last used one.
    servers: fn remember(session: Session, settings: Settings, name: String, revision: Revision, authorized: bool) -> () {
        session.remember(Server::connected(&settings, &name, revision, authorized))
    }

    /// The servers, for the palette.
    servers: fn server_rows(session: Session) -> Vec<ServerRow> {
        session.server_rows()
    }

    /// The servers, with what a check of them is begun with.
    servers: fn candidates(session: Session) -> Vec<Candidate> {
        session.candidates()
    }

    /// Does something with one of them.
    servers: fn with_server(session: Session, key: Key, deed: Deed) -> () {
        session.with_server(&key, deed)
    }

    /// What was removed last, and how it comes back.
    servers: fn undo() -> AnyView {
        view! { <UndoBar/> }.into_any()
    }

    /// Reads the file of the host.
    servers: fn host_file(session: Session, given: Given) -> () {
        session.take_host_file(given)
    }

    /// The connected server for other clients.
    servers: fn clients() -> AnyView {
        view! { <Clients/> }.into_any()
    }

    item: fn tool() -> AnyView {
        view! { <Tool/> }.into_any()
    }

    item: fn resource() -> AnyView {
        view! { <Resource/> }.into_any()
    }

    item: fn prompt() -> AnyView {
        view! { <Prompt/> }.into_any()
    }

    /// The calls that became tasks.
    item: fn tasks() -> AnyView {
        view! { <TasksPage/> }.into_any()
    }

    /// What the server asks of the user.
    item: fn request() -> AnyView {
        view! { <RequestDialog/> }.into_any()
    }

    /// Markdown of a result.
    viewers: fn markdown(text: Arc<str>) -> AnyView {
        view! { <MarkdownView text/> }.into_any()
    }

    /// CSV of a result.
    viewers: fn table(text: Arc<str>) -> AnyView {
        view! { <TableView text/> }.into_any()
    }

    /// The app that shows the results of a tool.
    apps: fn app(tool: Arc<Item>) -> AnyView {
        view! { <ToolApp tool/> }.into_any()
    }

    walkthrough: fn walkthrough() -> AnyView {
        view! { <WalkthroughPage/> }.into_any()
    }

    walkthrough: fn wire() -> AnyView {
        view! { <Wire/> }.into_any()
    }

    walkthrough: fn logs() -> AnyView {
        view! { <LogsPage/> }.into_any()
    }

    /// Wire and log beside the page, in a window of that width.
    walkthrough: fn dock(width: RwSignal<f64>) -> AnyView {
        view! { <DockView width/> }.into_any()
    }

    /// What the server changed in the lists of a page.
    walkthrough: fn list_change(section: Section) -> AnyView {
        view! { <SectionChange section/> }.into_any()
    }

    /// What failed, and why.
    walkthrough: fn problems() -> AnyView {
        view! { <Problems/> }.into_any()
    }

    /// The fault of the demo, to be guessed.
    walkthrough: fn riddle() -> AnyView {
        view! { <Riddle/> }.into_any()
    }

    /// Why a list could not be read.
    walkthrough: fn failed_list(kind: ItemKind, problem: Problem) -> AnyView {
        once_found(move || view! { <FailedList kind problem=problem.clone()/> }.into_any())
    }

    /// Why a use of an item failed.
    walkthrough: fn failed(problem: Problem) -> AnyView {
        once_found(move || view! { <Failed problem=problem.clone()/> }.into_any())
    }

    /// Which rules the server broke.
    walkthrough: fn violations() -> AnyView {
        view! { <Violations/> }.into_any()
    }

    bench: fn bench() -> AnyView {
        view! { <TokenBench/> }.into_any()
    }

    bench: fn check() -> AnyView {
        once_found(|| view! { <CheckPage/> }.into_any())
    }

    /// What the demo's servers answer.
    demo: fn answer(moment: Moment, exchange: ExchangeId, request: Request) -> Vec<Said> {
        stage::answer(&moment, exchange, &request)
    }

    /// The lessons of the course.
    demo: fn lessons() -> AnyView {
        view! { <Lessons/> }.into_any()
    }

    demo: fn demo_authorize() -> AnyView {
        view! { <DemoAuthorize/> }.into_any()
    }

    /// Opens the trace of a file.
    exports: fn open_file(session: Session, file: File) -> () {
        session.read_file(file)
    }

    /// Opens the trace of a file that the platform gives to the installed app.
    exports: fn open_launched(session: Session) -> () {
        launch::on_file(move |file| session.read_file(file));
    }

    /// Opens the trace of a link, or of the tab's storage.
    exports: fn open_packed(session: Session, name: String, packed: String) -> () {
        session.unpack(name, packed)
    }

    /// Which saved trace is looked at, or why one was not opened.
    exports: fn replaying() -> AnyView {
        view! { <Replaying/> }.into_any()
    }

    /// A file of what is looked at: its name and its text.
    exports: fn written(session: Session, export: Export, choices: Choices) -> (String, String) {
        exports::written(session, export, choices)
    }

    /// What a link holds of what is looked at.
    exports: fn linked(session: Session) -> String {
        exports::linked(session)
    }

    /// An exchange as a command.
    exports: fn command(session: Session, exchange: ExchangeId) -> Option<String> {
        exports::command(session, exchange)
    }

    exports: fn compared(session: Session, name: String, text: String) -> Compared {
        comparing::with(session, name, &text)
    }

    /// What a speaker reads in a window of their own.
    exports: fn notes() -> AnyView {
        view! { <NotesPage/> }.into_any()
    }

    exports: fn presenter(open: RwSignal<bool>) -> AnyView {
        view! { <Presenter open/> }.into_any()
    }
}
