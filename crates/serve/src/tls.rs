//! TLS: who we are, from files.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// A certificate with its key, for a server to prove who it is.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

/// Files that TLS cannot be spoken with. The message repeats nothing of what is in them.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file that is not there or is no PEM file of the right sort.
    #[error("{path} cannot be used: {problem}")]
    File {
        /// The file.
        path: PathBuf,
        /// The problem with it.
        problem: String,
    },
    /// A key that is another certificate's, or of a sort that is not supported.
    #[error("the certificate and its key cannot be used together: {0}")]
    Together(#[source] rustls::Error),
}

impl Tls {
    /// Reads a certificate, with those that vouch for it behind it, and its private key, each from a
    /// PEM file.
    ///
    /// # Errors
    ///
    /// [`TlsError`] names the file and the problem with it.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .and_then(|chain: Vec<_>| match chain.is_empty() {
                true => Err(pem::Error::NoItemsFound),
                false => Ok(chain),
            })
            .map_err(|error| cannot_use(certificate, &error, "certificate"))?;
        let private = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| cannot_use(key, &error, "private key"))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
            .map_err(TlsError::Together)?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.0
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn cannot_use(path: &Path, error: &pem::Error, wanted: &str) -> TlsError {
    let problem = match error {
        pem::Error::Io(error) => error.to_string(),
        pem::Error::NoItemsFound => format!("there is no {wanted} in it, in PEM form"),
        // Its other words show what is in the file.
        _ => "it is no PEM file".to_owned(),
    };
    TlsError::File { path: path.to_owned(), problem }
}
