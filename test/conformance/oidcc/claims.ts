import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prove } from '../../proving.ts'
import { Certifier, type ResponseMode } from '../certifier.ts'
import { checkUserinfo } from '../checks.ts'

const CLAIMS: Readonly<Record<string, readonly string[]>> = {
  openid: ['sub'],
  profile: ['name', 'family_name', 'given_name', 'middle_name', 'gender', 'birthdate', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
}

/** Modules about scopes and claims; the same in the plans Basic and Form Post. */
export function claimModules(mode: ResponseMode): void {
  let certifier: Certifier
  beforeAll(async () => {
    certifier = await Certifier.start(mode)
    await prove(certifier.world, certifier.citizen, 'standard')
  })
  afterAll(() => certifier.world.stop())

  async function userinfoFor(parameters: Record<string, string>) {
    const { party } = certifier
    const { tokens, idToken } = await certifier.flow({ parameters })
    const userinfo = checkUserinfo(await party.userinfo(tokens.access_token), idToken.claims.sub)
    return { tokens, idToken, userinfo }
  }

  test.each([
    ['oidcc-scope-profile', 'openid profile'],
    ['oidcc-scope-email', 'openid email'],
    ['oidcc-scope-phone', 'openid phone'],
    ['oidcc-ensure-other-scope-order-succeeds', 'email openid'],
  ])('%s: "%s" gives these claims in userinfo, and no others', async (_module, scope) => {
    const { userinfo, idToken } = await userinfoFor({ scope })
    const expected = scope.split(' ').flatMap((word) => CLAIMS[word]!)
    expect(Object.keys(userinfo).sort()).toEqual([...expected].sort())
    for (const claim of expected.filter((name) => name !== 'sub')) expect(idToken.claims).not.toHaveProperty(claim)
  })

  test.each([
    ['oidcc-scope-address', 'openid address'],
    ['oidcc-scope-all', 'openid profile email address phone'],
  ])('%s: "%s" gives the address on record, too, in userinfo', async (_module, scope) => {
    const { body } = await supertest(certifier.world.listens).get('/.well-known/openid-configuration')
    expect(body.scopes_supported).toContain('address')
    expect(body.claims_supported).toContain('address')
    const { userinfo, tokens } = await userinfoFor({ scope })
    const words = scope.split(' ')
    expect(tokens.scope.split(' ').sort()).toEqual([...words].sort())
    expect(Object.keys(userinfo).sort()).toEqual(words.flatMap((word) => CLAIMS[word]!).sort())
    expect(userinfo.address).toMatchObject({ formatted: expect.stringContaining('Баумана'), postal_code: '420111' })
  })

  test('oidcc-claims-essential: a claim asked for by name comes in userinfo, not in the id_token', async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } })
    const { userinfo, idToken } = await userinfoFor({ claims })
    expect(userinfo.name).toBe('Ветрова Ольга Игоревна')
    expect(idToken.claims).not.toHaveProperty('name')
  })
}
