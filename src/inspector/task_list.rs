//! All tasks of a server (2025-11-25, `tasks/list`), page by page.

use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose};
use super::polling::TaskRequest;
use super::tasks::{Pages, TaskRow, Tasks};
use crate::mcp::error::Error;
use crate::mcp::task::{self, Task, TaskVerb};

/// How many pages of tasks are read.
const PAGES: usize = 50;

impl Connected {
    /// Asks for the tasks of the server, from the first page on.
    pub fn list_tasks(&mut self, cx: &mut Context<'_>) {
        let lists = self.connection.info.as_ref().is_some_and(|it| it.lists_tasks());
        if lists && !cx.memory.tasks.is_listing() {
            cx.memory.tasks.listing = Some(Pages::default());
            self.list_page(cx, None);
        }
    }

    fn list_page(&mut self, cx: &mut Context<'_>, cursor: Option<&str>) {
        let (id, request) = self.connection.list_tasks(cursor);
        let asked = TaskRequest { verb: TaskVerb::List, task: String::new(), target: None };
        cx.send(None, Purpose::Task(Box::new(asked), id), request);
    }

    pub fn tasks_listed(&mut self, cx: &mut Context<'_>, answer: Answer) {
        let Some(mut pages) = cx.memory.tasks.listing.take() else { return };
        let (tasks, next) = match answer.map(|it| task::page(&it)) {
            Ok(Some(page)) => page,
            Ok(None) => {
                let (method, member) = (TaskVerb::List.method().to_owned(), "tasks".to_owned());
                return cx.report(Error::NoList { method, member }.problem());
            }
            Err(error) => {
                let method = TaskVerb::List.method().to_owned();
                return cx.report(Error::Rpc { method, error }.problem());
            }
        };
        for task in tasks {
            pages.listed.insert(task.id.clone());
            self.task_listed(cx, task);
        }
        let next = next.filter(|it| !pages.cursors.contains(it) && pages.cursors.len() < PAGES);
        match next.filter(|_| pages.listed.len() < Tasks::MOST) {
            Some(next) => {
                pages.cursors.push(next.clone());
                cx.memory.tasks.listing = Some(pages);
                self.list_page(cx, Some(&next));
            }
            None => cx.memory.tasks.keep_listed(&cx.visit.server(), &pages.listed),
        }
    }

    /// What a list says of tasks that are polled, their polls say.
    fn task_listed(&mut self, cx: &mut Context<'_>, task: Task) {
        match cx.task_row_mut(&task.id) {
            Some(row) if row.is_polled() => {}
            Some(row) => row.task = task,
            None => {
                let row = TaskRow::new(cx.visit.server(), task, None, cx.moment.now);
                cx.memory.tasks.add(row);
            }
        }
    }
}
