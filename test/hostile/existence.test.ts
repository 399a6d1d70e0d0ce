import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { solved } from '../guessing.ts'
import type { ActingParty } from '../relying-party.ts'
import { startWorld, type World } from '../world.ts'
import { prepare, send } from './raw-http.ts'
import { newcomer, register } from './registering.ts'
import { type Watch, type Work, watchWork } from './work.ts'

let world: World
let party: ActingParty
let watch: Watch

beforeAll(async () => {
  watch = watchWork()
  world = await startWorld({ replacements: { hasher: watch.hasher } })
  party = await world.relyingParty()
})
afterAll(async () => {
  await world.stop()
  vi.restoreAllMocks()
})

/** @param proof once more on the page of the refusal, with the proof of work that it asks for */
async function answers(identifier: string, password: string, proof = false): Promise<Work> {
  const browser = world.browser()
  await browser.open(party.authorizationUrl())
  const answer = (solution = {}) => browser.submit({ identifier, password, ...solution }, '/identify')
  if (!proof) return watch.workOf(answer)
  await answer()
  const solution = await solved(browser)
  return watch.workOf(() => answer(solution))
}

test.each(['phone', 'email'] as const)('a wrong password and an unknown %s are one answer', async (kind) => {
  const citizen = await world.citizen({ email: `known.${kind}@example.org` })
  const nobody = { phone: '+79169999999', email: 'other.email@example.org' }
  const known = await answers(citizen[kind], 'not the password')
  const unknown = await answers(nobody[kind], 'not the password')
  expect(known).toMatchObject({ status: 422, hashes: 1 })
  expect(known.statements.length).toBeGreaterThan(3)
  expect(unknown).toEqual(known)
})

test('slowing, proofs of work and locking tell nothing either, nor do other spellings', async () => {
  const citizen = await world.citizen({ email: null })
  const spellings = (digits: string) => [`+7${digits}`, `8${digits}`, `+7 ${digits}`]
  const attempts: { known: Work; unknown: Work }[] = []
  for (let attempt = 0; attempt < 13; attempt++) {
    // From the fifth on an attempt has to wait for up to a minute.
    world.travel(61)
    const [known, unknown] = [citizen.phone.slice(2), '9168888888'].map((digits) => spellings(digits)[attempt % 3]!)
    for (const proof of [false, true])
      attempts.push({ known: await answers(known!, 'wrong', proof), unknown: await answers(unknown!, 'wrong', proof) })
  }
  for (const { known, unknown } of attempts) expect(unknown).toEqual(known)
  expect(attempts.filter(({ known }) => known.status === 429 && known.hashes === 0).length).toBeGreaterThan(5)
  // The owner is told all the same, after the answer has left.
  expect((await world.message(citizen.phone)).text).not.toBe('')
})

test('a registration with a taken phone goes on like any other until its code is entered', async () => {
  const citizen = await world.citizen({ email: null })
  const taken = await phoneSteps(citizen.phone)
  const free = await phoneSteps('+79267654321')
  expect(taken.map(({ status }) => status)).toEqual([200, 422, 422, 200])
  expect(free).toEqual(taken)
})

test('so does one with a taken e-mail address', async () => {
  const citizen = await world.citizen({ email: 'taken@example.org' })
  const taken = await emailSteps(citizen.email, '+79267654001')
  const free = await emailSteps('freed@example.org', '+79267654002')
  expect(taken.map(({ status }) => status)).toEqual([200, 422, 422, 200])
  expect(free).toEqual(taken)
})

test.each(['phone', 'email'] as const)('a recovery by a known and an unknown %s is one piece of work', async (kind) => {
  const citizen = await world.citizen({ email: `forgetful.${kind}@example.org` })
  const nobody = { phone: '+79169999001', email: `forgotten.${kind}@example.org` }
  const known = await recoverySteps(citizen[kind])
  const unknown = await recoverySteps(nobody[kind])
  expect(known.map(({ status }) => status)).toEqual([200, 200, 422, 422, 429, 200, 429])
  expect(known[0]!.statements.length).toBeGreaterThan(5)
  expect(await world.code(citizen[kind], 1)).toMatch(/^\d{6}$/)
  expect(unknown).toEqual(known)
})

test('so is a guess in another process, which has not seen the account before', async () => {
  const beside = await startWorld({ beside: world })
  const guess = async (identifier: string) => {
    const browser = world.browser()
    await browser.open('/recovery')
    await browser.submit({ identifier }, '/recovery')
    const form = prepare(browser, { code: '000000' }, '/recovery/code', world.origin)
    const { result, statements } = await watch.during(() => send(beside.listens, form))
    return { status: result.status, bytes: Buffer.byteLength(result.body), statements }
  }
  await guess('+79169999003')
  const citizen = await world.citizen()
  const known = await guess(citizen.phone)
  expect(known.status).toBe(422)
  expect(await guess('+79169999004')).toEqual(known)
  await beside.stop()
})

test.each(['blocked', 'closed'] as const)('so is one of a %s account', async (state) => {
  const citizen = await world.citizen({ email: null })
  await world.house.store.db.updateTable('accounts').set({ state }).where('oid', '=', citizen.oid).execute()
  expect(await recoverySteps(citizen.phone)).toEqual(await recoverySteps('+79169999002'))
})

/** The identifier, the page of the code, a wrong code and none, a further code at once and a minute later, a second recovery. */
async function recoverySteps(identifier: string): Promise<Work[]> {
  const browser = world.browser()
  await browser.open('/recovery')
  const steps = [await watch.workOf(() => browser.submit({ identifier }, '/recovery'))]
  steps.push(await watch.workOf(() => browser.open('/recovery/code')))
  steps.push(await watch.workOf(() => browser.submit({ code: '000000' }, '/recovery/code')))
  steps.push(await watch.workOf(() => browser.submit({ code: '' }, '/recovery/code')))
  steps.push(await watch.workOf(() => browser.submit({}, '/again')))
  world.travel(61)
  steps.push(await watch.workOf(() => browser.submit({}, '/again')))
  const other = world.browser()
  await other.open('/recovery')
  steps.push(await watch.workOf(() => other.submit({ identifier }, '/recovery')))
  return steps
}

async function phoneSteps(phone: string): Promise<Work[]> {
  const browser = world.browser()
  const person = { ...newcomer, phone }
  await register(world, browser, person, '/registration/phone')
  return codeSteps(browser, { phone }, '/registration/phone')
}

async function emailSteps(email: string, phone: string): Promise<Work[]> {
  const browser = world.browser()
  await register(world, browser, { ...newcomer, phone, email }, '/registration/email')
  return codeSteps(browser, { email }, '/registration/email')
}

/** The contact, a wrong code, the wish for another code too early, the same contact again. */
async function codeSteps(browser: Browser, contact: Record<string, string>, page: string): Promise<Work[]> {
  const value = Object.values(contact)[0]!
  const before = world.sentTo(value)
  const given = await watch.workOf(() => browser.submit(contact, page))
  const wrong = (await world.code(value, before)) === '000000' ? '111111' : '000000'
  const guessed = await watch.workOf(() => browser.submit({ code: wrong }, `${page}-code`))
  const again = await watch.workOf(() => browser.submit({}, `${page}-code/again`))
  await browser.open(page)
  return [given, guessed, again, await watch.workOf(() => browser.submit(contact, page))]
}
