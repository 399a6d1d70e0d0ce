import QRCode from 'qrcode'
import type { Enrolment } from '#src/factors/factor.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import type { DefinedError } from '#src/kernel/errors.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { randomBytes } from '#src/kernel/random.ts'
import type { Store } from '#src/store/store.ts'
import { totpErrors } from './errors.ts'
import type { TotpStore } from './store.ts'
import { digitsOf, groupsOf, keyUri, newSecret, stepOfCode } from './time-steps.ts'
import { proven } from './worth.ts'

const MOST_DEVICES = 5
const ID_BYTES = 12

const refused = (error: DefinedError) => ({ ok: false, error }) as const

/** An SVG picture of the address as a data URI, which our Content-Security-Policy lets an `img` show. */
async function pictureOf(uri: string): Promise<string> {
  const svg = await QRCode.toString(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}

/** A device is added by its first code, which proves that it has read the key right; that code is spent by it. */
export function makeTotpEnrolment(deps: {
  store: Store
  totp: TotpStore
  clock: Clock
  brandName: Readonly<Record<Locale, string>>
}): Enrolment {
  const { store, totp, clock, brandName } = deps
  return {
    fields: ['code', 'name'],
    most: MOST_DEVICES,
    async begin({ oid, origin, locale }) {
      const secret = await totp.pendingOr(oid, origin, newSecret())
      const uri = keyUri(secret, { issuer: brandName[locale], label: String(oid) })
      return { view: 'factors/totp/enrol', model: { picture: await pictureOf(uri), uri, key: groupsOf(secret) } }
    },
    async confirm({ oid, origin }, answer, record) {
      const code = digitsOf(answer.code ?? '')
      if (code === undefined) return refused(totpErrors.missing)
      const shown = await totp.pending(oid, origin)
      if (!shown) return refused(totpErrors.enrolment_over)
      const at = clock.now()
      const lastStep = stepOfCode(shown, code, unixSeconds(at))
      if (lastStep === undefined) return refused(totpErrors.wrong)
      const id = randomBytes(ID_BYTES).toString('base64url')
      const name = answer.name || undefined
      return store.tx(async (tx) => {
        const secret = await totp.takePending(tx, oid, origin)
        if (!secret?.equals(shown)) return refused(totpErrors.enrolment_over)
        if (!(await totp.insert(tx, oid, { id, name, secret, lastStep, origin }, MOST_DEVICES)))
          return refused(totpErrors.too_many)
        const authenticator = { id, ...(name !== undefined && { name }) }
        await record(tx, authenticator)
        return { ok: true, evidence: proven(at, id), authenticator } as const
      })
    },
    rename: totp.rename,
    remove: totp.remove,
    undo: totp.undo,
  }
}
