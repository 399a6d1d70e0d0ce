"""A relying party built on Authlib as Debian ships it.

Reads one JSON object per line, {"do": NAME, ...arguments}, and answers each with one line: {"answer": ...} or, where the library
raised an OAuth error, {"error": CODE, "description": TEXT}. The first argument is its configuration: issuer, client_id,
client_secret, method (of client authentication), redirect_uri, transport ("requests" or "httpx").
"""

import json
import sys

import httpx
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url

TRANSPORTS = {"requests": (requests, OAuth2Session), "httpx": (httpx, OAuth2Client)}


class Party:
    def __init__(self, settings):
        self.settings = settings
        self.plain, session = TRANSPORTS[settings["transport"]]
        self.session = session(
            settings["client_id"],
            settings["client_secret"],
            token_endpoint_auth_method=settings["method"],
            revocation_endpoint_auth_method=settings["method"],
            redirect_uri=settings["redirect_uri"],
            scope="openid profile email",
            code_challenge_method="S256",
        )
        found = self.plain.get(get_well_known_url(settings["issuer"], external=True))
        self.server = OpenIDProviderMetadata(found.json())
        self.server.validate_issuer()
        if settings["method"] == "private_key_jwt":
            self.session.register_client_auth_method(PrivateKeyJWT(self.server["token_endpoint"], alg="ES256"))

    def begin(self, **more):
        self.verifier, self.nonce = generate_token(48), generate_token(20)
        url, self.state = self.session.create_authorization_url(
            self.server["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **more
        )
        return url

    def finish(self, url, verifier=None):
        token = self.session.fetch_token(
            self.server["token_endpoint"],
            grant_type="authorization_code",
            authorization_response=url,
            state=self.state,
            code_verifier=verifier or self.verifier,
        )
        return {"claims": self._claims(token["id_token"]), "userinfo": self._userinfo()}

    def refresh(self):
        before = self.session.token["access_token"]
        token = self.session.refresh_token(self.server["token_endpoint"])
        return {"renewed": token["access_token"] != before, "userinfo": self._userinfo()}

    def revoke(self):
        answer = self.session.revoke_token(self.server["revocation_endpoint"], token_type_hint="refresh_token")
        return answer.status_code

    def introspect(self):
        token = self.session.token["access_token"]
        return self.session.introspect_token(self.server["introspection_endpoint"], token=token).json()

    def itself(self):
        token = self.session.fetch_token(self.server["token_endpoint"], grant_type="client_credentials", scope="")
        return token["token_type"]

    def _userinfo(self):
        answer = self.session.get(self.server["userinfo_endpoint"])
        answer.raise_for_status()
        return answer.json()

    def _claims(self, id_token):
        keys = JsonWebKey.import_key_set(self.plain.get(self.server["jwks_uri"]).json())
        algorithms = JsonWebToken(["ES256", "RS256"])
        expected = {"iss": {"values": [self.settings["issuer"]]}, "aud": {"values": [self.settings["client_id"]]}}
        claims = algorithms.decode(
            id_token,
            keys,
            claims_cls=CodeIDToken,
            claims_options=expected,
            claims_params={"nonce": self.nonce, "client_id": self.settings["client_id"]},
        )
        claims.validate()
        return dict(claims)


def main():
    party = Party(json.loads(sys.argv[1]))
    for line in sys.stdin:
        command = json.loads(line)
        try:
            said = {"answer": getattr(party, command.pop("do"))(**command)}
        except AuthlibBaseError as fault:
            said = {"error": fault.error, "description": fault.description}
        print(json.dumps(said), flush=True)


main()
