use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, client::Resumption, crypto::aws_lc_rs};
use tokio_rustls::TlsConnector;

/// Why there can be no TLS at all.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoTls {
    /// There is no certificate authority to trust.
    #[error(
        "this machine has no root certificates: install its package of them (Debian: ca-certificates), \
         or name a file of them in SSL_CERT_FILE"
    )]
    NoRoots,
    /// The cryptography that this program was built with lacks what TLS needs.
    #[error("this program was built without what TLS 1.2 and 1.3 need")]
    Unsupported,
}

/// The authorities that the machine's operator trusts: they are renewed and revoked with its system, not with a
/// release of this program. A certificate that can't be read is one authority less, and no more trust.
pub(crate) fn roots_of_this_machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// TLS 1.2 and 1.3. Nothing is kept from one connection to the next, so that each certificate is looked at.
pub(crate) fn connector(roots: RootCertStore) -> Result<TlsConnector, NoTls> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| NoTls::Unsupported)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}
