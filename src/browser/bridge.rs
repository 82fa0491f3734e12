//! The way to the merchant's page, which `www/boot.js` opened: a port that carries JSON text.
//!
//! What `boot.js` promises, which `frame.html` loads as a module before the application (the words are here,
//! and not there, because the shopper downloads those):
//! - `globalThis.farthing.connected` is a `Promise<{ port: MessagePort, origin: string }>`: the way to the page,
//!   and the page's origin as the browser named it. The port is not started: setting its `onmessage` delivers
//!   what came before. `hello` has been sent. It never rejects.
//! - `globalThis.farthing.failed()` shows the failure screen and sends `fatal`, once: for the panic hook.
//! - `globalThis.farthing.begun()` takes the form out of the page that was there before the application. What was typed
//!   into it, and the cursor, go to the fields with the same ids, as if it was typed there, and nowhere else.
//!
//! What `boot.js` finds in `frame.html`: `<meta name="farthing-origins">` with the origins between blanks, the
//! ids `app`, `first` (in it), `boot-failure` (hidden) and `boot-retry` (a button in it), and Trunk's links: `modulepreload` for
//! the glue (the first one), `preload` as `fetch` with `integrity` for the wasm.

use std::cell::Cell;

use farthing_protocol::{FrameMessage, HostMessage, Origin, limits};
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, MessagePort, ResizeObserver};

use super::json;
use crate::wire;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = farthing, js_name = connected)]
    static CONNECTED: Promise;

    /// Shows the failure screen and tells the page. Only the first call does anything.
    #[wasm_bindgen(js_namespace = farthing)]
    pub fn failed();

    /// The first screen is there. Only the first call does anything.
    #[wasm_bindgen(js_namespace = farthing)]
    pub fn begun();
}

/// The way, once it is open.
pub struct Bridge {
    port: MessagePort,
    origin: Origin,
}

/// Whether there is a page around this one.
pub fn is_embedded() -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let parent = window.parent().ok().flatten();
    parent.is_some_and(|parent| parent != window)
}

impl Bridge {
    /// Waits for the page to open the way. `None` where `boot.js` hands over something else than it promises.
    pub async fn connected() -> Option<Self> {
        let connection = JsFuture::from(CONNECTED.with(Promise::clone)).await.ok()?;
        let port = Reflect::get(&connection, &"port".into()).ok()?.dyn_into().ok()?;
        let origin = Reflect::get(&connection, &"origin".into()).ok()?.as_string()?;
        Some(Self {
            port,
            origin: Origin::parse(&origin).ok()?,
        })
    }

    /// The page's origin, as the browser named it.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Hears the page from now on, for as long as the frame lives. What is no message of ours is dropped
    /// without an answer: there is nobody who would deserve one.
    pub fn listen(&self, hear: impl Fn(HostMessage) + 'static) {
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(message) = read(&event.data()) {
                hear(message);
            }
        });
        // Setting onmessage also starts the port.
        self.port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        listener.forget();
    }

    /// Tells the page.
    pub fn tell(&self, message: &FrameMessage) {
        let _ = self
            .port
            .post_message(&JsValue::from(wire::frame_message(message)));
    }

    /// Tells the page how high the frame's content is, now and whenever that changes.
    pub fn tell_height(self: &std::rc::Rc<Self>) {
        let Some(body) = web_sys::window()
            .and_then(|w| w.document())
            .and_then(|d| d.body())
        else {
            return;
        };
        let bridge = std::rc::Rc::clone(self);
        let observed = body.clone();
        let told = Cell::new(0);
        // The browser calls once a frame at most, after layout.
        let observer = Closure::<dyn Fn()>::new(move || {
            let height = whole_pixels(body.get_bounding_client_rect().height());
            if height != told.replace(height) {
                bridge.tell(&FrameMessage::Resize { height });
            }
        });
        if let Ok(resize) = ResizeObserver::new(observer.as_ref().unchecked_ref()) {
            resize.observe(&observed);
            observer.forget();
        }
    }
}

fn read(data: &JsValue) -> Option<HostMessage> {
    // The length before the copy: a page can post anything.
    let text: &js_sys::JsString = data.dyn_ref()?;
    if text.length() as usize > limits::HOST_MESSAGE_CHARS {
        return None;
    }
    wire::host_message(json::read(text)?)
}

/// Rounded up, so that nothing is cut off, and within what the page accepts.
fn whole_pixels(height: f64) -> u16 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 1..=10,000"
    )]
    let pixels = height.ceil().clamp(1.0, 10_000.0) as u16;
    pixels
}
