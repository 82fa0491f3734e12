//! The frame's own document: what the provider wrote into it, and where the focus is.

use farthing_protocol::MerchantId;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

/// The element that the application fills.
pub fn mount_point() -> Option<Element> {
    element("checkout")
}

/// The merchant whose frame this is, from the head of the document.
pub fn merchant() -> Option<MerchantId> {
    let meta = document()?
        .query_selector(r#"meta[name="farthing-merchant"]"#)
        .ok()??;
    MerchantId::parse(&meta.get_attribute("content")?).ok()
}

/// Moves the focus to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = element(id).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether the shopper is in the frame and not elsewhere in the merchant's page.
pub fn has_focus() -> bool {
    document().is_some_and(|document| document.has_focus().unwrap_or(false))
}

pub(super) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}
