import type { RecordChange } from '#src/accounts/identity/record-change.ts'
import type { Owner } from '#src/accounts/owner-notices.ts'
import { addSeconds } from '#src/kernel/clock.ts'
import type { Tx } from '#src/store/store.ts'
import type { Letters, Redeemed } from '../proofing.ts'
import { addStep, endRequest, lockRequest, readPayload } from '../request-store.ts'
import { isLetterCode, readLetterCode } from './code.ts'
import { letterRedeemed, letterRefused } from './events.ts'
import { countTry, lockLetter, lookAgain, markUsed, readLetter, type Which } from './letter-store.ts'
import { addressOrdered, type OrderedFor } from './ordered-for.ts'
import { endLetter, type LetterParts, RECORD_CHANGED, TRIES, TRIES_USED } from './parts.ts'

/** A process that dies right after it counted the last try leaves the letter's end to others after that time. */
const LEASE_SECONDS = 60

const refused = (why: Exclude<Redeemed, { ok: true }>['why'], triesLeft = 0): Redeemed => ({
  ok: false,
  why,
  triesLeft,
})

export function makeRedeem(parts: LetterParts): Letters['redeem'] {
  const { store, records, keyring, dataKeys, journal, clock } = parts

  /** Whether the letter can be redeemed at all; the request stays locked. */
  async function open(tx: Tx, which: Which) {
    const request = await lockRequest(tx, which)
    if (request?.kind !== 'letter') return refused('gone')
    const { state, number } = request
    if (state !== 'waiting') return refused(state === 'confirmed' ? 'spent' : state === 'expired' ? 'expired' : 'gone')
    const letter = await readLetter(tx, which)
    if (letter.expiresAt <= clock.now()) return refused('expired')
    if (letter.tries >= TRIES) return refused('gone')
    return { ok: 'open', number: String(number), ...letter } as const
  }

  /** Counts a try and commits before anything is compared, so that neither a crash nor a parallel guess is free. */
  async function enter(which: Which, counts: boolean) {
    return store.tx(async (tx) => {
      const letter = await open(tx, which)
      if (letter.ok !== 'open') return letter
      const triesLeft = TRIES - letter.tries - 1
      if (!counts) return refused('malformed', triesLeft + 1)
      await countTry(tx, which)
      if (triesLeft === 0) await lookAgain(tx, which, addSeconds(clock.now(), LEASE_SECONDS))
      return { ...letter, triesLeft }
    })
  }

  async function wrong(tx: Tx, owner: Owner, which: Which, origin: string, triesLeft: number): Promise<Redeemed> {
    const request = await lockLetter(tx, which)
    const { oid, id } = which
    await journal.record(tx, letterRefused({ account: oid, request: id, origin, left: String(triesLeft) }))
    // A right one in parallel may have ended it.
    if (request?.state !== 'waiting') return refused('wrong')
    await addStep(tx, which, 'wrong_code', [], clock.now())
    if (triesLeft === 0) await endLetter(tx, parts, { owner, which, number: String(request.number) }, TRIES_USED)
    return refused('wrong', triesLeft)
  }

  async function isOfRecord(tx: Tx, { account }: RecordChange, which: Which): Promise<boolean> {
    const key = await dataKeys.of(account.oid, tx)
    return addressOrdered(key, account, await readPayload<OrderedFor>(tx, key, which)) !== undefined
  }

  async function right(tx: Tx, owner: Owner, which: Which, origin: string): Promise<Redeemed> {
    const { oid, id } = which
    const reason = { cause: 'proven', actor: 'owner', origin, request: id }
    return records.change(tx, owner, reason, async (record) => {
      const request = await lockRequest(tx, which)
      if (request?.state !== 'waiting') return refused(request?.state === 'confirmed' ? 'spent' : 'gone')
      if (!(await isOfRecord(tx, record, which))) {
        await endLetter(tx, parts, { owner, which, number: String(request.number) }, RECORD_CHANGED)
        return refused('gone')
      }
      const at = clock.now()
      await markUsed(tx, which, at)
      await record.prove({ kind: 'letter', covers: ['person', 'address'], verifier: 'letter' })
      await endRequest(tx, which, 'confirmed', { at })
      await journal.record(tx, letterRedeemed({ account: oid, request: id, origin }))
      return { ok: true }
    })
  }

  return async (owner, request, typed, origin) => {
    const which = { oid: owner.account.oid, id: request }
    const code = readLetterCode(typed)
    const entered = await enter(which, code !== undefined)
    if (entered.ok !== 'open') return entered
    const isRight = code !== undefined && isLetterCode(keyring.key('letters'), which, code, entered.codeHash)
    return store.tx((tx) =>
      isRight ? right(tx, owner, which, origin) : wrong(tx, owner, which, origin, entered.triesLeft),
    )
  }
}
