use farthing_gateway::registrar::CHALLENGE_PATH;
use farthing_outbound::{Outbound, Target};
use farthing_protocol::{MerchantId, Origin};

use super::CommandError;
use crate::wiring::{Desk, guard};

/// The challenge is shorter, and a page that is longer is none.
const ANSWER_BYTES: usize = 512;

/// Asks `origin` for its challenge. What leads elsewhere proves nothing, so no redirect is followed; and only the
/// sandbox asks machines that are not on the public internet.
pub(super) async fn prove(desk: &Desk, id: &MerchantId, origin: &Origin) -> Result<(), CommandError> {
    let registrar = desk.registrar();
    registrar.origin(id, origin).await?;
    let guard = guard(desk.sandbox());
    let address = format!("{origin}{CHALLENGE_PATH}");
    let target = Target::parse(&address, guard).map_err(|error| CommandError::target(&address, error))?;
    let answer = Outbound::new(guard)?.get(&target, ANSWER_BYTES).await;
    let answer = answer.map_err(|error| CommandError::failed(&address, error))?;
    let wrong = |problem: String| CommandError::Origin {
        address: address.clone(),
        problem,
    };
    match answer.status {
        200 => {}
        300..=399 => return Err(wrong("leads elsewhere, and is not followed".to_owned())),
        status => return Err(wrong(format!("answered {status}, not 200"))),
    }
    let text = String::from_utf8(answer.body).map_err(|_| wrong("is no text".to_owned()))?;
    Ok(registrar.prove_origin(id, origin, &text).await?)
}
