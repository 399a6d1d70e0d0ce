import { maskEmail } from '#src/accounts/fields/email.ts'
import { maskPhone } from '#src/accounts/fields/phone.ts'
import type { Codes } from '#src/factors/code/codes.ts'
import type { Factor, Refusal } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { readEvidence } from '#src/login/evidence.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import type { Store } from '#src/store/store.ts'
import { type ContactCodes, otherCodeId, type Wanted } from './contact-codes.ts'
import { type Contact, provenContact } from './recovery.ts'
import type { Recovery } from './store.ts'
import { OTHER_CONTACT } from './ways.ts'

/** What a recovery asks of a further factor; those of the registry have it too. */
export type FurtherFactor = Pick<Factor, 'kind' | 'fields' | 'begin' | 'verify' | 'settle' | 'act'>

/** A code to the contact of the account that the recovery did not begin with; sent when the owner asks for it. */
export interface OtherContact {
  asFactor(recovery: Recovery, oid: AccountId, contact: Contact): FurtherFactor
}

export function makeOtherContact(deps: {
  store: Store
  codes: Codes
  contactCodes: Pick<ContactCodes, 'other'>
  outbox: Outbox
  clock: Clock
}): OtherContact {
  const { store, codes, contactCodes, outbox, clock } = deps

  async function sendNow(recovery: Recovery, oid: AccountId, wanted: Wanted): Promise<{ ok: true } | Refusal> {
    const code = await contactCodes.other(wanted, oid)
    if (!code.ok) return code
    await store.tx(async (tx) => outbox.add(tx, { ...(await code.make(tx, recovery.ref)).message, oid }))
    return { ok: true }
  }

  return {
    asFactor(recovery, oid, contact) {
      const id = otherCodeId(recovery.ref)
      return {
        kind: OTHER_CONTACT,
        fields: ['code'],
        async begin() {
          const sentAt = await codes.pending(id)
          const waited = sentAt ? (clock.now().getTime() - sentAt.getTime()) / 1000 : Number.POSITIVE_INFINITY
          return {
            view: 'recovery/other-code',
            model: {
              contact: contact.kind === 'phone' ? maskPhone(contact.value) : maskEmail(contact.value),
              contactKind: contact.kind,
              sent: sentAt !== undefined,
              resendSeconds: Math.max(0, Math.ceil(codes.limits.resendSeconds - waited)),
            },
          }
        },
        async verify(_view, { code = '' }) {
          const verdict = await codes.verify(id, code)
          return verdict.ok ? { ok: true, proof: verdict } : verdict
        },
        async settle(_view, { proof }) {
          const spent = await store.tx((tx) => codes.spend(tx, id, proof as Parameters<Codes['spend']>[2]))
          if (!spent.ok) return spent
          const [evidence] = readEvidence([provenContact(contact.kind, clock.now())])
          return { ok: true, evidence: evidence! }
        },
        async act({ locale, network }) {
          return sendNow(recovery, oid, { contact, locale, network })
        },
      }
    },
  }
}
