import { hash } from 'node:crypto'
import { closeSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkLeaked, importLeaked } from '#src/factors/password/leaked/importing.ts'
import { makeLeakedPasswords } from '#src/factors/password/leaked/leaked-passwords.ts'
import { listHolds, openList } from '#src/factors/password/leaked/look-up.ts'
import { readRange } from '#src/factors/password/leaked/ranges.ts'
import { testPasswordRules } from '../password-rules.ts'

let folder: string
let list: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'propusk-leaked-'))
  list = join(folder, 'list')
})
afterEach(() => rm(folder, { recursive: true }))

const sha1 = (text: string) => hash('sha1', text, 'hex').toUpperCase()
const nothing = () => {}
const faults: Error[] = []
const leaked = () => makeLeakedPasswords(list, (fault) => faults.push(fault))

/** As the public service hands them out: a file for each first five digits, CRLF, padding that counts nothing. */
async function ranges(passwords: readonly string[], { suffix = '', eol = '\r\n' } = {}): Promise<string> {
  const byPrefix = Map.groupBy(passwords.map(sha1).sort(), (sha) => sha.slice(0, 5))
  for (const [prefix, shas] of byPrefix) {
    const lines = [...shas.map((sha) => `${sha.slice(5)}:3`), `${'F'.repeat(35)}:0`]
    await writeFile(join(folder, prefix + suffix), lines.join(eol))
  }
  return folder
}

async function oneFile(passwords: readonly string[], eol = '\n'): Promise<string> {
  const path = join(folder, 'sorted.txt')
  const lines = passwords.map(sha1).sort()
  await writeFile(path, lines.map((sha) => `${sha}:1${eol}`).join(''))
  return path
}

const known = ['password', 'Пароль123', 'correct horse battery staple', 'ﬁne ligature']

describe('what was imported', () => {
  test.each([
    ['range files', () => ranges(known)],
    ['range files with LF', () => ranges(known, { eol: '\n' })],
    ['one sorted file', () => oneFile(known)],
    ['one sorted file with CRLF', () => oneFile(known, '\r\n')],
  ])('from %s is found, and nothing else', async (_what, source) => {
    const { entries, resumed } = await importLeaked(await source(), list, nothing)
    expect([entries, resumed]).toEqual([known.length, false])
    for (const password of known) expect([password, leaked().has(password)]).toEqual([password, true])
    for (const password of ['Password', 'password ', '', 'сорок чижей']) expect(leaked().has(password)).toBe(false)
    expect(await checkLeaked(list)).toMatchObject({ entries })
  })

  test('is found as it was typed and as it is hashed', async () => {
    await importLeaked(await oneFile(['fine ligature']), list, nothing)
    expect(leaked().has('ﬁne ligature')).toBe(true)
  })

  test('is found wherever it stands, in a bucket of many and one of few', async () => {
    // All in one bucket, evenly and not: more than one window of a look-up.
    const tails = [
      ...Array.from({ length: 3000 }, (_, n) => n * 7),
      ...Array.from({ length: 3000 }, (_, n) => 2 ** 47 + n),
    ]
    const path = join(folder, 'bucket.txt')
    const shas = tails.map((tail) => `ABCD${tail.toString(16).padStart(12, '0')}${'0'.repeat(24)}`)
    await writeFile(path, shas.map((sha) => `${sha}:1\n`).join(''))
    await importLeaked(path, list, nothing)
    const bytes = await readFile(join(list, 'leaked.bin'))
    expect(bytes.length).toBe(262_212 + 6000 * 6)
    const open = openList(join(list, 'leaked.bin'), await stat(join(list, 'leaked.bin')))
    const others = [
      shas[0]!.replace(/^.{4}/, 'ABCE'),
      ...shas.slice(0, 3000).map((sha) => sha.replace(/.(?=0{24}$)/, 'f')),
    ]
    for (const sha of shas) expect([sha, listHolds(open, Buffer.from(sha, 'hex'))]).toEqual([sha, true])
    for (const sha of others.filter((other) => !shas.includes(other)))
      expect([sha, listHolds(open, Buffer.from(sha, 'hex'))]).toEqual([sha, false])
    closeSync(open.file)
  })

  test('is refused as a new password', async () => {
    const password = 'тихий сапог едет в ложке'
    await importLeaked(await oneFile([password]), list, nothing)
    const person = { names: ['Ли'], birthDate: '1990-01-01' }
    expect(await testPasswordRules({}, leaked()).check(password, 'citizen', person)).toMatchObject({
      code: 'password.leaked',
    })
  })
})

