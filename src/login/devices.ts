import type { Ctx } from '#src/http/context.ts'
import { cookieName } from '#src/http/cookie-name.ts'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import type { CountryOf } from '#src/kernel/country.ts'
import { type AccountId, NOBODY, randomTicket } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import { placeOf } from './attempts.ts'
import type { DeviceStore, KnownDevice, SealedDevice } from './device-store.ts'

/** A known device as its owner sees it in the list. */
export interface ListedDevice extends KnownDevice {
  /** The last sign-in, as in `Enrolling.origin`. */
  readonly origin: string
  /** The `User-Agent`. */
  readonly device: string
  readonly address: string
  readonly country: string | undefined
}

/** The sign-in that a device is remembered for. */
export interface RememberedSignIn {
  readonly client: string
  /** As in `Enrolling.origin`. */
  readonly origin: string
  /** Asked for on the page of the second factor. */
  readonly trust: boolean
}

export interface Devices {
  /** What attempts from this browser are counted under beside the account, or undefined in one without our cookie. Reads no database. */
  countedAs(ctx: Ctx): string | undefined
  /** Whether this browser has signed in to that account; the same work for an account that does not exist. */
  find(ctx: Ctx, oid: AccountId | undefined): Promise<KnownDevice | undefined>
  /**
   * After a sign-in, in the request's unit of work; sets the cookie. The owner is told where the account does not know the browser, or
   * wants to hear of each sign-in; the first one of a new account is no news.
   */
  remember(ctx: Ctx, oid: AccountId, signIn: RememberedSignIn): Promise<void>
  /** The one used last first. */
  list(oid: AccountId): Promise<ListedDevice[]>
  /** What `list` opens. */
  sealed(oid: AccountId): Promise<SealedDevice[]>
  open(device: SealedDevice): Promise<ListedDevice>
  /** @returns false when the account knows none of this ref */
  forget(oid: AccountId, ref: string): Promise<boolean>
  /** After a change of password, or "this was not me". */
  forgetAll(oid: AccountId): Promise<void>
  /** It stays known but is trusted no more. @returns false when the account knows none of this ref */
  distrust(oid: AccountId, ref: string): Promise<boolean>
  /** What stands for this browser in the account's list, known or not. */
  refOf(ctx: Ctx, oid: AccountId): string | undefined
}

const DAY = 86_400
const TRUST_DAYS = 30
const COOKIE_DAYS = 400
const TICKET = /^[\w-]{43}$/

/** @param appeared told after `remember` in a browser without a cookie, when what was remembered may still be on its way into the database */
export function makeDevices(deps: {
  deviceStore: DeviceStore
  keyring: Keyring
  clock: Clock
  countryOf: CountryOf
  secure: boolean
  appeared: () => void
}): Devices {
  const { deviceStore, keyring, clock, secure } = deps
  const key = keyring.key('blind_index')
  const nameFor = (ctx: Ctx) => (secure ? '__Host-device' : cookieName('device', ctx.origin))
  const refFor = (oid: AccountId, ticket: string) => keyedHash(key, 'device', `${oid}:${ticket}`)

  function ticketOf(ctx: Ctx): string | undefined {
    const ticket = ctx.cookies.get(nameFor(ctx), { signed: false })
    return ticket !== undefined && TICKET.test(ticket) ? ticket : undefined
  }

  async function opened({ open, ...known }: SealedDevice): Promise<ListedDevice> {
    const { device, address, origin } = await open()
    return { ...known, origin, device, address, country: deps.countryOf(address) }
  }

  return {
    countedAs(ctx) {
      const ticket = ticketOf(ctx)
      return ticket && keyedHash(key, 'device_attempts', ticket)
    },
    async find(ctx, oid = NOBODY) {
      const ticket = ticketOf(ctx)
      return ticket === undefined ? undefined : deviceStore.find(oid, refFor(oid, ticket))
    },
    async remember(ctx, oid, { trust, ...signIn }) {
      const known = ticketOf(ctx)
      const ticket = known ?? randomTicket()
      const options = { signed: false, httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true } as const
      ctx.cookies.set(nameFor(ctx), ticket, { ...options, maxAge: COOKIE_DAYS * DAY * 1000 })
      const at = clock.now()
      await deviceStore.remember({
        oid,
        ref: refFor(oid, ticket),
        at,
        seen: { ...placeOf(ctx), ...signIn },
        trustedUntil: trust ? addSeconds(at, TRUST_DAYS * DAY) : undefined,
        expiresAt: addSeconds(at, COOKIE_DAYS * DAY),
      })
      if (known === undefined) deps.appeared()
    },
    list: async (oid) => Promise.all((await deviceStore.list(oid)).map(opened)),
    sealed: (oid) => deviceStore.list(oid),
    open: opened,
    forget: (oid, ref) => deviceStore.forget(oid, ref),
    forgetAll: (oid) => deviceStore.forgetAll(oid),
    distrust: (oid, ref) => deviceStore.distrust(oid, ref),
    refOf(ctx, oid) {
      const ticket = ticketOf(ctx)
      return ticket && refFor(oid, ticket)
    },
  }
}
