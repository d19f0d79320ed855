//! The founding use case and its neighbours, done by a person in a real browser.

mod axe;
mod live;
mod outlines;
mod requests;
mod resume;
mod scene;
mod settings;
mod strangers;
mod verbs;
mod wizards;
