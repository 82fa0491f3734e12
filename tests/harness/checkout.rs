//! The checkout as a shopper meets it: a frame in a page.

use fantoccini::{Client, Locator, elements::Element, error::CmdError, key::Key};
use serde_json::Value;

use crate::{account::Account, browser::Browser, card::Card, engine::Engine, phone::Phone, wait};

/// What is on the screen of the frame, by the name that each screen has in the markup.
const SCREEN: &str = "
    const failure = document.getElementById('boot-failure');
    if (failure && !failure.hidden) return 'boot-failure';
    const screens = document.querySelectorAll('#app [data-screen]');
    return screens.length === 1 ? screens[0].dataset.screen : null;";

/// The checkout in the page that `browser` shows. Between [`Checkout::enter`] and [`Checkout::leave`] the
/// browser looks into the frame.
pub struct Checkout<'a> {
    browser: &'a Browser,
    client: &'a Client,
}

impl<'a> Checkout<'a> {
    /// The first checkout of the page, with its form ready.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn with_form(browser: &'a Browser) -> Self {
        let checkout = Self::new(browser);
        checkout.must_show("form").await;
        checkout
    }

    /// The first checkout of the page, however it stands.
    #[must_use]
    pub fn new(browser: &'a Browser) -> Self {
        Self {
            browser,
            client: &browser.client,
        }
    }

    /// Looks into the frame.
    ///
    /// # Errors
    /// If there is none, or it is gone in this moment.
    pub async fn enter(&self) -> Result<(), CmdError> {
        self.leave().await?;
        let host = self.client.find(Locator::Css("farthing-checkout")).await?;
        let frame = match host.shadow_root().await?.find(Locator::Css("iframe")).await {
            Ok(frame) => frame,
            // In the page's own markup.
            Err(_) => host.find(Locator::Css("iframe")).await?,
        };
        frame.enter_frame().await
    }

    /// Looks into the bank's page within the frame, once it shows what `css` names.
    ///
    /// # Panics
    /// If it does not come.
    pub async fn enter_the_banks_page(&self, css: &str) -> Element {
        wait::until(&format!("the bank's page has {css}"), async || {
            // Out of the bank's page, if it is looked into; then in again, whichever it is by now.
            self.leave().await.ok()?;
            self.enter().await.ok()?;
            let frame = self.client.find(Locator::Css("iframe.bank")).await.ok()?;
            frame.enter_frame().await.ok()?;
            self.client.find(Locator::Css(css)).await.ok()
        })
        .await
    }

    /// Types `passcode` into the bank's page and sends it; what was asked is gone then.
    ///
    /// # Panics
    /// If it does not come to that.
    pub async fn answer_the_bank(&self, passcode: &str) {
        let field = self.enter_the_banks_page("#passcode").await;
        self.run("document.querySelector('form').id = 'asked'").await;
        self.browser.type_into(&field, passcode).await;
        self.click("button").await;
        wait::until("the bank answers", async || {
            let asked = "return Boolean(document.getElementById('asked'))";
            let asked = self.client.execute(asked, vec![]).await;
            // The page may be gone, with the checkout on its next screen.
            asked.ok().is_none_or(|asked| asked == false).then_some(())
        })
        .await;
    }

    /// Looks at the page again.
    ///
    /// # Errors
    /// If the page is gone.
    pub async fn leave(&self) -> Result<(), CmdError> {
        self.client.enter_parent_frame().await
    }

    /// The screen that the frame shows, if it shows one.
    pub async fn screen(&self) -> Option<String> {
        let look = async || {
            self.client
                .execute(SCREEN, vec![])
                .await
                .ok()?
                .as_str()
                .map(str::to_owned)
        };
        if let Some(screen) = look().await {
            return Some(screen);
        }
        // The frame may not be there yet, or be another one by now.
        self.enter().await.ok()?;
        look().await
    }

    /// # Panics
    /// If the frame does not come to show `screen`.
    pub async fn must_show(&self, screen: &str) {
        let mut last = None;
        wait::until(&format!("the frame shows “{screen}”"), async || {
            let seen = self.screen().await;
            if seen != last {
                println!("the frame shows {seen:?}");
                last.clone_from(&seen);
            }
            (seen.as_deref() == Some(screen)).then_some(())
        })
        .await;
    }

    /// # Panics
    /// If the frame does not come to show one of `screens`. Returns which.
    pub async fn must_show_one_of(&self, screens: &[&str]) -> String {
        wait::until(&format!("the frame shows one of {screens:?}"), async || {
            self.screen()
                .await
                .filter(|screen| screens.contains(&screen.as_str()))
        })
        .await
    }

    /// All that can be read in the frame.
    ///
    /// # Panics
    /// If the frame is gone.
    pub async fn text(&self) -> String {
        self.run("return document.body.innerText")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The text of the first element that `css` names.
    ///
    /// # Panics
    /// If there is none.
    pub async fn text_of(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// # Panics
    /// If the frame does not come to say `words`.
    pub async fn must_say(&self, words: &str) {
        wait::until(&format!("the frame says “{words}”"), async || {
            let text = self
                .client
                .execute("return document.body.innerText", vec![])
                .await
                .ok()?;
            text.as_str()?.contains(words).then_some(())
        })
        .await;
    }

    /// What `script` returns in the frame.
    ///
    /// # Panics
    /// If it throws.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// The first element in the frame that `css` names.
    ///
    /// # Panics
    /// If there is none.
    pub async fn find(&self, css: &str) -> Element {
        self.client
            .find(Locator::Css(css))
            .await
            .unwrap_or_else(|error| panic!("no {css} in the frame: {error}"))
    }

    /// Types `card` into the form.
    ///
    /// # Panics
    /// If a field is missing.
    pub async fn fill(&self, card: &Card) {
        let Card {
            number,
            expiry,
            security_code,
            name,
        } = card;
        for (field, text) in [
            ("#number", number),
            ("#expiry", expiry),
            ("#security-code", security_code),
            ("#name", name),
        ] {
            self.type_into(field, text).await;
        }
    }

    /// Chooses the way to pay `kind`, as in `bank_account`.
    ///
    /// # Panics
    /// If there is no such choice.
    pub async fn choose(&self, kind: &str) {
        self.click(&format!("[data-row={kind}] input")).await;
        wait::until(&format!("the form for {kind} is seen"), async || {
            let seen = format!("return !document.querySelector('fieldset#{kind}').hidden");
            (self.run(&seen).await == true).then_some(())
        })
        .await;
    }

    /// Types `account` into its form.
    ///
    /// # Panics
    /// If a field is missing.
    pub async fn fill_account(&self, account: &Account) {
        let Account { iban, holder } = account;
        for (field, text) in [("#iban", iban), ("#holder", holder)] {
            self.type_into(field, text).await;
        }
    }

    /// Types `text` behind what is in the field that `css` names.
    ///
    /// # Panics
    /// If there is none.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.browser.type_into(&self.find(css).await, text).await;
    }

    /// What stands in the four fields.
    ///
    /// # Panics
    /// If the frame is gone.
    pub async fn typed(&self) -> Vec<String> {
        let fields = self
            .run("return ['number', 'expiry', 'security-code', 'name'].map(id => document.getElementById(id).value)")
            .await;
        serde_json::from_value(fields).unwrap()
    }

    /// Ticks the consent.
    ///
    /// # Panics
    /// If it can't be ticked.
    pub async fn consent(&self) {
        self.find("#consent").await.click().await.unwrap();
        assert_eq!(
            self.run("return document.getElementById('consent').checked")
                .await,
            true
        );
    }

    /// Clicks the element that `css` names.
    ///
    /// # Panics
    /// If it can't be clicked.
    pub async fn click(&self, css: &str) {
        if css == "#pay" {
            return self.press_pay().await;
        }
        self.find(css).await.click().await.unwrap();
    }

    /// Looks at “Pay” and presses it; again, where the frame was busy just then and so did not see it stand still.
    async fn press_pay(&self) {
        if self.browser.engine == Engine::WebKit && self.client.windows().await.unwrap().len() > 1 {
            // Its driver leaves the tab behind the first, where nothing is drawn and so nothing in sight: by key.
            self.run("document.getElementById('pay').focus()").await;
            return self.browser.press(Key::Enter.into()).await;
        }
        wait::until("“Pay” is pressed", async || {
            self.look_at_pay().await;
            self.find("#pay").await.click().await.unwrap();
            let refused = "return document.body.innerText.includes('Something may cover this form')";
            let refused = self.client.execute(refused, vec![]).await;
            (!refused.is_ok_and(|refused| refused == true)).then_some(())
        })
        .await;
    }

    /// Scrolls to “Pay” and looks at it for as long as a person does: a press on what has just slipped under the
    /// pointer is not taken.
    ///
    /// # Panics
    /// If it does not come into sight.
    pub async fn look_at_pay(&self) {
        let look = "document.getElementById('pay')?.scrollIntoView({ block: 'nearest' });
            return globalThis.farthing?.sight() >= 500";
        wait::until("“Pay” is in sight", async || {
            (self.client.execute(look, vec![]).await.ok()? == true).then_some(())
        })
        .await;
    }

    /// Chooses the bank account, fills in `account`, consents, and presses “Pay”.
    ///
    /// # Panics
    /// If any of it can't be done.
    pub async fn pay_from(&self, account: &Account) {
        self.choose("bank_account").await;
        self.fill_account(account).await;
        self.consent().await;
        self.click("#pay").await;
    }

    /// Fills in the form for a phone bill.
    ///
    /// # Panics
    /// If a field is missing.
    pub async fn fill_phone(&self, phone: &Phone) {
        let Phone { carrier, number } = phone;
        self.click(&format!("#carrier option[value={carrier}]")).await;
        self.type_into("#phone", number).await;
    }

    /// Chooses the phone bill, fills in `phone`, consents, and presses “Pay”.
    ///
    /// # Panics
    /// If any of it can't be done.
    pub async fn pay_by_phone(&self, phone: &Phone) {
        self.choose("phone_bill").await;
        self.fill_phone(phone).await;
        self.consent().await;
        self.click("#pay").await;
    }

    /// Fills in `card`, consents, and presses “Pay”.
    ///
    /// # Panics
    /// If any of it can't be done.
    pub async fn pay_with(&self, card: &Card) {
        self.fill(card).await;
        self.consent().await;
        self.click("#pay").await;
    }
}
