use std::collections::HashMap;

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::{
    DataKey, Gateway, Keys, SecretKeyHash, Settings, Store,
    fee::{Country, FeeSchedule, Terms},
    jose::SigningKey,
    registrar::{AccreditorEntry, MerchantEntry},
};
use farthing_protocol::{
    Bearer, Currency, Label, Language, MerchantId, MethodKind, Origin, Payee, Quote, QuoteRequest,
    TokenAnswer, TokenReply, UnixSeconds,
};
use p256::elliptic_curve::sec1::ToSec1Point;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Accreditor, Bank, SeededRng, SetClock, block_on};

/// When tests begin, unless they say otherwise: 2027-01-15.
pub const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

/// The number of the accreditor who vouches for every shop.
pub const ACCREDITOR: u8 = 210;
/// In these, paying by card costs nobody anything, unless a shop says otherwise.
const FREE_IN: [&str; 6] = ["CHF", "EUR", "JPY", "KRW", "KWD", "USD"];

/// A merchant with its keys, at a provider of its own.
pub struct Shop {
    /// Who is paid.
    pub id: MerchantId,
    /// What signs the orders.
    pub order_key: SigningKey,
    /// The secret API key.
    pub secret_key: String,
    /// Where its pages are.
    pub origin: Origin,
    /// The provider.
    pub provider: Origin,
    /// Where it is registered.
    pub country: Country,
    /// What payments to it cost.
    pub fees: Vec<FeeSchedule>,
}

impl Shop {
    /// Shop number `n`: every number is another merchant, with other keys.
    #[must_use]
    pub fn number(n: u8) -> Self {
        Self {
            id: MerchantId::from_random([n; 16]),
            order_key: SigningKey::from_scalar(&[n; 32]).unwrap(),
            secret_key: format!("sk_test_{n}_0123456789abcdef0123456789abcdef"),
            origin: Origin::parse(&format!("https://shop{n}.example")).unwrap(),
            provider: Origin::parse("https://pay.example").unwrap(),
            country: Country::parse("DE").unwrap(),
            fees: FREE_IN
                .iter()
                .map(|currency| free(MethodKind::Card, currency))
                .collect(),
        }
    }

    /// The shop as a provider's configuration names it; `accreditor` vouches for it at [`NOW`].
    #[must_use]
    pub fn entry(&self, accreditor: &mut Accreditor) -> MerchantEntry {
        MerchantEntry {
            payee: Payee {
                id: self.id.clone(),
                name: Label::parse("The Corner Press").unwrap(),
                contact: Label::parse("help@corner.example").unwrap(),
            },
            country: self.country,
            origins: vec![self.origin.clone()],
            order_keys: vec![self.order_key.jwk().clone()],
            secret_key: SecretKeyHash::of(&self.secret_key),
            fees: self.fees.clone(),
            statements: vec![accreditor.vouch(&self.origin, NOW)],
        }
    }

    /// What a provider's configuration says about `shops` and the one who vouches for them.
    #[must_use]
    pub fn entries(shops: &[&Self]) -> (AccreditorEntry, Vec<MerchantEntry>) {
        let mut accreditor = Accreditor::number(ACCREDITOR);
        let merchants = shops.iter().map(|shop| shop.entry(&mut accreditor)).collect();
        let entry = AccreditorEntry {
            accreditor: accreditor.stored(),
            status_list: Some(accreditor.status_list(NOW)),
        };
        (entry, merchants)
    }

    /// A gateway that knows `shops`, at [`NOW`], with a clock to set and a bank to instruct.
    #[must_use]
    pub fn gateway<S: Store>(
        shops: &[&Self],
        store: S,
        seed: u64,
    ) -> (Gateway<S, Bank, SetClock, SeededRng>, SetClock, Bank) {
        let (clock, bank) = (SetClock::at(NOW), Bank::default());
        let settings = Settings {
            origin: Origin::parse("https://pay.example").unwrap(),
            name: Label::parse("Farthing Sandbox").unwrap(),
            sandbox: true,
            return_below: HashMap::new(),
        };
        let keys = Keys {
            signing: SigningKey::from_scalar(&[200; 32]).unwrap(),
            retired: vec![],
            data: DataKey::new(Zeroizing::new([201; 32])),
        };
        let gateway = Gateway::new(
            store,
            bank.clone(),
            clock.clone(),
            SeededRng::new(seed),
            settings,
            keys,
        );
        let (accreditor, merchants) = Self::entries(shops);
        block_on(async {
            let registrar = gateway.registrar();
            assert_eq!(registrar.import_accreditor(accreditor).await.unwrap(), None);
            for merchant in merchants {
                assert_eq!(registrar.import_merchant(merchant).await.unwrap(), []);
            }
        });
        (gateway, clock, bank)
    }

