import { exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'oidc-provider'
import type { Journal } from '#src/journal/journal.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { KeyAlgorithm } from '../algorithms.ts'
import { signingKeyChanged } from './events.ts'
import {
  activeFrom,
  activeUntil,
  FORMER_SECONDS,
  type KeyTimes,
  publishedUntil,
  type Step,
  stepsDue,
} from './schedule.ts'
import * as rows from './store.ts'

/** A key and the moment at which its state ends by schedule. */
export interface ScheduledKey extends KeyTimes {
  readonly until: Date
}

/** The keys that sign tokens: `next`, `active` and `retired`, of each algorithm at most one next and one active. */
export interface SigningKeys {
  /** What the provider is built from, as stored now: the first of an algorithm signs, all are published. */
  load(): Promise<{ signingKeys: JWK[]; formerKeys: JWK[] }>
  /** Takes every step whose time has come, the first keys of an installation included; any number of processes may do so at once. */
  advance(): Promise<void>
  list(): Promise<ScheduledKey[]>
  /**
   * Publishes a next key where there is none; it signs as soon as everybody can know it.
   * @returns the next keys of these algorithms
   */
  rotate(algs: readonly KeyAlgorithm[]): Promise<ScheduledKey[]>
  /**
   * After a leak: forgets every key of these algorithms at once, next ones included, as they lay beside the leaked one. New ones sign from
   * now on.
   * @returns the `kid`s of those that are gone
   */
  replace(algs: readonly KeyAlgorithm[]): Promise<string[]>
}

export interface SigningKeysDeps {
  readonly store: Store
  readonly keyring: Keyring
  readonly journal: Pick<Journal, 'record'>
  readonly clock: Clock
  /** How long a key signs. */
  readonly rotationDays: number
}

export function makeSigningKeys(deps: SigningKeysDeps): SigningKeys {
  const { store, keyring, journal, clock, rotationDays } = deps
  const note = (tx: Tx, alg: string, kid: string, state: string) =>
    journal.record(tx, signingKeyChanged({ kid, alg, state }))
  const scheduled = (key: KeyTimes): ScheduledKey => ({ ...key, until: endOf(key, rotationDays) })

  /**
   * Takes the steps that `choose` finds necessary, now and again behind the lock: another process may have been faster. Keys are made before
   * the transaction, as an RSA key takes a good part of a second.
   */
  async function take(choose: (keys: readonly KeyTimes[], now: Date) => Step[]): Promise<void> {
    const planned = choose(await rows.listKeys(store.db), clock.now())
    if (planned.length === 0) return
    const made = new Map<string, rows.PrivateKey>()
    for (const { take, alg } of planned) if (take === 'begin' || take === 'publish') made.set(alg, await makeKey(alg))
    await store.tx(async (tx) => {
      await rows.lockKeys(tx)
      const now = clock.now()
      for (const step of choose(await rows.listKeys(tx), now)) await perform(tx, step, made.get(step.alg), now)
    })
  }

  async function perform(tx: Tx, step: Step, key: rows.PrivateKey | undefined, now: Date): Promise<void> {
    const { alg } = step
    if (step.take === 'activate') {
      const retired = await rows.activateKey(tx, { kid: step.kid, alg, now })
      await note(tx, alg, step.kid, 'active')
      await note(tx, alg, retired, 'retired')
    } else if (step.take === 'withdraw') {
      await rows.withdrawKey(tx, { keyring, kid: step.kid, alg, now })
      await note(tx, alg, step.kid, 'withdrawn')
    } else if (key) {
      await rows.insertKey(tx, { keyring, key, alg, state: step.take === 'begin' ? 'active' : 'next', now })
      // The first keys change nothing, and are made before the journal has its partitions.
      if (step.take === 'publish') await note(tx, alg, key.kid, 'next')
    }
  }

  return {
    async load() {
      return {
        signingKeys: await rows.loadSigningKeys({ store, keyring }),
        formerKeys: await rows.loadFormerKeys(store),
      }
    },
    async advance() {
      await take((keys, now) => stepsDue(keys, now, rotationDays))
      await rows.forgetFormerKeys(store.db, addSeconds(clock.now(), -FORMER_SECONDS))
    },
    async list() {
      return (await rows.listKeys(store.db)).map(scheduled)
    },
    async rotate(algs) {
      const isNext = ({ alg, state }: KeyTimes) => state === 'next' && (algs as readonly string[]).includes(alg)
      await take((keys) =>
        algs
          .filter((alg) => !keys.some((key) => key.alg === alg && isNext(key)))
          .map((alg): Step => ({ take: 'publish', alg })),
      )
      return (await rows.listKeys(store.db)).filter(isNext).map(scheduled)
    },
    async replace(algs) {
      const made = await Promise.all(algs.map(async (alg) => ({ alg, key: await makeKey(alg) })))
      return store.tx(async (tx) => {
        await rows.lockKeys(tx)
        const now = clock.now()
        const gone: string[] = []
        for (const { alg, key } of made) {
          const dropped = await rows.dropKeys(tx, alg)
          await rows.insertKey(tx, { keyring, key, alg, state: 'active', now })
          for (const kid of dropped) await note(tx, alg, kid, 'dropped')
          await note(tx, alg, key.kid, 'active')
          gone.push(...dropped)
        }
        return gone
      })
    },
  }
}

function endOf(key: KeyTimes, rotationDays: number): Date {
  if (key.state === 'next') return activeFrom(key)
  return key.state === 'active' ? activeUntil(key, rotationDays) : publishedUntil(key)
}

async function makeKey(alg: KeyAlgorithm): Promise<rows.PrivateKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 })
  const jwk = { ...(await exportJWK(privateKey)), kid: randomTicket().slice(0, 16), use: 'sig' }
  // A key that names its algorithm serves no other, and this one has two names.
  return (alg === 'EdDSA' ? jwk : { ...jwk, alg }) as rows.PrivateKey
}
