//! The inputs of the forms. The document alone holds their text; it is read when something is to be
//! judged or sealed, and written back only when formatting has changed it.

use std::rc::Rc;

use farthing_instrument::reformat;
use farthing_protocol::MethodKind;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlInputElement, InputEvent};
use zeroize::Zeroizing;

use super::page;
use crate::details::{Field, Typed};

/// What happened to an input.
#[derive(Clone, Copy)]
pub enum Happened {
    /// Its text changed, by whatever hand.
    Changed,
    /// The focus left it.
    Left(Field),
}

/// Formats what is typed, and reports it, for as long as the frame lives. The events bubble, so one listener
/// serves every form that comes and goes.
pub fn watch(hear: impl Fn(Happened) + 'static) {
    let Some(root) = page::mount_point() else { return };
    let hear = Rc::new(hear);
    // `change` for those password managers that send no `input`; `compositionend` because the last `input`
    // of a composition still belongs to it.
    for kind in ["input", "compositionend", "change", "focusout"] {
        let hear = Rc::clone(&hear);
        let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            let Some((input, field)) = target(&event) else {
                return;
            };
            keep_off_the_disk(&input, field);
            let typing = event.dyn_ref::<InputEvent>();
            // While an IME composes, the text is its own.
            if typing.is_some_and(InputEvent::is_composing) {
                return;
            }
            let forward = typing.is_some_and(|typing| typing.input_type() == "deleteContentForward");
            format(&input, field, forward);
            hear(if kind == "focusout" {
                Happened::Left(field)
            } else {
                Happened::Changed
            });
        });
        let _ = root.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
        listener.forget();
    }
}

/// What stands in the form for `method`; where there is none, nothing does.
pub fn read(method: MethodKind) -> Typed {
    Typed::read(method, |field| {
        input(field).map_or_else(Zeroizing::default, |input| Zeroizing::new(input.value()))
    })
}

/// Empties the forms.
pub fn wipe() {
    for field in Field::ALL {
        if let Some(input) = input(field) {
            input.set_value("");
            keep_off_the_disk(&input, field);
        }
    }
}

/// Browsers write what stands in the fields of an open page to disk, security code and all, to bring it back
/// after a crash; but not where `autocomplete` is off. An empty field says what it is for: that is when it
/// is filled in.
fn keep_off_the_disk(input: &HtmlInputElement, field: Field) {
    let empty = Zeroizing::new(input.value()).is_empty();
    input.set_autocomplete(if empty { field.autocomplete() } else { "off" });
}

fn format(input: &HtmlInputElement, field: Field, forward: bool) {
    let Some(format) = field.format() else { return };
    let raw = Zeroizing::new(input.value());
    let caret = input
        .selection_start()
        .ok()
        .flatten()
        .map_or(raw.len(), |caret| caret as usize);
    let mut formatted = reformat(&raw, caret, format);
    if forward {
        formatted = formatted.past_separator();
    }
    if *formatted.text == *raw && !forward {
        return;
    }
    // Writing moves the caret to the end, and even an equal text would cost the shopper the undo history.
    if *formatted.text != *raw {
        input.set_value(&formatted.text);
    }
    if let Ok(caret) = u32::try_from(formatted.caret) {
        let _ = input.set_selection_range(caret, caret);
    }
}

fn target(event: &Event) -> Option<(HtmlInputElement, Field)> {
    // Whatever it is has an id; with one of ours it is an input, or the one choice from a list, which has what of an
    // input is used of it.
    let input: HtmlInputElement = event.target()?.unchecked_into();
    let id = input.id();
    let field = Field::ALL.into_iter().find(|field| field.id() == id)?;
    Some((input, field))
}

fn input(field: Field) -> Option<HtmlInputElement> {
    Some(page::element(field.id())?.unchecked_into())
}
