use axum::http::StatusCode;
use farthing_protocol::{Code, Problem};

use crate::common::Provider;

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_words() {
    let provider = Provider::new();
    let problem: Problem = serde_json::from_slice(&provider.get("/v1/nowhere").await.body).unwrap();
    let (path, anchor) = problem.kind.split_once('#').unwrap();
    let page = provider.get(path).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(html.contains(&format!("id=\"{anchor}\"")));
    for code in Code::ALL {
        assert!(html.contains(&format!("id=\"{}\"", code.as_str())), "{code:?}");
    }
}
