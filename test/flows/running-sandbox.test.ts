import { hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testCitizens } from '#src/sandbox/citizens.ts'
import { appCode } from '../authenticators.ts'
import { type Sandbox, startSandbox } from '../browser/sandbox.ts'
import { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'

/** The commands of an operator beside a sandbox that runs on its embedded database, and what people notice of them. */

const [citizen] = testCitizens
const PASSWORD_PAGE = '/security/password'
const REASON = ['--reason', 'Заявление 12-345']

let sandbox: Sandbox
let folder: string
let password = citizen!.password
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'propusk-running-'))
  sandbox = await startSandbox({ LEAKED_PASSWORDS_FOLDER: 'FOLDER/leaked' })
})
afterAll(async () => {
  await sandbox?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Opens a page of the cabinet and signs in as strongly as it asks. */
async function enter(path: string): Promise<Browser> {
  const { phone } = citizen!
  const browser = new Browser({ origin: sandbox.provider, listens: sandbox.provider })
  const before = await sandbox.sentTo(phone)
  await browser.open(path)
  await browser.submit({ identifier: phone, password }, '/identify')
  if (browser.page.html.includes('/factor/code"'))
    await browser.submit({ code: await sandbox.code(phone, before) }, '/factor/code')
  expect(new URL(browser.page.url).pathname).toBe(path)
  return browser
}

async function changeTo(next: string): Promise<Browser> {
  const browser = await enter(PASSWORD_PAGE)
  await browser.submit({ password: next }, PASSWORD_PAGE)
  if (browser.page.errors.length === 0) password = next
  return browser
}

test('a list of leaked passwords that is imported beside it counts at once', async () => {
  const [first, leaked, fine] = ['ржавый якорь поёт громко', 'медный ёж читает газету', 'девять облаков на верёвке']
  expect((await changeTo(first!)).page.errors).toEqual([])
  const list = join(folder, 'sorted.txt')
  const hashes = [leaked!, 'password', 'qwerty'].map((one) => hash('sha1', one, 'hex').toUpperCase())
  await writeFile(
    list,
    hashes
      .sort()
      .map((line) => `${line}:9\r\n`)
      .join(''),
  )
  expect(await sandbox.command('passwords', 'import', list)).toContain('Passwords in the list: 3.')
  const refused = await changeTo(leaked!)
  expect([refused.page.status, refused.page.errors]).toEqual([422, [expect.stringMatching(saying('password.leaked'))]])
  expect((await changeTo(fine!)).page.errors).toEqual([])
  expect(await sandbox.command('passwords', 'check')).toContain('The list is sound. Passwords: 3.')
})

test('an account is shown, signed out, blocked and unblocked beside it', async () => {
  const { phone } = citizen!
  const browser = await enter('/account')
  expect(JSON.parse(await sandbox.command('accounts', 'show', phone, '--json'))).toMatchObject({ state: 'active' })
  await sandbox.command('accounts', 'end-sessions', phone, ...REASON)
  await browser.open('/account')
  expect(browser.page.html).toContain('/identify"')
  await sandbox.command('accounts', 'block', phone, ...REASON)
  await browser.submit({ identifier: phone, password }, '/identify')
  expect([browser.page.status, browser.page.html]).toEqual([403, expect.stringContaining('12-345')])
  await expect(sandbox.command('accounts', 'block', phone, ...REASON)).rejects.toMatchObject({ code: 1 })
  await sandbox.command('accounts', 'unblock', phone, ...REASON)
  await enter('/account')
})

test('hardware tokens are imported from a file beside it, and one is added by its number', async () => {
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const file = join(folder, 'seeds.csv')
  await writeFile(file, `50000001,${seed}\n50000002,${seed}\n`)
  expect(await sandbox.command('tokens', 'import', '--seeds', file)).toContain('2 tokens imported')
  const browser = await enter('/security/add/totp')
  await browser.submit({ serial: '50000001', code: appCode(seed), name: 'Брелок' }, '/security/add/totp')
  expect(browser.page.html).toContain('Брелок')
})

test('the journal is verified beside it, and a proof is checked without it', async () => {
  expect(await sandbox.command('journal', 'verify')).toMatch(/^The journal is as it was sealed\.$/m)
  const file = join(folder, 'proof.json')
  await writeFile(file, '{}')
  await expect(sandbox.command('journal', 'check-proof', file, '--key', 'A'.repeat(43))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not a proof'),
  })
})
