//! What is wrong in a run of the demo, and what of it the user knows.
//!
//! A riddle is a fault that nothing names until the user has guessed or asked for it. It is kept for the tab as a line of
//! words, so that the page after the login, and the one after a reload, are of the same run.

use super::Fault;
use super::lesson::{COURSE, Exercise};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

/// A run of the demo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trial {
    #[default]
    Sound,
    /// A fault that the user chose.
    Known(Fault),
    Riddle {
        fault: Fault,
        source: Source,
        answer: Option<Answer>,
    },
}

/// Where a riddle is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Surprise,
    /// A lesson of the course, by its place in it.
    Lesson(usize),
}

/// How a riddle ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The user asked for the solution.
    Revealed,
    Guessed(Guess),
}

/// Who is responsible, at which step, for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    pub owner: Owner,
    pub step: Step,
    pub cause: Fault,
}

/// Who can be guessed, by the names of `data-owner`.
pub const OWNERS: [(Owner, &str); 5] = [
    (Owner::Server, "mcp-server"),
    (Owner::Issuer, "authorization-server"),
    (Owner::Network, "network"),
    (Owner::Browser, "browser"),
    (Owner::You, "user"),
];

pub fn owner(name: &str) -> Option<Owner> {
    OWNERS.into_iter().find(|(_, it)| *it == name).map(|(it, _)| it)
}

impl Trial {
    pub const SURPRISE: &'static str = "surprise";

    pub fn surprise(entropy: &[u8; 64]) -> Self {
        Self::Riddle { fault: Fault::surprise(entropy), source: Source::Surprise, answer: None }
    }

    /// A lesson of the course, to be guessed.
    pub fn lesson(at: usize) -> Option<Self> {
        let fault = COURSE.get(at)?.fault;
        Some(Self::Riddle { fault, source: Source::Lesson(at), answer: None })
    }

    /// What is wrong.
    pub const fn fault(self) -> Option<Fault> {
        match self {
            Self::Sound => None,
            Self::Known(fault) | Self::Riddle { fault, .. } => Some(fault),
        }
    }

    /// Whether nothing may name the fault or its cause.
    pub const fn is_hidden(self) -> bool {
        matches!(self, Self::Riddle { answer: None, .. })
    }

    /// The lesson that it is of, and its place in the course.
    pub fn exercise(self) -> Option<(usize, Exercise)> {
        match self {
            Self::Riddle { source: Source::Lesson(at), .. } => COURSE.get(at).map(|it| (at, *it)),
            _ => None,
        }
    }

    /// What the list of faults shows as chosen.
    pub fn choice(self) -> &'static str {
        match self {
            Self::Known(fault) => fault.name(),
            Self::Riddle { source: Source::Surprise, .. } => Self::SURPRISE,
            _ => "none",
        }
    }

    /// The riddle with its answer; anything else stays as it is.
    #[must_use]
    pub const fn answered(self, answer: Answer) -> Self {
        match self {
            Self::Riddle { fault, source, .. } => Self::Riddle { fault, source, answer: Some(answer) },
            other => other,
        }
    }

    /// `no-pkce`; `surprise no-pkce`; `3 no-pkce revealed`; `surprise no-pkce mcp-server registration no-cors`.
    pub fn write(self) -> String {
        let Self::Riddle { fault, source, answer } = self else { return self.choice().to_owned() };
        let source = match source {
            Source::Surprise => Self::SURPRISE.to_owned(),
            Source::Lesson(at) => at.to_string(),
        };
        let answer = match answer {
            None => String::new(),
            Some(Answer::Revealed) => " revealed".to_owned(),
            Some(Answer::Guessed(Guess { owner, step, cause })) => {
                let owner = OWNERS.into_iter().find(|(it, _)| *it == owner).map_or("network", |(_, name)| name);
                format!(" {owner} {} {}", step.name(), cause.name())
            }
        };
        format!("{source} {}{answer}", fault.name())
    }

    /// What cannot be read is a run with nothing wrong.
    pub fn read(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        match words.as_slice() {
            [fault] => Fault::parse(fault).map_or(Self::Sound, Self::Known),
            [source, fault, rest @ ..] => riddle(source, fault, rest).unwrap_or_default(),
            [] => Self::Sound,
        }
    }
}

fn riddle(source: &str, fault: &str, rest: &[&str]) -> Option<Trial> {
    let fault = Fault::parse(fault)?;
    let source = match source {
        Trial::SURPRISE => Source::Surprise,
        place => Source::Lesson(place.parse().ok().filter(|at| *at < COURSE.len())?),
    };
    let answer = match rest {
        [owner, step, cause] => guess(owner, step, cause).map(Answer::Guessed),
        ["revealed"] => Some(Answer::Revealed),
        _ => None,
    };
    Some(Trial::Riddle { fault, source, answer })
}

fn guess(owner: &str, step: &str, cause: &str) -> Option<Guess> {
    Some(Guess { owner: self::owner(owner)?, step: Step::parse(step)?, cause: Fault::parse(cause)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUESS: Guess = Guess { owner: Owner::You, step: Step::Registration, cause: Fault::NoCors };

    fn every() -> Vec<Trial> {
        let lesson = Trial::lesson(7).expect("a lesson");
        let surprise = Trial::surprise(&[3; 64]);
        vec![
            Trial::Sound,
            Trial::Known(Fault::NoPkce),
            lesson,
            lesson.answered(Answer::Revealed),
            surprise,
            surprise.answered(Answer::Guessed(GUESS)),
        ]
    }

    #[test]
    fn what_is_kept_is_read_again() {
        for trial in every() {
            assert_eq!(Trial::read(&trial.write()), trial, "{}", trial.write());
        }
    }

    #[test]
    fn what_is_no_trial_is_sound() {
        for text in ["", "none", "surprise", "surprise nothing", "9 no-pkce", "x no-pkce revealed"] {
            assert_eq!(Trial::read(text), Trial::Sound, "{text}");
        }
    }

    #[test]
    fn a_riddle_is_hidden_until_it_is_answered_and_the_list_never_names_it() {
        for trial in every() {
            let riddle = matches!(trial, Trial::Riddle { .. });
            assert_eq!(trial.is_hidden(), matches!(trial, Trial::Riddle { answer: None, .. }));
            assert!(!riddle || !trial.fault().is_some_and(|it| it.name() == trial.choice()));
            assert!(!trial.answered(Answer::Revealed).is_hidden());
        }
        assert_eq!(Trial::surprise(&[3; 64]).choice(), "surprise");
        assert_eq!(Trial::lesson(0).map(Trial::choice), Some("none"));
    }
}
