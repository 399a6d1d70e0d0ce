import { beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import { prove } from '../../proving.ts'
import { worldOfFile } from '../../world.ts'
import { pathOf } from '../cabinet.ts'
import { arriving, strongly } from './rig.ts'

const MARKUP = '"><script>alert(1)</script>{{ 7 * 7 }}'
const texts = [
  MARKUP,
  'Иванова\u202eавонавИ',
  `И${'\u0301'.repeat(300)}`,
  'Иван\u200bова\ufeff',
  'Иваноvа',
  "'; drop table persons; --",
  '%s%n\r\nSet-Cookie: a=b',
  '٠١٢٣٤٥٦٧٨٩٠',
  '-1e309',
  'я'.repeat(10_000),
]
/** What no string of a form may hold. */
const broken = ['%00', '%D0%98%00', '%ED%A0%80', '%FF']
const questions: Readonly<Record<string, readonly string[]>> = {
  name: ['familyName', 'givenName', 'patronymic'],
  'birth-date': ['birthDate'],
  gender: ['gender'],
  document: ['kind'],
  'document/passport_rf': ['series', 'number', 'issuedOn', 'departmentCode', 'issuer', 'birthPlace'],
  'document/temporary_certificate': ['number', 'issuedOn', 'validUntil', 'issuer'],
  'document/foreign_passport': ['country', 'number', 'issuedOn', 'validUntil', 'familyName', 'givenName'],
  'document/residence_permit': ['series', 'number', 'issuedOn', 'validUntil', 'unlimited', 'issuer', 'citizenship'],
  snils: ['snils'],
  inn: ['inn'],
  address: ['text', 'postcode'],
  'actual-address': ['text', 'postcode'],
}

const world = worldOfFile()
let browser: Browser
let oid: number

beforeAll(async () => {
  const arrived = await arriving(world, 'maria')
  await prove(world, arrived.citizen, 'standard')
  browser = arrived.browser
  oid = arrived.citizen.oid
  await browser.open('/account/identity/inn/check')
  await strongly(world, browser, arrived.citizen)
})

const drafts = async () =>
  JSON.stringify(
    await Promise.all(
      ['identity', 'inn', 'address', 'actual_address'].map((kind) => world.house.drafts.read(oid, kind)),
    ),
  )

const extra = [
  'oid=1000000000',
  'level=verified',
  '__proto__=x',
  'constructor=x',
  'snils%5B%5D=1',
  'document.kind=passport_rf',
  'cause=operator',
]

describe.each(Object.entries(questions))('the question %s', (path, fields) => {
  /** Sends its form again and again. */
  async function sender() {
    await browser.open(`/account/identity/${path}`)
    const { hidden } = browser.form(`/${path}`)
    return (filled: string) =>
      browser.post(`/account/identity/${path}`, `${new URLSearchParams(hidden).toString()}&${filled}`)
  }
  const all = (value: string) => fields.map((field) => `${field}=${value}`).join('&')

  test('takes any text as text, or refuses it', async () => {
    const send = await sender()
    for (const text of texts) {
      await send(all(encodeURIComponent(text)))
      // What is too long for all forms together does not come as far as their rules.
      expect([200, 413, 422]).toContain(browser.page.status)
      expect(browser.page.html).not.toContain('<script>alert(1)')
      expect(browser.page.html).not.toMatch(/\b49\b.*<\/(input|h1|p|li)>/)
    }
    expect(await drafts()).not.toMatch(/script|drop table|\u202e|\u200b|Set-Cookie|я{600}/)
  })

  test('takes nothing that is no text, and no field of anything else', async () => {
    const send = await sender()
    const before = await drafts()
    for (const filled of [...broken.map(all), ...extra.map((more) => `${all('')}&${more}`)]) {
      await send(filled)
      expect([400, 422]).toContain(browser.page.status)
    }
    expect(await drafts()).toBe(before)
  })
})

test.each(['core', '../../etc', '__proto__', 'constructor', 'passport_rf%00'])(
  'there is no document %s',
  async (kind) => {
    await browser.open(`/account/identity/document/${kind}`)
    expect([400, 404]).toContain(browser.page.status)
  },
)

test.each(['inn/check', 'check', 'letter/order', 'forget'])('nothing extra is taken by %s', async (path) => {
  await browser.open('/account/identity/name')
  const hidden = new URLSearchParams(browser.form('/name').hidden).toString()
  await browser.post(`/account/identity/${path}`, `${hidden}&level=verified&oid=1`)
  expect([200, 422]).toContain(browser.page.status)
  expect(await world.house.requests.list(oid, { limit: 5 })).toEqual([])
  expect(pathOf(browser)).not.toContain('/requests/')
})
