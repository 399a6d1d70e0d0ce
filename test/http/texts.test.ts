import { expect, test } from 'vitest'
import { joinMessages, makeTexts } from '#src/http/texts.ts'

const ru = {
  'tries.left_one': 'осталась {{count}} попытка',
  'tries.left_few': 'осталось {{count}} попытки',
  'tries.left_many': 'осталось {{count}} попыток',
  'tries.left_other': 'осталось {{count}} попытки',
  'hello.name': 'Здравствуйте, {{name}}',
}
const en = {
  'tries.left_one': '{{count}} try left',
  'tries.left_other': '{{count}} tries left',
  'hello.name': 'Hello {{name}}',
}

function texts() {
  const missing: unknown[] = []
  return { missing, texts: makeTexts({ ru, en }, { error: (line: unknown) => missing.push(line) }) }
}

test.each([
  ['ru', 1, 'осталась 1 попытка'],
  ['ru', 3, 'осталось 3 попытки'],
  ['ru', 11, 'осталось 11 попыток'],
  ['ru', 21, 'осталась 21 попытка'],
  ['en', 1, '1 try left'],
  ['en', 5, '5 tries left'],
] as const)('%s counts %i: %s', (locale, count, text) => {
  expect(texts().texts.translator(locale)('tries.left', { count })).toBe(text)
})

test('a value is text: no markup escaping, no references to other keys, no placeholders', () => {
  const t = texts().texts.translator('ru')
  for (const name of ['<b>', '$t(tries.left)', '{{count}}', '$&'])
    expect(t('hello.name', { name })).toBe(`Здравствуйте, ${name}`)
})

test('a missing key shows as itself, is logged, and is not borrowed from the other language', () => {
  const world = texts()
  expect(world.texts.translator('en')('no.such_key')).toBe('no.such_key')
  expect(world.missing).toMatchObject([{ key: 'no.such_key', languages: ['en'] }])
})

test('a key defined by two folders is refused at start', () => {
  expect(() => joinMessages({ 'a.b': '1' }, { 'a.b': '2' })).toThrow('a.b')
})
