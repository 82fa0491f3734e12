use std::rc::Rc;

use yew::prelude::*;

use super::Shell;
use crate::browser::{bridge, page};
use crate::view::TITLE_ID;

/// Moves the focus to the heading when the screen changes and the shopper began it; what had the focus is
/// gone with the old screen. When the page began it, or the shopper is elsewhere in the page by now, the focus stays.
/// With the first screen goes the form that was there before it, and the focus from there to here.
#[hook]
pub fn use_title_focus(screen: &'static str, shell: &Rc<Shell>) {
    let shell = Rc::clone(shell);
    use_effect_with(screen, move |screen| {
        if *screen != "loading" {
            bridge::begun();
        }
        if shell.by_shopper() && page::has_focus() {
            page::focus(TITLE_ID);
        }
    });
}
