//! The configuration of products: values that hold for what is sold, not for one subscription.

pub(crate) mod listed;
pub(crate) mod parameter;
pub(crate) mod record;
pub(crate) mod view;
