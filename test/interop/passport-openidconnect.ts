import { createHash, randomBytes } from 'node:crypto'
import express, { type ErrorRequestHandler, type Express, type Request } from 'express'
import session from 'express-session'
import passport from 'passport'
import { type Profile, Strategy, type VerifyCallback } from 'passport-openidconnect'
import type { ActingParty } from '../relying-party.ts'

/** What the service shows to whoever is signed in. */
export interface SignedIn {
  readonly id: string
  readonly displayName?: string
  readonly emails?: readonly { readonly value: string }[]
  readonly class?: string
}

interface WithVerifier {
  verifier?: string
}

/** The two members of the `oauth` package's client that the strategy's token request goes through. */
interface TokenRequest {
  getOAuthAccessToken(code: string, parameters: object, callback: unknown): void
}

/**
 * The strategy knows no PKCE. Its documented seams do: `authorizationParams` adds to the request, and `_oauth2`, which subclasses may
 * use, redeems the code. Passport makes a copy of the strategy for each request, so nothing here is shared between people.
 */
class PkceStrategy extends Strategy {
  override authenticate(request: Request, options: object = {}): void {
    const held = request.session as WithVerifier
    const verifier = request.query.code === undefined ? randomBytes(32).toString('base64url') : held.verifier
    held.verifier = verifier ?? ''
    const plain = this._oauth2 as unknown as TokenRequest
    this._oauth2 = Object.assign(Object.create(plain), {
      getOAuthAccessToken: (code: string, parameters: object, callback: unknown) =>
        plain.getOAuthAccessToken(code, { ...parameters, code_verifier: verifier }, callback),
    })
    super.authenticate(request, { ...options, verifier } as object)
  }

  override authorizationParams({ verifier }: WithVerifier): object {
    const challenge = createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url')
    return { code_challenge: challenge, code_challenge_method: 'S256' }
  }
}

/**
 * A service on Express, signed in to by passport-openidconnect; errors come out as JSON.
 * @param settings.pkce whether the strategy is extended by PKCE or used as it comes
 */
export function passportService(settings: {
  issuer: string
  origin: string
  party: ActingParty
  pkce: boolean
  options?: Partial<ConstructorParameters<typeof Strategy>[0]>
}): Express {
  const { issuer, origin, party, pkce, options } = settings
  const authenticator = new passport.Passport()
  const strategy = new (pkce ? PkceStrategy : Strategy)(
    {
      issuer,
      authorizationURL: `${issuer}/oauth2/authorize`,
      tokenURL: `${issuer}/oauth2/token`,
      userInfoURL: `${issuer}/oauth2/userinfo`,
      clientID: party.registration.client_id,
      clientSecret: party.registration.client_secret ?? '',
      callbackURL: `${origin}/cb`,
      scope: ['profile', 'email'],
      nonce: 'on',
      skipUserProfile: false,
      ...options,
    },
    (_issuer: string, profile: Profile, context: object, _idToken: unknown, done: VerifyCallback) =>
      done(null, { ...profile, ...context }),
  )
  authenticator.use(strategy)
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))

  const app = express()
  app.use(session({ secret: randomBytes(16).toString('hex'), resave: false, saveUninitialized: false }))
  app.use(authenticator.session())
  app.get('/login', authenticator.authenticate('openidconnect'))
  app.get('/cb', authenticator.authenticate('openidconnect', { failWithError: true }), (_request, response) =>
    response.redirect('/'),
  )
  app.get('/', (request, response) => void response.status(request.user ? 200 : 401).json(request.user ?? {}))
  app.use(asJson)
  return app
}

const asJson: ErrorRequestHandler = (fault, _request, response, _next) =>
  void response.status(fault.status ?? 500).json({ name: fault.name, code: fault.code, message: fault.message })
