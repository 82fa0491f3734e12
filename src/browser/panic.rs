//! A panic becomes a screen.

/// Shows the failure screen of `boot.js` when the application panics, which also tells the merchant's page.
///
/// What the panic says goes nowhere, neither into a message nor to the console: it could quote what was
/// typed. It takes the place of Yew's own hook, which would print it.
pub fn show_failure_screen() {
    yew::set_custom_panic_hook(Box::new(|_| super::bridge::failed()));
}
