import OidcProvider, { errors } from 'oidc-provider'
import type { State } from '#src/http/context.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'

export const DEVICE_CODE_SECONDS = 600

/** Codes that no device waits under, of one network: a code has 34 bits, and some thousand may be waiting (RFC 8628, section 5.1). */
const networkLimit: Limit = {
  name: 'device_network',
  windowSeconds: 600,
  free: 10,
  delaySeconds: 5,
  maxDelaySeconds: 60,
}

/** Of two browsers that decide on one device in the same moment, one does. */
const decisionLimit: Limit = {
  name: 'device_decision',
  windowSeconds: DEVICE_CODE_SECONDS,
  free: 1,
  delaySeconds: DEVICE_CODE_SECONDS,
  maxDelaySeconds: DEVICE_CODE_SECONDS,
}

export class TooManyGuesses extends errors.OIDCProviderError {
  readonly seconds: number

  constructor(seconds: number) {
    super(429, 'slow_down')
    this.seconds = seconds
  }
}

interface DeviceCodes {
  findByUserCode(userCode: string, options?: { ignoreExpiration?: boolean }): Promise<DeviceCode | undefined>
}

interface DeviceCode {
  readonly jti: string
  readonly isExpired: boolean
  readonly error?: string
  readonly accountId?: string
  readonly inFlight?: boolean
}

/**
 * Counts the codes typed by one network before they are looked up, gives the right ones back, and admits one decision per device.
 * @throws TooManyGuesses from the look-up
 */
export function guardUserCodes(
  provider: OidcProvider,
  { throttle, clock }: { throttle: Throttle; clock: Clock },
): void {
  const codes = provider.DeviceCode as unknown as DeviceCodes
  const find = codes.findByUserCode.bind(codes)
  codes.findByUserCode = async (userCode, options) => {
    const ctx = OidcProvider.ctx!
    const attempt = { limit: networkLimit, key: (ctx.state as State).network }
    const gate = await throttle.enter([attempt])
    if (!gate.open)
      throw new TooManyGuesses(Math.max(1, Math.ceil((gate.retryAt.getTime() - clock.now().getTime()) / 1000)))
    const code = await find(userCode, options)
    if (!code || code.isExpired || code.error || code.accountId || code.inFlight) return code
    await throttle.refund(attempt)
    const { confirm, abort } = ctx.oidc.params ?? {}
    if (!confirm && !abort) return code
    const decision = await throttle.enter([{ limit: decisionLimit, key: ticketHash(code.jti) }])
    return decision.open ? code : undefined
  }
}
