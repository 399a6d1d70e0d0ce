import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx } from '#src/http/context.ts'
import type { Journal } from '#src/journal/journal.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'
import { amrOf, combined, reached } from './assurance.ts'
import { placeOf } from './attempts.ts'
import type { Devices } from './devices.ts'
import { deviceTrusted, loginSucceeded } from './events.ts'
import type { Interaction } from './interaction.ts'
import type { LastFactor } from './last-factor.ts'
import type { Signals } from './signals.ts'

/** What follows a sign-in that has everything it needs. */
export interface Arrivals {
  /** In the request's unit of work. @param proven in this interaction; empty where the live session sufficed */
  signedIn(ctx: Ctx, at: Interaction, oid: AccountId, proven: readonly Evidence[]): Promise<void>
}

export function makeArrivals({
  journal,
  devices,
  signals,
  lastFactor,
}: {
  journal: Pick<Journal, 'note'>
  devices: Pick<Devices, 'remember'>
  signals: Pick<Signals, 'remember'>
  lastFactor: Pick<LastFactor, 'remember'>
}): Arrivals {
  return {
    async signedIn(ctx, at, oid, proven) {
      const own = proven.length > 0 || at.session?.oid !== oid
      const origin = own ? ticketHash(at.uid) : at.session.ref
      const all = combined(at.session?.oid === oid ? at.session.evidence : [], proven)
      await journal.note(
        loginSucceeded({
          account: oid,
          client: at.client.id,
          acr: reached(all) ?? 'aal1',
          amr: amrOf(all).join(' '),
          origin,
          ...placeOf(ctx),
        }),
      )
      if (proven.length === 0) return
      const trust = proven.some(({ trustsDevice }) => trustsDevice)
      if (trust) await journal.note(deviceTrusted({ account: oid, origin, ...placeOf(ctx) }))
      signals.remember(ctx, oid)
      const further = proven.findLast(({ proof, rescue }) => proof !== 'knowledge' && !rescue)
      if (further) lastFactor.remember(ctx, further.kind)
      await devices.remember(ctx, oid, { client: at.client.id, origin, trust })
    },
  }
}
