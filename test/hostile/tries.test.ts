import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { answering, arriving } from '../cabinet/identity/rig.ts'
import { type PreparedForm, prepare } from './raw-http.ts'
import { startTwoProcesses, statuses, type TwoProcesses } from './two-processes.ts'

vi.setConfig({ testTimeout: 90_000 })

/** Refused by a registry, so that nobody gets the SNILS. */
const CODE = 'snils-annulled'
const PEOPLE = 8
const TRIES = 5

let two: TwoProcesses

beforeAll(async () => {
  two = await startTwoProcesses()
})
afterAll(() => two?.stop())

test('of eight who give one SNILS at the same moment to two processes five are let through', async () => {
  const { world } = two
  const forms: PreparedForm[] = []
  for (let n = 0; n < PEOPLE; n++) {
    await world.forgetAttempts()
    const { citizen, browser } = await arriving(world, CODE)
    await answering(world, browser, citizen, CODE)
    forms.push(prepare(browser, {}, '/check', world.origin))
  }
  const answers = await two.raced(forms)
  expect(statuses(answers)).toEqual([...Array(TRIES).fill(303), ...Array(PEOPLE - TRIES).fill(429)])
  const requests = await world.house.store.db.selectFrom('requests').select('oid').execute()
  expect(requests).toHaveLength(TRIES)
})