    /// The claims of an order of `lines`, signed now and good for an hour.
    #[must_use]
    pub fn claims(&self, reference: &str, currency: &str, lines: &[(&str, i64)], now: UnixSeconds) -> Value {
        let lines: Vec<Value> = lines
            .iter()
            .map(|(label, amount)| json!({"label": label, "amount": amount}))
            .collect();
        json!({
            "iss": self.id, "aud": self.provider, "jti": reference, "iat": now.0, "exp": now.0 + 3_600,
            "order": {"currency": currency, "lines": lines},
        })
    }

    /// `claims`, signed, whatever they are.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        self.order_key.sign("JWT", claims).unwrap()
    }

    /// An order of one sticker at €1.50.
    #[must_use]
    pub fn order(&self, reference: &str, now: UnixSeconds) -> String {
        self.sign(&self.claims(reference, "EUR", &[("Sticker", 150)], now))
    }

    /// The request for a quote that this shop's frame would send.
    #[must_use]
    pub fn quote_request(&self, order: String) -> QuoteRequest {
        QuoteRequest {
            merchant: self.id.clone(),
            order,
            origin: self.origin.clone(),
            language: Language::En,
        }
    }
}

/// Paying by `method` in `currency`, where that costs nobody anything.
#[must_use]
pub fn free(method: MethodKind, currency: &str) -> FeeSchedule {
    let terms = Terms {
        method,
        currency: Currency::parse(currency).unwrap(),
        bearer: Bearer::Merchant,
        fixed: 0,
        rate_bp: 0,
        floor: 0,
        cap: None,
        small: None,
    };
    FeeSchedule::try_from(terms).unwrap()
}

/// What the frame seals for the card `number`.
#[must_use]
pub fn card(number: &str) -> Value {
    let code = if number.starts_with("34") || number.starts_with("37") {
        "1234"
    } else {
        "123"
    };
    json!({
        "number": number, "expiry_month": 12, "expiry_year": 2030, "security_code": code,
        "name": "Ada Lovelace",
    })
}

/// What the frame seals for the bank account `iban`.
#[must_use]
pub fn account(iban: &str) -> Value {
    json!({"iban": iban, "holder": "Ada Lovelace"})
}

/// What the frame seals for the bill of the phone number `phone`, with the one carrier of [`crate::Bank`].
#[must_use]
pub fn phone(phone: &str) -> Value {
    json!({"phone": phone, "carrier": "tele"})
}

/// Seals `details` to `quote`'s vault key, as the frame does with WebCrypto. `ephemeral` is the scalar of
/// the ephemeral key: any 32 bytes that are not all zero.
#[must_use]
pub fn seal(quote: &Quote, details: &Value, ephemeral: [u8; 32]) -> String {
    seal_with_header(
        quote,
        &sealed_header(quote, ephemeral),
        details.to_string().as_bytes(),
        ephemeral,
    )
}

/// The protected header of [`seal`], to be spoiled.
#[must_use]
pub fn sealed_header(quote: &Quote, ephemeral: [u8; 32]) -> Value {
    let point = p256::SecretKey::from_slice(&ephemeral)
        .unwrap()
        .public_key()
        .to_sec1_point(false);
    json!({"alg": "ECDH-ES", "enc": "A256GCM", "quote": quote.id, "epk": {
        "kty": "EC", "crv": "P-256", "x": encode(point.x().unwrap()), "y": encode(point.y().unwrap()),
    }})
}

/// Seals `plain` under `header`, whatever they are.
#[must_use]
pub fn seal_with_header(quote: &Quote, header: &Value, plain: &[u8], ephemeral: [u8; 32]) -> String {
    let mut sec1 = vec![4];
    for coordinate in [&quote.vault_key.x, &quote.vault_key.y] {
        sec1.extend(Base64UrlUnpadded::decode_vec(coordinate).unwrap());
    }
    let vault = p256::PublicKey::from_sec1_bytes(&sec1).unwrap();
    let secret = p256::SecretKey::from_slice(&ephemeral).unwrap();
    let shared = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), vault.as_affine());
    // Concat KDF, RFC 7518 §4.6.2.
    let info = [
        &1u32.to_be_bytes()[..],
        shared.raw_secret_bytes(),
        &7u32.to_be_bytes(),
        b"A256GCM",
    ]
    .concat();
    let info = [info, vec![0; 8], 256u32.to_be_bytes().to_vec()].concat();
    let key: [u8; 32] = Sha256::digest(info).into();
    let protected = encode(header.to_string().as_bytes());
    let payload = Payload {
        msg: plain,
        aad: protected.as_bytes(),
    };
    let iv: [u8; 12] = Sha256::digest(ephemeral)[..12].try_into().unwrap();
    let sealed = Aes256Gcm::new((&key).into())
        .encrypt(&iv.into(), payload)
        .unwrap();
    let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
    format!(
        "{protected}..{}.{}.{}",
        encode(&iv),
        encode(ciphertext),
        encode(tag)
    )
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The token, where nothing is to be met first.
pub fn given(answer: TokenAnswer) -> TokenReply {
    match answer {
        TokenAnswer::Token(token) => token,
        TokenAnswer::Challenged { challenge } => panic!("there is something to meet first: {challenge:?}"),
    }
}
