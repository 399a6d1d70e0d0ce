import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AccountSettings } from '#src/accounts/settings.ts'
import type { Realm } from '#src/kernel/realms.ts'
import type { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { forge, signInOf } from './enrolling.ts'

let world: World
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  world = await startWorld()
  party = await world.relyingParty()
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => world.stop())

const db = () => world.house.store.db

async function moveTo(realm: Realm): Promise<void> {
  await db().updateTable('accounts').set({ realm }).where('oid', '=', citizen.oid).execute()
}

async function choose(chosen: Partial<AccountSettings>): Promise<void> {
  const row = { oid: citizen.oid, chosen: JSON.stringify(chosen), changed_at: new Date() }
  await db().insertInto('account_settings').values(row).execute()
}

/** Leaves the account with its password alone. */
async function loseContacts(): Promise<void> {
  await db().deleteFrom('contacts').where('oid', '=', citizen.oid).where('kind', '=', 'email').execute()
  await db().deleteFrom('contacts').where('oid', '=', citizen.oid).where('kind', '=', 'phone').execute()
}

async function claimsAt(browser: Browser) {
  const { status, body } = await party.redeem(browser.callback.get('code')!)
  expect(status).toBe(200)
  return party.claims(body.id_token)
}

describe('where the realm requires a second factor', () => {
  test('a password is not enough, whatever the service asks for', async () => {
    await moveTo('operator')
    const browser = world.browser()
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/code')
    expect(browser.page.html).toContain('только с двумя подтверждениями')
    await forge(browser, `${signInOf(browser)}/consent`, { decision: 'allow' })
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 0)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
  })

  test('a session of one factor, from before, is asked for the second', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    await moveTo('administrator')
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
    await browser.open(party.authorizationUrl())
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 0)
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
  })

  test('so it is by the pages of the account', async () => {
    const { browser } = await signedIn(world, { party, citizen })
    await moveTo('institution')
    await browser.open(`${world.origin}/requests`)
    expect(world.view).toBe('login/code')
    await enterCode(world, browser, citizen, 0)
    expect(world.view).toBe('cabinet/requests')
  })

  test('no device is trusted, and the owner’s own switch changes nothing', async () => {
    await moveTo('operator')
    await choose({ secondFactor: false })
    const browser = world.browser()
    await enter(browser, party, citizen)
    expect(browser.page.html).not.toContain('name="trust"')
    await browser.submit({ code: await world.code(citizen.phone), trust: 'yes' }, '/factor/code')
    await browser.submit({ decision: 'allow' }, '/consent')
    await enter(browser, party, citizen, { prompt: 'login' })
    expect(world.view).toBe('login/code')
  })

  test.each(['operator', 'institution', 'administrator'] as const)(
    'an e-mail is no second one for the realm %s: it takes an authenticator of `aal2`, added on the way',
    async (realm) => {
      await moveTo(realm)
      await db().deleteFrom('contacts').where('oid', '=', citizen.oid).where('kind', '=', 'phone').execute()
      const person = { ...citizen, phone: citizen.email }
      const browser = world.browser()
      await enter(browser, party, person)
      expect(world.view).toBe('login/unmet')
      await forge(browser, `${signInOf(browser)}/consent`, { decision: 'allow' })
      expect(world.view).toBe('login/unmet')
      await browser.open(`${signInOf(browser)}/enrol/totp`)
      expect(world.view).toBe('login/code')
      await enterCode(world, browser, person, 0)
      expect(world.view).toBe('factors/totp/enrol')
    },
  )

  test('nor does a session of password and e-mail, from before, open a service or the pages of the account', async () => {
    await choose({ secondFactor: true })
    await db().deleteFrom('contacts').where('oid', '=', citizen.oid).where('kind', '=', 'phone').execute()
    const person = { ...citizen, phone: citizen.email }
    const browser = world.browser()
    await enter(browser, party, person)
    await enterCode(world, browser, person, 0)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal1' })
    await moveTo('operator')
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
    await browser.open(party.authorizationUrl())
    expect(world.view).toBe('login/unmet')
    await browser.open(`${world.origin}/requests`)
    expect(world.view).toBe('login/unmet')
  })

  test('whoever has none adds one on the way, and there is no way round', async () => {
    await moveTo('operator')
    await loseContacts()
    const browser = world.browser()
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/unmet')
    await forge(browser, `${signInOf(browser)}/consent`, { decision: 'allow' })
    expect(world.view).toBe('login/unmet')
    expect(browser.page.html).toContain('/enrol/totp')
    expect(browser.page.html).not.toContain('/enrol/recovery_code')
    await browser.open(`${signInOf(browser)}/enrol/totp`)
    expect(world.view).toBe('factors/totp/enrol')
  })
})

