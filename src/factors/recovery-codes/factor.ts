import type { Accounts } from '#src/accounts/accounts.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Factor, Worth } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'
import { makeRecoveryEnrolment, SET } from './enrolment.ts'
import { recoveryCodeErrors } from './errors.ts'
import { codeOf } from './spelling.ts'
import { makeRecoveryStore } from './store.ts'

/** From so many on the owner is asked to make new ones. */
const FEW = 3

const worth: Worth = {
  kind: 'recovery_code',
  proof: 'possession',
  multiFactor: false,
  hardware: false,
  phishingResistant: false,
  ceiling: 'aal2',
  rescue: true,
}

/** Codes on paper for the day when nothing else is at hand (R-B7). */
export function makeRecoveryCodes(deps: {
  store: Store
  keyring: Keyring
  clock: Clock
  accounts: Pick<Accounts, 'read'>
  ownerNotices: OwnerNotices
  issuer: URL
}): Factor {
  const { store, keyring, clock, ownerNotices } = deps
  const recovery = makeRecoveryStore(deps)
  const digestOf = (oid: AccountId, code: string) => keyedHash(keyring.key('codes'), 'recovery_code', `${oid}:${code}`)

  return {
    kind: worth.kind,
    proof: worth.proof,
    opens: false,
    unguessable: true,
    best: worth,
    fields: ['code'],
    worths: async (oid) => (((await recovery.current(oid))?.left ?? 0) > 0 ? [worth] : []),
    async authenticators(oid) {
      const set = await recovery.current(oid)
      return set ? [{ kind: worth.kind, id: SET, addedAt: set.madeAt, left: set.left, worth }] : []
    },
    begin: async () => ({ view: 'factors/recovery-codes/code', model: {} }),
    async verify({ oid }, answer) {
      const code = codeOf(answer.code ?? '')
      if (code === undefined) return { ok: false, error: recoveryCodeErrors.missing }
      const digest = oid === undefined ? '' : digestOf(oid, code)
      return oid !== undefined && (await recovery.isUnspent(oid, digest))
        ? { ok: true, proof: digest }
        : { ok: false, error: recoveryCodeErrors.wrong }
    },
    async settle({ oid }, verdict) {
      const owner = await ownerNotices.ownerOf(oid!)
      const spent = await store.tx(async (tx) => {
        const left = await recovery.spend(tx, oid!, verdict.proof as string)
        if (left === undefined) return false
        const kind = left > FEW ? 'recovery_code_used' : 'recovery_codes_few'
        await ownerNotices.tell(tx, owner, { kind, values: { left: String(left) } })
        return true
      })
      if (!spent) return { ok: false, error: recoveryCodeErrors.wrong }
      return { ok: true, evidence: { ...worth, amr: ['otp'], at: clock.now(), authenticator: SET } }
    },
    enrolment: makeRecoveryEnrolment({ ...deps, recovery, digestOf }),
  }
}
