use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "Acepto pagar {amount} a {payee}, una sola vez. No se cobrará nada más. Los datos de mi tarjeta van a \
        {provider}, que realiza el pago; {payee} no los recibe.",
    card_once_fee_1: "Acepto pagar {amount} a {payee}, una sola vez. De ese importe, {fee} es una comisión por pagar con \
        tarjeta. No se cobrará nada más. Los datos de mi tarjeta van a {provider}, que realiza el pago; {payee} \
        no los recibe.",
    bank_once_1: "Acepto pagar {amount} a {payee}, una sola vez. No se cobrará nada más. Los datos de mi cuenta van a \
        {provider}, que realiza el pago; {payee} no los recibe. Autorizo a {provider} (acreedor {creditor}) a \
        cobrar este importe de mi cuenta mediante adeudo directo SEPA, y a mi banco a pagarlo. Puedo pedir a mi \
        banco su devolución en un plazo de ocho semanas.",
    bank_once_fee_1: "Acepto pagar {amount} a {payee}, una sola vez. De ese importe, {fee} es una comisión por pagar desde una \
        cuenta bancaria. No se cobrará nada más. Los datos de mi cuenta van a {provider}, que realiza el pago; \
        {payee} no los recibe. Autorizo a {provider} (acreedor {creditor}) a cobrar este importe de mi cuenta \
        mediante adeudo directo SEPA, y a mi banco a pagarlo. Puedo pedir a mi banco su devolución en un plazo \
        de ocho semanas.",
    phone_once_1: "Acepto pagar {amount} a {payee}, una sola vez. No se cobrará nada más. Aparecerá en mi factura del \
        teléfono o se descontará de mi saldo. Mi número de teléfono va a {provider}, que realiza el pago; \
        {payee} no lo recibe.",
    phone_once_fee_1: "Acepto pagar {amount} a {payee}, una sola vez. De ese importe, {fee} es una comisión por pagar en la \
        factura del teléfono. No se cobrará nada más. Aparecerá en mi factura del teléfono o se descontará de mi \
        saldo. Mi número de teléfono va a {provider}, que realiza el pago; {payee} no lo recibe.",
};
