//! The findings of the rules, as facts: what held or did not, with the values that were seen. The sentences are in
//! `explain::words`.
//!
//! A file for each area. A finding has a stable id, which is also its name in a file, and the clause that it is of.
//! No fact is a secret, and none has a name under which secrets stand (`base::text::names`): it would be masked.

pub mod claims;
pub mod client;
pub mod connection;
pub mod discovery;
pub mod login;
pub mod proof;
pub mod refusal;
pub mod tokens;

use super::check::Clause;
use super::negative::Negative;
use claims::Claims;
use client::ClientRule;
use connection::ConnectionRule;
use discovery::Discovery;
use login::Login;
use proof::Proof;
use refusal::Refusal;
use serde::{Deserialize, Serialize};
use tokens::Tokens;

/// A finding, by its area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    Discovery(Discovery),
    Client(ClientRule),
    Login(Login),
    Tokens(Tokens),
    Claims(Claims),
    Proof(Proof),
    Connection(ConnectionRule),
    /// Of a test that the server should refuse.
    Refusal {
        test: Negative,
        found: Refusal,
    },
}

impl Rule {
    /// Its name in kebab case. Findings are added, and their names never change meaning.
    pub const fn id(&self) -> &'static str {
        self.row().0
    }

    /// Where it is written down.
    pub const fn clause(&self) -> Clause {
        self.row().1
    }

    const fn row(&self) -> (&'static str, Clause) {
        match self {
            Self::Discovery(it) => it.row(),
            Self::Client(it) => it.row(),
            Self::Login(it) => it.row(),
            Self::Tokens(it) => it.row(),
            Self::Claims(it) => it.row(),
            Self::Proof(it) => it.row(),
            Self::Connection(it) => it.row(),
            Self::Refusal { test, found } => (found.id(), test.clause()),
        }
    }
}

macro_rules! is_rule {
    ($($area:ident($of:ty)),*) => {
        $(impl From<$of> for Rule {
            fn from(it: $of) -> Self {
                Self::$area(it)
            }
        })*
    };
}

is_rule!(
    Discovery(Discovery),
    Client(ClientRule),
    Login(Login),
    Tokens(Tokens),
    Claims(Claims),
    Proof(Proof),
    Connection(ConnectionRule)
);
