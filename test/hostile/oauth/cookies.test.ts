import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Browser } from '#test/browser-http.ts'
import type { ActingParty } from '#test/relying-party.ts'
import { enter, signedIn } from '#test/signing-in.ts'
import { type Citizen, startWorld, type World } from '#test/world.ts'
import { cookiesOf, type Exchanged, exchange } from '../raw-http.ts'

/** Cookies forged, cut, planted and mixed, and links of a sign-in in somebody else's browser. */

vi.setConfig({ testTimeout: 60_000 })

let world: World
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld()
  party = await world.relyingParty()
  citizen = await world.citizen()
})
afterAll(() => world.stop())

type Jar = Map<string, string>
const jarOf = (cookies: string): Jar =>
  new Map(cookies.split('; ').map((pair) => [pair.split('=', 1)[0]!, pair.slice(pair.indexOf('=') + 1)]))
const written = (jar: Jar) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
const one = (answer: Exchanged, name: string) => answer.headers.get(name)?.[0] ?? ''
const pathOf = (url: string) => url.slice(new URL(url).origin.length)

async function ask(target: string, cookies: string, at = world): Promise<Exchanged> {
  const answer = await exchange(at.listens, { target, headers: { Accept: 'text/html', Cookie: cookies } })
  expect(answer.status).toBeLessThan(500)
  return answer
}
/** Whether cookies are somebody's session. */
async function signsIn(cookies: string): Promise<boolean> {
  const answer = await ask(pathOf(party.authorizationUrl({ prompt: 'none' })), cookies)
  return one(answer, 'location').includes('code=')
}

describe('a session cookie is nobody’s', () => {
  let jar: Jar
  let other: Jar
  beforeAll(async () => {
    jar = jarOf(cookiesOf((await signedIn(world, { party, citizen })).browser, '/'))
    other = jarOf(cookiesOf((await signedIn(world, { party, citizen: await world.citizen() })).browser, '/'))
    expect(await signsIn(written(jar))).toBe(true)
  })
  const session = () => jar.get('session')!
  const signature = () => jar.get('session.sig')!

  test.each<[string, () => Jar]>([
    ['without its signature', () => new Map([['session', session()]])],
    ['with an empty one', () => new Map([...jar, ['session.sig', '']])],
    ['with a cut one', () => new Map([...jar, ['session.sig', signature().slice(0, -1)]])],
    ['with one prolonged', () => new Map([...jar, ['session.sig', `${signature()}A`]])],
    ['with that of another session', () => new Map([...jar, ['session.sig', other.get('session.sig')!]])],
    ['with that of another cookie', () => new Map([...jar, ['session.sig', jar.get('csrf.sig') ?? 'x'.repeat(27)]])],
    ['of another, with its own signature', () => new Map([...jar, ['session', other.get('session')!]])],
    ['cut', () => new Map([...jar, ['session', session().slice(0, -1)]])],
    [
      'under another case',
      () =>
        new Map([
          ['Session', session()],
          ['Session.sig', signature()],
        ]),
    ],
    [
      'under the name of https',
      () =>
        new Map([
          ['__Host-session', session()],
          ['__Host-session.sig', signature()],
        ]),
    ],
    [
      'under the name of another cookie',
      () =>
        new Map([
          ['resume', session()],
          ['resume.sig', signature()],
        ]),
    ],
    ['with the signature in its name', () => new Map([['session', `${session()}.sig=${signature()}`]])],
    ['of thousands', () => new Map([...jar, ['session', session().repeat(100)]])],
  ])('%s', async (_how, forged) => {
    expect(await signsIn(written(forged()))).toBe(false)
  })
  test('beyond what a request may hold', async () => {
    const { status } = await ask('/oauth2/authorize', `session=${'x'.repeat(20_000)}`)
    expect(status).toBe(431)
  })
  test('behind thousands of others', async () => {
    const many = Array.from({ length: 1_500 }, (_, n) => `c${n}=1`).join('; ')
    expect((await ask(pathOf(party.authorizationUrl({ prompt: 'none' })), many)).status).toBe(303)
  })
  test('once its session has ended', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    const kept = cookiesOf(browser, '/')
    expect(await signsIn(kept)).toBe(true)
    await browser.open('/oauth2/logout')
    await browser.submit({ logout: 'yes' })
    expect(await signsIn(kept)).toBe(false)
  })
  test('of before the sign-in: the name changes with it', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl())
    const before = jarOf(cookiesOf(browser, '/')).get('session')
    await enter(browser, party, citizen)
    const after = jarOf(cookiesOf(browser, '/')).get('session')
    expect(after).toBeTypeOf('string')
    expect(after).not.toBe(before)
  })
})

