import { randomBytes } from 'node:crypto'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { auth, type ConfigParams, requiresAuth } from 'express-openid-connect'
import type { ActingParty } from '../relying-party.ts'

/** What the service shows to whoever is signed in. */
export interface SignedIn {
  readonly claims: Readonly<Record<string, unknown>>
  readonly userinfo: Readonly<Record<string, unknown>>
  readonly refreshToken?: string
}

/**
 * A service on Express behind auth0's express-openid-connect: `/` takes a sign-in, `/refresh` renews the tokens. Errors come out as
 * JSON.
 */
export function expressService(settings: {
  issuer: string
  origin: string
  party: ActingParty
  options?: ConfigParams
}): Express {
  const { issuer, origin, party, options } = settings
  const app = express()
  app.use(
    auth({
      issuerBaseURL: issuer,
      baseURL: origin,
      clientID: party.registration.client_id,
      ...(party.registration.client_secret !== undefined && { clientSecret: party.registration.client_secret }),
      secret: randomBytes(32).toString('hex'),
      authRequired: false,
      idpLogout: true,
      idTokenSigningAlg: 'ES256',
      ...options,
      authorizationParams: { response_type: 'code', scope: 'openid profile email', ...options?.authorizationParams },
    }),
  )
  app.get('/open', (_request, response) => void response.json({}))
  app.get('/', requiresAuth(), async ({ oidc }, response) => {
    const userinfo = await oidc.fetchUserInfo()
    response.json({ claims: oidc.idTokenClaims, userinfo, refreshToken: oidc.refreshToken })
  })
  app.get('/refresh', requiresAuth(), async ({ oidc }, response) => {
    await oidc.accessToken!.refresh()
    const userinfo = await oidc.fetchUserInfo()
    response.json({ claims: oidc.idTokenClaims, userinfo, refreshToken: oidc.refreshToken })
  })
  app.use(asJson)
  return app
}

const asJson: ErrorRequestHandler = (fault, _request, response, _next) =>
  void response.status(fault.status ?? 500).json({ message: fault.message, error: fault.error })
