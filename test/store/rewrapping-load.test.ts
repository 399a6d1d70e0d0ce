import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSettings } from '#src/accounts/settings.ts'
import { exportOf } from '#src/cabinet/leaving/account-export.ts'
import { writtenAsJson } from '#src/cabinet/leaving/export-json.ts'
import { runCommand } from '#src/commands.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { makeDataKeys } from '#src/store/keyring.ts'
import { identities } from '../hostile/identities.ts'
import type { ActingParty } from '../relying-party.ts'
import { signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'

const [oldKey, newKey] = ['old', 'new'].map((id) => `${id}:${randomBytes(32).toString('base64')}`)
const configured = (...keys: (string | undefined)[]) => ({ env: { KEY_ENCRYPTION_KEYS: keys.join(',') } })
const PEOPLE = 12

/** A process that has not been restarted with the new key in front yet, and one that has. */
let former: World
let present: World
let party: ActingParty
/** What is on record of two more, in every table that identities have. */
let marked: Readonly<Record<string, string>>
const people: { readonly citizen: Citizen; readonly refreshToken: string }[] = []

beforeAll(async () => {
  former = await startWorld(configured(oldKey, newKey))
  party = await former.relyingParty()
  for (let n = 0; n < PEOPLE; n++) {
    const citizen = await former.citizen()
    const { tokens } = await signedIn(former, { party, citizen })
    people.push({ citizen, refreshToken: tokens.refresh_token! })
  }
  const { passport: _parts, ...values } = await identities(former)
  marked = values
  present = await startWorld({ beside: former, ...configured(newKey, oldKey) })
})
afterAll(async () => {
  await present?.stop()
  await former?.stop()
})

const rewrap = () => runCommand(['keys', 'rewrap'], { store: present.house.store, house: async () => present.house })

async function wrappedBy(kek: string): Promise<number> {
  const { rows } = await present.house.store.script(
    'select from data_keys where kek_id = $1 union all select from keyring where kek_id = $1',
    [kek],
  )
  return rows.length
}

/** Everything that is held of all accounts, opened. */
async function copies({ house }: World): Promise<string> {
  const { store, keyring, identityRecords: records } = house
  const settings = makeSettings({ store, clock: systemClock })
  const deps = { ...house, records, settings, dataKeys: makeDataKeys(store.db, keyring) }
  const pieces: string[] = []
  for (const { oid } of await store.db.selectFrom('accounts').select('oid').execute()) {
    const sections = exportOf(await house.accounts.read(oid), deps)
    for await (const piece of writtenAsJson(sections, { issuer: '', at: new Date() })) pieces.push(piece)
  }
  return pieces.join('')
}

/** Reads, writes and registers in both processes without a pause. */
function load() {
  let going = true
  const faults: unknown[] = []
  let rounds = 0
  /** Every other citizen is of one process, so that two sign-ins of one do not meet. */
  const visit = async (world: World, offset: number) => {
    const own = await former.relyingParty()
    for (let turn = offset; going; turn += 2) {
      const { citizen } = people[turn % PEOPLE]!
      await (async () => {
        const account = await world.house.accounts.read(citizen.oid)
        expect(account.phone).toBe(citizen.phone)
        await world.house.journal.read(citizen.oid, { limit: 5 })
        await former.citizen({ email: null })
        const { tokens } = await signedIn(former, { party: own, citizen, browser: world.browser() })
        expect((await own.userinfo(tokens.access_token)).status).toBe(200)
      })().catch((fault: unknown) => void faults.push(fault))
      rounds++
    }
  }
  const visits = [visit(former, 0), visit(present, 1)]
  return {
    faults,
    rounds: () => rounds,
    stop: async () => {
      going = false
      await Promise.all(visits)
    },
  }
}

test('keys are wrapped anew while both processes serve, and afterwards the old one is needed by nobody', async () => {
  expect(await wrappedBy('old')).toBeGreaterThan(PEOPLE)
  const { faults, rounds, stop } = load()
  while (rounds() < PEOPLE && faults.length === 0) expect((await rewrap()).exitCode).toBe(0)
  await stop()
  expect(faults).toEqual([])
  // What the process with the old key in front has made since.
  expect((await rewrap()).output).toMatch(/^Keys wrapped anew: \d+/)
  expect(await wrappedBy('old')).toBe(0)

  const last = await startWorld({ beside: former, ...configured(newKey) })
  try {
    for (const { citizen, refreshToken } of people) {
      expect(await last.house.accounts.read(citizen.oid)).toMatchObject({ phone: citizen.phone, email: citizen.email })
      expect((await last.house.accounts.read(citizen.oid)).person.familyName).toBe('Ветрова')
      expect((await last.house.journal.read(citizen.oid, { limit: 100 })).length).toBeGreaterThan(1)
      expect((await party.refresh(refreshToken, {}, last.listens)).status).toBe(200)
    }
    const opened = await copies(last)
    for (const [name, value] of Object.entries(marked)) expect([name, opened.includes(value)]).toEqual([name, true])
  } finally {
    await last.stop()
  }
})
