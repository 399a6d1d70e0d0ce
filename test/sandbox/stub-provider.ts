import { createHash } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** The provider's side of the few exchanges that the demo has with it, without a server: what it answers is set by the test. */
export async function makeStubProvider({
  issuer,
  clientId,
  clientSecret,
}: Record<'issuer' | 'clientId' | 'clientSecret', string>) {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const granted = new Map<string, URLSearchParams>()
  const spent: string[] = []
  let counter = 0
  const stub = {
    reachable: true,
    claims: { acr: 'aal1', amr: ['pwd'] } as Record<string, unknown>,
    userinfo: { given_name: 'Мария', family_name: 'Иванова' } as Record<string, unknown>,
    /** Refresh tokens in the order they were spent. */
    spent,
    fetch,
    signingKey: privateKey,
    /** What a browser sent to `authorizationUrl` would come back with. */
    allow(authorizationUrl: string): string {
      const request = new URL(authorizationUrl).searchParams
      const code = `code-${++counter}`
      granted.set(code, request)
      return back(request, { code })
    },
    refuse(authorizationUrl: string, error: string, description: string): string {
      return back(new URL(authorizationUrl).searchParams, { error, error_description: description })
    },
  }
  return stub

  function back(request: URLSearchParams, answer: Record<string, string>): string {
    const parameters = new URLSearchParams({ ...answer, state: request.get('state') ?? '', iss: issuer })
    return `${new URL(request.get('redirect_uri') ?? '').pathname}?${parameters}`
  }

  async function fetch(
    url: string,
    { headers, body }: { headers: Record<string, string>; body?: unknown },
  ): Promise<Response> {
    if (!stub.reachable) throw new TypeError('fetch failed')
    const path = new URL(url).pathname
    if (path === '/.well-known/openid-configuration') return Response.json(discovery())
    if (path === '/jwks') return Response.json({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] })
    if (path === '/me') return Response.json({ sub: '1000000001', ...stub.userinfo })
    if (path !== '/token' || !isClient(new Headers(headers).get('authorization'))) return refusal('invalid_client')
    const form = new URLSearchParams(String(body))
    return form.get('grant_type') === 'refresh_token' ? refreshed(form) : redeemed(form)
  }

  /** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
  function isClient(authorization: string | null): boolean {
    const [id, secret] = Buffer.from(authorization?.replace('Basic ', '') ?? '', 'base64')
      .toString()
      .split(':')
    return decodeURIComponent(id ?? '') === clientId && decodeURIComponent(secret ?? '') === clientSecret
  }

  async function redeemed(form: URLSearchParams): Promise<Response> {
    const request = granted.get(form.get('code') ?? '')
    granted.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!request || challenge !== request.get('code_challenge')) return refusal('invalid_grant')
    if (form.get('redirect_uri') !== request.get('redirect_uri')) return refusal('invalid_grant')
    return tokens({ nonce: request.get('nonce') })
  }

  async function refreshed(form: URLSearchParams): Promise<Response> {
    const token = form.get('refresh_token') ?? ''
    if (spent.includes(token)) return refusal('invalid_grant')
    spent.push(token)
    return tokens({})
  }

  async function tokens(claims: Record<string, unknown>): Promise<Response> {
    const now = Math.floor(Date.now() / 1000)
    const standard = { iss: issuer, aud: clientId, sub: '1000000001', iat: now, exp: now + 300, auth_time: now }
    const idToken = await new SignJWT({ ...standard, ...claims, ...stub.claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .sign(stub.signingKey)
    const n = ++counter
    return Response.json({
      access_token: `a${n}`,
      refresh_token: `r${n}`,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: idToken,
    })
  }

  function discovery() {
    return {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/me`,
      jwks_uri: `${issuer}/jwks`,
      end_session_endpoint: `${issuer}/session/end`,
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
    }
  }
}

function refusal(error: string): Response {
  return Response.json({ error, error_description: 'said the stub' }, { status: 400 })
}
