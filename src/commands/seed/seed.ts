import { z } from 'zod'
import type { Config } from '#src/config/config.ts'
import type { PasswordHasher } from '#src/factors/password/hash.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Db, Store } from '#src/store/store.ts'
import { flag, one, parseOptions, UsageError, whole } from '../command.ts'
import { PEOPLE } from './people.ts'
import { clock, grouped, makeProgress } from './progress.ts'
import { MADE_UP, SEEDED_TABLES } from './rows.ts'
import { seed } from './seeding.ts'

export interface SeedDeps {
  readonly config: Pick<Config, 'mode' | 'database' | 'keyEncryptionKeys'>
  readonly store: Store
  readonly keyring: Pick<Keyring, 'key'>
  readonly hasher: PasswordHasher
}

const Seed = z
  .strictObject({
    count: one(whole(1, PEOPLE)),
    from: one(whole(0, PEOPLE - 1)).default(0),
    'into-existing': flag.optional(),
    'yes-made-up-people': flag.optional(),
  })
  .refine(({ from, count }) => from + count <= PEOPLE, {
    path: ['count'],
    message: `with --from there are ${PEOPLE} people at most`,
  })

/**
 * Fills a database with made-up people, for tests of load.
 * @throws UsageError on anything but PostgreSQL, in production unless wished, beside real accounts unless wished
 */
export async function seedPeople(deps: SeedDeps, args: readonly string[]): Promise<string> {
  const options = parseOptions(Seed, args)
  const { config, store, keyring, hasher } = deps
  const { database } = config
  if (database.kind !== 'postgres') throw new UsageError('made-up people need PostgreSQL: set DATABASE_URL')
  if (config.mode === 'production' && !options['yes-made-up-people'])
    throw new UsageError(
      'this is an installation in production, where anybody who knows the password below could sign in as these people: add --yes-made-up-people if that is meant',
    )
  if (!options['into-existing'] && (await hasRealAccounts(store.db)))
    throw new UsageError('there are accounts of real people: add --into-existing if that is meant')

  const password = passwordOf(keyring)
  const begun = performance.now()
  const { from, count } = options
  const { written, computedMs, databaseMs } = await seed({
    databaseUrl: database.url.reveal(),
    keyEncryptionKeys: config.keyEncryptionKeys,
    phc: await hasher.hash(password),
    from,
    count,
    progress: makeProgress(count, {
      watched: process.stderr.isTTY,
      write: (text) => void process.stderr.write(text),
    }),
  })
  // Plans for a full database, and pages that the first readers need not mend. Each by itself: it runs in no transaction.
  for (const table of SEEDED_TABLES) await store.script(`vacuum (analyze) ${table}`)
  const seconds = (performance.now() - begun) / 1000
  const share = Math.round((100 * databaseMs) / Math.max(1, computedMs + databaseMs))
  return `${grouped(written)} people written, ${grouped(count - written)} were there before; ${clock(seconds)} minutes, ${share} % of it in the database.
They are made up and have one password: ${password}
`
}

async function hasRealAccounts(db: Db): Promise<boolean> {
  const found = await db
    .selectFrom('accounts')
    .select('oid')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('agreements')
            .select('agreements.oid')
            .whereRef('agreements.oid', '=', 'accounts.oid')
            .where('version', '=', MADE_UP),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** The same in each run of one installation, as one that was interrupted has told it to nobody. */
const passwordOf = (keyring: Pick<Keyring, 'key'>) =>
  keyedHash(keyring.key('proofs'), 'made-up people', 'password').slice(0, 20)
