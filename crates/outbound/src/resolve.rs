use std::{future::Future, io, net::IpAddr};

/// Says what a name resolves to.
pub trait Resolve: Send + Sync {
    /// The addresses of `name`, the best first.
    fn addresses(&self, name: &str) -> impl Future<Output = io::Result<Vec<IpAddr>>> + Send;
}

/// This machine's own resolver.
#[derive(Clone, Copy, Debug)]
pub struct System;

impl Resolve for System {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}
