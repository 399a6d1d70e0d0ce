import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { create, type Font } from 'fontkit'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { Address } from '#src/accounts/fields/address.ts'
import { parseName } from '#src/accounts/fields/name.ts'
import type { Person } from '#src/accounts/person.ts'
import { allTexts } from '#src/all-texts.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { printLetter } from '#src/proofing/letter/letter-pdf.ts'
import { letterText } from '#src/proofing/letter/letter-text.ts'
import { codeOn, pdfText } from './pdf-text.ts'

const PERSON: Person = {
  familyName: 'Ветрова',
  givenName: 'Ольга',
  patronymic: 'Игоревна',
  birthDate: '1990-04-12',
  gender: 'female',
  snils: '90000100018',
  inn: '980000000001',
}
const ADDRESS: Address = { kind: 'registered', postcode: '420111', text: 'г. Казань, ул. Баумана, д. 1, кв. 15' }
const at = new Date('2026-11-23T09:00:00Z')
const texts = allTexts(pino({ level: 'silent' }))

function print({
  locale = 'ru' as Locale,
  person = PERSON,
  address = ADDRESS,
  code = 'K7QM02VX4T',
} = {}): Promise<Buffer> {
  const sender = {
    name: { ru: 'Пропуск', en: 'Propusk' },
    address: ['Удостоверяющий центр «Пример»', '101000, г. Приозёрск, а/я 15'],
    issuer: new URL('https://id.example.ru'),
  }
  const letter = { number: '4711471147', code, at, until: new Date('2027-01-22T09:00:00Z') }
  return printLetter(letterText(texts.translator(locale), locale, sender, { person, address, ...letter }))
}

describe('a letter', () => {
  test('says who writes to whom, what the code is, until when and where it is entered, and what to do if it is not wanted', async () => {
    const { text, pages } = await pdfText(await print())
    expect(pages).toBe(1)
    for (const said of [
      'Пропуск',
      '101000, г. Приозёрск, а/я 15',
      'Ветрова Ольга Игоревна',
      '420111, г. Казань, ул. Баумана, д. 1, кв. 15',
      'K7QM0-2VX4T',
      'Код действует до 22 января 2027 г. в 12:00 по московскому времени.',
      'https://id.example.ru',
      'Запрос № 4711 471 147',
      'Если вы не заказывали письмо',
    ])
      expect(text).toContain(said)
    expect(await codeOn(await print())).toBe('K7QM0-2VX4T')
  })

  test.each(['AJHEC-X6V78', 'EAJZJ-0X4NS', '9WZW9-TTM1X'])(
    'has no spaces inside the code %s where it is copied or read aloud by a program',
    async (code) => {
      const { text } = await pdfText(await print({ code: code.replace('-', '') }))
      expect(text).toContain(code)
    },
  )

  test('says so in English where its reader chose that', async () => {
    const { text } = await pdfText(await print({ locale: 'en' }))
    expect(text).toContain('The code is valid until 22 January 2027')
    expect(text).toContain('If you did not order the letter')
  })

  test('has nothing more of the person than name and address', async () => {
    const pdf = await print()
    const { text } = await pdfText(pdf)
    for (const never of [/1990|12\.04|12 апреля/, /9000010001|900-001-000/, /980000000001/, /\{\{|undefined/])
      expect(text).not.toMatch(never)
    const properties = /\/Info[\s\S]*$/.exec(pdf.toString('latin1'))?.[0] ?? ''
    expect(properties).not.toContain('K7QM0')
  })

  test('fits on one sheet with the longest name and address there are', async () => {
    const longest = (word: string) => `${word.repeat(100).slice(0, 99)}а`
    const person = {
      ...PERSON,
      familyName: longest('Ветрова-'),
      givenName: longest('Ольга '),
      patronymic: longest('Игоревна '),
    }
    const address = { ...ADDRESS, text: 'Республика Саха (Якутия), Верхнеколымский улус, '.repeat(11).slice(0, 500) }
    for (const locale of ['ru', 'en'] as const) {
      const { text, pages } = await pdfText(await print({ locale, person, address }))
      expect(pages).toBe(1)
      expect(text).toContain('K7QM0-2VX4T')
    }
  })

  test.each([
    ['Cyrillic of other peoples', 'Ҙәйнәғәлиҙәрева'],
    ['Vietnamese', 'Nguyễn'],
    ['Latin with marks', 'Šķēle-Ønskebæk'],
  ])('prints %s as it is written', async (_what, familyName) => {
    expect(parseName('familyName', familyName)).toMatchObject({ ok: true })
    const { text } = await pdfText(await print({ person: { ...PERSON, familyName } }))
    expect(text.normalize('NFC')).toContain(familyName)
  })
})

test('the font has a picture of every letter that a name may have', () => {
  for (const file of ['400Regular/NotoSans_400Regular.ttf', '700Bold/NotoSans_700Bold.ttf']) {
    const path = fileURLToPath(import.meta.resolve(`@expo-google-fonts/noto-sans/${file}`))
    const font = create(readFileSync(path)) as Font
    const lacking = Array.from({ length: 0x1f00 }, (_, point) => point).filter(
      (point) => parseName('familyName', String.fromCodePoint(point)).ok && !font.hasGlyphForCodePoint(point),
    )
    expect(lacking).toEqual([])
  }
})
