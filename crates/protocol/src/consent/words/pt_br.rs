use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "Concordo em pagar {amount} a {payee}, uma única vez. Nada mais será cobrado. Os dados do meu cartão vão \
        para {provider}, que faz o pagamento; {payee} não os recebe.",
    card_once_fee_1: "Concordo em pagar {amount} a {payee}, uma única vez. Desse valor, {fee} é uma taxa por pagar com cartão. \
        Nada mais será cobrado. Os dados do meu cartão vão para {provider}, que faz o pagamento; {payee} não os \
        recebe.",
    bank_once_1: "Concordo em pagar {amount} a {payee}, uma única vez. Nada mais será cobrado. Os dados da minha conta vão \
        para {provider}, que faz o pagamento; {payee} não os recebe. Autorizo {provider} (credor {creditor}) a \
        cobrar este valor da minha conta por débito direto SEPA, e o meu banco a pagá-lo. Posso pedir a \
        devolução ao meu banco em até oito semanas.",
    bank_once_fee_1: "Concordo em pagar {amount} a {payee}, uma única vez. Desse valor, {fee} é uma taxa por pagar pela conta \
        bancária. Nada mais será cobrado. Os dados da minha conta vão para {provider}, que faz o pagamento; \
        {payee} não os recebe. Autorizo {provider} (credor {creditor}) a cobrar este valor da minha conta por \
        débito direto SEPA, e o meu banco a pagá-lo. Posso pedir a devolução ao meu banco em até oito semanas.",
    phone_once_1: "Concordo em pagar {amount} a {payee}, uma única vez. Nada mais será cobrado. O valor virá na conta do \
        meu telefone ou será descontado do meu saldo. O número do meu telefone vai para {provider}, que faz o \
        pagamento; {payee} não o recebe.",
    phone_once_fee_1: "Concordo em pagar {amount} a {payee}, uma única vez. Desse valor, {fee} é uma taxa por pagar pela conta \
        do telefone. Nada mais será cobrado. O valor virá na conta do meu telefone ou será descontado do meu \
        saldo. O número do meu telefone vai para {provider}, que faz o pagamento; {payee} não o recebe.",
};
