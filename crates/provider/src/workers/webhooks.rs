use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use farthing_gateway::{Message, Sent};
use farthing_outbound::Target;
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use super::tell;
use crate::{
    mail::{self, Address, Told},
    wiring::{App, guard},
};

/// How often it is looked whether there is something to send.
const LOOK: Duration = Duration::from_millis(500);
/// How many are sent at once: one slow endpoint must not keep the others waiting for long.
const AT_ONCE: u32 = 16;

/// Sends what is due until `stop`; what is being sent then is sent to its end.
pub(super) async fn deliver(app: Arc<App>, stop: CancellationToken) {
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        // A full round means that there may be more.
        while round(&app).await == AT_ONCE && !stop.is_cancelled() {}
    }
}

/// Sends at most [`AT_ONCE`]; returns how many. A test calls it, which waits for no tick.
pub async fn round(app: &Arc<App>) -> u32 {
    let messages = match app.rules.messages_due(AT_ONCE).await {
        Ok(messages) => messages,
        Err(refusal) => {
            tell("webhooks", Err(refusal));
            return 0;
        }
    };
    let count = u32::try_from(messages.len()).unwrap_or(AT_ONCE);
    let mut sending: JoinSet<()> = JoinSet::new();
    for message in messages {
        let app = Arc::clone(app);
        sending.spawn(async move {
            let sent = send(&app, &message).await;
            // The event's id is what the merchant can look for; the address could hold a secret.
            let event = message.event.as_str();
            match sent {
                Sent::Taken => {}
                Sent::Gone => tracing::warn!(event, "an endpoint wants no more webhooks, and gets none"),
                Sent::Failed { failure, .. } => tracing::warn!(event, failure, "a webhook was not taken"),
            }
            tell(
                "webhooks",
                app.rules.message_sent(&message, sent).await.map(|()| 0),
            );
        });
    }
    // One that panics is sent again when its minute is over.
    while sending.join_next().await.is_some() {}
    count
}

async fn send(app: &Arc<App>, message: &Message) -> Sent {
    if let Some(to) = message.url.strip_prefix(mail::SCHEME) {
        return post(app, message, to).await;
    }
    // It was checked when it was registered; the sandbox's addresses are none once there is real money.
    let Ok(target) = Target::parse(&message.url, guard(app.rules.settings().sandbox)) else {
        return failed("address_refused");
    };
    let [id, time, signature] = &message.headers;
    let headers = [
        ("content-type", "application/json"),
        (id.0, id.1.as_str()),
        (time.0, time.1.as_str()),
        (signature.0, signature.1.as_str()),
    ];
    let body = Bytes::from(message.body.clone());
    match app.outbound.post(&target, &headers, body).await {
        Ok(answer) => Sent::Failed {
            failure: match answer.status {
                200..=299 => return Sent::Taken,
                410 => return Sent::Gone,
                300..=399 => "answered_3xx",
                400..=499 => "answered_4xx",
                _ => "answered_5xx",
            },
            retry_after_s: answer.retry_after_s,
        },
        Err(error) => failed(error.code()),
    }
}

/// Mails it: for whoever is told to, that is a file in a folder.
async fn post(app: &Arc<App>, message: &Message, to: &str) -> Sent {
    let (Some(mail), Some(to)) = (app.mail.clone(), Address::parse(to)) else {
        return failed("mail_not_configured");
    };
    let (event, endpoint) = (message.event.to_string(), message.endpoint.to_string());
    let (body, at) = (message.body.clone(), app.rules.now());
    let origin = app.rules.settings().origin.to_string();
    let put = tokio::task::spawn_blocking(move || {
        mail.put(&Told {
            event: &event,
            endpoint: &endpoint,
            to,
            body: &body,
            at,
            origin: &origin,
        })
    });
    match put.await {
        Ok(Ok(())) => Sent::Taken,
        Ok(Err(failure)) => failed(failure),
        Err(_) => failed("mail_folder"),
    }
}

fn failed(failure: &'static str) -> Sent {
    Sent::Failed {
        failure,
        retry_after_s: None,
    }
}
