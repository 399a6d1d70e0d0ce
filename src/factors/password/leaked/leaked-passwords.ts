import { hash } from 'node:crypto'
import { closeSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { LIST_FILE } from './format.ts'
import { listHolds, type OpenList, openList } from './look-up.ts'

/** Passwords that were stolen somewhere and can be bought; guessers begin with them. */
export interface LeakedPasswords {
  has(password: string): boolean
}

/** Where no list was imported. */
export const noLeakedPasswords: LeakedPasswords = { has: () => false }

/**
 * Looks passwords up in the file that `passwords import` makes, and in the next one as soon as it has taken the place of that. Read where
 * it lies: a process holds the index (256 KB), the operating system keeps what is used often.
 * @param onFault told once of a file that cannot be used; passwords then count as not leaked
 */
export function makeLeakedPasswords(folder: string, onFault: (fault: Error) => void): LeakedPasswords {
  const path = join(folder, LIST_FILE)
  let list: OpenList | undefined
  let unusable: Stats | undefined

  function current(): OpenList | undefined {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats) return undefined
    if (list && same(list.stats, stats)) return list
    if (unusable && same(unusable, stats)) return undefined
    const former = list
    list = undefined
    try {
      list = openList(path, stats)
    } catch (fault) {
      unusable = stats
      onFault(new Error(`${path} ${(fault as Error).message}`, { cause: fault }))
    }
    if (former) closeSync(former.file)
    return list
  }

  return {
    has(password) {
      const open = current()
      return open !== undefined && spellings(password).some((text) => listHolds(open, sha1(text)))
    },
  }
}

/** As typed, and as it is hashed: whoever leaked it may have taken either. */
function spellings(password: string): string[] {
  return [...new Set([password, password.normalize('NFKC')])]
}

function sha1(text: string): Buffer {
  return hash('sha1', text, 'buffer')
}

function same(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.size === b.size
}
