//! What users of the model observe, one module per subject.

mod lifecycle;
mod rql;
mod wire;
