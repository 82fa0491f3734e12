use axum::http::{HeaderMap, header};
use farthing_protocol::Language;

/// The first of the browser's languages that there are sentences in; English where there are none.
#[must_use]
pub fn language(request: &HeaderMap) -> Language {
    let wanted = request.get(header::ACCEPT_LANGUAGE);
    let wanted = wanted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut tags = wanted.split(',').filter_map(|part| part.split(';').next());
    tags.find_map(|tag| Language::nearest(tag.trim()))
        .unwrap_or_default()
}

/// The language that an address asks for with `locale`, a BCP 47 tag, if there are sentences in it. Such a tag has no
/// character that an address would have to escape.
#[must_use]
pub fn locale(query: Option<&str>) -> Option<Language> {
    let locale = query?.split('&').find_map(|pair| pair.strip_prefix("locale="))?;
    Language::nearest(locale)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_first_of_the_browser_s_languages_that_is_known_is_taken() {
        for (accepted, language) in [
            ("", Language::En),
            ("nl, de-AT;q=0.8, en;q=0.5", Language::De),
            ("nl", Language::En),
            ("ar-EG", Language::Ar),
        ] {
            let value = HeaderValue::from_static(accepted);
            let request = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]);
            assert_eq!(super::language(&request), language, "{accepted}");
        }
        assert_eq!(super::language(&HeaderMap::new()), Language::En);
    }

    #[test]
    fn an_address_names_one_language_or_none() {
        for (query, language) in [
            (None, None),
            (Some(""), None),
            (Some("x=1&locale=zh-CN"), Some(Language::ZhHans)),
            (Some("locale=nl"), None),
            (Some("mylocale=de"), None),
        ] {
            assert_eq!(locale(query), language, "{query:?}");
        }
    }
}
