import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { enter, signedIn } from '../../signing-in.ts'
import { signingParty } from '../../signing-party.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

/** Subjects that only clients of one sector share (OpenID Connect Core, section 8). */

const world = worldOfFile()
let citizen: Citizen
beforeAll(async () => {
  citizen = await world.citizen()
})

const pairwise = (host: string) =>
  world.relyingParty({ subject_type: 'pairwise', redirect_uris: [`https://${host}/cb`] })

async function subjects(party: ActingParty, person = citizen) {
  const { tokens } = await signedIn(world, { party, citizen: person })
  const { sub } = await party.claims(tokens.id_token)
  const { body } = await party.userinfo(tokens.access_token)
  return { sub: sub!, userinfo: body.sub, tokens }
}

describe('a pairwise subject', () => {
  test('is the same in id_token, userinfo and introspection, and tells nothing of the account', async () => {
    const party = await signingParty(world, { subject_type: 'pairwise', redirect_uris: ['https://one.example/cb'] })
    const browser = world.browser()
    await browser.open(party.acting.authorizationUrl())
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
    const { body } = await party.redeem(browser.callback.get('code')!, {}, { proof: undefined })
    const { sub } = await party.acting.claims(body.id_token)
    expect(sub).toMatch(/^[\w-]{43}$/)
    expect(sub).not.toContain(String(citizen.oid))
    expect((await party.acting.userinfo(body.access_token)).body.sub).toBe(sub)
    expect((await party.send('/oauth2/introspect', { token: body.access_token })).body).toMatchObject({ sub })
  })
  test('is the same for one sector, whatever the client', async () => {
    const [one, two] = [await pairwise('sector.example'), await pairwise('sector.example')]
    expect((await subjects(one)).sub).toBe((await subjects(two)).sub)
  })
  test('is another in another sector, and for another person', async () => {
    const party = await pairwise('first.example')
    const { sub } = await subjects(party)
    expect((await subjects(await pairwise('second.example'))).sub).not.toBe(sub)
    expect((await subjects(party, await world.citizen())).sub).not.toBe(sub)
  })
  test('stays at the next sign-in and after a refresh', async () => {
    const party = await pairwise('stays.example')
    const first = await subjects(party)
    const { body } = await party.refresh(first.tokens.refresh_token!)
    expect((await party.claims(body.id_token)).sub).toBe(first.sub)
    expect((await subjects(party)).sub).toBe(first.sub)
  })
  test('is taken back as a hint', async () => {
    const party = await pairwise('hint.example')
    const { browser, tokens } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ prompt: 'none', id_token_hint: tokens.id_token }))
    expect(browser.callback.get('code')).toBeTypeOf('string')
    const stranger = await signedIn(world, { party, citizen: await world.citizen() })
    await stranger.browser.open(party.authorizationUrl({ prompt: 'none', id_token_hint: tokens.id_token }))
    expect(stranger.browser.callback.get('error')).toBe('login_required')
  })
  test('as a hint lets the person sign in anew, and nobody else', async () => {
    const party = await pairwise('again.example')
    const { tokens } = await signedIn(world, { party, citizen })
    const parameters = { id_token_hint: tokens.id_token }
    expect(await party.claims((await signedIn(world, { party, citizen, parameters })).tokens.id_token)).toMatchObject({
      sub: decodeJwt(tokens.id_token).sub,
    })
    const browser = world.browser()
    await enter(browser, party, await world.citizen(), parameters)
    if (browser.page.html.includes('/consent')) await browser.submit({ decision: 'allow' }, '/consent')
    expect(browser.callback.get('error')).toBe('login_required')
  })
})

test('a public subject is the account number, the same for every client', async () => {
  const party = await world.relyingParty()
  expect(await subjects(party)).toMatchObject({ sub: String(citizen.oid), userinfo: String(citizen.oid) })
})
