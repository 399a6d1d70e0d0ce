import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RelyingParty } from '#src/oidc/clients.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { AuthlibParty, type Settings } from './authlib.ts'
import { leftOut, PYTHON } from './debian.ts'
import { Traveller } from './traveller.ts'

const PACKAGES = '/usr/lib/python3/dist-packages'
const reason = leftOut([PYTHON, `${PACKAGES}/authlib`, `${PACKAGES}/httpx`, `${PACKAGES}/requests`])

interface Person {
  readonly claims: Readonly<Record<string, unknown>>
  readonly userinfo: Readonly<Record<string, unknown>>
}

describe.skipIf(reason)(`Authlib of Debian ${reason ?? ''}`, () => {
  let world: World
  let citizen: Citizen
  let authlib: AuthlibParty
  beforeAll(async () => {
    world = await startWorld()
    citizen = await world.citizen()
  })
  afterEach(() => authlib.stop())
  afterAll(() => world?.stop())

  const start = async (settings: Partial<Settings> = {}, metadata: Partial<RelyingParty> = {}) => {
    const method = settings.method ?? 'client_secret_basic'
    const party = await world.relyingParty({ token_endpoint_auth_method: method, ...metadata })
    authlib = new AuthlibParty({
      issuer: world.origin,
      client_id: party.registration.client_id,
      client_secret: party.registration.client_secret ?? '',
      redirect_uri: party.redirectUri,
      method,
      transport: 'requests',
      ...settings,
    })
  }

  /** @returns the address at which the person came back */
  const wayBack = async (parameters: Record<string, string> = {}) => {
    const traveller = new Traveller(world)
    await traveller.open(await authlib.ask<string>('begin', parameters))
    await traveller.signIn(citizen)
    return traveller.page.url
  }

  test('sees no code where the level cannot be reached, and looks at nothing else', async () => {
    await start()
    const url = await wayBack({ acr_values: 'urn:example:eye-scan' })
    await expect(authlib.ask('finish', { url })).rejects.toMatchObject({ error: 'missing_code' })
  })

  test('reads that its secret is wrong', async () => {
    await start({ client_secret: 'wrong' })
    const url = await wayBack()
    await expect(authlib.ask('finish', { url })).rejects.toMatchObject({ error: 'invalid_client' })
  })

  test('reads that a verifier is wrong', async () => {
    await start()
    const refused = authlib.ask('finish', { url: await wayBack(), verifier: 'x'.repeat(48) })
    await expect(refused).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  describe.each<Settings['transport']>(['requests', 'httpx'])('over %s', (transport) => {
    test.each<Settings['method']>(['client_secret_basic', 'client_secret_post'])('signs in by %s', async (method) => {
      await start({ transport, method })
      const { claims, userinfo } = await authlib.ask<Person>('finish', { url: await wayBack({ acr_values: 'aal2' }) })
      expect(claims).toMatchObject({ sub: String(citizen.oid), acr: 'aal2' })
      expect(userinfo).toMatchObject({ sub: String(citizen.oid), email: citizen.email })
    })

    test('refreshes, introspects and revokes', async () => {
      await start({ transport })
      await authlib.ask('finish', { url: await wayBack() })
      expect(await authlib.ask('refresh')).toMatchObject({ renewed: true, userinfo: { email: citizen.email } })
      expect(await authlib.ask('introspect')).toMatchObject({ active: true, sub: String(citizen.oid) })
      expect(await authlib.ask('revoke')).toBe(200)
      await expect(authlib.ask('refresh')).rejects.toMatchObject({ error: 'invalid_grant' })
    })

    test('authenticates by a signed assertion and gets a token of its own', async () => {
      const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
      const jwk = { ...(await exportJWK(publicKey)), use: 'sig', alg: 'ES256' }
      await start(
        { transport, method: 'private_key_jwt', client_secret: await exportPKCS8(privateKey) },
        { jwks: { keys: [jwk] }, client_secret: undefined as never, grant_types: ['client_credentials'] },
      )
      expect(await authlib.ask('itself')).toBe('Bearer')
    })
  })
})
