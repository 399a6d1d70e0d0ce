/** Addresses of the provider's endpoints; discovery tells them, so only the issuer is ever configured at a relying party. */
export const paths = {
  authorization: '/oauth2/authorize',
  token: '/oauth2/token',
  userinfo: '/oauth2/userinfo',
  jwks: '/oauth2/jwks',
  end_session: '/oauth2/logout',
  introspection: '/oauth2/introspect',
  revocation: '/oauth2/revoke',
  pushed_authorization_request: '/oauth2/par',
  registration: '/oauth2/register',
  device_authorization: '/oauth2/device',
  /** Typed by people from the screen of a device: short. */
  code_verification: '/device',
  backchannel_authentication: '/oauth2/ciba',
} as const

/** Where a provider looks for its metadata (Discovery, section 4; RFC 8414, section 3). */
export const discoveryPaths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'] as const
