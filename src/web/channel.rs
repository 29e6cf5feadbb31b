//! Texts between the windows of this origin, by the name of a channel.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// Open until it is dropped.
pub struct Channel {
    channel: BroadcastChannel,
    _received: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Calls for each text that another window sends. `None` where the browser has no channels.
    pub fn open(name: &str, mut receive: impl FnMut(String) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let received = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                receive(text);
            }
        });
        channel.set_onmessage(Some(received.as_ref().unchecked_ref()));
        Some(Self { channel, _received: received })
    }

    pub fn send(&self, text: &str) {
        let _ = self.channel.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
