use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "我同意向 {payee} 一次性支付 {amount}。不会再收取其他费用。我的银行卡信息将交给办理付款的 {provider}；{payee} 不会得到这些信息。",
    card_once_fee_1: "我同意向 {payee} 一次性支付 {amount}。其中 {fee} 是刷卡付款的手续费。不会再收取其他费用。我的银行卡信息将交给办理付款的 {provider}；{payee} 不会得到这些信息。",
    bank_once_1: "我同意向 {payee} 一次性支付 {amount}。不会再收取其他费用。我的账户信息将交给办理付款的 {provider}；{payee} 不会得到这些信息。我授权 {provider}（债权人编号 \
        {creditor}）通过 SEPA 直接借记从我的账户收取此金额，并授权我的银行支付。八周内我可以要求银行退还这笔款项。",
    bank_once_fee_1: "我同意向 {payee} 一次性支付 {amount}。其中 {fee} 是银行账户付款的手续费。不会再收取其他费用。我的账户信息将交给办理付款的 {provider}；{payee} \
        不会得到这些信息。我授权 {provider}（债权人编号 {creditor}）通过 SEPA 直接借记从我的账户收取此金额，并授权我的银行支付。八周内我可以要求银行退还这笔款项。",
    phone_once_1: "我同意向 {payee} 一次性支付 {amount}。不会再收取其他费用。该金额会计入我的话费账单或从余额中扣除。我的电话号码将交给办理付款的 {provider}；{payee} 不会得到这个号码。",
    phone_once_fee_1: "我同意向 {payee} 一次性支付 {amount}。其中 {fee} 是话费付款的手续费。不会再收取其他费用。该金额会计入我的话费账单或从余额中扣除。我的电话号码将交给办理付款的 \
        {provider}；{payee} 不会得到这个号码。",
};
