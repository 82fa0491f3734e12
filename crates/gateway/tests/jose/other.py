"""What jwcrypto makes of our texts, and the texts it makes for us: one JSON object a line in, one out."""

import json
import sys

from jwcrypto import jwe, jwk, jws
from jwcrypto.common import JWException


def sign(key, header, payload):
    token = jws.JWS(payload.encode())
    # "none" is no algorithm of jwcrypto: such a text is put together by hand in the test.
    token.add_signature(key, protected=json.dumps(header))
    return token.serialize(compact=True)


def verify(key, text):
    token = jws.JWS()
    token.allowed_algs = ["ES256", "EdDSA"]
    token.deserialize(text, key)
    return token.payload.decode()


def seal(key, header, payload):
    token = jwe.JWE(payload.encode(), protected=json.dumps(header))
    token.add_recipient(key)
    return token.serialize(compact=True)


def unseal(key, text):
    token = jwe.JWE()
    token.allowed_algs = ["ECDH-ES", "A256GCM"]
    token.deserialize(text, key)
    return token.payload.decode()


def thumbprint(key):
    return key.thumbprint()


ACTS = {act.__name__: act for act in (sign, verify, seal, unseal, thumbprint)}

for line in sys.stdin:
    request = json.loads(line)
    act = ACTS[request.pop("act")]
    try:
        answer = {"text": act(jwk.JWK(**request.pop("key")), **request)}
    except (JWException, ValueError) as refusal:  # a bad header or point is a ValueError
        answer = {"refused": repr(refusal)}
    print(json.dumps(answer), flush=True)
