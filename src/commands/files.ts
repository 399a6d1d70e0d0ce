import { readFileSync } from 'node:fs'

/** Options whose value is the name of a file, or `-` for standard input. */
const FILE_OPTIONS = ['--metadata', '--jwks', '--seeds']

/**
 * Puts the text of files in place of their names, where they are named: the command itself may run in another process, which stands in
 * another folder. What begins like a JSON object is taken for the text itself.
 * @param read file descriptor or path → text
 * @throws Error of the file system, with the option's name before it
 */
export function withFiles(
  argv: readonly string[],
  read: (file: string | number) => string = (file) => readFileSync(file, 'utf8'),
): string[] {
  return argv.map((value, index) => {
    if (!FILE_OPTIONS.includes(argv[index - 1] ?? '') || value.startsWith('--') || value.trim().startsWith('{'))
      return value
    try {
      return read(value === '-' ? 0 : value)
    } catch (fault) {
      throw new Error(`${argv[index - 1]}: ${(fault as Error).message}`)
    }
  })
}
