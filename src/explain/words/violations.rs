//! The sentences of protocol violations.

use crate::trace::violation::Breach;
use std::borrow::Cow;

pub fn words(breach: &Breach) -> Cow<'static, str> {
    match breach {
        Breach::Batch => "The server sent a batch of messages. Only 2025-03-26 allows batches".into(),
        Breach::NoJsonRpcVersion => "The server sent a message without \"jsonrpc\": \"2.0\"".into(),
        Breach::NotAMessage => {
            "The server sent something that is not a JSON-RPC message. The Wire page shows it as received".into()
        }
        Breach::SecondResponse => "The server responded to one request twice. The first response counts".into(),
        Breach::UnknownId => "The response has an id that no request had".into(),
        Breach::ResponseInPost => {
            "The response to a JSON-RPC request is in the body of the POST, where HTTP+SSE clients do not look: send it as an event of the stream".into()
        }
        Breach::TooManyRequests { limit } => {
            format!("The server sent more than {limit} requests in 1 s. The others get no response").into()
        }
        Breach::TooManyWaiting { limit, method } => {
            format!("The server requested {method}, but {limit} requests are already waiting for the user").into()
        }
        Breach::RequestFromServer { method } => {
            format!("The server sent the request {method}. Since 2026-07-28 only clients send requests").into()
        }
        Breach::NotDeclared { method, reason } => format!("The server requested {method}, but {reason}").into(),
        Breach::NoResultType => {
            "The result has no resultType, which 2026-07-28 requires. It is treated as complete".into()
        }
        Breach::NoStructuredContent => "The tool has an outputSchema, but its result has no structuredContent".into(),
        Breach::CursorNotAString { list } => {
            format!("nextCursor of {list} is not a string, so the rest of the list cannot be requested").into()
        }
        Breach::CursorRepeated { list } => format!("The pages of {list} never end: a cursor was repeated").into(),
        Breach::ItemUnusable { list, reason } => format!("An item of {list} cannot be used: {reason}").into(),
        Breach::ResultUnusable { detail } => detail.clone().into(),
        Breach::ProgressIncomplete => "A progress notification has no progressToken or no progress".into(),
        Breach::ProgressNotIncreasing => "The progress of a request did not increase".into(),
        Breach::NotAcknowledged { name } => format!("The server did not acknowledge the subscription to {name}").into(),
        Breach::ListenRefused => "The server refused subscriptions/listen, so it announces no changes".into(),
        Breach::ListenFailed { code, message } => {
            format!("subscriptions/listen returned an error: {message} ({code})").into()
        }
    }
}
