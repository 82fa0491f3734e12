use std::fmt::Write;

use farthing_gateway::{Clock, RegistryStore, StoredKey};
use farthing_protocol::{Label, MerchantId, UnixSeconds};

use super::{CommandError, merchant::fees_of};
use crate::wiring::Desk;

/// All about a merchant, as it stands now.
pub(super) async fn show(desk: &Desk, id: &MerchantId) -> Result<String, CommandError> {
    let now = desk.clock().now();
    let registration = desk.registrar().registration(id).await?;
    let merchant = &registration.merchant;
    let mut said = String::new();
    // Writing to a text can't fail, here and below.
    let _ = writeln!(
        said,
        "{id}  {}\ncontact     {}\ncountry     {}\nregistered  {}",
        merchant.name().as_str(),
        merchant.payee.contact.as_str(),
        merchant.country,
        merchant.created_at.rfc3339(),
    );
    if let Some(since) = merchant.suspended_at {
        let _ = writeln!(said, "suspended   since {}", since.rfc3339());
    }
    let _ = writeln!(said, "\norigins");
    for one in &merchant.origins {
        let proven = if one.proven_at.is_some() {
            "proven"
        } else {
            "not proven"
        };
        let vouched = match registration.accreditation(&one.origin, now) {
            Ok(by) => format!("{} vouches until {}", by.accreditor.as_str(), by.until.rfc3339()),
            Err(Some(why)) => why.to_string(),
            Err(None) => "nobody vouches for it: import a statement".to_owned(),
        };
        let _ = writeln!(said, "  {}  {proven}; {vouched}", one.origin);
    }
    let _ = writeln!(said, "\norder keys");
    for kid in merchant.order_keys.iter().filter_map(|jwk| jwk.kid().ok()) {
        let _ = writeln!(said, "  {kid}");
    }
    let _ = writeln!(said, "\nfees");
    for line in fees_of(merchant).lines() {
        let _ = writeln!(said, "  {line}");
    }
    let _ = writeln!(said, "\nkeys");
    for key in desk.store().keys_of(id).await? {
        let _ = writeln!(said, "  {}", line(&key, now));
    }
    Ok(said)
}

/// An API key in one line: its name and never the key.
pub(super) fn line(key: &StoredKey, now: UnixSeconds) -> String {
    let how = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => format!("revoked {}", at.rfc3339()),
        (None, Some(at)) if at <= now => format!("expired {}", at.rfc3339()),
        (None, Some(at)) => format!("works until {}", at.rfc3339()),
        (None, None) => "works".to_owned(),
    };
    let label = key.label.as_ref().map_or("", Label::as_str);
    let line = format!("{}  {how}  {}  {label}", key.id, key.scope);
    line.trim_end().to_owned()
}
