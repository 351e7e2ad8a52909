"""The standard library and nothing else: proxy and certificate come from the environment."""
import json
import os
import urllib.parse
import urllib.request

control = os.environ["PORTOLAN_SIMULATOR_URL"]


def ask(url, body=None, headers=None):
    data = body if body is None or isinstance(body, bytes) else body.encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers or {})) as response:
        return json.loads(response.read())


application = ask(f"{control}/_sim/world")["applications"][0]
query = urllib.parse.urlencode({"application_id": application["spApplicationId"], "state": "s"})
order = json.dumps({"as": "ada", "url": f"https://sellercentral.amazon.com/apps/authorize/consent?{query}"})
callback = ask(f"{control}/_sim/consent", order, {"Content-Type": "application/json"})["url"]
code = urllib.parse.parse_qs(urllib.parse.urlparse(callback).query)["spapi_oauth_code"][0]
tokens = ask(
    "https://api.amazon.com/auth/o2/token",
    urllib.parse.urlencode(
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": application["returnUrls"][0],
            "client_id": application["clientId"],
            "client_secret": application["clientSecret"],
        }
    ),
)
participations = ask(
    "https://sellingpartnerapi-na.amazon.com/sellers/v1/marketplaceParticipations",
    None,
    {"x-amz-access-token": tokens["access_token"], "User-Agent": "Script/1.0 (Language=Python)"},
)
try:
    ask("https://example.com/")
    out = "reached"
except OSError as error:
    out = str(error)
print(json.dumps([len(participations["payload"]), out]))
