import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactIndex } from '#src/accounts/contact-store.ts'
import { claimIndex } from '#src/accounts/identity/claims.ts'
import { madeUp } from '#src/commands/seed/people.ts'
import { seed } from '#src/commands/seed/seeding.ts'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import { Secret } from '#src/kernel/secret.ts'
import { openKeyring } from '#src/store/keyring.ts'
import { startPostgres } from '#test/setup/postgres.ts'
import { copyTemplate, createTemplate } from '#test/setup/template.ts'
import { shuffled } from './arithmetic.ts'
import { type Announce, type Bed, DURABLE, openBed, openSite, type Site } from './bed.ts'
import { codeFlow } from './flows.ts'
import { type Lookup, type Observed, observe } from './million-database.ts'
import { agree, openSettlement, type Resident, type Settlement } from './people.ts'
import { register } from './registration-flow.ts'
import { closedLoop, compare, type Measured, type Schedule, type Side } from './rounds.ts'
import { freePhone, terms } from './terms.ts'

/** How many accounts there are, and how many of them sign in. */
export interface Crowd {
  readonly accounts: number
  /** So many of each database that what the last one read is rarely of use to the next. */
  readonly residents: number
  readonly schedule: Schedule
}

const MILLION: Crowd = {
  accounts: 1_000_000,
  residents: 5_000,
  schedule: { blocks: 9, roundMs: 3_000, warmUpMs: 10_000 },
}

const CONCURRENCY = 8
const LOOKUPS_PER_KIND = 300
/** As an operator of a million accounts would set it on a small machine; the server's own default is of the last century. */
const MEMORY = ['-c', 'shared_buffers=1GB', '-c', 'max_wal_size=4GB']
/** Nothing else of PostgreSQL's runs in a round. */
const QUIET = ['-c', 'autovacuum=off']

/** A database with its bed. */
interface Town {
  readonly bed: Bed
  readonly observed: Observed
  readonly lookups: readonly Lookup[]
}

/**
 * Code flow and registration with a crowd of accounts against few: CPU of Node and of PostgreSQL per operation, the worse of both flows.
 * `ratio` is that of PostgreSQL.
 * @throws Error where a plan reads a large table as a whole, or a look-up by value takes 2 ms
 */
export async function measureMillion(announce: Announce, crowd: Crowd = MILLION): Promise<Measured> {
  const sockets = await mkdtemp(join(tmpdir(), 'propusk-sockets-'))
  await chmod(sockets, 0o777)
  const flags = [...DURABLE, ...MEMORY, ...QUIET, '-c', `unix_socket_directories=${sockets}`]
  const postgres = await startPostgres({ flags })
  const towns: Town[] = []
  try {
    await createTemplate(postgres.url)
    const build = async (count: number) => {
      const { url } = await copyTemplate(postgres.url)
      const town = await settleTown(`${url}?host=${sockets}`, count, crowd.residents, announce)
      towns.push(town)
      return town
    }
    const few = await build(crowd.residents)
    const many = await build(crowd.accounts)
    const lookups = await many.observed.checkLookups(many.lookups)
    await many.observed.forget()
    const flows = [
      await measureIn(many, few, crowd.schedule, 'code flow', signingIn),
      await measureIn(many, few, crowd.schedule, 'registration', registering),
    ]
    const plans = await many.observed.checkPlans()
    const worst = (figures: number[], compared: (...all: number[]) => number) => compared(...figures)
    return {
      ...flows[0]!,
      ratio: worst(
        flows.map(({ ratio }) => ratio),
        Math.max,
      ),
      cpuRatio: worst(
        flows.map(({ cpuRatio }) => cpuRatio ?? 0),
        Math.min,
      ),
      notes: [
        ...flows.flatMap(({ notes }) => notes),
        ...lookups,
        ...plans,
        ...(await many.observed.sizes(crowd.accounts)),
      ],
    }
  } finally {
    for (const { bed, observed } of towns) {
      await bed.stop()
      await observed.close()
    }
    await postgres.stop()
    await rm(sockets, { recursive: true, force: true })
  }
}

/** Prepares an operation that is repeated. */
type Flow = (bed: Bed, site: Site) => () => Promise<unknown>

const signingIn: Flow = (bed, site) => () => codeFlow(site.visitor(), bed.client, bed.nextResident())

let newcomers = 0
const registering: Flow = (_bed, site) => () => register(site.visitor(), site.child, freePhone(newcomers++))

