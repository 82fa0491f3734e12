use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "Zgadzam się na jednorazową zapłatę {amount}. Odbiorca: {payee}. Nic więcej nie zostanie pobrane. Dane \
        mojej karty otrzymuje {provider} i wykonuje płatność; {payee} ich nie otrzymuje.",
    card_once_fee_1: "Zgadzam się na jednorazową zapłatę {amount}. Odbiorca: {payee}. W tej kwocie {fee} to opłata za płatność \
        kartą. Nic więcej nie zostanie pobrane. Dane mojej karty otrzymuje {provider} i wykonuje płatność; \
        {payee} ich nie otrzymuje.",
    bank_once_1: "Zgadzam się na jednorazową zapłatę {amount}. Odbiorca: {payee}. Nic więcej nie zostanie pobrane. Dane \
        mojego konta otrzymuje {provider} i wykonuje płatność; {payee} ich nie otrzymuje. Upoważniam {provider} \
        (identyfikator wierzyciela {creditor}) do pobrania tej kwoty z mojego konta poleceniem zapłaty SEPA, a \
        mój bank do jej wypłaty. W ciągu ośmiu tygodni mogę zażądać od banku zwrotu.",
    bank_once_fee_1: "Zgadzam się na jednorazową zapłatę {amount}. Odbiorca: {payee}. W tej kwocie {fee} to opłata za płatność \
        z konta bankowego. Nic więcej nie zostanie pobrane. Dane mojego konta otrzymuje {provider} i wykonuje \
        płatność; {payee} ich nie otrzymuje. Upoważniam {provider} (identyfikator wierzyciela {creditor}) do \
        pobrania tej kwoty z mojego konta poleceniem zapłaty SEPA, a mój bank do jej wypłaty. W ciągu ośmiu \
        tygodni mogę zażądać od banku zwrotu.",
    phone_once_1: "Zgadzam się na jednorazową zapłatę {amount}. Odbiorca: {payee}. Nic więcej nie zostanie pobrane. Kwota \
        znajdzie się na moim rachunku telefonicznym albo zostanie pobrana z mojego salda. Mój numer telefonu \
        otrzymuje {provider} i wykonuje płatność; {payee} go nie otrzymuje.",
    phone_once_fee_1: "Zgadzam się na jednorazową zapłatę {amount}. Odbiorca: {payee}. W tej kwocie {fee} to opłata za płatność \
        przez rachunek telefoniczny. Nic więcej nie zostanie pobrane. Kwota znajdzie się na moim rachunku \
        telefonicznym albo zostanie pobrana z mojego salda. Mój numer telefonu otrzymuje {provider} i wykonuje \
        płatność; {payee} go nie otrzymuje.",
};
