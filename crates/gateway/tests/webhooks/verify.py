"""Reads deliveries as JSON and prints for each what the official library says: null, or why it refuses."""

import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError


def verdict(delivery):
    try:
        Webhook(delivery["secret"]).verify(delivery["body"], delivery["headers"])
    except WebhookVerificationError as refusal:
        return str(refusal)
    return None


json.dump([verdict(delivery) for delivery in json.load(sys.stdin)], sys.stdout)
