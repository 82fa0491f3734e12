// As Adyen's documentation has it for a card alone. What it asks its servers for is answered by empty stand-ins.
import '@adyen/adyen-web/styles/adyen.css';
import { AdyenCheckout, Card } from '@adyen/adyen-web';

const checkout = await AdyenCheckout({
  clientKey: 'test_STANDIN',
  environment: 'test',
  countryCode: 'DE',
  locale: 'en-US',
  amount: { currency: 'EUR', value: 250 },
  analytics: { enabled: false },
  paymentMethodsResponse: { paymentMethods: [{ type: 'scheme', name: 'Cards', brands: ['visa', 'mc'] }] },
});
new Card(checkout).mount('#fields');
