import type { Accounts } from '#src/accounts/accounts.ts'
import { maskPhone } from '#src/accounts/fields/phone.ts'
import type { Evidence, Factor, LoginView } from '#src/factors/factor.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import type { Store } from '#src/store/store.ts'
import type { Codes, CodeVerdict } from './codes.ts'
import { codeErrors } from './errors.ts'

const worth = {
  kind: 'code',
  proof: 'possession',
  multiFactor: false,
  hardware: false,
  phishingResistant: false,
  ceiling: 'aal2',
} as const

const proven = (at: Date): Evidence => ({ ...worth, amr: ['otp', 'sms'], at })

/** One-time code by SMS to the confirmed phone (R-B2); with the password it is worth `aal2`. */
export function makeCode(deps: { store: Store; accounts: Accounts; codes: Codes; clock: Clock }): Factor {
  const { store, accounts, codes, clock } = deps
  // The account is part of it: whoever starts again as somebody else needs a code that went to that person's phone.
  const idOf = (login: LoginView) => `login:${login.oid}:${ticketHash(login.uid)}`

  async function phoneOf(login: LoginView): Promise<string> {
    const phone = login.oid === undefined ? undefined : (await accounts.read(login.oid)).phone
    if (phone === undefined) throw new Error('a code was asked of an account without a phone')
    return phone
  }

  const send = async (login: LoginView) => {
    const phone = await phoneOf(login)
    return store.tx((tx) =>
      codes.issue(tx, {
        id: idOf(login),
        contact: { kind: 'phone', value: phone },
        oid: login.oid!,
        kind: 'sign_in_code',
        locale: login.locale,
      }),
    )
  }

  return {
    kind: worth.kind,
    proof: worth.proof,
    opens: false,
    best: worth,
    fields: ['code'],
    async worths(oid) {
      return (await accounts.read(oid)).phone === undefined ? [] : [worth]
    },
    async authenticators(oid) {
      const { phone } = await accounts.read(oid)
      return phone === undefined ? [] : [{ kind: worth.kind, id: 'sms', detail: maskPhone(phone), worth }]
    },
    async begin(login) {
      const sentBefore = await codes.pending(idOf(login))
      const sent = sentBefore ? { ok: true as const, sentAt: sentBefore } : await send(login)
      return {
        view: 'login/code',
        model: {
          phone: maskPhone(await phoneOf(login)),
          ttlMinutes: Math.floor(codes.limits.ttlSeconds / 60),
          ...(sent.ok
            ? { resendSeconds: secondsUntilResend(sent.sentAt) }
            : { refusal: { code: sent.error.code, values: sent.values } }),
        },
      }
    },
    async verify(login, answer) {
      const verdict = await codes.verify(idOf(login), answer.code ?? '')
      return verdict.ok ? { ok: true, proof: verdict } : verdict
    },
    async settle(login, verdict) {
      const spent = await store.tx((tx) => codes.spend(tx, idOf(login), verdict.proof as CodeVerdict))
      return spent.ok ? { ok: true, evidence: proven(clock.now()) } : spent
    },
    provenAtEnrolment: proven,
    async act(login, action) {
      if (action !== 'resend') return { ok: false, error: codeErrors.missing }
      const sent = await send(login)
      return sent.ok ? { ok: true } : sent
    },
  }

  function secondsUntilResend(sentAt: Date): number {
    const waited = (clock.now().getTime() - sentAt.getTime()) / 1000
    return Math.max(0, Math.ceil(codes.limits.resendSeconds - waited))
  }
}
