import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { enterCabinet, shownKey } from '../authenticators.ts'
import { inCabinet, pathOf } from '../cabinet/cabinet.ts'
import {
  contactsOf,
  freshPhone,
  LOST,
  linkTo,
  PHONE,
  proposed,
  enter as typeCode,
} from '../cabinet/changing-contacts.ts'
import { linksTo } from '../cabinet/reporting.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { clash, detach } from '../hostile/registering.ts'
import { keyOptions } from '../login/enrolling.ts'
import { begin, mailedLink, matches, NEW_PASSWORD, proven, provenTwice } from '../recovery/acting.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

/** How long each thing is good for: a second before the end it still is, a second after it no more. */

const MINUTE = 60
const HOUR = 3600
const DAY = 24 * HOUR

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen

beforeAll(async () => {
  party = await world.relyingParty()
  // From here on time stands still between calls.
  world.travel(0)
})
beforeEach(async () => {
  await world.forgetAttempts()
  citizen = await world.citizen()
})

/** Gets hold of something. @returns what uses it, and answers whether it still counted */
type Term = () => Promise<() => Promise<boolean>>

/** Whoever has lost the phone asks for another one. @returns its number */
async function weakPhoneChange(): Promise<string> {
  const phone = freshPhone()
  const browser = world.browser()
  await browser.open('/account')
  await browser.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
  await browser.open(LOST)
  await browser.submit({ phone }, '/lost-phone')
  await typeCode(world, browser, phone)
  return phone
}

const terms: [string, number, Term][] = [
  [
    'a code by SMS',
    5 * MINUTE,
    async () => {
      const browser = world.browser()
      await enter(browser, party, citizen, { acr_values: 'aal2' })
      const code = await world.code(citizen.phone)
      return async () => (await browser.submit({ code }, '/factor/code')).status === 200
    },
  ],
  [
    'the challenge of a key',
    5 * MINUTE,
    async () => {
      const cabinet = await enterCabinet(world, citizen, '/security/add/webauthn')
      const key = new SoftKey(world.origin)
      await cabinet.submit({ credential: key.create(keyOptions(cabinet)), name: '' }, '/security/add/webauthn')
      const browser = world.browser()
      await enter(browser, party, citizen, { acr_values: 'aal2' })
      const credential = key.get(keyOptions(browser))
      return async () => (await browser.submit({ credential }, '/factor/webauthn')).status === 200
    },
  ],
  [
    'a sign-in for what changes the account’s security',
    5 * MINUTE,
    async () => {
      const browser = await enterCabinet(world, citizen, '/security/add/totp')
      return async () => {
        await browser.open('/security/add/totp')
        return world.view === 'factors/totp/enrol'
      }
    },
  ],
  [
    'a sign-in that is under way',
    30 * MINUTE,
    async () => {
      const browser = world.browser()
      await browser.open(party.authorizationUrl())
      const { phone: identifier, password } = citizen
      return async () => (await browser.submit({ identifier, password }, '/identify')).html.includes('/consent"')
    },
  ],
  [
    'the mailed link of a recovery',
    5 * MINUTE,
    async () => {
      const browser = world.browser()
      await begin(browser, citizen.email)
      const link = await mailedLink(world, citizen.email)
      return async () => (await browser.open(link)).status === 200
    },
  ],
  [
    'a recovery',
    30 * MINUTE,
    async () => {
      const browser = world.browser()
      await provenTwice(world, browser, citizen)
      return async () => {
        await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
        return matches(world, citizen, NEW_PASSWORD)
      }
    },
  ],
  [
    'a new contact that waits for its code, which is sent again',
    30 * MINUTE,
    async () => {
      const browser = await proposed(world, citizen, 'phone', freshPhone())
      return async () => {
        await enterCabinet(world, citizen, `${PHONE}/code`, browser)
        return pathOf(browser) === `${PHONE}/code`
      }
    },
  ],
  [
    'what the owner can stop by the link of a change',
    72 * HOUR,
    async () => {
      const phone = await weakPhoneChange()
      const browser = world.browser()
      await browser.open(await linkTo(world, citizen.email, 'changes'))
      return async () => {
        await world.house.delayedChanges.applyDue()
        await browser.submit({})
        return (await contactsOf(world, citizen)).phone !== phone
      }
    },
  ],
  [
    'the former password after a weak recovery',
    72 * HOUR,
    async () => {
      const browser = world.browser()
      await proven(world, browser, citizen.phone)
      await browser.submit({}, '/none')
      await browser.submit({ password: NEW_PASSWORD }, '/recovery/password')
      return async () => {
        await world.house.delayedChanges.applyDue()
        return matches(world, citizen, citizen.password)
      }
    },
  ],
  [
    'a number that somebody else has asked for',
    72 * HOUR,
    async () => {
      const browser = world.browser()
      await clash(world, browser, citizen.phone)
      await detach(world, browser, citizen.email)
      return async () => {
        await world.house.detachments.detachDue()
        return (await contactsOf(world, citizen)).phone === citizen.phone
      }
    },
  ],
  [
    'the link “this was not me”',
    30 * DAY,
    async () => {
      await inCabinet(world, citizen)
      await inCabinet(world, citizen)
      const [link = ''] = await linksTo(world, citizen)
      const browser = world.browser()
      await browser.open(link)
      return async () => (await browser.submit({})).status === 200
    },
  ],
  [
    'a trusted device',
    30 * DAY,
    async () => {
      const row = { oid: citizen.oid, chosen: JSON.stringify({ secondFactor: true }), changed_at: new Date() }
      await world.house.store.db.insertInto('account_settings').values(row).execute()
      const browser = world.browser()
      await enter(browser, party, citizen)
      await browser.submit({ code: await world.code(citizen.phone), trust: 'yes' }, '/factor/code')
      await browser.submit({ decision: 'allow' }, '/consent')
      return async () => {
        await enter(browser, party, citizen)
        return !browser.page.html.includes('/factor/')
      }
    },
  ],
]

describe.each(terms)('%s', (_what, seconds, take) => {
  test('counts until its end, and no longer', async () => {
    const inTime = await take()
    world.travel(seconds - 1)
    expect(await inTime()).toBe(true)
    world.travel(MINUTE)
    await world.forgetAttempts()
    citizen = await world.citizen()
    const late = await take()
    world.travel(seconds + 1)
    expect(await late()).toBe(false)
  })
})

test('the key of an app that is being added waits for ten minutes', async () => {
  const adding = async (seconds: number) => {
    citizen = await world.citizen()
    const browser = await enterCabinet(world, citizen, '/security/add/totp')
    const secret = shownKey(browser)
    world.travel(seconds)
    // As the sign-in is older than five minutes, a new one comes first.
    await enterCabinet(world, citizen, '/security/add/totp', browser)
    return [secret, shownKey(browser)]
  }
  const [before, still] = await adding(10 * MINUTE - 1)
  expect(still).toBe(before)
  const [former, another] = await adding(10 * MINUTE + 1)
  expect(another).not.toBe(former)
})
