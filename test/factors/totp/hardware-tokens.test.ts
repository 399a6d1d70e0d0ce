import { beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from '#src/commands.ts'
import { addApp, appCode, enterCabinet } from '../../authenticators.ts'
import type { Browser } from '../../browser-http.ts'
import { saying } from '../../saying.ts'
import { type Citizen, worldOfFile } from '../../world.ts'

const ADD = '/security/add/totp'
const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
let serial = 10_000_000
beforeEach(async () => {
  citizen = await world.citizen()
  browser = world.browser()
  await imported(`${++serial},${KEY}`)
})

const imported = (seeds: string) =>
  runCommand(['tokens', 'import', '--seeds', seeds], { store: world.house.store, house: async () => world.house })

const add = (code: string, number: string, at = browser) => at.submit({ code, serial: number, name: 'Брелок' }, ADD)
const names = async ({ oid } = citizen) =>
  (await world.house.authenticators.list(oid)).filter(({ kind }) => kind === 'totp').map(({ name }) => name)

describe('a token is not added', () => {
  test('by a number that nobody imported, or a wrong code', async () => {
    await enterCabinet(world, citizen, ADD, browser)
    await add(appCode(KEY), '99999999')
    expect(browser.page.html).toMatch(saying('totp.token_unknown'))
    await add(appCode(KEY, 3), String(serial))
    expect(browser.page.html).toMatch(saying('totp.wrong'))
    expect(await names()).toEqual([])
  })

  test('that somebody else has taken', async () => {
    const owner = await world.citizen()
    const first = await enterCabinet(world, owner, ADD)
    await add(appCode(KEY), String(serial), first)
    await imported(`${++serial},${KEY}`)
    await enterCabinet(world, citizen, ADD, browser)
    await add(appCode(KEY), String(serial - 1))
    expect(browser.page.html).toMatch(saying('totp.token_unknown'))
    expect([await names(owner), await names()]).toEqual([['Брелок'], []])
  })

  test('by guessing', async () => {
    await enterCabinet(world, citizen, ADD, browser)
    for (let guess = 0; guess < 11; guess++) await add(appCode(KEY, 5), String(serial))
    expect([browser.page.status, browser.page.html]).toEqual([
      429,
      expect.stringMatching(saying('totp.token_too_often')),
    ])
    await add(appCode(KEY), String(serial))
    expect(await names()).toEqual([])
  })

  test('beside five devices: it stays for its owner', async () => {
    for (let n = 0; n < 4; n++) await addApp(world, citizen, browser)
    const other = await enterCabinet(world, citizen, ADD)
    await browser.open(ADD)
    await addApp(world, citizen, browser)
    await add(appCode(KEY), String(serial), other)
    expect([other.page.status, (await names()).length]).toEqual([409, 5])
    expect(await world.house.hardwareTokens.secretOf(String(serial))).toBeDefined()
  })
})

test('whoever holds a token adds it by its number and a code, without our key', async () => {
  await enterCabinet(world, citizen, ADD, browser)
  expect(browser.page.html).toMatch(saying('totp.token_title'))
  await add(appCode(KEY), ` ${String(serial).slice(0, 4)}-${String(serial).slice(4)} `)
  expect(browser.page.html).toMatch(saying('security.done_added'))
  expect(await names()).toEqual(['Брелок'])
  const { rows } = await world.house.store.script('select secret from hardware_tokens where serial = $1', [
    String(serial),
  ])
  expect(rows).toEqual([{ secret: null }])
})

test('the command says what it imported, and refuses what is no token', async () => {
  const known = await imported(`${serial},${KEY}\n${serial + 500},${KEY}`)
  expect(known).toEqual({ output: '1 tokens imported, 1 were known already and stay as they were\n', exitCode: 0 })
  expect(await imported('12345678')).toMatchObject({ exitCode: 2, output: expect.stringContaining('--seeds: line 1') })
  const { rows } = await world.house.store.script('select * from hardware_tokens')
  expect(JSON.stringify(rows)).not.toContain(KEY)
})
