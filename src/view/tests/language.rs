use farthing_text::frame;

use super::{money::shown, *};

fn speak(language: Language) {
    assert!(text::speak(language, frame::words(language).file()));
}

#[test]
fn what_the_page_says_before_the_application_does_is_there_in_every_language() {
    let page = concat!(
        include_str!("../../../www/frame.html"),
        include_str!("../../../www/first.html")
    );
    let english = frame::words(Language::En).file();
    let texts = page
        .split('>')
        .filter_map(|rest| Some(rest.split_once('<')?.0.trim()));
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    assert!(texts.len() > 6, "{texts:?}");
    for text in texts {
        assert!(
            english.lines().any(|line| line == text),
            "nobody translates “{text}”"
        );
    }
}

#[test]
fn each_language_is_in_the_list_under_its_own_name() {
    speak(Language::De);
    let shown = shown(&quote(&[("Sticker", 150)]));
    for language in Language::ALL {
        assert!(
            shown.contains(&format!(">{}</option>", language.name())),
            "{shown}"
        );
    }
    let chosen = tag(&shown, "language");
    assert!(chosen.starts_with("<select"), "{chosen}");
    let option = shown.split("<option").find(|option| option.contains("selected"));
    assert!(option.unwrap().contains("Deutsch"), "{shown}");
}

#[test]
fn a_form_in_another_language_says_nothing_in_english() {
    for language in Language::ALL
        .into_iter()
        .filter(|language| *language != Language::En)
    {
        speak(language);
        let shown = shown(&quote(&[("Sticker", 150)]));
        for key in [
            frame::LABEL_NUMBER,
            frame::HINT_EXPIRY,
            frame::CANCEL,
            frame::LANGUAGE,
        ] {
            let english = format!(">{}<", frame::words(Language::En).get(key));
            assert!(!shown.contains(&english), "{language:?}: {english} {shown}");
            assert!(shown.contains(text::say(key)), "{language:?}: {shown}");
        }
    }
}

/// What is no language's file changes nothing.
#[test]
fn a_file_with_fewer_sentences_is_not_taken() {
    let lines = frame::words(Language::Ja).file();
    let (fewer, _) = lines.rsplit_once('\n').unwrap();
    assert!(!text::speak(Language::Ja, fewer.to_owned()));
    assert_eq!(text::language(), Language::En);
}

#[test]
fn words_do_not_differ_from_their_numbers_in_any_language() {
    speak(Language::Pl);
    let polish = |n: i64| match n {
        1 => Plural::One,
        2..=4 => Plural::Few,
        _ => Plural::Many,
    };
    assert_eq!(
        text::conditions(2, 5, None, polish),
        "Dociera w ciągu 2 dni roboczych, zwrot możliwy przez 5 dni"
    );
    speak(Language::Ar);
    let arabic = text::conditions(2, 0, None, |_| Plural::Two);
    assert_eq!(arabic, "يصل خلال يومَي عمل، غير قابل للاسترداد");
}
