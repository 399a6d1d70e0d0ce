import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '#test/browser-http.ts'
import type { ActingParty } from '#test/relying-party.ts'
import { enter, signedIn } from '#test/signing-in.ts'
import { worldOfFile } from '#test/world.ts'

/** Every answer tells who gives it (RFC 9207; JARM, section 2.1) and brings the state back as it was, so that no two are mixed up. */

const world = worldOfFile()
let party: ActingParty
let browser: Browser
beforeAll(async () => {
  party = await world.relyingParty({ response_types: ['code', 'none'] })
  ;({ browser } = await signedIn(world, { party, citizen: await world.citizen() }))
})

/** What a relying party receives, by whatever way it comes. */
function received({ page }: Browser): URLSearchParams {
  if (page.url.startsWith(world.origin)) return new URLSearchParams(formOf(page.html))
  const { searchParams, hash } = new URL(page.url)
  return hash === '' ? searchParams : new URLSearchParams(hash.slice(1))
}

function formOf(html: string): Record<string, string> {
  if (!html.includes('<form')) throw new Error('nothing was answered')
  return browser.form().hidden
}

const modes = ['query', 'fragment', 'form_post']
const signed = ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']
const STATE = `a+b c%20d&e=f#g?h/i;j"<k>'l\\m\u00e9\u{1f600}`
const outcomes: readonly [string, Record<string, string | undefined>, string][] = [
  ['a code', {}, 'code'],
  ['a refusal of the request', { code_challenge: undefined, code_challenge_method: undefined }, 'error'],
  ['a sign-in that is needed', { prompt: 'none', max_age: '0' }, 'error'],
  ['claims that are none', { claims: '{' }, 'error'],
]

describe.each(outcomes)('%s', (_what, parameters, member) => {
  test.each(modes)('by %s', async (response_mode) => {
    await browser.open(party.authorizationUrl({ ...parameters, response_mode, state: STATE }))
    const answer = received(browser)
    expect(answer.has(member)).toBe(true)
    expect(answer.getAll('iss')).toEqual([world.origin])
    expect(answer.getAll('state')).toEqual([STATE])
  })
  test.each(signed)('by %s', async (response_mode) => {
    await browser.open(party.authorizationUrl({ ...parameters, response_mode, state: STATE }))
    const answer = received(browser)
    expect([...answer.keys()]).toEqual(['response'])
    const claims = decodeJwt(answer.get('response')!)
    expect(claims).toHaveProperty(member)
    expect(claims).toMatchObject({ iss: world.origin, aud: party.registration.client_id, state: STATE })
  })
})

describe('without a code', () => {
  test('response_type none answers with them alone', async () => {
    await browser.open(party.authorizationUrl({ response_type: 'none', state: STATE }))
    expect(Object.fromEntries(browser.callback)).toEqual({ iss: world.origin, state: STATE })
  })
  test('a person who refuses does so under the name of the provider', async () => {
    const other = world.browser()
    await enter(other, party, await world.citizen(), { state: STATE })
    await other.submit({ decision: 'deny' }, '/consent')
    expect(other.callback.get('error')).toBe('access_denied')
    expect([other.callback.get('iss'), other.callback.get('state')]).toEqual([world.origin, STATE])
  })
  test('an unknown response_type too, in the query, as the mode cannot be told', async () => {
    await browser.open(party.authorizationUrl({ response_type: 'code token', state: STATE }))
    const answer = received(browser)
    expect([answer.get('iss'), answer.get('state')]).toEqual([world.origin, STATE])
  })
})

test('no state is made up where none was sent', async () => {
  await browser.open(party.authorizationUrl({ state: undefined }))
  expect(browser.callback.has('state')).toBe(false)
})

test('state cannot take the place of other parameters', async () => {
  const state = 'x&iss=https://evil.example&code=stolen'
  await browser.open(party.authorizationUrl({ state, prompt: 'none', max_age: '0' }))
  expect([...browser.callback.keys()].sort()).toEqual(['error', 'error_description', 'iss', 'state'])
  expect(browser.callback.get('state')).toBe(state)
})

test('discovery says so', async () => {
  const document = await (await fetch(`${world.listens}/.well-known/openid-configuration`)).json()
  expect(document).toMatchObject({ issuer: world.origin, authorization_response_iss_parameter_supported: true })
})
