import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { addApp, addRecoveryCodes, addressIn, appCode, enterCabinet } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { inCabinet } from '../cabinet/cabinet.ts'
import { contactsOf, freshPhone, LOST, linkTo, enter as typeCode } from '../cabinet/changing-contacts.ts'
import { linksTo } from '../cabinet/reporting.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { keyOptions } from '../login/enrolling.ts'
import { begin, mailedLink } from '../recovery/acting.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter } from '../signing-in.ts'
import type { Citizen, World } from '../world.ts'
import { type PreparedForm, prepare, send } from './raw-http.ts'
import { clash, detach } from './registering.ts'
import { startTwoProcesses, statuses, type TwoProcesses } from './two-processes.ts'

vi.setConfig({ testTimeout: 90_000 })

const ROUNDS = 6

let two: TwoProcesses
let world: World
let party: ActingParty

beforeAll(async () => {
  two = await startTwoProcesses()
  world = two.world
  party = await world.relyingParty()
})
afterAll(() => two?.stop())

async function rounds(work: (citizen: Citizen) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    await world.forgetAttempts()
    await work(await world.citizen())
  }
}

/** Opens a link that came by mail, in a browser that knows nothing else. @returns its button */
async function buttonOf(link: string): Promise<PreparedForm> {
  const browser = world.browser()
  await browser.open(link)
  return prepare(browser, {}, new URL(link).pathname, world.origin)
}

/** Everything that waits for its 72 hours has waited. */
async function threeDaysLater(table: 'delayed_changes' | 'detachments'): Promise<void> {
  await world.house.store.db
    .updateTable(table)
    .set({ due_at: new Date(Date.now() - 1000) })
    .where('state', '=', 'waiting')
    .execute()
}

/** A change of the phone that waits, for whoever has lost the old one. @returns the link that stops it, and the new number */
async function waitingPhone(citizen: Citizen): Promise<{ link: string; phone: string }> {
  const phone = freshPhone()
  const browser = world.browser()
  await browser.open('/account')
  await browser.submit({ identifier: citizen.email, password: citizen.password }, '/identify')
  await browser.open(LOST)
  await browser.submit({ phone }, '/lost-phone')
  await typeCode(world, browser, phone)
  return { link: await linkTo(world, citizen.email, 'changes'), phone }
}

test('the link that says “this was not me” is used once', async () => {
  await rounds(async (citizen) => {
    await inCabinet(world, citizen)
    // A second browser is news to the owner.
    await addApp(world, citizen, world.browser())
    const [link = ''] = await linksTo(world, citizen)
    const button = await buttonOf(link)
    expect(statuses(await two.raced([button, button]))).toEqual([303, 404])
    expect(await two.count(citizen, 'incident.reported')).toBe(1)
  })
})

test('the link that stops a change is used once', async () => {
  await rounds(async (citizen) => {
    const button = await buttonOf((await waitingPhone(citizen)).link)
    expect(statuses(await two.raced([button, button]))).toEqual([303, 404])
    expect(await two.count(citizen, 'change.stopped')).toBe(1)
  })
})

test('a change that is stopped while it is carried out is either stopped or done, and its page says which', async () => {
  await rounds(async (citizen) => {
    const { link, phone } = await waitingPhone(citizen)
    const button = await buttonOf(link)
    await threeDaysLater('delayed_changes')
    const [answer] = await Promise.all([send(two.both[1], button), world.house.delayedChanges.applyDue()])
    const stopped = answer!.status === 303
    expect((await contactsOf(world, citizen)).phone).toBe(stopped ? citizen.phone : phone)
    expect([await two.count(citizen, 'change.stopped'), await two.count(citizen, 'change.applied')]).toEqual(
      stopped ? [1, 0] : [0, 1],
    )
  })
})

test('the link that keeps a number is used once', async () => {
  await rounds(async (citizen) => {
    const browser = world.browser()
    await clash(world, browser, citizen.phone)
    const button = await buttonOf(await detach(world, browser, citizen.email))
    expect(statuses(await two.raced([button, button]))).toEqual([303, 404])
    expect(await two.count(citizen, 'contact.detachment_cancelled')).toBe(1)
  })
})

test('a number that is kept while it is taken is either kept or gone, and its page says which', async () => {
  await rounds(async (citizen) => {
    const browser = world.browser()
    await clash(world, browser, citizen.phone)
    const button = await buttonOf(await detach(world, browser, citizen.email))
    await threeDaysLater('detachments')
    const [answer] = await Promise.all([send(two.both[1], button), world.house.detachments.detachDue()])
    const kept = answer!.status === 303
    expect((await contactsOf(world, citizen)).phone).toBe(kept ? citizen.phone : undefined)
  })
})

test('the mailed link of a recovery proves the address once', async () => {
  await rounds(async (citizen) => {
    const browser = world.browser()
    await begin(browser, citizen.email)
    const link = await mailedLink(world, citizen.email)
    await browser.open(link)
    const button = prepare(browser, {}, new URL(link).pathname, world.origin)
    await two.raced([button, button])
    expect(await two.count(citizen, 'recovery.proven')).toBe(1)
  })
})

test('one recovery code either signs in or asks for the removal of a lost key, not both', async () => {
  await rounds(async (citizen) => {
    const owner = world.browser()
    const [code = ''] = await addRecoveryCodes(world, citizen, owner)
    const key = new SoftKey(world.origin)
    await owner.open('/security/add/webauthn')
    await owner.submit({ credential: key.create(keyOptions(owner)), name: '' }, '/security/add/webauthn')
    await world.forgetAttempts()
    const lost = await atLost(citizen)
    const signing = world.browser()
    await enter(signing, party, citizen, { acr_values: 'aal2' })
    await signing.open(`${signing.page.url}?with=recovery_code`)
    const forms = [
      prepare(lost, { code }, '/lost', world.origin),
      prepare(signing, { code }, '/factor/recovery_code', world.origin),
    ]
    expect(statuses(await two.raced(forms))).toEqual([303, 422])
  })
})

test('one hardware token is taken by one of two people', async () => {
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  let number = 40_000_000
  await rounds(async (citizen) => {
    const serial = String(++number)
    const command = ['tokens', 'import', '--seeds', `${serial},${seed}`]
    await runCommand(command, { store: world.house.store, house: async () => world.house })
    const people = [citizen, await world.citizen()]
    const forms: PreparedForm[] = []
    for (const person of people) {
      const browser = await enterCabinet(world, person, '/security/add/totp')
      forms.push(prepare(browser, { serial, code: appCode(seed), name: '' }, '/security/add/totp', world.origin))
    }
    const answers = await two.raced(forms)
    expect(statuses(answers)).toEqual([303, 422])
    const apps = await Promise.all(people.map(async ({ oid }) => world.house.authenticators.list(oid)))
    expect(apps.flat().filter(({ kind }) => kind === 'totp')).toHaveLength(1)
  })
})

/** Signed in by password and SMS, which the lost key outranks. */
async function atLost(citizen: Citizen): Promise<Browser> {
  const browser = await inCabinet(world, citizen, '/security')
  return enterCabinet(world, citizen, addressIn(browser, 'webauthn', 'lost'), browser)
}
