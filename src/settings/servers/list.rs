//! The list of servers: presets of the host, saved ones, recent ones, each URL among the recent ones only where it is
//! nowhere else. The last used is first.

use super::{Server, href};
use crate::base::address::Address;
use serde::{Deserialize, Serialize};

/// How many recent ones are kept, and how many saved ones.
const RECENT: usize = 12;
const SAVED: usize = 500;

/// Where a server of the list is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// The host of Flowglass, in `inspector.json`.
    Preset,
    Saved,
    Recent,
}

impl Source {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Preset => "preset",
            Self::Saved => "saved",
            Self::Recent => "recent",
        }
    }
}

/// Which server of the list: a saved one by its name, which no other has, a recent one by its URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub source: Source,
    pub name: String,
}

/// To the place before, or behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    Up,
    Down,
}

/// What was removed, and from where.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    pub source: Source,
    pub server: Server,
    at: usize,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Servers {
    pub saved: Vec<Server>,
    pub recent: Vec<Server>,
}

impl Servers {
    /// As they are stored. What cannot be read counts as none.
    pub fn read(saved: Option<&str>, recent: Option<&str>) -> Self {
        let read = |text: Option<&str>| -> Vec<Server> {
            let kept: Vec<Server> = text.and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default();
            kept.into_iter().map(Server::without_secrets).filter(|it| !it.url.is_empty()).collect()
        };
        let mut list = Self { saved: Vec::new(), recent: read(recent) };
        for mut server in read(saved) {
            server.name = list.free_name(server.title());
            list.saved.push(server);
        }
        list
    }

    /// The texts to be stored: of the saved ones, and of the recent ones. None where there are none.
    pub fn written(&self) -> [Option<String>; 2] {
        [&self.saved, &self.recent]
            .map(|it| Some(it).filter(|it| !it.is_empty()).and_then(|it| serde_json::to_string(it).ok()))
    }

    pub fn get(&self, key: &Key) -> Option<&Server> {
        match key.source {
            Source::Preset => None,
            Source::Saved => self.saved.iter().find(|it| it.name == key.name),
            Source::Recent => self.recent.iter().find(|it| it.url == key.name),
        }
    }

    /// Keeps a server under its name, first: in the place of the one that was edited, or of the one that has the name.
    /// Without a name it is called as its host. Gives the name.
    pub fn save(&mut self, mut server: Server, edited: Option<&str>) -> String {
        let host = Address::typed(&server.url).map_or_else(|_| server.url.clone(), |it| it.host());
        let given = !server.name.is_empty();
        if !given {
            let same = self.saved.iter().find(|it| it.name == host || Some(it.name.as_str()) == edited);
            server.name = match same {
                Some(it) if it.href() == server.href() => it.name.clone(),
                _ => self.free_name(&host),
            };
        }
        let name = server.name.clone();
        self.recent.retain(|it| it.href() != server.href());
        match edited.and_then(|edited| self.saved.iter().position(|it| it.name == edited)) {
            Some(at) => {
                let mut index = 0;
                self.saved.retain(|it| {
                    index += 1;
                    index - 1 == at || it.name != name
                });
                if let Some(place) = self.saved.iter_mut().find(|it| Some(it.name.as_str()) == edited) {
                    *place = server;
                }
            }
            None => {
                self.saved.retain(|it| it.name != name);
                self.saved.insert(0, server);
                self.saved.truncate(SAVED);
            }
        }
        name
    }

    /// Keeps servers of a file, behind those that are there.
    pub fn add(&mut self, servers: impl IntoIterator<Item = Server>) {
        for mut server in servers {
            server.name = self.free_name(server.title());
            self.recent.retain(|it| it.href() != server.href());
            self.saved.push(server);
        }
        self.saved.truncate(SAVED);
    }

    /// A connection stands: its server is first among those it belongs to. `label` is the name that the form has.
    pub fn used(&mut self, newest: Server, label: &str, is_preset: bool) {
        let href = newest.href();
        let same = |it: &Server| it.href() == href;
        let named = self.saved.iter().position(|it| it.name == label && same(it));
        if let Some(at) = named.or_else(|| self.saved.iter().position(same)) {
            let saved = self.saved.remove(at);
            let (negotiated, authorized) = (newest.negotiated, newest.authorized);
            self.saved.insert(0, Server { negotiated, authorized, ..saved });
        } else if !is_preset {
            self.recent.retain(|it| it.url != newest.url);
            self.recent.insert(0, newest);
            self.recent.truncate(RECENT);
        }
    }

    pub fn remove(&mut self, key: &Key) -> Option<Removed> {
        let at = self.of(key.source)?.iter().position(|it| self.get(key) == Some(it))?;
        let server = self.of_mut(key.source)?.remove(at);
        Some(Removed { source: key.source, server, at })
    }

    /// Puts back what was removed.
    pub fn restore(&mut self, Removed { source, mut server, at }: Removed) {
        if source == Source::Saved {
            server.name = self.free_name(&server.name);
        }
        if let Some(list) = self.of_mut(source) {
            list.insert(at.min(list.len()), server);
        }
    }

    /// A copy behind it, under a name that is free. Of a recent one, the copy is saved.
    pub fn duplicate(&mut self, key: &Key) -> Option<String> {
        let mut copy = self.get(key)?.clone();
        copy.name = self.free_name(copy.title());
        let name = copy.name.clone();
        let behind = self.saved.iter().position(|it| key.source == Source::Saved && it.name == key.name);
        self.saved.insert(behind.map_or(0, |at| at + 1), copy);
        Some(name)
    }

