//! Families of requests, without their types: what finding and reading them takes.

use connect_model::{ListFields, Product, Request, RequestStatus, TemplateScope};

/// The words of a family of requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Family {
    /// The path of its collection.
    pub(crate) collection: &'static str,
    /// The field that holds what a request changes.
    pub(crate) subject: &'static str,
    /// The statuses in which its requests wait for the vendor.
    pub(crate) waits_in: &'static [RequestStatus],
    /// The fields by which lists are filtered and ordered.
    pub(crate) fields: ListFields,
    /// The fields that lists leave out.
    pub(crate) left_out: &'static [&'static str],
    /// The scopes of the templates that its approvals may take for a product.
    pub(crate) template_scopes: fn(&Product) -> &'static [TemplateScope],
}

impl Family {
    pub(crate) const fn of<R: Request>() -> Self {
        Self {
            collection: R::COLLECTION,
            subject: R::SUBJECT,
            waits_in: R::WAITS_IN,
            fields: R::FIELDS,
            left_out: R::LEFT_OUT,
            template_scopes: R::template_scopes,
        }
    }
}
