//! The frame's own document: what the provider wrote into it, and where the focus is.

use farthing_protocol::{Language, MerchantId};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

/// The element that the application fills.
pub fn mount_point() -> Option<Element> {
    element("checkout")
}

/// The merchant whose frame this is, from the head of the document.
pub fn merchant() -> Option<MerchantId> {
    MerchantId::parse(&content("farthing-merchant")?).ok()
}

/// The language that the provider chose, and its sentences, from the head of the document.
pub fn spoken() -> Option<(Language, String)> {
    let language = document()?.document_element()?.get_attribute("lang")?;
    Some((Language::parse(&language)?, content("farthing-texts")?))
}

/// Where the sentences in `language` are.
pub fn texts_address(language: Language) -> Option<String> {
    Some([&content("farthing-release")?, language.as_str(), ".txt"].concat())
}

/// Says in what language the document is.
pub fn set_language(language: Language, title: &str) {
    let Some(document) = document() else { return };
    document.set_title(title);
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("lang", language.as_str());
        let _ = root.set_attribute("dir", if language.is_rtl() { "rtl" } else { "ltr" });
    }
}

fn content(name: &str) -> Option<String> {
    let meta = document()?
        .query_selector(&["meta[name=", name, "]"].concat())
        .ok()??;
    meta.get_attribute("content")
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
