import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { enrol, factorOf } from '../factors/webauthn/enrolled.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { saying } from '../saying.ts'
import { enter, signedIn } from '../signing-in.ts'
import { type Citizen, worldOfFile } from '../world.ts'

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  citizen = await world.citizen()
})

const run = (...argv: string[]) =>
  runCommand(['accounts', ...argv], { store: world.house.store, house: async () => world.house })
const USED_AT = new Date('2026-03-01T09:00:00Z')
const because = ['--reason', 'Заявление 12-345 <о взломе>']
const shown = async (account: string) => JSON.parse((await run('show', account, '--json')).output)
const types = async () => (await world.journal(citizen.oid)).map(({ type }) => type)

describe('refused with what is wrong', () => {
  test.each([
    [['show'], /the account/],
    [['show', '+79160000000'], /no account/],
    [['show', '1000000000'], /no account/],
    [['show', '2999999999'], /no account/],
    [['show', 'nobody@example.org'], /no account/],
    [['show', 'drop table'], /no account/],
    [['show', 'x', '--reveal'], /reason/],
    [['show', 'x', '--reason', 'just so'], /reveal/],
    [['block', 'x'], /--reason/],
    [['block', 'x', '--reason', ' '], /--reason/],
    [['block', 'x', '--reason', 'a'.repeat(301)], /--reason/],
    [['block', 'x', '--because', 'y'], /--because/],
    [['realm', 'x'], /realm/],
    [['realm', 'x', 'king', '--reason', 'why'], /citizen/],
  ])('%j', async (argv, fault) => {
    const { output, exitCode } = await run(...argv)
    expect(output).toMatch(fault)
    expect(exitCode).toBeGreaterThan(0)
  })

  test('a second block, and an unblock of what is not blocked', async () => {
    const account = String(citizen.oid)
    expect(await run('unblock', account, ...because)).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/active/),
    })
    await run('block', account, ...because)
    expect(await run('block', account, ...because)).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/blocked/),
    })
    expect((await types()).filter((type) => type === 'account.blocked')).toHaveLength(1)
  })
})

describe('show', () => {
  test.each([['oid'], ['phone'], ['email']] as const)('finds an account by its %s', async (by) => {
    expect(await shown(String(citizen[by]))).toMatchObject({
      account: citizen.oid,
      state: 'active',
      realm: 'citizen',
      identity_level: 'simplified',
      authenticators: expect.arrayContaining([
        expect.objectContaining({ kind: 'password', last_use: null }),
        expect.objectContaining({ kind: 'code', detail: expect.stringContaining('•') }),
      ]),
      sessions: 0,
    })
  })

  test('lists every key by its name and sort, with its last use', async () => {
    const factor = await factorOf(world)
    await enrol(factor, citizen, new SoftKey(world.origin, { synced: false }), 'Синий ключ')
    await enrol(factor, citizen, new SoftKey(world.origin, { synced: true }), 'Рабочий ноутбук')
    const [key] = (await world.house.authenticators.list(citizen.oid)).filter(({ name }) => name === 'Синий ключ')
    await world.house.authenticators.used(citizen.oid, { ...key!.worth, amr: [], at: USED_AT, authenticator: key!.id })
    const { authenticators } = await shown(citizen.phone)
    const ofKind = (kind: string) => authenticators.filter((one: { kind: string }) => one.kind === kind)
    expect(ofKind('webauthn')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ sort: 'hardware', name: 'Синий ключ', last_use: USED_AT.toISOString() }),
        expect.objectContaining({ sort: 'synced', name: 'Рабочий ноутбук', last_use: null }),
      ]),
    )
    const { output } = await run('show', citizen.phone)
    expect(output).toMatch(
      /^authenticator\twebauthn\tsort hardware\tname Синий ключ\tadded \S+\tlast use 2026-03-01T09:00/m,
    )
    expect(output).toMatch(/^authenticator\twebauthn\tsort synced\tname Рабочий ноутбук\tadded \S+\tnever used$/m)
  })

  test('counts live sessions, and shows nobody whose account it is', async () => {
    await signedIn(world, { party: await world.relyingParty(), citizen })
    const { output } = await run('show', citizen.phone)
    expect(output).toMatch(/^sessions\t1$/m)
    for (const personal of ['Ветрова', 'Ольга', '1990', citizen.phone, citizen.email])
      expect(output).not.toContain(personal)
    expect(await types()).not.toContain('account.revealed')
  })

  test('reveals the person for a reason, which stands in the journal', async () => {
    const { output } = await run('show', citizen.phone, '--reveal', ...because)
    for (const personal of ['Ветрова', '1990-04-12', citizen.phone, citizen.email]) expect(output).toContain(personal)
    expect((await world.journal(citizen.oid))[0]).toMatchObject({
      type: 'account.revealed',
      fields: { actor: 'cli', reason: because.at(1) },
    })
  })
})

