//! What the command palette finds of all that can be gone to or done: in sections, the best match first, a few of each.
//!
//! Names are prepared once, when the palette is opened; a key stroke looks at ten thousand of them within a frame.

use crate::base::text::prefix;

/// How many rows a section has at most.
pub const SHOWN: usize = 10;
/// As much of a text is looked at, in bytes.
const SEARCHED: usize = 300;

/// The sections, in the order in which they stand where nothing tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Pages,
    Tools,
    Resources,
    Prompts,
    Servers,
    Actions,
}

impl Section {
    const ALL: [Self; 6] = [Self::Pages, Self::Tools, Self::Resources, Self::Prompts, Self::Servers, Self::Actions];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Pages => "Pages",
            Self::Tools => "Tools",
            Self::Resources => "Resources",
            Self::Prompts => "Prompts",
            Self::Servers => "Servers",
            Self::Actions => "Actions",
        }
    }
}

/// How well a name fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Whole,
    Beginning,
    /// Each typed word begins a word.
    Words,
    Inside,
}

impl Rank {
    const ALL: [Self; 4] = [Self::Whole, Self::Beginning, Self::Words, Self::Inside];
}

/// Something that can be found.
pub struct Name {
    section: Section,
    /// In lower case.
    name: String,
    /// All by which it is found, in lower case; the words of a name in camel case stand apart, too.
    text: String,
    /// It is found only by what is typed.
    typed_only: bool,
}

impl Name {
    /// `about` are more words by which it is found.
    pub fn new(section: Section, name: &str, about: &str) -> Self {
        let (name, about) = (prefix(name, SEARCHED), prefix(about, SEARCHED));
        let text = format!("{} {}", apart(name), about.to_lowercase());
        Self { section, name: name.to_lowercase(), text, typed_only: false }
    }

    /// The same, which is not listed before something is typed.
    #[must_use]
    pub fn typed_only(self) -> Self {
        Self { typed_only: true, ..self }
    }

    fn rank(&self, typed: &str, words: &[&str]) -> Option<Rank> {
        if words.is_empty() {
            return (!self.typed_only).then_some(Rank::Whole);
        }
        if !words.iter().all(|it| self.text.contains(it)) {
            return None;
        }
        Some(match () {
            () if self.name == typed => Rank::Whole,
            () if self.name.starts_with(typed) => Rank::Beginning,
            () if words.iter().all(|it| begins_word(&self.text, it)) => Rank::Words,
            () => Rank::Inside,
        })
    }
}

/// A name in lower case, and with its words apart where only capitals tell them apart.
fn apart(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut small = false;
    for letter in name.chars() {
        if small && letter.is_uppercase() {
            words.push(' ');
        }
        small = letter.is_lowercase();
        words.push(letter);
    }
    match words.len() == name.len() {
        true => name.to_lowercase(),
        false => format!("{} {}", name.to_lowercase(), words.to_lowercase()),
    }
}

fn begins_word(text: &str, word: &str) -> bool {
    let before = |at: usize| text.get(..at).and_then(|it| it.chars().next_back());
    text.match_indices(word).any(|(at, _)| before(at).is_none_or(|it| !it.is_alphanumeric()))
}

/// What was found of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub section: Section,
    /// The places of the names among those that were given, [`SHOWN`] at most.
    pub rows: Vec<usize>,
    /// How many fit.
    pub total: usize,
}

/// What is found of a section, by rank.
struct Hits {
    section: Section,
    ranks: [Vec<usize>; 4],
    total: usize,
}

impl Hits {
    fn take(&mut self, rank: Rank, at: usize) {
        self.total += 1;
        if let Some(places) = self.ranks.get_mut(rank as usize).filter(|it| it.len() < SHOWN) {
            places.push(at);
        }
    }

    fn best(&self) -> Option<Rank> {
        Rank::ALL.into_iter().zip(&self.ranks).find(|(_, places)| !places.is_empty()).map(|(rank, _)| rank)
    }
}

/// The sections in which something fits what is typed: the one with the best match first.
pub fn find<'a>(names: impl Iterator<Item = &'a Name>, typed: &str) -> Vec<Found> {
    let typed = typed.trim().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut hits = Section::ALL.map(|section| Hits { section, ranks: Default::default(), total: 0 });
    for (at, name) in names.enumerate() {
        let rank = name.rank(&typed, &words);
        if let (Some(rank), Some(hits)) = (rank, hits.get_mut(name.section as usize)) {
            hits.take(rank, at);
        }
    }
    let mut hits: Vec<Hits> = hits.into_iter().filter(|it| it.total > 0).collect();
    hits.sort_by_key(|it| (it.best(), it.section));
    let found = |it: Hits| {
        let rows = it.ranks.into_iter().flatten().take(SHOWN).collect();
        Found { section: it.section, rows, total: it.total }
    };
    hits.into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<Name> {
        names.iter().map(|it| Name::new(Section::Tools, it, "tool")).collect()
    }

    fn found<'a>(names: &[&'a str], typed: &str) -> Vec<&'a str> {
        let rows = find(named(names).iter(), typed).into_iter().flat_map(|it| it.rows);
        rows.map(|at| names[at]).collect()
    }

    #[test]
    fn the_whole_name_comes_first_then_its_beginning_then_a_word_of_it_then_any_place() {
        let names = ["forget", "a_get_b", "get_x", "Get", "sendGetLine", "other"];
        assert_eq!(found(&names, "get"), ["Get", "get_x", "a_get_b", "sendGetLine", "forget"]);
        assert_eq!(found(&names, " GET  b "), ["a_get_b"]);
        assert_eq!(found(&names, "tool oth"), ["other"]);
        assert_eq!(found(&names, "nothing"), Vec::<&str>::new());
        assert_eq!(found(&["ÄÖ x", "a"], "äö"), ["ÄÖ x"]);
    }

    #[test]
    fn the_section_of_the_best_match_is_first_and_all_are_there_where_nothing_is_typed() {
        let names = [
            Name::new(Section::Pages, "Wire", "go to page"),
            Name::new(Section::Tools, "rewire", "tool"),
            Name::new(Section::Servers, "Edit Wire", "").typed_only(),
            Name::new(Section::Actions, "wire", ""),
        ];
        let sections = |typed: &str| find(names.iter(), typed).iter().map(|it| it.section).collect::<Vec<_>>();
        assert_eq!(sections(""), [Section::Pages, Section::Tools, Section::Actions]);
        assert_eq!(sections("wire"), [Section::Pages, Section::Actions, Section::Servers, Section::Tools]);
        assert_eq!(sections("rewire"), [Section::Tools]);
    }

    #[test]
    fn few_are_shown_of_many_and_all_are_counted() {
        let names: Vec<String> = (0..10_000).map(|it| format!("tool-{it:05}")).collect();
        let names = named(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let found = find(names.iter(), "9");
        assert_eq!(found.iter().map(|it| (it.rows.len(), it.total)).collect::<Vec<_>>(), [(SHOWN, 3_439)]);
        let found = find(names.iter(), "tool-09999");
        assert_eq!(found.first().map(|it| (it.rows.clone(), it.total)), Some((vec![9_999], 1)));
    }
}
