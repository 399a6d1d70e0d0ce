import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Secret } from '#src/kernel/secret.ts'
import type { KeyEncryptionKey } from './config.ts'
import { keyEncryptionKeys } from './parsers.ts'

const fileShape = z.object({ keys: z.array(z.object({ id: z.string(), key: z.string() })).min(1) })

/**
 * The sandbox's own key-encryption keys, made on first start in `kek.json` (`{ "keys": [{ "id", "key" }] }`, base64, mode 0600).
 * Safe in two processes that start at once: the file appears whole or not at all, and the one who comes second reads it.
 * @throws Error when the file is there but holds no keys
 */
export function sandboxKeyEncryptionKeys(folder = 'keys'): KeyEncryptionKey[] {
  const file = join(folder, 'kek.json')
  return read(file) ?? make(folder, file)
}

function read(file: string): KeyEncryptionKey[] | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  // The parser's own messages would quote the file, and with it a key.
  const keys = parseKeys(text)
  if (!keys)
    throw new Error(
      `${file} holds no key-encryption keys; restore it, or delete it together with the sandbox's database`,
    )
  return keys
}

function parseKeys(text: string): KeyEncryptionKey[] | undefined {
  try {
    const { keys } = fileShape.parse(JSON.parse(text))
    return keyEncryptionKeys.parse(keys.map(({ id, key }) => `${id}:${key}`).join(','))
  } catch {
    return undefined
  }
}

function make(folder: string, file: string): KeyEncryptionKey[] {
  const id = 'sandbox'
  const key = randomBytes(32).toString('base64')
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  mkdirSync(folder, { recursive: true })
  writeFileSync(draft, `${JSON.stringify({ keys: [{ id, key }] }, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  try {
    // link(2) fails when the name is taken, where rename(2) would replace another process's key.
    linkSync(draft, file)
    return [{ id, key: new Secret(key) }]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return read(file)!
  } finally {
    unlinkSync(draft)
  }
}
