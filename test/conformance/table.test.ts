import { glob, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFile(new URL(path, root), 'utf8')

const document = await read('docs/conformance.md')
const rows = [...document.matchAll(/^\| `([A-Za-z\d_-]+)` \| `(test\/[^`]+)` \|$/gm)].map(([, module, file]) => ({
  module: module!,
  file: file!,
}))

/** Names of the suite's modules that a test's title or its table of cases starts with. */
const modulesIn = (source: string) =>
  [...source.matchAll(/'((?:oidcc|fapi\d?|ekyc)-[A-Za-z\d_-]+)(?=[:'])/g)].map(([, module]) => module!)

describe('docs/conformance.md', () => {
  test('names for each module a file that tests it', async () => {
    const untested: string[] = []
    for (const { module, file } of rows) if (!modulesIn(await read(file)).includes(module)) untested.push(module)
    expect(untested).toEqual([])
  })

  test('names every module that is tested, once', async () => {
    const tested = new Set<string>()
    for await (const file of glob('test/**/*.ts', { cwd: root.pathname }))
      for (const module of modulesIn(await read(file))) tested.add(module)
    expect(rows.map(({ module }) => module).sort()).toEqual([...tested].sort())
  })
})
