"""localstripe on 127.0.0.1 alone, on the port that is given; its own command listens everywhere.

What it lacks of 3-D Secure is added. Where a `return_url` is given, Stripe leads to a page of the bank's; localstripe knows the
way through Stripe's script alone. The page here asks, does what that script would do, and leads back.
"""
import sys

from aiohttp import web
from localstripe import resources

PORT = int(sys.argv[1])
CONFIRM = "/v1/payment_intents/{id}/confirm"
# Pages need no key; these are the addresses that localstripe opens to everyone.
BANK = "/_config/bank/{id}"
PAGE = """<!doctype html><html lang="en"><title>The bank</title><h1>Is it you?</h1><form method="post">
<button id="yes" name="it_is" value="true">Yes</button> <button id="no" name="it_is" value="false">No</button></form>"""
back = {}


def confirm(id, return_url=None, **kwargs):
    intent = resources.PaymentIntent._api_confirm(id, **kwargs)
    if intent.next_action and return_url:
        back[id] = return_url
        url = f"http://127.0.0.1:{PORT}" + BANK.format(id=id)
        intent.next_action = {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": return_url}}
    return intent


async def ask(_request):
    return web.Response(text=PAGE, content_type="text/html")


async def answer(request):
    id = request.match_info["id"]
    form = await request.post()
    intent = resources.PaymentIntent._api_retrieve(id)
    try:
        resources.PaymentIntent._api_authenticate(id, client_secret=intent.client_secret, success=form["it_is"])
    except resources.UserError:
        pass  # It is the shopper, and the card is declined all the same.
    raise web.HTTPSeeOther(back[id])


resources.extra_apis[:] = [
    (method, path, confirm if path == CONFIRM else does) for method, path, does in resources.extra_apis
]

from localstripe.server import app  # noqa: E402: it reads the list above

app.router.add_get(BANK, ask)
app.router.add_post(BANK, answer)
web.run_app(app, host="127.0.0.1", port=PORT, access_log=None, print=None)
