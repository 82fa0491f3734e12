//! Every way to embed the checkout pays in a browser, and stands what pages do to it.

mod examples;
mod placing;
