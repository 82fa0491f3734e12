// As Braintree's documentation has it for hosted fields. What it asks its servers for is answered by empty stand-ins.
import client from 'braintree-web/client';
import hostedFields from 'braintree-web/hosted-fields';

const fields = document.querySelector('#fields');
const names = ['number', 'expirationDate', 'cvv', 'cardholderName'];
for (const name of names) {
  const place = document.createElement('div');
  place.id = name;
  place.style.height = '3rem';
  fields.append(place);
}
const token = {
  version: 2,
  authorizationFingerprint: 'stand-in',
  configUrl: 'https://api.sandbox.braintreegateway.com/configuration.json',
};
hostedFields.create({
  client: await client.create({ authorization: btoa(JSON.stringify(token)) }),
  fields: Object.fromEntries(names.map((name) => [name, { selector: `#${name}` }])),
});
