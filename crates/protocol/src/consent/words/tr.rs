use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "Bir defaya mahsus {amount} ödemeyi kabul ediyorum. Alıcı: {payee}. Başka hiçbir ücret alınmayacak. Kart \
        bilgilerim, ödemeyi yapan {provider} tarafından alınır; {payee} bu bilgileri almaz.",
    card_once_fee_1: "Bir defaya mahsus {amount} ödemeyi kabul ediyorum. Alıcı: {payee}. Bu tutarın {fee} kadarı kartla ödeme \
        ücretidir. Başka hiçbir ücret alınmayacak. Kart bilgilerim, ödemeyi yapan {provider} tarafından alınır; \
        {payee} bu bilgileri almaz.",
    bank_once_1: "Bir defaya mahsus {amount} ödemeyi kabul ediyorum. Alıcı: {payee}. Başka hiçbir ücret alınmayacak. Hesap \
        bilgilerim, ödemeyi yapan {provider} tarafından alınır; {payee} bu bilgileri almaz. {provider} (alacaklı \
        {creditor}) bu tutarı SEPA otomatik ödemesiyle hesabımdan tahsil edebilir, bankam da ödeyebilir; buna \
        yetki veriyorum. Sekiz hafta içinde bankamdan iadesini isteyebilirim.",
    bank_once_fee_1: "Bir defaya mahsus {amount} ödemeyi kabul ediyorum. Alıcı: {payee}. Bu tutarın {fee} kadarı banka \
        hesabından ödeme ücretidir. Başka hiçbir ücret alınmayacak. Hesap bilgilerim, ödemeyi yapan {provider} \
        tarafından alınır; {payee} bu bilgileri almaz. {provider} (alacaklı {creditor}) bu tutarı SEPA otomatik \
        ödemesiyle hesabımdan tahsil edebilir, bankam da ödeyebilir; buna yetki veriyorum. Sekiz hafta içinde \
        bankamdan iadesini isteyebilirim.",
    phone_once_1: "Bir defaya mahsus {amount} ödemeyi kabul ediyorum. Alıcı: {payee}. Başka hiçbir ücret alınmayacak. Tutar \
        telefon faturama yansıtılır veya bakiyemden düşülür. Telefon numaram, ödemeyi yapan {provider} \
        tarafından alınır; {payee} bu numarayı almaz.",
    phone_once_fee_1: "Bir defaya mahsus {amount} ödemeyi kabul ediyorum. Alıcı: {payee}. Bu tutarın {fee} kadarı telefon \
        faturasıyla ödeme ücretidir. Başka hiçbir ücret alınmayacak. Tutar telefon faturama yansıtılır veya \
        bakiyemden düşülür. Telefon numaram, ödemeyi yapan {provider} tarafından alınır; {payee} bu numarayı \
        almaz.",
};
