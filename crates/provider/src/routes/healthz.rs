/// `GET /healthz`: 200 while the process answers. It touches nothing: a database that is away is no reason to start the
/// provider again.
pub async fn get() -> &'static str {
    "ok\n"
}
