use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "Ich stimme zu, {amount} an {payee} zu zahlen, einmalig. Sonst wird nichts abgebucht. Meine Kartendaten \
        gehen an {provider}; dort wird die Zahlung ausgeführt. {payee} bekommt sie nicht.",
    card_once_fee_1: "Ich stimme zu, {amount} an {payee} zu zahlen, einmalig. Davon sind {fee} eine Gebühr für die Zahlung per \
        Karte. Sonst wird nichts abgebucht. Meine Kartendaten gehen an {provider}; dort wird die Zahlung \
        ausgeführt. {payee} bekommt sie nicht.",
    bank_once_1: "Ich stimme zu, {amount} an {payee} zu zahlen, einmalig. Sonst wird nichts abgebucht. Meine Kontodaten \
        gehen an {provider}; dort wird die Zahlung ausgeführt. {payee} bekommt sie nicht. Ich ermächtige \
        {provider} (Gläubiger-ID {creditor}), diesen Betrag per SEPA-Lastschrift von meinem Konto einzuziehen, \
        und weise meine Bank an, die Lastschrift einzulösen. Innerhalb von acht Wochen kann ich von meiner Bank \
        die Erstattung verlangen.",
    bank_once_fee_1: "Ich stimme zu, {amount} an {payee} zu zahlen, einmalig. Davon sind {fee} eine Gebühr für die Zahlung vom \
        Bankkonto. Sonst wird nichts abgebucht. Meine Kontodaten gehen an {provider}; dort wird die Zahlung \
        ausgeführt. {payee} bekommt sie nicht. Ich ermächtige {provider} (Gläubiger-ID {creditor}), diesen \
        Betrag per SEPA-Lastschrift von meinem Konto einzuziehen, und weise meine Bank an, die Lastschrift \
        einzulösen. Innerhalb von acht Wochen kann ich von meiner Bank die Erstattung verlangen.",
    phone_once_1: "Ich stimme zu, {amount} an {payee} zu zahlen, einmalig. Sonst wird nichts abgebucht. Der Betrag steht \
        auf meiner Telefonrechnung oder wird von meinem Guthaben abgezogen. Meine Telefonnummer geht an \
        {provider}; dort wird die Zahlung ausgeführt. {payee} bekommt sie nicht.",
    phone_once_fee_1: "Ich stimme zu, {amount} an {payee} zu zahlen, einmalig. Davon sind {fee} eine Gebühr für die Zahlung \
        über die Telefonrechnung. Sonst wird nichts abgebucht. Der Betrag steht auf meiner Telefonrechnung oder \
        wird von meinem Guthaben abgezogen. Meine Telefonnummer geht an {provider}; dort wird die Zahlung \
        ausgeführt. {payee} bekommt sie nicht.",
};
