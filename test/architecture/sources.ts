import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))

/** Path below the folder, with `/`, → text. */
export type Sources = ReadonlyMap<string, string>

/** Reads every file of a folder of the repository whose name ends so, the folder's own folders included. */
export async function readSources(folder: string, ending: string): Promise<Sources> {
  const home = join(REPOSITORY, folder)
  const names = (await readdir(home, { recursive: true })).filter((name) => name.endsWith(ending)).sort()
  return new Map(
    await Promise.all(
      names.map(
        async (name): Promise<[string, string]> => [
          name.replaceAll('\\', '/'),
          await readFile(join(home, name), 'utf8'),
        ],
      ),
    ),
  )
}

const STRING_OR_COMMENT = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

/** The text of a TypeScript file with its comments blanked; strings stay, a `//` inside them is none. */
export function withoutComments(source: string): string {
  return source.replace(STRING_OR_COMMENT, (comment, string: string | undefined) =>
    string === undefined ? comment.replace(/[^\n]/g, ' ') : string,
  )
}

const IMPORTS = /(?:^|\n)(?:import|export)\s(?:[^'"`]*?\sfrom\s)?\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g

/** Every specifier that a file imports or re-exports: values, types, `import('…')` in code and in types. */
export function importsOf(source: string): string[] {
  return [...withoutComments(source).matchAll(IMPORTS)].map((match) => match[1] ?? match[2] ?? '')
}

/** Path below src/ of an import from `file` (also below src/), or undefined for a package. */
export function resolveInSrc(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#src/')) return specifier.slice('#src/'.length)
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier)
  return undefined
}
