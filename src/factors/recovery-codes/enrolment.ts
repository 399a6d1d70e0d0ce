import type { Accounts } from '#src/accounts/accounts.ts'
import { maskEmail } from '#src/accounts/fields/email.ts'
import { maskPhone } from '#src/accounts/fields/phone.ts'
import type { Enrolling, Enrolment } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { constantTimeEqual } from '#src/kernel/ids.ts'
import { wordedDate } from '#src/kernel/locale.ts'
import { randomBytes } from '#src/kernel/random.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'
import { recoveryCodeErrors } from './errors.ts'
import { grouped, newCode } from './spelling.ts'
import type { RecoveryStore } from './store.ts'

const CODES = 10
const ID_BYTES = 12

/** The one set of an account. */
export const SET = 'set'

/** A set is made when its form is sent, shown in the answer and never again; the former set ends with it. */
export function makeRecoveryEnrolment(deps: {
  store: Store
  keyring: Keyring
  clock: Clock
  accounts: Pick<Accounts, 'read'>
  issuer: URL
  recovery: RecoveryStore
  digestOf: (oid: number, code: string) => string
}): Enrolment {
  const { store, keyring, clock, accounts, issuer, recovery, digestOf } = deps

  /** Ties a form to its session and to the set that it ends: sent twice or from elsewhere it makes nothing. */
  const challengeOf = ({ oid, origin }: Enrolling, former: string | undefined) =>
    keyedHash(keyring.key('codes'), 'recovery_set', `${oid}:${origin}:${former ?? ''}`)

  /** What tells in a drawer, years later, what the paper is for; whoever else finds it learns no contact. */
  async function labelOf({ oid, locale }: Enrolling) {
    const { phone, email } = await accounts.read(oid)
    const hints = [phone && maskPhone(phone), email && maskEmail(email)].filter((hint) => hint !== undefined)
    return { number: oid, hints, site: issuer.host, madeOn: wordedDate(clock.now(), locale) }
  }

  return {
    fields: ['challenge'],
    most: 1,
    replaces: true,
    async begin(person) {
      const former = await recovery.current(person.oid)
      return {
        view: 'factors/recovery-codes/enrol',
        model: { challenge: challengeOf(person, former?.id), left: former?.left },
      }
    },
    async confirm(person, answer, record) {
      const { oid, origin } = person
      const former = await recovery.current(oid)
      if (!constantTimeEqual(answer.challenge ?? '', challengeOf(person, former?.id)))
        return { ok: false, error: recoveryCodeErrors.renewed }
      const codes = Array.from({ length: CODES }, newCode)
      const made = {
        id: randomBytes(ID_BYTES).toString('base64url'),
        origin,
        digests: codes.map((code) => digestOf(oid, code)),
      }
      const label = await labelOf(person)
      return store.tx(async (tx) => {
        if (!(await recovery.replace(tx, oid, former?.id, made)))
          return { ok: false, error: recoveryCodeErrors.renewed } as const
        const authenticator = { id: SET }
        await record(tx, authenticator)
        const once = { view: 'factors/recovery-codes/codes', model: { ...label, codes: codes.map(grouped) } }
        return { ok: true, authenticator, once } as const
      })
    },
    remove: (tx, oid, id, origin) => (id === SET ? recovery.remove(tx, oid, origin) : Promise.resolve(false)),
    undo: recovery.undo,
  }
}
