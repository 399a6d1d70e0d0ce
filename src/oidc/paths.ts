/** Addresses of the provider's endpoints; discovery tells them, so only the issuer is ever configured at a relying party. */
export const paths = {
  authorization: '/oauth2/authorize',
  token: '/oauth2/token',
  userinfo: '/oauth2/userinfo',
  jwks: '/oauth2/jwks',
  end_session: '/oauth2/logout',
} as const
