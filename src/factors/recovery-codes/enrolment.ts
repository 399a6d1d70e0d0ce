import type { Enrolling, Enrolment } from '#src/factors/factor.ts'
import { constantTimeEqual } from '#src/kernel/ids.ts'
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
  recovery: RecoveryStore
  digestOf: (oid: number, code: string) => string
}): Enrolment {
  const { store, keyring, recovery, digestOf } = deps

  /** Ties a form to its session and to the set that it ends: sent twice or from elsewhere it makes nothing. */
  const challengeOf = ({ oid, origin }: Enrolling, former: string | undefined) =>
    keyedHash(keyring.key('codes'), 'recovery_set', `${oid}:${origin}:${former ?? ''}`)

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
      return store.tx(async (tx) => {
        if (!(await recovery.replace(tx, oid, former?.id, made)))
          return { ok: false, error: recoveryCodeErrors.renewed } as const
        const authenticator = { id: SET }
        await record(tx, authenticator)
        const once = { view: 'factors/recovery-codes/codes', model: { number: oid, codes: codes.map(grouped) } }
        return { ok: true, authenticator, once } as const
      })
    },
    remove: (tx, oid, id, origin) => (id === SET ? recovery.remove(tx, oid, origin) : Promise.resolve(false)),
    undo: recovery.undo,
  }
}
