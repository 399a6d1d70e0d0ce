import supertest from 'supertest'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { saying } from '../../saying.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { asked, CIBA_GRANT, cibaClient, fetchResult, messageOf } from './acting-client.ts'

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await cibaClient(world)
})
beforeEach(async () => {
  citizen = await world.citizen()
})

async function opened(link: string): Promise<Browser> {
  const browser = world.browser()
  await browser.open(link)
  return browser
}

async function approved(hint = citizen.phone) {
  const request = await asked(world, party, { login_hint: hint })
  const browser = await opened((await messageOf(world, citizen)).link)
  await browser.submit({ code: await world.code(citizen.phone), decision: 'approve' })
  return request
}

const block = () => world.block(citizen)

describe('the page', () => {
  test('opened by a program decides nothing, and shows nothing of the person', async () => {
    const request = await asked(world, party, { login_hint: citizen.phone, scope: 'openid profile phone email' })
    const { link } = await messageOf(world, citizen)
    const { page } = await opened(link)
    await supertest(world.listens).head(new URL(link).pathname)
    for (const secret of ['Ветрова', 'Ольга', citizen.email, '45-67', String(citizen.oid)])
      expect(page.html).not.toContain(secret)
    expect((await fetchResult(party, request)).body.error).toBe('authorization_pending')
  })

  test('says for how long data can be fetched, unless that was agreed to before', async () => {
    const term = saying('consent.term_text', { count: 365 })
    await asked(world, party, { login_hint: citizen.phone, scope: 'openid' })
    const first = await opened((await messageOf(world, citizen)).link)
    expect(first.page.html).toMatch(term)
    expect(first.page.html).toMatch(saying('consent.item.sub'))
    await first.submit({ decision: 'approve', code: await world.code(citizen.phone) })
    await asked(world, party, { login_hint: citizen.phone, scope: 'openid' })
    expect((await opened((await messageOf(world, citizen, 1)).link)).page.html).not.toMatch(term)
  })

  test('says that access goes on without the person, unless that was agreed to before', async () => {
    const scope = 'openid profile offline_access'
    await asked(world, party, { login_hint: citizen.phone })
    const plain = await opened((await messageOf(world, citizen)).link)
    expect(plain.page.html).not.toMatch(saying('consent.offline'))
    await plain.submit({ decision: 'approve', code: await world.code(citizen.phone) })
    await asked(world, party, { login_hint: citizen.phone, scope })
    const offline = await opened((await messageOf(world, citizen, 1)).link)
    expect(offline.page.html).toMatch(saying('consent.offline'))
    await offline.submit({ decision: 'approve', code: await world.code(citizen.phone, 1) })
    await asked(world, party, { login_hint: citizen.phone, scope })
    const again = await opened((await messageOf(world, citizen, 2)).link)
    expect(again.page.html).not.toMatch(saying('consent.offline'))
  })

  test('of a guessed, expired or decided request says one and the same', async () => {
    const decided = await asked(world, party, { login_hint: citizen.phone })
    const { link } = await messageOf(world, citizen)
    await (await opened(link)).submit({ decision: 'refuse' })
    const other = await world.citizen()
    await asked(world, party, { login_hint: other.phone, requested_expiry: '30' })
    const late = await messageOf(world, other)
    world.travel(31)
    const pages = []
    for (const address of [`${world.origin}/approve/${'x'.repeat(22)}`, link, late.link]) {
      const { page } = await opened(address)
      pages.push({ status: page.status, text: page.html.match(/<main[\s\S]*<\/main>/)?.[0] })
    }
    expect(pages[0]).toMatchObject({ status: 404, text: expect.stringMatching(saying('ciba.gone')) })
    for (const page of pages) expect(page).toEqual(pages[0])
    expect((await fetchResult(party, decided)).body.error).toBe('access_denied')
  })

  test('takes neither the code of another request nor more than five tries', async () => {
    await asked(world, party, { login_hint: citizen.phone })
    const mine = await messageOf(world, citizen)
    const other = await world.citizen()
    await asked(world, party, { login_hint: other.phone })
    await messageOf(world, other)
    const [code, foreign] = [await world.code(citizen.phone), await world.code(other.phone)]
    const browser = await opened(mine.link)
    const wrong = foreign === code ? '000000' : foreign
    for (let n = 0; n < 5; n++) await browser.submit({ code: wrong, decision: 'approve' })
    expect(browser.page.errors).toEqual([expect.stringMatching(saying('code.exhausted'))])
    await browser.submit({ code, decision: 'approve' })
    expect(browser.page.status).toBe(422)
  })

  test('counts guesses at once one by one', async () => {
    await asked(world, party, { login_hint: citizen.phone })
    const { link } = await messageOf(world, citizen)
    const code = await world.code(citizen.phone)
    const browsers = await Promise.all(Array.from({ length: 8 }, () => opened(link)))
    const wrong = code === '000000' ? '111111' : '000000'
    await Promise.all(browsers.map((browser) => browser.submit({ code: wrong, decision: 'approve' })))
    await browsers[0]!.submit({ code, decision: 'approve' })
    expect(browsers[0]!.page.status).toBe(422)
  })

  test('lets one of two approvals at once win', async () => {
    const request = await asked(world, party, { login_hint: citizen.phone })
    const { link } = await messageOf(world, citizen)
    const code = await world.code(citizen.phone)
    const browsers = await Promise.all([opened(link), opened(link)])
    await Promise.all(browsers.map((browser) => browser.submit({ code, decision: 'approve' })))
    expect(browsers.filter(({ page }) => page.url.endsWith('/approve/done'))).toHaveLength(1)
    const types = (await world.journal(citizen.oid)).map(({ type }) => type)
    expect(types.filter((type) => type === 'ciba.approved')).toHaveLength(1)
    expect((await fetchResult(party, request)).status).toBe(200)
  })

  test('lets an approval and a refusal at once not both win', async () => {
    const request = await asked(world, party, { login_hint: citizen.phone })
    const { link } = await messageOf(world, citizen)
    const code = await world.code(citizen.phone)
    const [one, other] = [await opened(link), await opened(link)]
    await Promise.all([one.submit({ code, decision: 'approve' }), other.submit({ decision: 'refuse' })])
    const types = (await world.journal(citizen.oid)).map(({ type }) => type)
    const decisions = types.filter((type) => /^ciba\.(approved|refused)$/.test(type))
    expect(decisions).toHaveLength(1)
    expect((await fetchResult(party, request)).status).toBe(decisions[0] === 'ciba.approved' ? 200 : 400)
  })

  test('of a person who was blocked meanwhile is gone', async () => {
    await asked(world, party, { login_hint: citizen.phone })
    const { link } = await messageOf(world, citizen)
    await block()
    expect((await opened(link)).page.status).toBe(404)
  })

  test('of a client that was suspended meanwhile is gone, for those too who have it open', async () => {
    const suspended = await cibaClient(world)
    const { client_id } = suspended.registration
    await asked(world, suspended, { login_hint: citizen.phone })
    const { link } = await messageOf(world, citizen)
    const browser = await opened(link)
    await world.house.registrar.suspend(client_id, 'trial')
    await browser.submit({ decision: 'approve', code: await world.code(citizen.phone) })
    expect(browser.page.status).toBe(404)
    expect(await world.house.consents.find(citizen.oid, client_id)).toBeUndefined()
    expect((await opened(link)).page.status).toBe(404)
  })

  test('takes no form from elsewhere', async () => {
    const request = await asked(world, party, { login_hint: citizen.phone })
    const { link } = await messageOf(world, citizen)
    const browser = world.browser()
    const { status } = await browser.post(link, `decision=approve&code=${await world.code(citizen.phone)}`)
    expect(status).toBe(403)
    expect((await fetchResult(party, request)).body.error).toBe('authorization_pending')
  })
})