async function measureIn(many: Town, few: Town, schedule: Schedule, name: string, flow: Flow): Promise<Measured> {
  const sites = await Promise.all(
    [many, few].map(async ({ bed }) => openSite(bed, await bed.startOurs({ hashes: false }), CONCURRENCY)),
  )
  try {
    const [ours, other] = [many, few].map((town, index) => watched(town, sites[index]!, flow)) as [Watched, Watched]
    const measured = await compare(ours.side, other.side, schedule)
    const [mine, theirs] = [ours.databaseMsPerOp(), other.databaseMsPerOp()]
    return {
      ...measured,
      ratio: mine / theirs,
      notes: [
        ...measured.notes,
        `PostgreSQL CPU per operation: ${mine.toFixed(2)} ms, with few accounts ${theirs.toFixed(2)} ms; Node's ratio ${measured.cpuRatio?.toFixed(3)}, speed ${measured.ratio.toFixed(3)}`,
      ].map((note) => `${name}: ${note}`),
    }
  } finally {
    for (const site of sites) await site.close()
  }
}

interface Watched {
  readonly side: Side
  databaseMsPerOp(): number
}

/** One side works at a time, so what PostgreSQL uses meanwhile is for that side. The warm-up does not count. */
function watched({ bed, observed }: Town, site: Site, flow: Flow): Watched {
  const operation = flow(bed, site)
  let [isWarm, ms, ops] = [false, 0, 0]
  return {
    databaseMsPerOp: () => ms / ops,
    side: {
      child: site.child,
      async round(roundMs) {
        const before = await observed.cpuMs()
        const round = await closedLoop(CONCURRENCY, roundMs, operation)
        if (isWarm) {
          ms += (await observed.cpuMs()) - before
          ops += round.ops
        }
        isWarm = true
        return round
      },
    },
  }
}

async function settleTown(databaseUrl: string, accounts: number, residents: number, announce: Announce): Promise<Town> {
  const lookups: Lookup[] = []
  const bed = await openBed(databaseUrl, residents, announce, async (settlement) => {
    const found = await settleCrowd(settlement, accounts, announce)
    lookups.push(...found.lookups)
    return found.residents
  })
  return { bed, observed: await observe(databaseUrl), lookups }
}

/** Made-up people; those who sign in are spread over all of them. */
async function settleCrowd(
  settlement: Settlement,
  accounts: number,
  announce: Announce,
): Promise<{ residents: Resident[]; lookups: Lookup[] }> {
  const { databaseUrl, kek, client, count } = settlement
  const keks = [{ id: kek.id, key: new Secret(kek.key) }]
  const begun = performance.now()
  const phc = await argon2Hasher.hash(terms.password)
  const { computedMs, databaseMs } = await seed({ databaseUrl, keyEncryptionKeys: keks, phc, from: 0, count: accounts })
  const seconds = (performance.now() - begun) / 1000
  announce(
    `${accounts} people in ${seconds.toFixed(0)} s; workers computed for ${(computedMs / 1000).toFixed(0)} s and waited for the database for ${(databaseMs / 1000).toFixed(0)} s`,
  )
  const store = await openSettlement(settlement)
  try {
    const keyring = await openKeyring(store.db, keks)
    for (const table of ['accounts', 'identifiers']) await store.script(`vacuum (analyze) ${table}`)
    await store.script('analyze')
    const step = accounts / count
    // Anywhere within each step: level and much else of a made-up person follow from the number's last digits.
    const numbers = Array.from({ length: count }, (_, index) => Math.floor((index + Math.random()) * step))
    // Who is verified is asked for a second factor, and a code flow of the others is what is compared.
    const chosen = numbers.map(madeUp).filter(({ level }) => level !== 'verified')
    const indexOf = (phone: string) => contactIndex(keyring, 'phone', phone)
    const held = await store.db
      .selectFrom('identifiers')
      .select(['hash', 'oid'])
      .where('kind', '=', 'phone')
      .where(
        'hash',
        'in',
        chosen.map(({ phone }) => indexOf(phone)),
      )
      .execute()
    const oids = new Map(held.map(({ hash, oid }) => [hash, oid]))
    const residents = shuffled(chosen).map(({ phone, email }) => ({ oid: oids.get(indexOf(phone))!, phone, email }))
    await agree(store, keyring, client, residents)
    const some = shuffled(chosen.filter(({ passport }) => passport)).slice(0, LOOKUPS_PER_KIND)
    const blind = keyring.key('blind_index')
    const lookups = some.flatMap(({ phone, email, person }) => [
      { kind: 'phone', hash: indexOf(phone) },
      { kind: 'email', hash: contactIndex(keyring, 'email', email) },
      { kind: 'snils', hash: claimIndex(blind, 'snils', person.snils!) },
    ])
    return { residents, lookups }
  } finally {
    await store.close()
  }
}
