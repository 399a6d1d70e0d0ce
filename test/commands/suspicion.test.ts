import { beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { inCabinet } from '../cabinet/cabinet.ts'
import { prove } from '../proving.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'

/** An operator's suspicion suspends *verified* and can be taken back (R-A8). */

const REASON = 'Сообщение банка 12-345'

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  world.travel(86_400)
  citizen = await world.citizen()
})

const run = (verb: string, account: string = String(citizen.oid), reason = REASON) =>
  runCommand(['accounts', verb, account, '--reason', reason], {
    store: world.house.store,
    house: async () => world.house,
  })
const shown = async () =>
  JSON.parse(
    (
      await runCommand(['accounts', 'show', String(citizen.oid), '--json'], {
        store: world.house.store,
        house: async () => world.house,
      })
    ).output,
  )
const levelOf = async () => (await shown()).identity_level
const events = async (type: string) => (await world.journal(citizen.oid)).filter((event) => event.type === type)

/** Levels that have settled are told. */
async function told(kind: string): Promise<void> {
  world.travel(21)
  await world.house.levelNotices.tellDue()
  for (const contact of [citizen.phone, citizen.email]) {
    const text = contact === citizen.email ? `message.${kind}.mail` : `message.${kind}`
    await expect.poll(() => world.sent.find(({ recipient }) => recipient === contact)?.text).toMatch(saying(text))
  }
}

describe('refused', () => {
  test.each(['suspect', 'trust'])('%s of an account that there is not, and without a reason', async (verb) => {
    expect(await run(verb, '1000000000')).toMatchObject({ exitCode: 1, output: 'there is no account 1000000000\n' })
    expect(await run(verb, undefined, ' ')).toMatchObject({ exitCode: 2, output: expect.stringMatching(/--reason/) })
  })

  test.each(['suspect', 'trust'])('%s of a closed account', async (verb) => {
    await prove(world, citizen, 'verified')
    if (verb === 'trust') await run('suspect')
    await world.house.closing.close(citizen.oid, 'owner', { actor: 'owner', origin: '' })
    const before = await shown()
    expect(await run(verb)).toMatchObject({ exitCode: 1, output: `${citizen.oid} is closed\n` })
    expect(await shown()).toEqual(before)
  })

  test('suspicion of whom nobody takes for proven', async () => {
    expect((await run('suspect')).output).toMatch(/no proof of identity that counts/)
    await prove(world, citizen, 'standard')
    expect((await run('suspect')).output).toMatch(/no proof of identity that counts/)
    expect(await events('account.suspected')).toEqual([])
  })

  test('a second suspicion, and trust in whom nobody suspects', async () => {
    await prove(world, citizen, 'verified')
    expect(await run('trust')).toMatchObject({ exitCode: 1, output: `${citizen.oid} is not under suspicion\n` })
    await run('suspect')
    expect(await run('suspect')).toMatchObject({
      exitCode: 1,
      output: `${citizen.oid} is under suspicion already\n`,
    })
    expect(await events('account.suspected')).toHaveLength(1)
    expect(await events('account.trusted')).toEqual([])
  })
})

describe('under suspicion', () => {
  beforeEach(async () => {
    await prove(world, citizen, 'verified')
    world.travel(60)
    await world.house.levelNotices.tellDue()
    expect((await run('suspect')).exitCode).toBe(0)
  })

  test('nobody is verified, and the journal says why', async () => {
    expect(await shown()).toMatchObject({ identity_level: 'standard', suspected_since: expect.any(String) })
    expect((await events('account.suspected'))[0]?.fields).toMatchObject({ actor: 'cli', reason: REASON })
    expect((await events('identity.level_changed'))[0]?.fields).toMatchObject({
      before: 'verified',
      after: 'standard',
      cause: 'operator',
      lacks: 'proof_again',
    })
  })

  test('the owner is told what to do, by message and on the pages, and not in the words of the operator', async () => {
    await told('level_unproven')
    const browser = await inCabinet(world, citizen)
    for (const path of ['/account', '/account/identity']) {
      await browser.open(path)
      expect(browser.page.html).toMatch(saying('identity.unproven'))
    }
    await browser.open('/security/journal')
    expect(browser.page.html).toMatch(saying('journal.account.suspected'))
    expect(browser.page.html).not.toContain('12-345')
    expect(world.sent.filter(({ text }) => text.includes('12-345'))).toEqual([])
  })

  test('trust brings it back, which is told', async () => {
    await told('level_unproven')
    expect((await run('trust')).output).toMatch(/identity level is verified/)
    expect(await shown()).not.toHaveProperty('suspected_since')
    expect((await events('account.trusted'))[0]?.fields).toMatchObject({ actor: 'cli', reason: REASON })
    await told('level_restored')
    const browser = await inCabinet(world, citizen)
    expect(browser.page.html).not.toMatch(saying('identity.unproven'))
  })

  test('a later proof counts, and there is nothing left to be trusted', async () => {
    world.travel(60)
    await proveAgain()
    expect(await levelOf()).toBe('verified')
    expect(await shown()).not.toHaveProperty('suspected_since')
    expect((await run('trust')).output).toMatch(/not under suspicion/)
    expect((await run('suspect')).exitCode).toBe(0)
    expect(await levelOf()).toBe('standard')
  })

  test('trust does not bring back what something else has suspended', async () => {
    world.travel(60)
    await change((record) => record.suspend())
    expect((await run('trust')).output).toMatch(/identity level is standard/)
    expect((await run('suspect')).output).toMatch(/nothing to suspend/)
  })
})

test('a level that waits for the check of a change does not come back under suspicion', async () => {
  await prove(world, citizen, 'verified')
  await change((record) => record.setCoreChange(true))
  expect((await run('suspect')).exitCode).toBe(0)
  await change((record) => record.setCoreChange(false))
  expect(await levelOf()).toBe('standard')
})

async function change(work: Parameters<typeof world.house.identityRecords.change>[3]): Promise<void> {
  const { store, ownerNotices, identityRecords } = world.house
  const owner = await ownerNotices.ownerOf(citizen.oid)
  const reason = { cause: 'operator', actor: 'cli', origin: '' }
  await store.tx((tx) => identityRecords.change(tx, owner, reason, work))
}

const proveAgain = () => change((record) => record.prove({ kind: 'centre', verifier: 'mfc_77_1', covers: ['person'] }))