describe('where it is the owner’s choice', () => {
  test('nothing is asked of whoever chose nothing', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/consent')
  })

  test('it is asked for when chosen, and the level is told', async () => {
    await choose({ secondFactor: true })
    const browser = world.browser()
    await enter(browser, party, citizen)
    expect(world.view).toBe('login/code')
    expect(browser.page.html).toContain('Вы просили при каждом входе')
    await enterCode(world, browser, citizen, 0)
    await browser.submit({ decision: 'allow' }, '/consent')
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal2' })
  })

  test('a device that is trusted is spared it, which raises nothing', async () => {
    await choose({ secondFactor: true })
    const browser = world.browser()
    await enter(browser, party, citizen)
    await browser.submit({ code: await world.code(citizen.phone), trust: 'yes' }, '/factor/code')
    await browser.submit({ decision: 'allow' }, '/consent')
    world.travel(60)
    await enter(browser, party, citizen, { prompt: 'login' })
    expect(await claimsAt(browser)).toMatchObject({ acr: 'aal1', amr: ['pwd'] })
    await enter(world.browser(), party, citizen)
    expect(world.view).toBe('login/code')
  })

  test('a trusted device is not spared what the service asks for', async () => {
    await choose({ secondFactor: true })
    const browser = world.browser()
    await enter(browser, party, citizen)
    await browser.submit({ code: await world.code(citizen.phone), trust: 'yes' }, '/factor/code')
    await browser.submit({ decision: 'allow' }, '/consent')
    await enter(browser, party, citizen, { prompt: 'login', acr_values: 'aal2' })
    expect(world.view).toBe('login/code')
    expect(browser.page.html).not.toContain('name="trust"')
  })

  test('a device is not trusted by a box that the page did not have', async () => {
    const browser = world.browser()
    await enter(browser, party, citizen, { acr_values: 'aal2' })
    await browser.submit({ code: await world.code(citizen.phone), trust: 'yes' }, '/factor/code')
    await browser.submit({ decision: 'allow' }, '/consent')
    await choose({ secondFactor: true })
    await enter(browser, party, citizen, { prompt: 'login' })
    expect(world.view).toBe('login/code')
  })

  test('whoever has none is let in without', async () => {
    await choose({ secondFactor: true })
    await loseContacts()
    await enter(world.browser(), party, citizen)
    expect(world.view).toBe('login/consent')
  })

  test('the settings come with the account, in no statement of their own', async () => {
    await choose({ secondFactor: false })
    const { browser } = await signedIn(world, { party, citizen })
    await browser.open(party.authorizationUrl({ prompt: 'login' }))
    const statements: string[] = []
    const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
    vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
      statements.push(...String((args[0] as pg.QueryConfig).text).split(' '))
      return query.apply(this, args)
    } as never)
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(browser.callback.get('code')).not.toBeNull()
    expect(statements).toContain('read:accounts')
    expect(statements).not.toContain('read:account_settings')
  })
})

describe('configured otherwise', () => {
  const within = async (env: Record<string, string>, work: (other: World, by: ActingParty) => Promise<void>) => {
    const other = await startWorld({ beside: world, env })
    try {
      await work(other, await other.relyingParty({ client_id: `of-${JSON.stringify(env).replace(/\W/g, '')}` }))
    } finally {
      await other.stop()
    }
  }

  test('off: nobody is asked, not even by their own wish', async () => {
    await choose({ secondFactor: true })
    await within({ SECOND_FACTOR_CITIZEN: 'off' }, async (other, by) => {
      await enter(other.browser(), by, citizen)
      expect(other.view).toBe('login/consent')
    })
  })

  test('required: citizens are asked too', async () => {
    await within({ SECOND_FACTOR_CITIZEN: 'required' }, async (other, by) => {
      await enter(other.browser(), by, citizen)
      expect(other.view).toBe('login/code')
    })
  })

  test('without adding at sign-in: a plain explanation, and the error', async () => {
    await moveTo('operator')
    await loseContacts()
    await within({ ENROL_AT_SIGN_IN: 'citizen' }, async (other, by) => {
      const browser = other.browser()
      await enter(browser, by, citizen)
      expect(other.view).toBe('login/unmet')
      expect(browser.page.html).not.toContain('/enrol/')
      const sign = signInOf(browser)
      await browser.open(`${sign}/enrol/totp`)
      expect(other.view).toBe('login/unmet')
      await browser.submit({}, '/unmet')
      expect(browser.callback.get('error')).toBe('unmet_authentication_requirements')
    })
  })
})
