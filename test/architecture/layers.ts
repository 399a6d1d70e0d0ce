import { basename } from 'node:path/posix'
import { importsOf, resolveInSrc, type Sources } from './sources.ts'

interface Row {
  readonly folder: string
  /** Folders whose files it may import beside its own; `above` is every earlier row. */
  readonly may: 'above' | readonly string[]
  /** Which files of factors/ it may import, where not all. */
  readonly factors?: (path: string) => boolean
}

const FACTOR_INTERFACE = ['factors/factor.ts', 'factors/registry.ts']

/** The domain from the ground up: a folder knows what stands above it, never what comes after. */
const rows: readonly Row[] = [
  { folder: 'kernel', may: [] },
  { folder: 'config', may: ['kernel'] },
  { folder: 'store', may: ['kernel', 'config'] },
  { folder: 'http', may: ['kernel', 'config'] },
  { folder: 'journal', may: ['kernel', 'store'] },
  { folder: 'throttle', may: ['kernel', 'store', 'journal'] },
  { folder: 'jobs', may: ['kernel', 'config', 'store'] },
  { folder: 'notifications', may: 'above' },
  { folder: 'registries', may: ['kernel', 'config'] },
  { folder: 'accounts', may: 'above' },
  { folder: 'proofing', may: 'above' },
  { folder: 'organisations', may: 'above' },
  { folder: 'consents', may: 'above' },
  { folder: 'signatures', may: ['kernel', 'config', 'store'] },
  { folder: 'factors', may: 'above' },
  {
    // Registration enrols the first two authenticators of an account, its password and the contact that receives codes,
    // before there is a sign-in that could go through the interface: so it knows these two kinds, and only these.
    folder: 'registration',
    may: 'above',
    factors: (path) => FACTOR_INTERFACE.includes(path) || /^factors\/(password|code)\//.test(path),
  },
  { folder: 'login', may: 'above', factors: (path) => FACTOR_INTERFACE.includes(path) },
  {
    folder: 'recovery',
    may: 'above',
    factors: (path) => FACTOR_INTERFACE.includes(path) || /^factors\/(password|code)\//.test(path),
  },
  // The cabinet says what it wants of the provider, as login/ does; oidc/ implements it.
  { folder: 'cabinet', may: 'above' },
  { folder: 'oidc', may: 'above' },
  { folder: 'resource', may: 'above' },
  { folder: 'esia', may: 'above' },
  { folder: 'desk', may: 'above' },
  { folder: 'console', may: 'above' },
  { folder: 'commands', may: 'above' },
]

/** Files outside the rows: they build and run the whole. */
const ENTRIES = ['main.ts', 'wire.ts', 'cli.ts', 'commands.ts', 'all-texts.ts', 'upkeep.ts', 'workers.ts']
/** Those of them that know the sandbox: what starts it, talks to it, or holds its texts. */
const SANDBOX_STARTERS = ['main.ts', 'cli.ts', 'all-texts.ts']

/** Packages that one folder wraps for all others. */
const wrapped: Readonly<Record<string, string>> = { 'oidc-provider': 'oidc' }

/** @returns one line for each import that the table forbids; `sources` are paths below src/ */
export function forbiddenImports(sources: Sources): string[] {
  return [...sources].flatMap(([file, source]) =>
    importsOf(source).flatMap((specifier) => {
      const target = resolveInSrc(file, specifier)
      const fault = target === undefined ? packageFault(file, specifier) : edgeFault(file, target)
      return fault === undefined ? [] : [`${file} imports ${specifier}: ${fault}`]
    }),
  )
}

function packageFault(file: string, specifier: string): string | undefined {
  const owner = Object.entries(wrapped).find(([name]) => specifier === name || specifier.startsWith(`${name}/`))?.[1]
  if (owner !== undefined && folderOf(file) !== owner) return `only ${owner}/ knows this package`
  return undefined
}

function edgeFault(file: string, target: string): string | undefined {
  const [from, to] = [folderOf(file), folderOf(target)]
  if (to === 'sandbox')
    return from === 'sandbox' || SANDBOX_STARTERS.includes(file)
      ? undefined
      : 'nothing but what starts the sandbox knows it'
  if (from === 'sandbox') return undefined
  if (from === 'house') return undefined
  if (to === 'house') return file === 'wire.ts' ? undefined : 'only the wiring knows its parts'
  if (from === '') return ENTRIES.includes(file) ? undefined : `src/ itself holds only ${ENTRIES.join(', ')}`
  if (to === '') return 'only what starts a process uses the wiring'
  if (from === to) return from === 'factors' ? factorFault(file, target) : undefined
  const index = rows.findIndex(({ folder }) => folder === from)
  const row = rows[index]
  if (row === undefined) return `${from}/ has no row in the table`
  if (to === 'http' && row.may === 'above' && !servesHttp(file)) return 'rules and SQL stay free of HTTP'
  if (row.factors && to === 'factors' && !row.factors(target)) return `${from}/ knows factors by their interface`
  const allowed = row.may === 'above' ? rows.slice(0, index).map(({ folder }) => folder) : row.may
  if (!allowed.includes(to)) return `${from}/ must not know ${to}/`
  return undefined
}

/** Inside factors/: the registry knows every kind, a kind knows the interface and itself. */
function factorFault(file: string, target: string): string | undefined {
  const [kind, other] = [kindOf(file), kindOf(target)]
  if (kind === other || file === 'factors/registry.ts') return undefined
  if (kind === undefined) return 'only the registry knows the kinds'
  if (other !== undefined) return 'a factor never knows another factor'
  return target === 'factors/registry.ts' ? 'a factor does not know the registry it stands in' : undefined
}

function kindOf(path: string): string | undefined {
  return path.split('/').length > 2 ? path.split('/')[1] : undefined
}

/** The provider is an HTTP server itself; these files only pass a request's context on to it. */
const CONTEXT_BEARERS = [
  'login/interaction.ts',
  'login/answering.ts',
  'login/attempts.ts',
  'login/arrivals.ts',
  'login/devices.ts',
  'login/last-factor.ts',
  'login/way-back.ts',
  'login/signals.ts',
  'cabinet/entrance.ts',
]

function servesHttp(file: string): boolean {
  if (folderOf(file) === 'oidc' || CONTEXT_BEARERS.includes(file)) return true
  return /^(.+-)?routes\.ts$|^pages\.ts$/.test(basename(file))
}

function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : ''
}
