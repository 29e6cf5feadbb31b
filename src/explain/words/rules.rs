//! The sentences of findings, a file for each area.

mod claims;
mod client;
mod connection;
mod discovery;
mod login;
mod proof;
mod refusal;
mod tokens;

use crate::trace::rule::Rule;
use std::borrow::Cow;

pub fn words(rule: &Rule) -> Cow<'static, str> {
    match rule {
        Rule::Discovery(it) => discovery::words(it),
        Rule::Client(it) => client::words(it),
        Rule::Login(it) => login::words(it),
        Rule::Tokens(it) => tokens::words(it),
        Rule::Claims(it) => claims::words(it),
        Rule::Proof(it) => proof::words(it),
        Rule::Connection(it) => connection::words(it),
        Rule::Refusal { test, found } => refusal::words(*test, found),
    }
}