describe('a sign-in that another browser has begun', () => {
  let attacker: Browser
  let victim: Browser
  let uid: string
  beforeEach(async () => {
    attacker = world.browser()
    await attacker.open(party.authorizationUrl())
    uid = attacker.page.url.split('/').at(-1)!
    victim = (await signedIn(world, { party, citizen })).browser
  })
  const login = () => `/login/${uid}`
  const resume = () => `/oauth2/authorize/${uid}`

  test('opens no page and goes no further by its links', async () => {
    for (const path of [login(), resume()]) {
      await victim.open(path)
      expect([path, victim.page.status]).toEqual([path, 400])
    }
    expect(await signsIn(cookiesOf(victim, '/'))).toBe(true)
  })
  test('is not taken over with the cookie of one’s own', async () => {
    await victim.open(party.authorizationUrl({ prompt: 'login' }))
    const own = victim.page.url.split('/').at(-1)!
    const cookies = cookiesOf(victim, `/login/${own}`)
    expect((await ask(login(), cookies)).status).toBe(400)
    // The cookie alone says which one goes on: one's own.
    const { headers } = await ask(resume(), cookiesOf(victim, `/oauth2/authorize/${own}`))
    expect(headers.get('location')?.[0]).not.toContain(uid)
    await attacker.open(resume())
    expect(attacker.page.url).not.toContain('code=')
  })
  test('is not finished by a stranger’s form', async () => {
    const form = attacker.form('/identify')
    const body = new URLSearchParams({ ...form.hidden, identifier: citizen.phone, password: citizen.password })
    await victim.post(form.action, body.toString())
    expect(victim.page.status).toBeGreaterThanOrEqual(400)
    await attacker.open(resume())
    expect(attacker.page.url).not.toContain('code=')
  })
  test('planted with its cookies in front of a person, as a neighbouring host can, shows no page to sign in on', async () => {
    const planted = [...jarOf(cookiesOf(attacker, login()))].filter(([name]) => name.startsWith('interaction'))
    const page = await ask(login(), written(new Map(planted)))
    expect([page.status, page.body.includes('/identify')]).toEqual([400, false])
  })
  test('planted with its cookies beside a live session goes no further', async () => {
    const planted = [...jarOf(cookiesOf(attacker, resume()))].filter(([name]) => name.startsWith('resume'))
    const { status } = await ask(resume(), written(new Map([...jarOf(cookiesOf(victim, '/')), ...planted])))
    expect(status).toBe(400)
  })
  test('that somebody has signed in on goes no further in the browser that holds its other cookie', async () => {
    const moved = cookiesOf(attacker, resume())
    await attacker.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    const thief = [...jarOf(moved)].filter(([name]) => name.startsWith('resume'))
    const answer = await ask(resume(), written(new Map(thief)))
    expect([answer.status, answer.headers.has('location')]).toEqual([400, false])
  })
})

describe('behind https', () => {
  const issuer = 'https://id.example.org'
  let secure: World
  let there: ActingParty
  let jar: Jar
  beforeAll(async () => {
    secure = await startWorld({ env: { ISSUER: issuer } })
    there = await secure.relyingParty()
    const person = await secure.citizen()
    jar = new Map()
    let page = await walk('GET', pathOf(there.authorizationUrl()))
    page = await walk('POST', actionOf(page), { identifier: person.phone, password: person.password }, page)
    page = await walk('POST', actionOf(page), { decision: 'allow' }, page)
    expect(one(page, 'location')).toContain('code=')
  })
  afterAll(() => secure.stop())

  /** One step of a browser that keeps all cookies for all paths, as nothing here is secure to a test's client. */
  async function walk(method: string, target: string, fields?: object, shown?: Exchanged): Promise<Exchanged> {
    const csrf = /name="csrf" value="([^"]+)"/.exec(shown?.body ?? '')?.[1] ?? ''
    const answer = await exchange(secure.listens, {
      method,
      target,
      headers: {
        Accept: 'text/html',
        Cookie: written(jar),
        ...(fields && { Origin: issuer, 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      ...(fields && { body: new URLSearchParams({ csrf, ...fields }).toString() }),
    })
    for (const cookie of answer.headers.get('set-cookie') ?? []) {
      const [name, value] = [cookie.split('=', 1)[0]!, cookie.slice(cookie.indexOf('=') + 1).split(';', 1)[0]!]
      jar.set(name, value)
    }
    const location = one(answer, 'location')
    if (answer.status !== 303 || location.startsWith('https://rp.example')) return answer
    return walk('GET', location.replace(issuer, ''))
  }
  const actionOf = (page: Exchanged) => /<form method="post" action="([^"]+)"/.exec(page.body)![1]!

  async function knows(cookies: Jar): Promise<boolean> {
    const answer = await ask(pathOf(there.authorizationUrl({ prompt: 'none' })), written(cookies), secure)
    return one(answer, 'location').includes('code=')
  }
  test('a session is known by the cookie that only this host can have set over https', async () => {
    expect(await knows(jar)).toBe(true)
    const [session, signature] = ['__Host-session', '__Host-session.sig'].map((name) => jar.get(name)!)
    for (const name of ['session', '__Secure-session', '__host-session', 'Host-session'])
      expect([
        name,
        await knows(
          new Map([
            [name, session!],
            [`${name}.sig`, signature!],
          ]),
        ),
      ]).toEqual([name, false])
  })
})
