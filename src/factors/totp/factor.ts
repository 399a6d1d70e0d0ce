import type { Factor } from '#src/factors/factor.ts'
import type { Journal } from '#src/journal/journal.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { DataKeys, Keyring } from '#src/store/keyring.ts'
import type { Store } from '#src/store/store.ts'
import type { Throttle } from '#src/throttle/throttle.ts'
import { makeTotpEnrolment } from './enrolment.ts'
import { totpErrors } from './errors.ts'
import { makeHardwareTokens } from './hardware-tokens.ts'
import { makeTotpStore } from './store.ts'
import { digitsOf, stepOfCode } from './time-steps.ts'
import { proven, worth } from './worth.ts'

/** The code that matched, still to be spent. */
interface Match {
  readonly id: string
  readonly step: number
}

/** Time-based codes of an app or a token (R-B3, RFC 6238). */
export function makeTotp(deps: {
  store: Store
  keyring: Keyring
  dataKeys: DataKeys
  journal: Journal
  throttle: Throttle
  clock: Clock
  brandName: Readonly<Record<Locale, string>>
}): Factor {
  const { clock } = deps
  const totp = makeTotpStore(deps)
  return {
    kind: worth.kind,
    proof: worth.proof,
    opens: false,
    best: worth,
    fields: ['code'],
    worths: async (oid) => ((await totp.hasDevice(oid)) ? [worth] : []),
    async authenticators(oid) {
      const devices = await totp.devices(oid)
      return devices.map(({ id, name, addedAt }) => ({
        kind: worth.kind,
        id,
        ...(name !== undefined && { name }),
        addedAt,
        worth,
      }))
    },
    begin: async () => ({ view: 'factors/totp/code', model: {} }),
    async verify({ oid }, answer) {
      const code = digitsOf(answer.code ?? '')
      if (code === undefined) return { ok: false, error: totpErrors.missing }
      const at = unixSeconds(clock.now())
      const devices = oid === undefined ? [] : await totp.devices(oid)
      const matches = devices.flatMap(({ id, secret, lastStep }) => {
        const step = stepOfCode(secret, code, at)
        return step === undefined ? [] : [{ id, step, fresh: step > lastStep }]
      })
      const proof: Match | undefined = matches.find(({ fresh }) => fresh)
      if (proof) return { ok: true, proof }
      return { ok: false, error: matches.length > 0 ? totpErrors.used : totpErrors.wrong }
    },
    async settle({ oid }, verdict) {
      const { id, step } = verdict.proof as Match
      return (await totp.spend(oid!, id, step))
        ? { ok: true, evidence: proven(clock.now(), id) }
        : { ok: false, error: totpErrors.used }
    },
    enrolment: makeTotpEnrolment({ ...deps, totp, tokens: makeHardwareTokens(deps) }),
  }
}