    pub fn shift(&mut self, key: &Key, shift: Shift) {
        let Some(at) = self.saved.iter().position(|it| key.source == Source::Saved && it.name == key.name) else {
            return;
        };
        let to = match shift {
            Shift::Up => at.checked_sub(1),
            Shift::Down => Some(at + 1).filter(|it| *it < self.saved.len()),
        };
        if let Some(to) = to {
            self.saved.swap(at, to);
        }
    }

    /// The saved server of a URL.
    pub fn saved_at(&self, url: &str) -> Option<&Server> {
        let url = href(url);
        self.saved.iter().find(|it| it.href() == url)
    }

    fn of(&self, source: Source) -> Option<&Vec<Server>> {
        match source {
            Source::Preset => None,
            Source::Saved => Some(&self.saved),
            Source::Recent => Some(&self.recent),
        }
    }

    fn of_mut(&mut self, source: Source) -> Option<&mut Vec<Server>> {
        match source {
            Source::Preset => None,
            Source::Saved => Some(&mut self.saved),
            Source::Recent => Some(&mut self.recent),
        }
    }

    /// The name, or the first of "name 2", "name 3"… that no saved server has.
    fn free_name(&self, name: &str) -> String {
        let taken = |name: &str| self.saved.iter().any(|it| it.name == name);
        if !taken(name) {
            return name.to_owned();
        }
        let numbered = (2..).map(|number| format!("{name} {number}"));
        numbered.into_iter().find(|it| !taken(it)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(name: &str, url: &str) -> Server {
        Server { name: name.to_owned(), url: url.to_owned(), ..Server::default() }
    }

    fn saved(name: &str) -> Key {
        Key { source: Source::Saved, name: name.to_owned() }
    }

    fn names(list: &Servers) -> Vec<&str> {
        list.saved.iter().map(|it| it.name.as_str()).collect()
    }

    fn list(all: &[&str]) -> Servers {
        let saved = all.iter().map(|it| server(it, &format!("https://{it}/mcp"))).collect();
        Servers { saved, recent: Vec::new() }
    }

    #[test]
    fn the_last_used_is_first_and_none_is_there_twice() {
        let mut all = list(&["a", "b"]);
        all.used(server("B's own name", "https://b/mcp"), "", false);
        assert_eq!((names(&all), all.recent.len()), (vec!["b", "a"], 0));
        for it in ["c", "d", "c"] {
            all.used(server(it, &format!("https://{it}/mcp")), "", false);
        }
        assert_eq!(all.recent.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["c", "d"]);
        all.used(server("e", "https://e/mcp"), "", true);
        assert_eq!(all.recent.len(), 2, "a preset is in the list already");
        all.save(server("C", "https://c/mcp"), None);
        assert_eq!((names(&all), all.recent.len()), (vec!["C", "b", "a"], 1));
    }

    #[test]
    fn a_name_is_of_one_server_and_an_edited_one_keeps_its_place() {
        let mut all = list(&["a", "b", "c"]);
        assert_eq!(all.save(server("b2", "https://b/new"), Some("b")), "b2");
        assert_eq!((names(&all), all.saved[1].url.as_str()), (vec!["a", "b2", "c"], "https://b/new"));
        all.save(server("c", "https://a/mcp"), Some("a"));
        assert_eq!(names(&all), ["c", "b2"]);
        all.save(server("b2", "https://other/mcp"), None);
        assert_eq!((names(&all), all.saved[0].url.as_str()), (vec!["b2", "c"], "https://other/mcp"));
    }

    #[test]
    fn without_a_name_it_is_called_as_its_host() {
        let mut all = Servers::default();
        assert_eq!(all.save(server("", "https://a:8443/mcp"), None), "a:8443");
        assert_eq!(all.save(server("", "https://a:8443/mcp"), None), "a:8443");
        assert_eq!(all.save(server("", "https://a:8443/other"), None), "a:8443 2");
        assert_eq!(all.saved.len(), 2);
    }

    #[test]
    fn what_was_removed_comes_back_to_its_place() {
        let mut all = list(&["a", "b", "c"]);
        let before = all.clone();
        let removed = all.remove(&saved("b")).expect("it is there");
        assert_eq!(names(&all), ["a", "c"]);
        all.restore(removed);
        assert_eq!(all, before);
        assert!(all.remove(&saved("z")).is_none());
    }

    #[test]
    fn duplicates_and_moves() {
        let mut all = list(&["a", "b"]);
        assert_eq!(all.duplicate(&saved("a")).as_deref(), Some("a 2"));
        assert_eq!(all.duplicate(&saved("a")).as_deref(), Some("a 3"));
        assert_eq!(names(&all), ["a", "a 3", "a 2", "b"]);
        all.shift(&saved("b"), Shift::Up);
        all.shift(&saved("a"), Shift::Up);
        all.shift(&saved("a 2"), Shift::Down);
        assert_eq!(names(&all), ["a", "a 3", "b", "a 2"]);
    }

    #[test]
    fn what_is_stored_is_read_again_and_what_is_damaged_counts_as_none() {
        let mut all = list(&["a", "b"]);
        all.recent.push(server("c", "https://c/mcp"));
        let [saved, recent] = all.written();
        assert_eq!(Servers::read(saved.as_deref(), recent.as_deref()), all);
        assert_eq!(Servers::read(Some("{"), Some("[1]")), Servers::default());
        assert_eq!(Servers::default().written(), [None, None]);
    }
}
