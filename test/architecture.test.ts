import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { importCycles } from './architecture/cycles.ts'
import { forbiddenImports } from './architecture/layers.ts'
import { importsOf, REPOSITORY, readSources, withoutComments } from './architecture/sources.ts'

const src = await readSources('src', '.ts')
const migrations = await readSources('migrations', '.ts')

/** Files of src/ that mention what only some may; `pattern` is looked for outside comments. */
function mentions(pattern: RegExp, allowed: RegExp): string[] {
  return [...src]
    .filter(([file, text]) => !allowed.test(file) && pattern.test(withoutComments(text)))
    .map(([file]) => file)
}

describe('this repository', () => {
  test('every import follows the order of the domain', () => {
    expect(forbiddenImports(src)).toEqual([])
  })

  test('no files import each other in a circle', () => {
    expect(importCycles(src)).toEqual([])
  })

  test('only the configuration reads the environment, which an entry point hands to it', () => {
    expect(mentions(/\bprocess\.env\b/, /^(config\/|main\.ts$|cli\.ts$)/)).toEqual([])
  })

  test('only the terminal programs write to the terminal', () => {
    expect(mentions(/\bconsole\.\w+\(/, /^(sandbox\/|main\.ts$|cli\.ts$)/)).toEqual([])
  })

  test('what an identity level rests on is written by changes of a record, and made up by the seed', () => {
    const writing =
      /(insertInto|updateTable|deleteFrom|mergeInto)\('identity_evidence'|(insert into|update|delete from|copy) identity_evidence/
    expect(mentions(writing, /^accounts\/identity\/record-change\.ts$/)).toEqual([])
    expect(mentions(/'?identity_evidence\b/, /^(store\/rows\/|accounts\/|commands\/seed\/rows\.ts$)/)).toEqual([])
    const marks = /identity_suspended_at|suspected_at|core_change_at/
    expect(mentions(marks, /^(store\/rows\/|accounts\/account\.ts$|accounts\/identity\/record-change\.ts$)/)).toEqual(
      [],
    )
  })

  test('errors are declared in errors.ts, where the check of their texts finds them', () => {
    expect(mentions(/\bdefineErrors\(/, /(^|\/)errors\.ts$/)).toEqual([])
  })

  test('no file is longer than 400 lines', () => {
    const long = [...src].filter(([, text]) => text.split('\n').length > 400).map(([file]) => file)
    expect(long).toEqual([])
  })

  test('a migration never changes with the code: it imports nothing of src/', () => {
    const tied = [...migrations].filter(([, text]) => importsOf(text).some((path) => /^(#src\/|\.\.\/)/.test(path)))
    expect(tied.map(([file]) => file)).toEqual([])
  })

  test('the top level holds what the README says and nothing else', async () => {
    const kept = `src migrations views keys test docs bench deploy .ci package.json package-lock.json tsconfig.json Dockerfile
      README.md CHANGELOG.md .gitignore .dockerignore .npmrc biome.json knip.json vitest.config.ts`
    const ignored = '.git node_modules .cache .data coverage'
    const known = new Set(`${kept} ${ignored}`.split(/\s+/))
    expect((await readdir(REPOSITORY)).filter((name) => !known.has(name) && !name.endsWith('.log'))).toEqual([])
  })
})

describe('the check of imports', () => {
  const forbidden = (file: string, source: string) => forbiddenImports(new Map([[file, source]]))

  test.each([
    ['kernel/ids.ts', "import { x } from '#src/store/store.ts'"],
    ['store/store.ts', "import { x } from '../accounts/store.ts'"],
    ['http/app.ts', "import { x } from '#src/store/store.ts'"],
    ['registries/snils.ts', "import { x } from '#src/store/store.ts'"],
    ['journal/journal.ts', "import { x } from '#src/throttle/throttle.ts'"],
    ['accounts/store.ts', "import type { Ctx } from '#src/http/context.ts'"],
    ['accounts/store.ts', "import { x } from '#src/login/assurance.ts'"],
    ['store/routes.ts', "import { x } from '#src/http/context.ts'"],
    ['factors/totp/factor.ts', "import { x } from '../password/hash.ts'"],
    ['factors/totp/factor.ts', "import { x } from '../registry.ts'"],
    ['factors/factor.ts', "import { x } from './totp/factor.ts'"],
    ['registration/routes.ts', "import { x } from '#src/factors/totp/store.ts'"],
    ['login/routes.ts', "import { x } from '#src/factors/password/hash.ts'"],
    ['login/routes.ts', "import Provider from 'oidc-provider'"],
    ['login/routes.ts', "import { x } from 'oidc-provider/lib/helpers/errors.js'"],
    ['cabinet/routes.ts', "import { x } from '#src/oidc/provider.ts'"],
    ['oidc/provider.ts', "import { x } from '#src/wire.ts'"],
    ['wire.ts', "import { x } from '#src/sandbox/demo.ts'"],
    ['helpers.ts', "import { x } from '#src/kernel/ids.ts'"],
    ['utils/text.ts', "import { x } from '#src/kernel/ids.ts'"],
    ['kernel/ids.ts', "import {\n  x,\n  y,\n} from '#src/store/store.ts'"],
    ['kernel/ids.ts', "export * from '#src/store/store.ts'"],
    ['kernel/ids.ts', "import '#src/store/store.ts'"],
    ['kernel/ids.ts', "const x = await import('#src/store/store.ts')"],
    ['kernel/ids.ts', "type X = import('#src/store/store.ts').Store"],
    ['kernel/ids.ts', "const link = 'https://a'\nexport const b = 1\n\nimport { x } from '#src/store/store.ts'"],
  ])('finds what %s must not: %s', (file, source) => {
    expect(forbidden(file, source)).toHaveLength(1)
  })

  test.each([
    ['login/routes.ts', "import { x } from '#src/http/form.ts'"],
    ['factors/code/enrolment-routes.ts', "import { x } from '#src/http/form.ts'"],
    ['consents/pages.ts', "import { x } from '#src/http/context.ts'"],
    ['factors/totp/factor.ts', "import { x } from '../factor.ts'"],
    ['factors/registry.ts', "import { x } from './totp/factor.ts'"],
    ['registration/password.ts', "import { x } from '#src/factors/password/hash.ts'"],
    ['login/routes.ts', "import { x } from '#src/factors/registry.ts'"],
    ['oidc/provider.ts', "import Provider from 'oidc-provider'"],
    ['main.ts', "import { x } from './sandbox/sandbox.ts'"],
    ['sandbox/demo.ts', "import { x } from '#src/oidc/provider.ts'"],
    ['kernel/ids.ts', "// import { x } from '#src/store/store.ts'\n/* import '#src/store/store.ts' */"],
  ])('lets %s import what it may: %s', (file, source) => {
    expect(forbidden(file, source)).toEqual([])
  })

  test('finds a circle through three files, types included', () => {
    const circle = new Map([
      ['a/one.ts', "import { two } from './two.ts'"],
      ['a/two.ts', "import type { Three } from '#src/b/three.ts'"],
      ['b/three.ts', "export { one } from '../a/one.ts'"],
    ])
    expect(importCycles(circle)).toEqual(['a/one.ts → a/two.ts → b/three.ts → a/one.ts'])
  })
})
