import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { makeTexts } from '#src/http/texts.ts'
import { locales } from '#src/kernel/locale.ts'
import { en } from '#src/notifications/messages.en.ts'
import { ru } from '#src/notifications/messages.ru.ts'
import { boundHost, textOf } from '#src/notifications/text.ts'

const { translator } = makeTexts({ ru, en }, pino({ level: 'silent' }))
const kinds = [...new Set(Object.keys(ru).map((key) => key.split('.')[1]!))]
const [sent, mailed, spoken] = ['', '.mail', '.voice'].map((end) =>
  kinds.filter((kind) => `message.${kind}${end}` in ru),
)
const values = {
  code: '493817',
  host: 'id.ru',
  phone: '+7 ••• •••-45-67',
  date: '1 марта 2026 г. в 12:00',
  link: 'https://id.ru/contact/keep/x',
  service: 'Соцвыплаты онлайн',
  bound: 'B-4207',
  what: 'телефон или почта',
  left: '3',
  contact: '+7 ••• •••-45-67',
}
/** Characters of an SMS of so many segments: Cyrillic needs two bytes each, and what is joined has a header. */
const longest = { ru: { 1: 70, 3: 3 * 67 }, en: { 1: 160, 3: 3 * 153 } } as const
/** They lead to a page under an unguessable address, and some name who asks. */
const hasLink = (kind: string) => ru[`message.${kind}` as keyof typeof ru].includes('{{link}}')

test('every message has a channel', () => {
  expect(new Set([...sent!, ...mailed!])).toEqual(new Set(kinds))
})

test('an SMS has no blanks but those of its alphabet, which a date or a number may bring along', () => {
  const spaced = { ...values, date: '1\u00a0March 2026' }
  const kind = sent!.find((name) => ru[`message.${name}` as keyof typeof ru].includes('{{date}}'))!
  expect(textOf({ channel: 'sms', kind, values: spaced, locale: 'en' }, translator).text).toContain('1 March 2026')
})

describe.each(locales)('messages in %s', (locale) => {
  test.each(sent!.filter((kind) => !hasLink(kind)))('%s is an SMS of one segment', (kind) => {
    const { text } = textOf({ channel: 'sms', kind, values, locale }, translator)
    expect(text.length).toBeLessThanOrEqual(longest[locale][1])
    expect(text).not.toContain('{{')
  })

  test.each(sent!.filter(hasLink))('%s is an SMS of three segments at most', (kind) => {
    const link = `https://id.gov.example.ru/approve/${'x'.repeat(43)}`
    const { text } = textOf({ channel: 'sms', kind, values: { ...values, link }, locale }, translator)
    // Of one alphabet, so that an English message about a service with a Russian name is counted as Russian.
    expect(text.length).toBeLessThanOrEqual(longest.ru[3])
    expect(text).not.toContain('{{')
  })

  test.each(mailed!)('%s is a mail whose subject holds no code', (kind) => {
    const { subject, text } = textOf({ channel: 'mail', kind, values, locale }, translator)
    expect(subject).toBeTruthy()
    expect(subject).not.toContain('493817')
    expect(text).not.toContain('{{')
  })

  test.each(spoken!)('%s is spoken digit by digit, twice', (kind) => {
    const { text } = textOf({ channel: 'voice', kind, values, locale }, translator)
    expect(text.match(/4, 9, 3, 8, 1, 7/g)).toHaveLength(2)
    expect(text).not.toMatch(/493817|{{/)
  })

  test.each(['registration_code', 'sign_in_code'])('%s begins with the code', (kind) => {
    for (const channel of ['sms', 'mail'] as const) {
      expect(textOf({ channel, kind, values, locale }, translator).text).toMatch(/^493817 /)
    }
  })
})

test('an SMS ends with the line that binds its code to our site, where it costs no second segment', () => {
  const sms = (host: string, locale: 'ru' | 'en') =>
    textOf({ channel: 'sms', kind: 'sign_in_code', values: { code: '493817', host }, locale }, translator).text
  expect(sms('id.ru', 'ru')).toMatch(/\n@id\.ru #493817$/)
  expect(sms('long-name.of-the-service.example.ru', 'ru')).not.toContain('@')
  expect(sms('long-name.of-the-service.example.ru', 'en')).toMatch(/\n@long-name\.of-the-service\.example\.ru #493817$/)
})

test.each([
  ['https://example.org', 'example.org'],
  ['https://id.example.org:8443', 'id.example.org'],
  ['http://localhost:3000', undefined],
])('for pages at %s that line names %s', (issuer, host) => {
  expect(boundHost(new URL(issuer))).toBe(host)
})

test('a message without code has no such line', () => {
  const message = { channel: 'sms', kind: 'password_locked', values: { host: 'id.ru' }, locale: 'en' } as const
  expect(textOf(message, translator).text).not.toContain('@')
})
