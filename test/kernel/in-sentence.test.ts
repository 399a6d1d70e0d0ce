import { expect, test } from 'vitest'
import { inSentence } from '#src/kernel/locale.ts'

test.each([
  ['Приложение с кодами', 'приложение с кодами'],
  ['One-time code', 'one-time code'],
  ['SMS', 'SMS'],
  ['ключ', 'ключ'],
  ['', ''],
])('%j inside a sentence is %j', (name, expected) => expect(inSentence(name)).toBe(expected))
