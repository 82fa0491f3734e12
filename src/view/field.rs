use farthing_protocol::{CardBrand, Method};
use yew::prelude::*;

use crate::details::{Field, Marks};
use crate::text;

/// One input with its label, its hint and its error, and the brand next to the card's number; a choice where there is a list
/// to choose from, of which nothing is chosen yet. It has no value: the text is the document's alone.
pub(super) fn field(field: Field, marks: &Marks, offered: &Method) -> Html {
    let id = field.id();
    let autocomplete = field.autocomplete();
    let (inputmode, autocapitalize, maxlength) = match field {
        Field::Number | Field::Expiry | Field::SecurityCode => ("numeric", "off", "64"),
        Field::Iban => ("text", "characters", "64"),
        Field::Phone => ("tel", "off", "64"),
        Field::Name | Field::Holder | Field::Carrier => ("text", "words", "256"),
    };
    let error = marks.error(field);
    let brand = marks
        .brand
        .filter(|_| field == Field::Number)
        .map(CardBrand::name);
    let help = format!("{id}-help");
    html! {
        <div class="field">
            <label for={id}>{ text::label(field) }</label>
            if let (Field::Carrier, Method::PhoneBill { carriers }) = (field, offered) {
                <select {id} name={id} required=true {autocomplete} translate="no"
                    aria-describedby={help.clone()} aria-invalid={error.map(|_| "true")}>
                    <option value=""></option>
                    { for carriers.iter().map(|carrier| html! {
                        <option value={carrier.id.as_str().to_owned()}>{ carrier.name.as_str().to_owned() }</option>
                    }) }
                </select>
            } else {
                <input {id} name={id} type="text" required=true {autocomplete} {inputmode} {autocapitalize}
                    {maxlength} autocorrect="off" spellcheck="false" translate="no" dir="ltr"
                    aria-describedby={help.clone()} aria-invalid={error.map(|_| "true")} />
            }
            if let Some(brand) = brand {
                <span class="brand" translate="no">{ brand }</span>
            }
            <p id={help} class="help" data-error={error.map(|_| "")}>
                { error.unwrap_or(text::hint(field, marks.brand)) }
            </p>
        </div>
    }
}
