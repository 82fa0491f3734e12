//! A merchant's page that listens wherever a page can listen, and never hears a detail of a card; nor does
//! any log, any file of the database, any address, or the line itself. Each search is shown to find a leak.

mod account;
mod journeys;
mod leaks;
mod page;
mod phone;
