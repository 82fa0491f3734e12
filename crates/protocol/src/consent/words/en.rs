use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "I agree to pay {amount} to {payee}, once. Nothing else will be charged. \
        My card details go to {provider}, which makes the payment; {payee} does not get them.",
    card_once_fee_1: "I agree to pay {amount} to {payee}, once. {fee} of it is a fee for paying by card. \
        Nothing else will be charged. \
        My card details go to {provider}, which makes the payment; {payee} does not get them.",
    bank_once_1: "I agree to pay {amount} to {payee}, once. Nothing else will be charged. \
        My account details go to {provider}, which makes the payment; {payee} does not get them. \
        I authorise {provider} (creditor {creditor}) to collect this amount from my account by SEPA direct debit, \
        and my bank to pay it. I can ask my bank for it back within eight weeks.",
    bank_once_fee_1: "I agree to pay {amount} to {payee}, once. {fee} of it is a fee for paying from a bank account. \
        Nothing else will be charged. \
        My account details go to {provider}, which makes the payment; {payee} does not get them. \
        I authorise {provider} (creditor {creditor}) to collect this amount from my account by SEPA direct debit, \
        and my bank to pay it. I can ask my bank for it back within eight weeks.",
    phone_once_1: "I agree to pay {amount} to {payee}, once. Nothing else will be charged. \
        It will be on my phone bill or taken from my balance. \
        My phone number goes to {provider}, which makes the payment; {payee} does not get it.",
    phone_once_fee_1: "I agree to pay {amount} to {payee}, once. {fee} of it is a fee for paying by phone bill. \
        Nothing else will be charged. It will be on my phone bill or taken from my balance. \
        My phone number goes to {provider}, which makes the payment; {payee} does not get it.",
};
