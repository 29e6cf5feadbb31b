//! The rooms, which are the modules of the root: each may name those that stand before it in [`ORDER`], and none after
//! it, so no two know each other in a circle. What only tests name does not count.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::imports;
use crate::source::Source;

/// From what stands on nothing to what is seen.
const ORDER: [&str; 14] = [
    "base",
    "json",
    "http",
    "schema",
    "settings",
    "trace",
    "mcp",
    "oauth",
    "inspector",
    "explain",
    "export",
    "demo",
    "web",
    "ui",
];

/// What a room imports of which other: the places, `src/http.rs:7`.
type Imports = BTreeMap<String, BTreeMap<String, Vec<String>>>;

pub fn check(sources: &[Source]) -> Result<(), Error> {
    let rooms = Rooms::of(sources);
    println!("Rooms, each after those that it may use: {}", ORDER.join(", "));
    let breaches = rooms.against(&ORDER);
    println!("Imports against the order of the rooms: {}", breaches.len());
    breaches.iter().for_each(|line| println!("  {line}"));
    let circles = rooms.circles();
    println!("Cycles between rooms: {}", circles.len());
    circles.iter().flat_map(|circle| rooms.told(circle)).for_each(|line| println!("  {line}"));
    if breaches.is_empty() { Ok(()) } else { Err(Error::Rooms { breaches: breaches.len() }) }
}

struct Rooms(Imports);

impl Rooms {
    fn of(sources: &[Source]) -> Self {
        let rooms = sources.iter().filter_map(|source| source.module().into_iter().next());
        let mut all: Imports = rooms.map(|room| (room, BTreeMap::new())).collect();
        let names: BTreeSet<String> = all.keys().cloned().collect();
        for source in sources {
            let Some(imports) = source.module().first().and_then(|room| all.get_mut(room)) else { continue };
            for import in imports::of(source).into_iter().filter(|import| !import.in_test) {
                let room = import.room().filter(|room| names.contains(*room) && source.module()[0] != **room);
                let places = room.map(|room| imports.entry(room.to_owned()).or_default());
                places.into_iter().for_each(|it| it.push(format!("src/{}:{}", source.name, import.line)));
            }
        }
        Self(all)
    }

    /// All that a room stands on, and itself.
    fn below<'a>(&'a self, room: &'a str) -> BTreeSet<&'a str> {
        let (mut found, mut open) = (BTreeSet::new(), vec![room]);
        while let Some(room) = open.pop() {
            if found.insert(room) {
                open.extend(self.0[room].keys().map(String::as_str));
            }
        }
        found
    }

    /// The rooms that a room stands on and that stand on it, itself included.
    fn circle<'a>(&'a self, room: &'a str) -> Vec<&'a str> {
        let below = self.below(room);
        below.iter().filter(|it| self.below(it).contains(room)).copied().collect()
    }

    /// What is named of a room that does not stand before, and rooms that the order does not have.
    fn against(&self, order: &[&str]) -> Vec<String> {
        let place = |room: &str| order.iter().position(|it| *it == room);
        let unknown = self.0.keys().filter(|room| place(room).is_none()).map(|room| format!("{room} has no place"));
        let wrong = self.0.iter().flat_map(|(room, imports)| {
            let after = imports.iter().filter(|(other, _)| place(room).is_some() && place(other) > place(room));
            after.map(move |(other, places)| format!("{room} → {other}: {}, first {}", places.len(), places[0]))
        });
        unknown.chain(wrong).collect()
    }

    fn circles(&self) -> Vec<Vec<&str>> {
        let circles: BTreeSet<_> = self.0.keys().map(|room| self.circle(room)).filter(|it| it.len() > 1).collect();
        circles.into_iter().collect()
    }

    /// A circle, and the imports that make it one: how many, and where the first stands.
    fn told(&self, circle: &[&str]) -> Vec<String> {
        let mut lines = vec![circle.join(", ")];
        for room in circle {
            let inside = self.0[*room].iter().filter(|(other, _)| circle.contains(&other.as_str()));
            let told = |(other, places): (_, &Vec<String>)| {
                format!("  {room} → {other}: {}, first {}", places.len(), places[0])
            };
            lines.extend(inside.map(told));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rooms(files: &[(&str, &str)]) -> Rooms {
        Rooms::of(&files.iter().map(|(name, text)| Source::parse(name, text).unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn a_room_names_those_before_it_alone() {
        let rooms = rooms(&[
            ("lib.rs", "use crate::a::A;"),
            ("a.rs", "use crate::z::Z; fn f() { crate::m::f() }"),
            ("m/x.rs", "use crate::z;"),
            ("z.rs", "use std::fmt;"),
        ]);
        assert_eq!(rooms.against(&["z", "m", "a"]), [""; 0]);
        assert_eq!(rooms.against(&["m", "z", "a"]), ["m → z: 1, first src/m/x.rs:1"]);
        assert_eq!(rooms.against(&["z", "m"]), ["a has no place"]);
    }

    #[test]
    fn rooms_that_stand_on_each_other_are_a_circle() {
        let rooms = rooms(&[
            ("a.rs", "use crate::b::B;"),
            ("b/x.rs", "\nuse crate::c::C; use super::super::c::D;"),
            ("c.rs", "use crate::a::A; use crate::d::D;"),
            ("d.rs", ""),
            ("e.rs", "use crate::a::A;"),
        ]);
        assert_eq!(rooms.circles(), [["a", "b", "c"]]);
        assert_eq!(rooms.told(&["a", "b", "c"])[2], "  b → c: 2, first src/b/x.rs:2");
    }

    #[test]
    fn neither_a_room_itself_nor_tests_nor_other_names_count() {
        let rooms = rooms(&[
            ("a.rs", "use crate::a::A; use crate::Macro; #[cfg(test)] mod tests { use crate::b::B; }"),
            ("b.rs", "use crate::a::A;"),
        ]);
        assert_eq!(rooms.against(&["a", "b"]), [""; 0]);
        assert!(rooms.circles().is_empty());
    }
}
