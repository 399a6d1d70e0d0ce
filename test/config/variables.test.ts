import { expect, test } from 'vitest'
import type { Variable } from '#src/config/variable.ts'
import { configurationTable, variables } from '#src/config/variables.ts'

const entries = Object.entries<Variable>(variables)

test('the table has a row for every variable', () => {
  const rows = configurationTable().trim().split('\n')
  expect(rows.slice(2).map((row) => row.split('`')[1])).toEqual(entries.map(([name]) => name))
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5)
})

test.each(entries)(
  '%s: default and example pass its own parser',
  (_name, { default: fallback, example, parser, secret }) => {
    if (fallback !== undefined) expect(parser.safeParse(fallback).success).toBe(true)
    // Secrets have no example that could be copied; the files of the examples are on nobody's disk.
    if (!secret && !/\.(svg|pem|mmdb)$/.test(example)) expect(parser.safeParse(example).success).toBe(true)
  },
)

test('no secret has a default', () => {
  for (const [name, { secret, default: fallback }] of entries)
    if (secret) expect([name, fallback]).toEqual([name, undefined])
})

test('every meaning is one sentence', () => {
  for (const [name, { meaning }] of entries)
    expect([name, meaning]).toEqual([name, expect.stringMatching(/^[A-Z][^.]*(?:\.\d[^.]*)*\.$/)])
})
