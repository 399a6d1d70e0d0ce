import { pino } from 'pino'
import { expect, test } from 'vitest'
import { allTexts } from '#src/all-texts.ts'
import { whereFrom } from '#src/login/where-from.ts'
import { textOf } from '#src/notifications/text.ts'

const texts = allTexts(pino({ level: 'silent' }))
const t = texts.translator('ru')
const device = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

test.each([
  [{ device, country: 'RU' }, 'Firefox, Linux, Россия'],
  [{ device, country: undefined }, 'Firefox, Linux'],
  [{ device: '', country: undefined }, 'неизвестное устройство'],
])('%j is told as %s', (seen, words) => {
  expect(whereFrom(seen, t, 'ru')).toBe(words)
})

test.each(['new_device', 'sign_in', 'signal'])(
  'a notice of the kind %s has no line about a place that is not known',
  (kind) => {
    const values = {
      from: whereFrom({ device, country: undefined }, t, 'ru'),
      date: '1 марта',
      link: 'https://id.ru/x',
    }
    for (const channel of ['sms', 'mail'] as const) {
      const { text } = textOf({ channel, kind, values, locale: 'ru' }, texts.translator)
      expect(text).toContain('Firefox, Linux')
      expect(text).not.toMatch(/Место|неизвестно|\{\{/)
    }
  },
)
