import QRCode from 'qrcode'
import type { Answer, Enrolled, Enrolling, Enrolment, RecordEnrolled } from '#src/factors/factor.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { AppError, type DefinedError } from '#src/kernel/errors.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { randomBytes } from '#src/kernel/random.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'
import { totpErrors } from './errors.ts'
import type { HardwareTokens } from './hardware-tokens.ts'
import { serialOf } from './seeds.ts'
import type { TotpStore } from './store.ts'
import { digitsOf, groupsOf, keyUri, newSecret, stepOfCode } from './time-steps.ts'
import { proven } from './worth.ts'

const MOST_DEVICES = 5
const ID_BYTES = 12
const DAY_SECONDS = 86_400

/** Serial numbers stand on the back of tokens and follow each other: the codes of those that others hold shall not be guessed. */
const tokenLimit: Limit = {
  name: 'totp_token',
  windowSeconds: DAY_SECONDS,
  free: 10,
  delaySeconds: DAY_SECONDS,
  maxDelaySeconds: DAY_SECONDS,
}

/** A secret that a code proves to be in the right hands, and how it is taken from where it waits. */
interface Candidate {
  readonly secret: Buffer
  take(tx: Tx): Promise<boolean>
  /** Why it was not there any more. */
  readonly gone: DefinedError
}

type Found = { readonly ok: true; readonly candidate: Candidate } | { readonly ok: false; readonly error: DefinedError }

export interface TotpEnrolmentDeps {
  readonly store: Store
  readonly totp: TotpStore
  readonly tokens: HardwareTokens
  readonly throttle: Throttle
  readonly clock: Clock
  readonly brandName: Readonly<Record<Locale, string>>
}

const refused = (error: DefinedError) => ({ ok: false, error }) as const

/** An SVG picture of the address as a data URI, which our Content-Security-Policy lets an `img` show. */
async function pictureOf(uri: string): Promise<string> {
  const svg = await QRCode.toString(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}

/** A device is added by its first code, which proves that it has the key; that code is spent by it. */
export function makeTotpEnrolment(deps: TotpEnrolmentDeps): Enrolment {
  const { store, totp, tokens, throttle, clock, brandName } = deps

  /** The key that the page shows. */
  async function shown({ oid, origin }: Enrolling): Promise<Found> {
    const secret = await totp.pending(oid, origin)
    const gone = totpErrors.enrolment_over
    if (!secret) return refused(gone)
    const take = async (tx: Tx) => (await totp.takePending(tx, oid, origin))?.equals(secret) === true
    return { ok: true, candidate: { secret, take, gone } }
  }

  async function ofToken({ oid }: Enrolling, serial: string): Promise<Found> {
    const gate = await throttle.enter([{ limit: tokenLimit, key: String(oid) }])
    if (!gate.open) return refused(totpErrors.token_too_often)
    const gone = totpErrors.token_unknown
    const secret = await tokens.secretOf(serial)
    return secret
      ? { ok: true, candidate: { secret, take: (tx) => tokens.take(tx, serial, oid), gone } }
      : refused(gone)
  }

  async function confirm(person: Enrolling, answer: Answer, record: RecordEnrolled): Promise<Enrolled> {
    const { oid, origin } = person
    const code = digitsOf(answer.code ?? '')
    if (code === undefined) return refused(totpErrors.missing)
    const serial = serialOf(answer.serial ?? '')
    const found = serial === '' ? await shown(person) : await ofToken(person, serial)
    if (!found.ok) return found
    const { secret, take, gone } = found.candidate
    const at = clock.now()
    const lastStep = stepOfCode(secret, code, unixSeconds(at))
    if (lastStep === undefined) return refused(totpErrors.wrong)
    const id = randomBytes(ID_BYTES).toString('base64url')
    const name = answer.name || undefined
    const authenticator = { id, ...(name !== undefined && { name }) }
    try {
      await store.tx(async (tx) => {
        if (!(await take(tx))) throw new AppError(gone)
        const device = { id, name, secret, lastStep, origin }
        // Thrown, so that a token is not taken for nothing.
        if (!(await totp.insert(tx, oid, device, MOST_DEVICES))) throw new AppError(totpErrors.too_many)
        await record(tx, authenticator)
      })
    } catch (refusal) {
      if (refusal instanceof AppError && [gone, totpErrors.too_many].includes(refusal.definition))
        return refused(refusal.definition)
      throw refusal
    }
    return { ok: true, evidence: proven(at, id), authenticator }
  }

  return {
    fields: ['code', 'name', 'serial'],
    most: MOST_DEVICES,
    async begin({ oid, origin, locale }) {
      const secret = await totp.pendingOr(oid, origin, newSecret())
      const uri = keyUri(secret, { issuer: brandName[locale], label: String(oid) })
      const model = { picture: await pictureOf(uri), uri, key: groupsOf(secret), tokens: await tokens.any() }
      return { view: 'factors/totp/enrol', model }
    },
    confirm,
    rename: totp.rename,
    remove: totp.remove,
    undo: totp.undo,
  }
}
