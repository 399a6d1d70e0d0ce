import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { documents } from '../docs/generate.ts'

test('documents made from the code are up to date; "npm run docs" makes them anew', async () => {
  for (const [path, content] of await documents())
    expect(await readFile(new URL(`../${path}`, import.meta.url), 'utf8'), path).toBe(content)
})
