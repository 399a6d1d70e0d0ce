import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { SignalsConfig } from '#src/config/config.ts'
import { networkOf } from '#src/http/address.ts'
import type { Ctx } from '#src/http/context.ts'
import { cookieName } from '#src/http/cookie-name.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { CountryOf } from '#src/kernel/country.ts'
import { AppError } from '#src/kernel/errors.ts'
import { type AccountId, constantTimeEqual, ticketHash } from '#src/kernel/ids.ts'
import type { TranslateTo } from '#src/notifications/text.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { keyedHash } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'
import { readOnce, units } from '#src/store/unit.ts'
import type { Attempt, Limit, Throttle } from '#src/throttle/throttle.ts'
import { placeOf } from './attempts.ts'
import type { Devices } from './devices.ts'
import { loginErrors } from './errors.ts'
import { signalRaised } from './events.ts'
import type { Interaction } from './interaction.ts'
import { areManyAccounts, newAccountsLimit, newcomerLimit, signalNoticeLimit } from './limits.ts'
import { whereFrom } from './where-from.ts'

export type Signal = keyof SignalsConfig

/** Looks at where a sign-in comes from, once its first factor was right: unknown identifiers and wrong passwords are never looked at. */
export interface Signals {
  /** Fetches beside the check of the first factor what `weigh` will want; the same statements for an account that nobody has, which read nothing sealed. */
  foresee(ctx: Ctx, oid: AccountId): void
  /**
   * Journals what is unusual and tells the owner. Costs no statement in a browser that has signed in to the account from this network.
   * @returns whether the sign-in has to bring a second factor
   * @throws AppError `login.signal_blocked` where the operator wants that
   */
  weigh(ctx: Ctx, at: Pick<Interaction, 'uid' | 'client'>, oid: AccountId): Promise<boolean>
  /** After a sign-in: the next ones of this browser from this network are nothing unusual. Sets a cookie. */
  remember(ctx: Ctx, oid: AccountId): void
}

/** Nobody flies from one country to another, airports included, in less; whoever lives at a border brings a second factor once. */
const TRAVEL_SECONDS = 2 * 3600
const COOKIE_DAYS = 400
/** Home, work, a few mobile networks; the one signed in from longest ago goes. */
const MOST_PLACES = 8
const PLACE = /^[\w-]{43}$/

export function makeSignals(deps: {
  reactions: SignalsConfig
  devices: Pick<Devices, 'sealed' | 'open' | 'refOf'>
  countryOf: CountryOf
  throttle: Throttle
  /** Under which wrong answers of a network are counted. */
  networkLimit: Limit
  journal: Pick<Journal, 'record'>
  ownerNotices: OwnerNotices
  translate: TranslateTo
  store: Store
  keyring: Keyring
  clock: Clock
  secure: boolean
}): Signals {
  const { reactions, devices, countryOf, throttle, journal, ownerNotices, store, clock, secure } = deps
  const key = deps.keyring.key('blind_index')
  const nameFor = (ctx: Ctx) => (secure ? '__Host-place' : cookieName('place', ctx.origin))
  const placeFor = (ctx: Ctx, oid: AccountId) => keyedHash(key, 'place', `${oid}:${ctx.state.network}`)

  const placesOf = (ctx: Ctx) =>
    (ctx.cookies.get(nameFor(ctx), { signed: false }) ?? '').split('.').slice(0, MOST_PLACES)
  const isUsual = (ctx: Ctx, oid: AccountId) => {
    const here = placeFor(ctx, oid)
    return placesOf(ctx).some((place) => constantTimeEqual(place, here))
  }
  const newAccounts = (network: string): Attempt => ({ limit: newAccountsLimit, key: network })

  /** The account's devices, and how many new accounts and wrong answers its network has had. */
  const standing = ({ state: { network } }: Ctx, oid: AccountId) =>
    readOnce(`signals:${oid}`, () =>
      Promise.all([
        devices.sealed(oid),
        throttle.counted(newAccounts(network)),
        throttle.counted({ limit: deps.networkLimit, key: network }),
      ]),
    )

  /** What is unusual, whatever is done about it. */
  async function noticed(ctx: Ctx, oid: AccountId): Promise<Signal[]> {
    const { address, network } = ctx.state
    const [sealed, before, wrong] = await standing(ctx, oid)
    const known = await Promise.all(sealed.map(devices.open))
    // Each account counts once an hour, however often somebody tries: a newcomer that is none any more stops what follows.
    const newcomer: Attempt = { limit: newcomerLimit, key: `${network}:${oid}` }
    const gate = await throttle.enter([newcomer, newAccounts(network)])
    const signals: Signal[] = []
    // Of an account that was never signed in to nothing is usual yet.
    if (known.length > 0 && !known.some((device) => networkOf(device.address) === network)) signals.push('new_network')
    const [here, last] = [countryOf(address), known.find(({ country }) => country !== undefined)]
    if (here !== undefined && last !== undefined && last.country !== here) {
      const seconds = (clock.now().getTime() - last.lastSeenAt.getTime()) / 1000
      if (seconds < TRAVEL_SECONDS) signals.push('impossible_travel')
    }
    if (areManyAccounts(gate.open ? before + 1 : before, wrong)) signals.push('many_accounts')
    return signals
  }

  /** At once, whatever becomes of the request. */
  async function tell(ctx: Ctx, at: Pick<Interaction, 'uid' | 'client'>, oid: AccountId, signals: readonly Signal[]) {
    const owner = await ownerNotices.ownerOf(oid)
    const isKnown = (await devices.sealed(oid)).some(({ ref }) => ref === devices.refOf(ctx, oid))
    const origin = ticketHash(at.uid)
    // A sign-in in a new browser is told of anyway, once it has come to an end.
    const newsworthy = isKnown || signals.some((signal) => signal !== 'new_network' || reactions[signal] !== 'notice')
    await store.tx(async (tx) => {
      for (const signal of signals) {
        const fields = { account: oid, client: at.client.id, signal, reaction: reactions[signal], origin }
        await journal.record(tx, signalRaised({ ...fields, ...placeOf(ctx) }))
      }
      if (!newsworthy) return
      const gate = await throttle.enter([{ limit: signalNoticeLimit, key: String(oid) }], tx)
      if (!gate.open) return
      const { locale } = owner.settings
      const { address, device } = placeOf(ctx)
      const from = whereFrom({ device, country: countryOf(address) }, deps.translate(locale), locale)
      await ownerNotices.tell(tx, owner, { kind: 'signal', values: { from }, reportable: origin })
    })
  }

  return {
    foresee(ctx, oid) {
      if (!isUsual(ctx, oid)) void standing(ctx, oid)
    },
    async weigh(ctx, at, oid) {
      if (isUsual(ctx, oid)) return false
      const signals = await noticed(ctx, oid)
      const heeded = signals.filter((signal) => reactions[signal] !== 'off')
      if (heeded.length === 0) return false
      await units.exit(() => tell(ctx, at, oid, heeded))
      if (heeded.some((signal) => reactions[signal] === 'block')) throw new AppError(loginErrors.signal_blocked)
      return heeded.some((signal) => reactions[signal] === 'step_up')
    },
    remember(ctx, oid) {
      const options = { signed: false, httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true } as const
      const here = placeFor(ctx, oid)
      const others = placesOf(ctx).filter((place) => PLACE.test(place) && place !== here)
      ctx.cookies.set(nameFor(ctx), [here, ...others].slice(0, MOST_PLACES).join('.'), {
        ...options,
        maxAge: COOKIE_DAYS * 86_400_000,
      })
    },
  }
}
