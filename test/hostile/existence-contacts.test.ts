import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { at, EMAIL, freshPhone, LOST, PHONE } from '../cabinet/changing-contacts.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { type Watch, type Work, watchWork } from './work.ts'

let world: World
let watch: Watch
beforeAll(async () => {
  watch = watchWork()
  world = await startWorld({ replacements: { hasher: watch.hasher } })
})
beforeEach(async () => {
  world.travel(61)
  await world.forgetAttempts()
})
afterAll(async () => {
  await world.stop()
  vi.restoreAllMocks()
})

let mails = 0
const freshEmail = () => `fresh.${String(++mails).padStart(3, '0')}@example.org`

/** The contact, its page, a wrong code and none, a further code at once and a minute later, the same contact again. */
async function steps(path: string, field: 'phone' | 'email', value: string): Promise<Work[]> {
  const person = await world.citizen({ email: `person.${String(++mails).padStart(3, '0')}@example.org` })
  // Whoever gives the e-mail has no access to the phone, and gets to the page that is for them.
  const who: Citizen = path === LOST ? { ...person, phone: '' } : person
  const browser = await at(world, path, who)
  const known = world.sentTo(value)
  const work = [await watch.workOf(() => browser.submit({ [field]: value }, path))]
  const wrong = (await world.code(value, known)) === '000000' ? '111111' : '000000'
  work.push(await watch.workOf(() => browser.open(`${path}/code`)))
  work.push(await watch.workOf(() => browser.submit({ code: wrong }, '/code')))
  work.push(await watch.workOf(() => browser.submit({ code: '' }, '/code')))
  work.push(await watch.workOf(() => browser.submit({}, '/again')))
  world.travel(61)
  work.push(await watch.workOf(() => browser.submit({}, '/again')))
  await browser.open(path)
  work.push(await watch.workOf(() => browser.submit({ [field]: value }, path)))
  return work
}

test.each([PHONE, LOST])('a new number that another account has is the work of a free one: %s', async (path) => {
  const holder = await world.citizen()
  const taken = await steps(path, 'phone', holder.phone)
  const free = await steps(path, 'phone', freshPhone())
  expect(taken.map(({ status }) => status)).toEqual([200, 200, 422, 422, 429, 200, 200])
  expect(taken[0]!.statements.length).toBeGreaterThan(3)
  expect(free).toEqual(taken)
})

test('so is an e-mail', async () => {
  const holder = await world.citizen({ email: freshEmail() })
  const taken = await steps(EMAIL, 'email', holder.email)
  const free = await steps(EMAIL, 'email', freshEmail())
  expect(taken.map(({ status }) => status)).toEqual([200, 200, 422, 422, 429, 200, 200])
  expect(free).toEqual(taken)
})
