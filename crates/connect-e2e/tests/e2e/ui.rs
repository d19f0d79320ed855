//! The founding use case and its neighbours, done by a person in a real browser.

mod activity;
mod axe;
mod billing;
mod customers;
mod forms;
mod live;
mod outlines;
mod people;
mod requests;
mod resume;
mod returns;
mod scene;
mod search;
mod settings;
mod strangers;
mod tables;
mod tiers;
mod usage;
mod validation;
mod verbs;
mod widths;
mod wizards;
