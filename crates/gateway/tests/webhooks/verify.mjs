// Reads deliveries as JSON and prints for each what the official library says: null, or why it refuses.

import { readFileSync } from 'node:fs';

import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const verdict = ({ secret, headers, body }) => {
  try {
    new Webhook(secret).verify(body, headers);
    return null;
  } catch (refusal) {
    if (refusal instanceof WebhookVerificationError) return refusal.message;
    throw refusal;
  }
};

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(verdict)));
