import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import { units } from '#src/store/unit.ts'
import type { Browser, Shown } from '../browser-http.ts'
import { isHot, textOf } from '../hostile/work.ts'
import type { ActingParty } from '../relying-party.ts'
import { saying } from '../saying.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

let world: World
let party: ActingParty
let citizen: Citizen
const verify = vi.fn(argon2Hasher.verify)
beforeAll(async () => {
  world = await startWorld({ replacements: { hasher: { ...argon2Hasher, verify } } })
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
  verify.mockClear()
})
afterAll(() => world.stop())

async function atPassword(): Promise<Browser> {
  const browser = world.browser()
  await browser.open(party.authorizationUrl())
  return browser
}

const answer = (browser: Browser, identifier: string, password: string) =>
  browser.submit({ identifier, password }, '/identify')

/** The page without what differs between any two pages. */
function anonymous({ html }: Shown, identifier: string): string {
  return html
    .replaceAll(identifier, 'IDENTIFIER')
    .replace(/name="csrf" value="[^"]+"/g, 'csrf')
    .replace(/\/login\/[\w-]+/g, '/login/UID')
    .replace(/%2Flogin%2F[\w-]+/g, '%2Flogin%2FUID')
}

const HEADERS_THAT_DIFFER = ['x-request-id', 'date', 'content-length']

function comparableHeaders({ headers }: Shown): Record<string, unknown> {
  const rest = Object.entries(headers).filter(([name]) => !HEADERS_THAT_DIFFER.includes(name))
  return Object.fromEntries(rest)
}

describe('nothing tells whether an account exists', () => {
  test.each([
    ['phone', () => citizen.phone, '+79169999999'],
    ['e-mail', () => citizen.email, 'nobody00@example.org'],
  ])('a wrong password for a known %s and an unknown one get the same answer', async (_kind, known, unknown) => {
    const [one, other] = [await atPassword(), await atPassword()]
    const wrong = await answer(one, known(), 'неверный пароль')
    expect(verify).toHaveBeenCalledTimes(1)
    const absent = await answer(other, unknown, 'неверный пароль')
    expect(verify).toHaveBeenCalledTimes(2)
    expect(wrong.status).toBe(422)
    expect(wrong.errors).toHaveLength(1)
    expect(absent.status).toBe(wrong.status)
    expect(anonymous(absent, unknown)).toBe(anonymous(wrong, known()))
    expect(comparableHeaders(absent)).toEqual(comparableHeaders(wrong))
    const cookieNames = (browser: Browser) => browser.cookies().map((cookie) => cookie.split('=')[0])
    expect(cookieNames(other)).toEqual(cookieNames(one))
  })

  test('something that is neither phone nor e-mail gets the same answer too', async () => {
    const browser = await atPassword()
    const page = await answer(browser, 'просто слово', 'неверный пароль')
    expect(page.status).toBe(422)
    expect(verify).toHaveBeenCalledTimes(1)
    const known = await answer(await atPassword(), citizen.phone, 'неверный пароль')
    expect(page.errors).toEqual(known.errors)
  })

  test('the same is looked up and the same statements reach the database for both', async () => {
    const { store } = world.house
    const read = vi.spyOn(store, 'read')
    let sent: string[] = []
    const original = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
    const query = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      // Hot statements are those of requests, several of which may share one; what runs now and then works beside them, in no unit.
      if (isHot(args[0]) || units.getStore()) sent.push(textOf(args[0]))
      return original.apply(this, args)
    } as never)
    const sentFor = async (identifier: string) => {
      const browser = await atPassword()
      read.mockClear()
      sent = []
      await answer(browser, identifier, 'неверный пароль')
      return { lookedUp: read.mock.calls.map(([{ name }]) => name), sent: [...sent] }
    }
    const known = await sentFor(citizen.phone)
    expect(known.lookedUp).toContain('passwords')
    expect(known.sent.flatMap((statements) => statements.split(' '))).toEqual(
      expect.arrayContaining(['read:identifiers', 'read:passwords', 'throttle:3', 'unit:journal']),
    )
    expect(await sentFor('+79169999998')).toEqual(known)
    read.mockRestore()
    query.mockRestore()
  })

  test('the lock comes after as many attempts, with the same words, for an identifier that nobody holds', async () => {
    const absent = { ...citizen, phone: '+79168888888', password: 'неверный пароль' }
    const [known, unknown] = [{ ...citizen, password: 'неверный пароль' }, absent]
    const statuses = async (who: Citizen) => {
      const seen: string[] = []
      const browser = world.browser()
      for (let i = 0; i < 7; i++) {
        const page = await enter(browser, party, who)
        seen.push(`${page.status} ${page.errors.join()}`)
      }
      return seen
    }
    const [first, second] = [await statuses(known), await statuses(unknown)]
    expect(first).toEqual(second)
    expect(first.at(-1)).toMatch(/^429 /)
  })

  test('the same unknown identifier in another spelling is the same identifier', async () => {
    const browser = await atPassword()
    for (const spelling of ['+79167777777', '8 916 777-77-77', '9167777777', '+7 (916) 777 77 77', '79167777777'])
      expect((await answer(browser, spelling, 'неверный пароль')).status).toBe(422)
    expect((await answer(browser, '+79167777777', 'неверный пароль')).status).toBe(429)
  })

  test('only the journal tells a wrong password from an unknown identifier', async () => {
    await answer(await atPassword(), citizen.phone, 'неверный пароль')
    expect((await world.journal(citizen.oid))[0]).toMatchObject({
      type: 'factor.refused',
      fields: {
        kind: 'password',
        code: 'sign_in.wrong',
        client: party.registration.client_id,
        address: expect.any(String),
      },
    })
    await answer(await atPassword(), '+79166666666', 'неверный пароль')
    expect((await world.journal(0))[0]).toMatchObject({ type: 'login.identifier_unknown' })
  })
})