describe('an import', () => {
  test.each([
    ['hashes out of order', ['F'.repeat(40), '0'.repeat(40)], /order/],
    ['hashes of another kind', ['8846F7EAEE8FB117AD06BDD830B7586C:1'], /line 1/],
    ['a page in place of hashes', ['<!doctype html>'], /line 1/],
    ['a count that is none', [`${'0'.repeat(40)}:many`], /line 1/],
  ])('of %s is refused, and the former list stays', async (_what, lines, fault) => {
    await importLeaked(await oneFile(known), list, nothing)
    const path = join(folder, 'wrong.txt')
    await writeFile(path, lines.join('\n'))
    await expect(importLeaked(path, list, nothing)).rejects.toThrow(fault)
    expect(leaked().has(known[0]!)).toBe(true)
  })

  test('of nothing that looks like range files is refused', async () => {
    await expect(importLeaked(folder, list, nothing)).rejects.toThrow(/range files/)
    await expect(importLeaked(join(folder, 'none'), list, nothing)).rejects.toThrow(/ENOENT/)
  })

  test('tells how many range files are missing', async () => {
    expect((await importLeaked(await ranges(['password']), list, nothing)).missing).toBe(16 ** 5 - 1)
  })

  test('that was interrupted goes on where it stopped, with the same source only', async () => {
    const many = Array.from({ length: 400 }, (_, n) => `password ${n}`)
    const path = await oneFile(many)
    const options = { checkpointEntries: 50, chunkBytes: 1000 }
    const stopped = importLeaked(
      path,
      list,
      (done) => {
        if (done > 0.5) throw new Error('killed')
      },
      options,
    )
    await expect(stopped).rejects.toThrow('killed')
    const steps: number[] = []
    const again = await importLeaked(path, list, (done) => void steps.push(done), options)
    expect([again.resumed, again.entries]).toEqual([true, many.length])
    expect(steps[0]).toBeGreaterThan(0.25)
    await checkLeaked(list)
    for (const password of many) expect(leaked().has(password)).toBe(true)

    await expect(
      importLeaked(
        path,
        list,
        () => {
          throw new Error('killed')
        },
        options,
      ),
    ).rejects.toThrow('killed')
    await utimes(path, 1, 1)
    expect((await importLeaked(path, list, nothing, options)).resumed).toBe(false)
  })
})

describe('a process that looks up', () => {
  test('takes the next list as soon as it is there', async () => {
    const lookUp = leaked()
    expect(lookUp.has('password')).toBe(false)
    await importLeaked(await oneFile(['password']), list, nothing)
    expect(lookUp.has('password')).toBe(true)
    await importLeaked(await oneFile(['another']), list, nothing)
    expect([lookUp.has('password'), lookUp.has('another')]).toEqual([false, true])
  })

  test('goes on without a file that is cut off or something else, and says so once', async () => {
    await importLeaked(await oneFile(known), list, nothing)
    const path = join(list, 'leaked.bin')
    const whole = await readFile(path)
    for (const wrong of [whole.subarray(0, whole.length - 1), Buffer.alloc(0), Buffer.from('x'.repeat(1000))]) {
      await writeFile(path, wrong)
      faults.length = 0
      const lookUp = leaked()
      expect([lookUp.has('password'), lookUp.has('password')]).toEqual([false, false])
      expect(faults).toHaveLength(1)
    }
    await writeFile(path, Buffer.concat([whole.subarray(0, -1), Buffer.of(whole.at(-1)! ^ 1)]))
    await expect(checkLeaked(list)).rejects.toThrow(/damaged/)
    expect((await stat(path)).size).toBe(whole.length)
  })
})

test('whatever bytes a range file has, it is read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        readRange(Buffer.from(bytes), '00000', (bucket, tail) => {
          expect(bucket).toBe(0)
          expect(tail).toBeLessThan(2 ** 44)
        })
      } catch (fault) {
        expect(String(fault)).toMatch(/line \d+/)
      }
    }),
  )
})
