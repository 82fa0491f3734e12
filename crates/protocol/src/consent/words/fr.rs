use super::Sentences;

pub(super) const SENTENCES: Sentences = Sentences {
    card_once_1: "J’accepte de payer {amount} à {payee}, une seule fois. Rien d’autre ne sera prélevé. Les données de ma \
        carte vont à {provider}, qui effectue le paiement ; {payee} ne les reçoit pas.",
    card_once_fee_1: "J’accepte de payer {amount} à {payee}, une seule fois. Ce montant comprend {fee} de frais pour le \
        paiement par carte. Rien d’autre ne sera prélevé. Les données de ma carte vont à {provider}, qui \
        effectue le paiement ; {payee} ne les reçoit pas.",
    bank_once_1: "J’accepte de payer {amount} à {payee}, une seule fois. Rien d’autre ne sera prélevé. Les données de mon \
        compte vont à {provider}, qui effectue le paiement ; {payee} ne les reçoit pas. J’autorise {provider} \
        (identifiant créancier {creditor}) à prélever ce montant sur mon compte par prélèvement SEPA, et ma \
        banque à le débiter. Je peux en demander le remboursement à ma banque pendant huit semaines.",
    bank_once_fee_1: "J’accepte de payer {amount} à {payee}, une seule fois. Ce montant comprend {fee} de frais pour le \
        paiement depuis un compte bancaire. Rien d’autre ne sera prélevé. Les données de mon compte vont à \
        {provider}, qui effectue le paiement ; {payee} ne les reçoit pas. J’autorise {provider} (identifiant \
        créancier {creditor}) à prélever ce montant sur mon compte par prélèvement SEPA, et ma banque à le \
        débiter. Je peux en demander le remboursement à ma banque pendant huit semaines.",
    phone_once_1: "J’accepte de payer {amount} à {payee}, une seule fois. Rien d’autre ne sera prélevé. Le montant figurera \
        sur ma facture de téléphone ou sera déduit de mon crédit. Mon numéro de téléphone va à {provider}, qui \
        effectue le paiement ; {payee} ne le reçoit pas.",
    phone_once_fee_1: "J’accepte de payer {amount} à {payee}, une seule fois. Ce montant comprend {fee} de frais pour le \
        paiement sur la facture de téléphone. Rien d’autre ne sera prélevé. Le montant figurera sur ma facture \
        de téléphone ou sera déduit de mon crédit. Mon numéro de téléphone va à {provider}, qui effectue le \
        paiement ; {payee} ne le reçoit pas.",
};