describe('the result', () => {
  test('is another client’s for nobody', async () => {
    const request = await approved()
    expect((await fetchResult(await cibaClient(world), request)).body.error).toBe('invalid_grant')
    expect((await fetchResult(party, request)).status).toBe(200)
  })

  test('is fetched once: a second time takes back what the first one gave', async () => {
    const request = await approved()
    const { body } = await fetchResult(party, request)
    expect((await fetchResult(party, request)).body.error).toBe('invalid_grant')
    expect((await party.userinfo(body.access_token)).status).toBe(401)
  })

  test('of two at once goes to one, and is taken back', async () => {
    const request = await approved()
    const both = await Promise.all([fetchResult(party, request), fetchResult(party, request)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
    const won = both.find(({ status }) => status === 200)!
    expect((await party.userinfo(won.body.access_token)).status).toBe(401)
  })

  test('is nobody’s when the person was blocked meanwhile', async () => {
    const request = await approved()
    await block()
    expect((await fetchResult(party, request)).body.error).toBe('invalid_grant')
  })

  test('is not to be asked for too often', async () => {
    const request = await asked(world, party, { login_hint: citizen.phone })
    const errors = []
    for (let n = 0; n < 3; n++) errors.push((await fetchResult(party, request)).body.error)
    expect(errors).toEqual(['authorization_pending', 'slow_down', 'slow_down'])
  })

  test('does not come for a made-up auth_req_id', async () => {
    const { body } = await party.token({ grant_type: CIBA_GRANT, auth_req_id: 'x'.repeat(43) })
    expect(body).toMatchObject({ error: 'invalid_grant' })
  })
})
