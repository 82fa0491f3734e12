use std::rc::Rc;

use farthing_flow::Event;
use farthing_protocol::HostMessage;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::Shell;
use crate::browser::bridge::{self, Bridge};

/// Hears the merchant's page, and tells it how high the frame is.
#[hook]
pub fn use_bridge(shell: &Rc<Shell>) {
    let shell = Rc::clone(shell);
    use_effect_with((), move |()| {
        if !bridge::is_embedded() {
            return shell.dispatch(Event::HostMissing);
        }
        spawn_local(async move {
            let Some(bridge) = Bridge::connected().await.map(Rc::new) else {
                return;
            };
            shell.connect(Rc::clone(&bridge));
            bridge.tell_height();
            bridge.listen(move |message| shell.dispatch(event(message)));
        });
    });
}

fn event(message: HostMessage) -> Event {
    match message {
        HostMessage::Order { order } => Event::OrderGiven(order),
        HostMessage::Complete { outcome } => Event::HostCompleted(outcome),
        HostMessage::Reset {} => Event::HostReset,
    }
}