describe('block', () => {
  test('ends everything, tells the owner, and says why to whoever has the password', async () => {
    const party = await world.relyingParty()
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const { tokens } = await signedIn(world, { party, citizen, parameters })
    expect((await run('block', citizen.phone, ...because)).exitCode).toBe(0)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
    expect(await shown(citizen.phone)).toMatchObject({ state: 'blocked', because: because.at(1), sessions: 0 })
    expect((await world.journal(citizen.oid)).find(({ type }) => type === 'account.blocked')?.fields).toMatchObject({
      actor: 'cli',
      reason: because.at(1),
    })
    for (const contact of [citizen.phone, citizen.email])
      expect((await world.message(contact)).text).toMatch(/заблокирована/)

    const browser = world.browser()
    await enter(browser, party, { ...citizen, password: 'wrong password' })
    expect(browser.page.html).toMatch(saying('sign_in.wrong'))
    expect(browser.page.html).not.toContain('12-345')
    await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect([browser.page.status, browser.page.html]).toEqual([403, expect.stringContaining('12-345 &lt;о взломе&gt;')])
    expect(world.logLines.join()).not.toContain('12-345')
  })

  test('unblock lets sign in again, and brings nothing back to life', async () => {
    const party = await world.relyingParty()
    const parameters = { scope: 'openid offline_access', prompt: 'consent' }
    const { browser, tokens } = await signedIn(world, { party, citizen, parameters })
    // As if the process that blocked it had died before it ended the sessions.
    await world.block(citizen)
    expect((await run('unblock', citizen.email, ...because)).exitCode).toBe(0)
    expect((await party.userinfo(tokens.access_token)).status).toBe(401)
    expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
    await browser.open(party.authorizationUrl({ prompt: 'none' }))
    expect(browser.callback.get('error')).toBe('login_required')
    expect((await world.message(citizen.phone)).text).toMatch(/разблокирована/)
    await signedIn(world, { party, citizen, parameters: { prompt: 'login' } })
    expect(await types()).toContain('account.unblocked')
  })
})

test('end-sessions signs out everywhere', async () => {
  const party = await world.relyingParty()
  const first = await signedIn(world, { party, citizen })
  await signedIn(world, { party, citizen })
  expect((await run('end-sessions', citizen.phone, ...because)).output).toContain('ended: 2')
  expect((await party.userinfo(first.tokens.access_token)).status).toBe(401)
  expect(await types()).toContain('account.sessions_ended')
})

test('realm puts an account under other rules, and ends its sessions', async () => {
  const party = await world.relyingParty()
  const { tokens } = await signedIn(world, { party, citizen })
  expect((await run('realm', citizen.phone, 'operator', ...because)).exitCode).toBe(0)
  expect((await party.userinfo(tokens.access_token)).status).toBe(401)
  expect(await shown(citizen.phone)).toMatchObject({ realm: 'operator', state: 'active' })
  expect((await run('realm', citizen.phone, 'operator', ...because)).output).toContain('already')
  const [event] = (await world.journal(citizen.oid)).filter(({ type }) => type === 'account.realm_changed')
  expect(event?.fields).toMatchObject({ before: 'citizen', realm: 'operator', actor: 'cli' })
})

test('as a process of its own it blocks in the processes that serve, at once', async () => {
  const party = await world.relyingParty()
  const parameters = { scope: 'openid offline_access', prompt: 'consent' }
  const { browser, tokens } = await signedIn(world, { party, citizen, parameters })
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  const env = {
    PATH: process.env.PATH ?? '',
    MODE: 'sandbox',
    ISSUER: world.origin,
    DATABASE_URL: world.databaseUrl!,
    KEY_ENCRYPTION_KEYS: world.keks,
  }
  const argv = [cli, 'accounts', 'block', String(citizen.oid), ...because]
  expect((await promisify(execFile)(process.execPath, argv, { env })).stdout).toContain('is blocked')
  expect((await party.userinfo(tokens.access_token)).status).toBe(401)
  expect((await party.refresh(tokens.refresh_token!)).status).toBe(400)
  await browser.open(party.authorizationUrl({ prompt: 'none' }))
  expect(browser.callback.get('error')).toBe('login_required')
  expect((await world.message(citizen.email)).text).toMatch(/заблокирована/)
}, 60_000)
