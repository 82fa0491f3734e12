//! The checkout frame: shows who is paid and how much, takes the details and the consent, seals the
//! details to the quote's vault key, and hands a one-time token to the merchant's page.
//!
//! `flow` decides, `view` shows, `browser` does; `hooks` bring them together (docs/ARCHITECTURE.md).

mod app;
mod base64url;
mod browser;
mod details;
mod hooks;
mod json;
mod money;
mod quote;
mod text;
mod view;
mod wire;

/// The standard allocator is made for speed and weighs 2.5 KB more, compressed.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

fn main() {
    browser::panic::show_failure_screen();
    let spoken = browser::page::spoken();
    if !spoken.is_some_and(|(language, lines)| text::speak(language, lines)) {
        return browser::bridge::failed();
    }
    if let Some(root) = browser::page::mount_point() {
        yew::Renderer::<app::Checkout>::with_root(root).render();
    }
}
