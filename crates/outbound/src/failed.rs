/// Why there is no answer. It names neither the address nor what was sent: a merchant may read it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Failed {
    /// The name leads to an address that is not on the public internet, or HTTP was asked for without TLS.
    #[error("the address is not one on the public internet that is asked by https://")]
    Refused,
    /// The name has no address, or its name servers gave none.
    #[error("the name has no address")]
    NameNotFound,
    /// It took too long.
    #[error("the server took too long")]
    Timeout,
    /// No TLS 1.2 or 1.3 with a certificate for this name from an authority that this machine trusts.
    #[error("the server's TLS or its certificate is not accepted")]
    Tls,
    /// The connection was refused, or ended before the answer did.
    #[error("the connection was refused, or broke off")]
    Connection,
    /// The answer's headers or body are beyond the limit.
    #[error("the answer is too large")]
    TooLarge,
    /// What came back is no HTTP/1.1, or what was to be sent is not.
    #[error("the answer is not HTTP/1.1")]
    Malformed,
}

impl Failed {
    /// The stable name, for a record of what happened.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refused => "address_refused",
            Self::NameNotFound => "name_not_found",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Connection => "connection",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
        }
    }
}
