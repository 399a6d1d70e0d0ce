import { z } from 'zod'
import { checkLeaked, importLeaked } from '#src/factors/password/leaked/importing.ts'
import { type Noun, parseOptions, parseWordAndOptions, UsageError } from './command.ts'

/** These commands need no database: they work on a folder. */
export interface PasswordCommandDeps {
  /** `LEAKED_PASSWORDS_FOLDER` */
  readonly leakedPasswordsFolder: string | undefined
  /** Shows how far a long work has come, in place of what was shown before. */
  readonly showProgress: (line: string) => void
}

export const passwordCommands: Noun<PasswordCommandDeps> = {
  usage: `  passwords import FOLDER|FILE   the list of leaked passwords, out of range files (00000 to FFFFF) or one sorted file HASH:COUNT;
                                 goes on where it was interrupted, and takes the place of the former list when it is whole
  passwords check                whether the list of leaked passwords is as it was written
`,
  verbs: {
    import: (args, deps) => importList(deps, args),
    check: (args, deps) => checkList(deps, args),
  },
}

async function importList(deps: PasswordCommandDeps, args: readonly string[]): Promise<string> {
  const { word: source } = parseWordAndOptions('the folder or file', z.strictObject({}), args)
  const folder = folderOf(deps)
  const { entries, missing, resumed } = await importLeaked(source, folder, (done, count) => {
    deps.showProgress(`${bar(done)} ${Math.floor(done * 100)} %  ${grouped(count)} passwords`)
  })
  const gap = missing > 0 ? `${grouped(missing)} of 1 048 576 range files were not there.\n` : ''
  const way = resumed ? ' The import went on where it had been interrupted.' : ''
  return `${gap}Passwords in the list: ${grouped(entries)}. Processes use it from now on.${way}\n`
}

async function checkList(deps: PasswordCommandDeps, args: readonly string[]): Promise<string> {
  parseOptions(z.strictObject({}), args)
  const { entries, checksum } = await checkLeaked(folderOf(deps))
  return `The list is sound. Passwords: ${grouped(entries)}. SHA-256: ${checksum}.\n`
}

function folderOf({ leakedPasswordsFolder: folder }: PasswordCommandDeps): string {
  if (folder === undefined)
    throw new UsageError('set LEAKED_PASSWORDS_FOLDER to where the list is to be, for the processes too')
  return folder
}

const BAR_CHARACTERS = 30

function bar(done: number): string {
  const full = Math.round(done * BAR_CHARACTERS)
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CHARACTERS - full)}]`
}

/** `12345678` → `12 345 678`. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}
