"""python python.py order REFERENCE CENTS | charge REFERENCE CENTS < TOKEN   (pip install jwcrypto)"""
import hashlib, json, os, sys, time, urllib.error, urllib.request
from pathlib import Path

from jwcrypto import jwk, jwt

PROVIDER, MERCHANT = os.environ["FARTHING_PROVIDER"], os.environ["FARTHING_MERCHANT"]


def sign_order(reference: str, cents: int) -> str:
    """The order as the provider takes it, good for an hour: a JWT that nobody but this server can have made."""
    key = jwk.JWK.from_pem(Path(os.environ["FARTHING_ORDER_KEY_FILE"]).read_bytes())
    now = int(time.time())
    order = {"currency": "EUR", "lines": [{"label": "A thing", "amount": cents}]}
    claims = {"iss": MERCHANT, "aud": PROVIDER, "jti": reference, "iat": now, "exp": now + 3600, "order": order}
    signed = jwt.JWT(header={"alg": "ES256", "kid": os.environ["FARTHING_ORDER_KEY_ID"]}, claims=claims)
    signed.make_signed_token(key)
    return signed.serialize()


def charge(reference: str, cents: int, token: str) -> str:
    """Redeems the token: 'paid', 'failed', or 'unknown', which is to be asked again."""
    body = {"token": token, "order": reference, "amount": cents, "currency": "EUR"}
    request = urllib.request.Request(f"{PROVIDER}/v1/charges", json.dumps(body).encode(), {
        "Authorization": "Bearer " + os.environ["FARTHING_SECRET_KEY"],
        "Content-Type": "application/json",
        # Out of the token, so that asking again is the same charge and not another one.
        "Idempotency-Key": hashlib.sha256(token.encode()).hexdigest(),
    })
    try:
        status = json.load(urllib.request.urlopen(request, timeout=30))["status"]
        return {"paid": "paid", "declined": "failed"}.get(status, "unknown")
    except urllib.error.HTTPError as refusal:
        return "failed" if 400 <= refusal.code < 500 and refusal.code not in (408, 409, 429) else "unknown"
    except (OSError, ValueError):
        return "unknown"


if __name__ == "__main__":
    what, reference, cents = sys.argv[1], sys.argv[2], int(sys.argv[3])
    print(sign_order(reference, cents) if what == "order" else charge(reference, cents, sys.stdin.read().strip()))