describe('the form', () => {
  test('an empty password keeps the identifier; an empty identifier says so; neither computes a hash', async () => {
    const browser = await atPassword()
    const page = await answer(browser, citizen.phone, '')
    expect(page.status).toBe(422)
    expect(page.errors).toEqual([expect.stringMatching(saying('login.password_missing'))])
    expect(page.html).toContain(`value="${citizen.phone}"`)
    expect(page.title).toMatch(/^Ошибка: /)
    expect((await answer(browser, '   ', 'x')).errors).toEqual([
      expect.stringMatching(saying('login.identifier_missing')),
    ])
    expect((await answer(browser, '', '')).errors).toHaveLength(2)
    expect(verify).not.toHaveBeenCalled()
  })

  test('a password never comes back in a page, whatever else is wrong', async () => {
    const browser = await atPassword()
    const pages = [
      await answer(browser, '', 'тайна-42'),
      await answer(browser, citizen.phone, 'тайна-42'),
      await answer(browser, 'x'.repeat(300), 'тайна-42'),
      await browser.submit({ identifier: citizen.phone, password: 'тайна-42', extra: '1' }, '/identify'),
    ]
    for (const page of pages) {
      expect(page.status).toBe(422)
      expect(page.html).not.toContain('тайна-42')
    }
  })

  test('a password of a megabyte is refused before it is hashed, one of a page is wrong', async () => {
    const browser = await atPassword()
    expect((await answer(browser, citizen.phone, 'x'.repeat(50_000))).status).toBe(422)
    const form = browser.form('/identify')
    const body = new URLSearchParams({ ...form.hidden, identifier: citizen.phone, password: 'x'.repeat(1_000_000) })
    expect((await browser.post(form.action, body.toString())).status).toBe(413)
  })

  test('login_hint fills the identifier in', async () => {
    const browser = world.browser()
    await browser.open(party.authorizationUrl({ login_hint: 'anna@example.org"><script>' }))
    expect(browser.page.html).toContain('value="anna@example.org&quot;&gt;&lt;script&gt;"')
  })
})

describe('the right person gets in', () => {
  test.each([
    ['e-mail in capitals', () => citizen.email.toUpperCase()],
    ['e-mail with spaces around', () => `  ${citizen.email} `],
    ['phone from 8', () => `8${citizen.phone.slice(2)}`],
    ['phone without a country', () => citizen.phone.slice(2)],
    ['phone as people write it', () => citizen.phone.replace(/^\+7(\d{3})(\d{3})(\d\d)(\d\d)$/, '+7 ($1) $2-$3-$4')],
    ['phone with no-break spaces', () => citizen.phone.replace(/^\+7(\d{3})/, '+7\u00a0$1\u00a0')],
  ])('by %s', async (_how, identifier) => {
    const browser = await atPassword()
    await answer(browser, identifier(), citizen.password)
    expect(world.view).toBe('login/consent')
  })

  test('with a password in another Unicode form', async () => {
    const composed = await world.citizen({ password: 'Ёлки й палки в лесу' })
    await enter(world.browser(), party, { ...composed, password: composed.password.normalize('NFD') })
    expect(world.view).toBe('login/consent')
  })

  test('and passwords are told apart by case and by spaces', async () => {
    for (const near of [citizen.password.toUpperCase(), ` ${citizen.password}`, `${citizen.password} `]) {
      await enter(world.browser(), party, { ...citizen, password: near })
      expect(world.view).toBe('login/password')
    }
  })
})
