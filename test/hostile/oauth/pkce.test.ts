import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '#test/relying-party.ts'
import { send } from '#test/resource-server.ts'
import { signingParty } from '#test/signing-party.ts'
import { type Citizen, worldOfFile } from '#test/world.ts'

/** Challenges and verifiers of odd lengths and characters, and ways round them (RFC 7636; RFC 9700, section 2.1.1). */

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await world.relyingParty()
  citizen = await world.citizen()
})

const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

async function codeFor(parameters: Record<string, string>): Promise<string> {
  const browser = world.browser()
  await browser.open(party.authorizationUrl(parameters))
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
  return browser.callback.get('code')!
}

describe('a challenge is refused', () => {
  test.each([
    ['of 42 characters', 'x'.repeat(42)],
    ['of 129 characters', 'x'.repeat(129)],
    ['with padding', `${'x'.repeat(43)}=`],
    ['in plain base64', `${'x'.repeat(42)}+/`],
    ['with a space', `${'x'.repeat(42)} `],
    ['with a NUL', `${'x'.repeat(43)}\0`],
    ['with a line break', `${'x'.repeat(43)}\n`],
    ['of letters that are not ASCII', 'ё'.repeat(43)],
  ])('%s', async (_what, code_challenge) => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ code_challenge }))
    expect(browser.callback.get('error')).toBe('invalid_request')
  })
  test.each(['s256', 'S256 ', 'PLAIN', 'none', 'S256,plain'])('by the method %j', async (code_challenge_method) => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ code_challenge_method }))
    expect(browser.callback.get('error')).toBe('invalid_request')
  })
  test('given twice, the second one of the attacker', async () => {
    for (const name of ['code_challenge', 'code_challenge_method']) {
      const browser = world.browser()
      await browser.open(`${party.authorizationUrl()}&${name}=${s256('x'.repeat(43))}`)
      expect(browser.callback.get('error')).toBe('invalid_request')
    }
  })
  test.each([
    ['pushed', 'push'],
    ['in a request object', 'sign'],
  ])('of method plain, or left out, %s', async (_where, how) => {
    const keyed = await signingParty(world)
    for (const parameters of [
      { code_challenge_method: 'plain' },
      { code_challenge: undefined, code_challenge_method: undefined },
    ]) {
      const pushed =
        how === 'push'
          ? await keyed.push(parameters)
          : await keyed.push({ client_id: keyed.clientId, request: await keyed.requestObject(parameters) })
      expect([pushed.status, pushed.body.error]).toEqual([400, 'invalid_request'])
    }
  })
})

describe('a verifier is refused', () => {
  test.each([
    ['that is the challenge itself', () => s256(party.verifier)],
    ['of 42 characters', () => party.verifier.slice(0, 42)],
    ['of 129 characters', () => party.verifier.padEnd(129, 'x')],
    ['in another case', () => swapped(party.verifier)],
    ['with something after it', () => `${party.verifier}x`],
    ['with a space after it', () => `${party.verifier} `],
    ['with a NUL after it', () => `${party.verifier}\0`],
    ['with padding', () => `${party.verifier}=`],
  ])('%s', async (_what, verifier) => {
    const code = await codeFor({})
    const { status, body } = await party.redeem(code, { code_verifier: verifier() })
    expect([status, 'access_token' in body]).toEqual([400, false])
  })
  test('that was registered with itself as the challenge, as plain would have it', async () => {
    const verifier = 'v'.repeat(43)
    const code = await codeFor({ code_challenge: verifier })
    expect(await party.redeem(code, { code_verifier: verifier })).toMatchObject({ body: { error: 'invalid_grant' } })
  })
  test('of two, although one of them is right', async () => {
    const code = await codeFor({})
    const { status, body } = await send(world, party, '/oauth2/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: party.redirectUri,
      code_verifier: [party.verifier, 'x'.repeat(43)],
    })
    expect([status, body.error]).toEqual([400, 'invalid_request'])
  })
})

const swapped = (text: string) => text.replace(/[a-z]/gi, (c) => (c < 'a' ? c.toLowerCase() : c.toUpperCase()))

test.each([43, 128])('a verifier of %i characters of every kind is taken', async (length) => {
  const verifier = 'aZ09-._~'.repeat(16).slice(0, length)
  const code = await codeFor({ code_challenge: s256(verifier) })
  expect((await party.redeem(code, { code_verifier: verifier })).status).toBe(200)
})
