import type Provider from 'oidc-provider'
import { addSeconds } from '#src/kernel/clock.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import { makeJoiner } from '#src/store/joiner.ts'
import type { Store } from '#src/store/store.ts'
import { type Part, Unit, UnitLost } from '#src/store/unit.ts'
import { CLOCK_OFFSET_SECONDS } from './fapi/jwts.ts'

/** Spends a `jti`: of two parallel inserts of one mark the database lets one through. */
const replayMark: Part = {
  name: 'mark_replay',
  columns: { id: 'text', expires_at: 'timestamptz' },
  spends: true,
  sql: (rows) => `insert into artifacts (model, id, payload, expires_at)
    select 'ReplayDetection', id, ''::bytea, expires_at from ${rows} on conflict (model, id) do nothing
    returning (select r.unit from ${rows} r where r.id = artifacts.id) as unit,
      (select r.position from ${rows} r where r.id = artifacts.id) as position`,
}

/**
 * Client assertions and DPoP proofs pass once (RFC 7523, section 3; RFC 9449, section 11.1). The provider's own way looks for a mark and
 * writes it later: parallel replays would all pass. Here the mark is inserted, and committed before the request goes on, so that the
 * refusal has the error that belongs to the endpoint and a request that fails later has used its proof up all the same.
 */
export function refuseReplays(provider: Provider, { store }: { store: Store }): void {
  const joiner = makeJoiner(store)

  async function unique(issuer: string, jti: string, expiresAt: number): Promise<boolean> {
    const unit = new Unit()
    const id = ticketHash(JSON.stringify([issuer, jti]))
    // A DPoP proof may be dated ahead, so it is good for longer than the provider counts from its first use.
    unit.put(replayMark, id, [id, addSeconds(new Date(expiresAt * 1000), CLOCK_OFFSET_SECONDS)])
    try {
      await joiner.flush(unit)
      return true
    } catch (fault) {
      if (fault instanceof UnitLost) return false
      throw fault
    }
  }

  Object.assign(provider.ReplayDetection, { unique })
}
