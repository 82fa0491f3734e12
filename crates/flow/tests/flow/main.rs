//! The checkout's transitions as tables, and what holds under any order of events as properties.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod sight;
#[cfg(test)]
mod table;
#[cfg(test)]
mod walk;
#[cfg(test)]
mod words;
#[cfg(test)]
mod world;
