import { AsyncLocalStorage } from 'node:async_hooks'
import type { Address } from '#src/accounts/fields/address.ts'
import { allTexts } from '#src/all-texts.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { PostedLetter } from '#src/notifications/outbox.ts'
import { makeMessageStore, type Outcome } from '#src/notifications/store.ts'
import { makeLetters } from '#src/proofing/letter/letters.ts'
import { endRequest, findRequest } from '#src/proofing/request-store.ts'
import { PASSPORT, startIdentityRig } from '#test/accounts/identity/rig.ts'
import { codeOn } from './pdf-text.ts'

export type LetterRig = Awaited<ReturnType<typeof startLetterRig>>

export const ADDRESS: Address = {
  kind: 'registered',
  postcode: '420111',
  text: 'г. Казань, ул. Баумана, д. 1, кв. 15',
}
const REASON = { cause: 'reconciled', actor: 'registry', origin: '' }
/** A session of the owner, as pages name it. */
export const ORIGIN = 'session-1'

/** Letters over real records; what is posted is a list, and waits in `messages` until `settle`. */
export async function startLetterRig() {
  const ground = await startIdentityRig({ start: '2026-11-23T09:00:00Z' })
  const { store, records, keyring, dataKeys, journal, clock, ownerNotices, log } = ground
  const messages = makeMessageStore({ keyring, dataKeys })
  const posted: PostedLetter[] = []
  const faults: unknown[] = []
  const postOffice = {
    async post(tx: Parameters<typeof messages.insert>[0], letter: PostedLetter) {
      const { pdf, ttlSeconds, ...row } = letter
      const createdAt = clock.now()
      const times = { createdAt, expiresAt: addSeconds(createdAt, ttlSeconds) }
      await messages.insert(tx, { ...row, ...times, channel: 'post', body: { text: '', pdf } })
      posted.push(letter)
    },
  }
  let numbers = 0

  const within = new AsyncLocalStorage<true>()

  /** The same store, which knows whether it is in a transaction. @param before what happens before each, counted from 1 */
  function watched(before: (count: number) => Promise<void>): typeof store {
    let count = 0
    return {
      ...store,
      async tx(work) {
        await before(++count)
        return store.tx((tx) => within.run(true, () => work(tx)))
      },
    }
  }

  /** Another call is another process on the same database. */
  const process = ({ available = true, beforeTx = async (_count: number) => {} } = {}) =>
    makeLetters({
      store: watched(beforeTx),
      records,
      ownerNotices,
      keyring,
      dataKeys,
      journal,
      clock,
      log: { error: (fields) => void faults.push(fields) },
      translate(locale) {
        if (within.getStore()) faults.push('printed inside a transaction')
        return allTexts(log).translator(locale)
      },
      postOffice,
      wake: () => {},
      sender: {
        name: { ru: 'Пропуск', en: 'Propusk' },
        address: ['101000, г. Приозёрск, а/я 15'],
        issuer: new URL('https://id.example.ru'),
      },
      available,
    })
  const letters = process()

  const livesAt = (oid: AccountId, address: Address) =>
    ground.change(
      oid,
      async (record) => {
        await record.putAddress(address)
        await record.prove({ kind: 'registry', covers: ['person', 'address'], verifier: 'registry.address' })
      },
      REASON,
    )

  async function standard(): Promise<AccountId> {
    const oid = await ground.person()
    const n = String(910_000 + ++numbers)
    await ground.reconciled(oid, `90000${n}`, { ...PASSPORT, number: n })
    return oid
  }

  async function order(oid: AccountId, by = letters) {
    return by.order(await ownerNotices.ownerOf(oid), ORIGIN)
  }

  /** As it is printed. */
  const codeOf = (id: string) => codeOn(posted.find((letter) => letter.id === id)!.pdf)

  return {
    ...ground,
    letters,
    codeOf,
    process,
    posted,
    /** Faults of ours: what was logged as one. */
    faults,
    livesAt,
    standard,
    /** Of the standard level, with an address that a registry has confirmed. */
    async citizen(): Promise<AccountId> {
      const oid = await standard()
      await livesAt(oid, ADDRESS)
      return oid
    },
    order,
    /** @returns the request, and the code as it is printed on the letter @throws Error when the letter is refused */
    async ordered(oid: AccountId) {
      const done = await order(oid)
      if (!done.ok) throw new Error(`not ordered: ${done.why}`)
      const { id, number } = done.request
      await letters.workDue()
      return { id, code: await codeOf(id), number }
    },
    async redeem(oid: AccountId, id: string, code: string, by = letters) {
      return by.redeem(await ownerNotices.ownerOf(oid), id, code, ORIGIN)
    },
    request: (oid: AccountId, id: string) => findRequest(store.db, { oid, id }),
    settle: (oid: AccountId, id: string, outcome: Outcome) => messages.settle(store.db, oid, id, outcome, clock.now()),
    withdraw: (oid: AccountId, id: string) =>
      store.tx((tx) => endRequest(tx, { oid, id }, 'withdrawn', { at: clock.now() })),
    evidence: (oid: AccountId) =>
      store.db
        .selectFrom('identity_evidence')
        .select(['kind', 'covers', 'request'])
        .where('oid', '=', oid)
        .orderBy('at')
        .execute(),
  }
}

/** A well-formed code that is another one. */
export const otherThan = (code: string) => (code.startsWith('0') ? '1' : '0') + code.slice(1)
