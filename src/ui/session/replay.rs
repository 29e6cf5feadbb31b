//! A saved trace that is looked at in the place of the live one. The live one goes on beneath, and is kept as before.

use super::{Session, keep};
use crate::base::format;
use crate::export::file;
use crate::trace::Trace;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::web::{self, compress, window};
use leptos::task::spawn_local;
use web_sys::File;

/// What a link begins with that holds a trace.
pub const LINK: &str = "#trace=";
/// The longest file that is read, in bytes.
const LONGEST: usize = 32 * 1024 * 1024;

/// The trace of a file or a link.
#[derive(Clone, PartialEq)]
pub struct Replay {
    /// What the file is called.
    pub name: String,
    pub trace: Trace,
    /// How many of its entries could not be read.
    pub left_out: usize,
}

/// The text of a file that was given, or in a sentence why there is none.
pub async fn text_of(file: &File) -> Result<String, String> {
    web::file::text(file, LONGEST).await.map_err(|bytes| match bytes {
        Some(bytes) => {
            format!("{} is {}; the limit is {}", file.name(), format::bytes(bytes), format::bytes(LONGEST))
        }
        None => format!("{} could not be read", file.name()),
    })
}

impl Session {
    /// Reads of the trace that is looked at, and is called again when it has changed.
    pub fn trace<T>(self, read: impl FnOnce(&Trace) -> T) -> T {
        self.replay.with(|it| match it {
            Some(replay) => read(&replay.trace),
            None => self.inspector.with(|it| read(it.trace())),
        })
    }

    /// The same, without being called again.
    pub fn peek_trace<T>(self, read: impl FnOnce(&Trace) -> T) -> T {
        untrack(|| self.trace(read))
    }

    /// A value of it that redraws only when it has changed itself.
    pub fn trace_memo<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Trace) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| self.trace(&read))
    }

    /// Reads of the saved trace that is open.
    pub fn replay<T>(self, read: impl FnOnce(Option<&Replay>) -> T) -> T {
        self.replay.with(|it| read(it.as_ref()))
    }

    /// Whether what is looked at is a saved trace.
    pub fn is_replaying(self) -> bool {
        self.replay.with(Option::is_some)
    }

    /// Called again whenever another trace is looked at.
    pub fn track_replay(self) {
        self.replay.track();
    }

    pub fn close_replay(self) {
        keep::set_replay(None);
        self.not_opened.set(None);
        self.replay.set(None);
        if matches!(self.here(), Route::Wire(Some(_))) {
            self.go(Route::Wire(None));
        }
    }

    /// Opens the trace of a file.
    pub fn open_file(self, file: File) {
        spawn_local(async move {
            // What opens traces says why one was not opened. Where it does not come, `assets/boot.js` says so.
            let _ = later::open_file(self, file).await;
        });
    }

    /// Opens the trace that the address carries in its fragment, if it does; the fragment leaves the address.
    pub(super) fn open_link(self) -> bool {
        let fragment = window::fragment();
        let Some(packed) = fragment.strip_prefix(LINK).map(str::to_owned) else { return self.launched(&fragment) };
        self.navigator.replace(&self.here());
        self.open_packed("a link".to_owned(), packed);
        true
    }

    /// Goes where a shortcut or a file of the installed app leads (`assets/app.webmanifest`). Nothing is connected by that.
    fn launched(self, fragment: &str) -> bool {
        let mut to = Route::Connect;
        match fragment {
            _ if self.here() != to => return false,
            "#demo" => request_animation_frame(|| window::focus("[data-testid=demo]")),
            "#check" => to = Route::Check,
            "#file" => spawn_local(async move { drop(later::open_launched(self).await) }),
            _ => return false,
        }
        self.navigator.replace(&to);
        true
    }

    /// Opens the saved trace that was open when this page was loaded again.
    pub(super) fn open_again(self) {
        if let Some((name, packed)) = keep::replay() {
            self.open_packed(name, packed);
        }
    }

    fn open_packed(self, name: String, packed: String) {
        spawn_local(async move {
            let _ = later::open_packed(self, name, packed).await;
        });
    }

    /// Reads the trace of a file, and opens it.
    pub(in crate::ui) fn read_file(self, file: File) {
        spawn_local(async move {
            match text_of(&file).await {
                Ok(text) => self.open_trace(file.name(), text).await,
                Err(why) => self.not_opened.set(Some(why)),
            }
        });
    }

    /// Unpacks a trace, and opens it.
    pub(in crate::ui) fn unpack(self, name: String, packed: String) {
        spawn_local(async move {
            match compress::unpack(&packed).await {
                Ok(text) => self.open_trace(name, text).await,
                Err(why) => self.not_opened.set(Some(why.to_owned())),
            }
        });
    }

    async fn open_trace(self, name: String, text: String) {
        match file::read(&text) {
            Ok(opened) => {
                self.not_opened.set(None);
                keep::set_replay(compress::pack(&text).await.map(|packed| (name.as_str(), packed)).as_ref());
                self.replay.set(Some(Replay { name, trace: opened.trace, left_out: opened.left_out }));
                if !matches!(self.here(), Route::Walkthrough(_) | Route::Wire(_)) {
                    self.go(Route::Walkthrough(None));
                }
            }
            Err(why) => self.not_opened.set(Some(format!("{name} was not opened. {why}"))),
        }
    }
}
