use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "Accetto di pagare {amount} a {payee}, una sola volta. Non verrà addebitato altro. I dati della mia carta \
        vanno a {provider}, che esegue il pagamento; {payee} non li riceve.",
    card_once_fee_1: "Accetto di pagare {amount} a {payee}, una sola volta. Di questi, {fee} sono una commissione per il \
        pagamento con carta. Non verrà addebitato altro. I dati della mia carta vanno a {provider}, che esegue \
        il pagamento; {payee} non li riceve.",
    bank_once_1: "Accetto di pagare {amount} a {payee}, una sola volta. Non verrà addebitato altro. I dati del mio conto \
        vanno a {provider}, che esegue il pagamento; {payee} non li riceve. Autorizzo {provider} (creditore \
        {creditor}) ad addebitare questo importo sul mio conto con addebito diretto SEPA, e la mia banca a \
        pagarlo. Posso chiederne il rimborso alla mia banca entro otto settimane.",
    bank_once_fee_1: "Accetto di pagare {amount} a {payee}, una sola volta. Di questi, {fee} sono una commissione per il \
        pagamento dal conto bancario. Non verrà addebitato altro. I dati del mio conto vanno a {provider}, che \
        esegue il pagamento; {payee} non li riceve. Autorizzo {provider} (creditore {creditor}) ad addebitare \
        questo importo sul mio conto con addebito diretto SEPA, e la mia banca a pagarlo. Posso chiederne il \
        rimborso alla mia banca entro otto settimane.",
    phone_once_1: "Accetto di pagare {amount} a {payee}, una sola volta. Non verrà addebitato altro. L’importo sarà sulla \
        mia bolletta del telefono o verrà scalato dal mio credito. Il mio numero di telefono va a {provider}, \
        che esegue il pagamento; {payee} non lo riceve.",
    phone_once_fee_1: "Accetto di pagare {amount} a {payee}, una sola volta. Di questi, {fee} sono una commissione per il \
        pagamento sulla bolletta del telefono. Non verrà addebitato altro. L’importo sarà sulla mia bolletta del \
        telefono o verrà scalato dal mio credito. Il mio numero di telefono va a {provider}, che esegue il \
        pagamento; {payee} non lo riceve.",
};
