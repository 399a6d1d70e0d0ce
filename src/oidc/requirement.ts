import type { Worth } from '#src/factors/factor.ts'
import { type Acr, acrs, higherOf, isAcr, isAuthLevel } from '#src/kernel/levels.ts'
import { type Demand, demandOf, holds, reached } from '#src/login/assurance.ts'
import type { RelyingParty } from './clients.ts'

/** The client_id of our own pages. The colon keeps it out of reach: nobody can register a client_id with one. */
export const FIRST_PARTY = 'propusk:pages'

/** By which our own pages ask for two factors, whatever level they make: `any`, or `lasting` without recovery codes. No other client's counts. */
export const TWO_FACTORS_PARAMETER = 'two_factors'

/** By which our own pages tell that they were left alone for too long: `kept` if what was typed there comes back, else `yes`. */
export const IDLE_PARAMETER = 'idle'

/** What an authorization request demands of the sign-in. */
export interface Requirement {
  readonly demand: Demand
  /** What a voluntary client would like: tried once, and done without where the person's factors do not reach it. */
  readonly wish: Demand | undefined
  /** Values asked for, in the client's order; those that are not ours are left out. */
  readonly asked: readonly Acr[]
  /** Something was asked for that no sign-in here can reach, and the client does not take less. */
  readonly impossible: boolean
}

interface AskedAcr {
  readonly essential?: boolean
  readonly value?: unknown
  readonly values?: unknown
}

/**
 * Reads `acr_values` and the `acr` member of the `claims` parameter; any one of the values will do. An unmet `acr_values` fails the request
 * (RFC 9470, section 5) unless the client is set `voluntary`; an essential claim fails it always (Core, section 5.5.1.1). The client's
 * floor holds beside them.
 */
export function requirementOf(
  params: { acr_values?: unknown; claims?: unknown; [TWO_FACTORS_PARAMETER]?: unknown },
  client: Pick<RelyingParty, 'minimum_acr' | 'acr_policy'>,
  clientId?: string,
): Requirement {
  const claim = acrClaimOf(params.claims)
  // A list is what the specification has; anything else in its place still is a demand.
  const named =
    claim?.values !== undefined ? [claim.values].flat() : claim?.value === undefined ? undefined : [claim.value]
  const values = Array.isArray(named)
    ? named
    : typeof params.acr_values === 'string'
      ? params.acr_values.split(' ')
      : []
  const asked = [...new Set(values.filter(isAcr))]
  const binding = claim?.essential === true || (!Array.isArray(named) && client.acr_policy !== 'voluntary')
  const floor = client.minimum_acr ?? 'aal1'
  const acceptable = asked.length > 0 || values.filter((value) => value !== '').length === 0
  return {
    demand: {
      ...demandOf(floor, binding ? asked : []),
      ...(clientId === FIRST_PARTY && ownDemandOf(params[TWO_FACTORS_PARAMETER])),
    },
    wish: binding || asked.length === 0 ? undefined : demandOf(floor, asked),
    asked,
    impossible: binding && !acceptable,
  }
}

function ownDemandOf(asked: unknown): Pick<Demand, 'twoFactors' | 'lasting'> {
  if (asked === undefined) return {}
  return { twoFactors: true, ...(asked === 'lasting' && { lasting: true }) }
}

function acrClaimOf(claims: unknown): AskedAcr | undefined {
  if (typeof claims !== 'string') return undefined
  try {
    const parsed = JSON.parse(claims)
    return parsed?.id_token?.acr ?? undefined
  } catch {
    return undefined
  }
}

/**
 * The `acr` to report. Among levels the strongest one asked for that was reached; as soon as `phr` or `phrh` is among what was asked, which
 * have no order against levels, the first that was reached, in the client's order. One's own level where nothing was asked or reached.
 */
export function reportedAcr(asked: readonly Acr[], evidence: readonly Worth[]): Acr {
  const met = asked.filter((acr) => holds(acr, evidence))
  const levels = met.filter(isAuthLevel)
  const own = reached(evidence) ?? 'aal1'
  if (asked.every(isAuthLevel)) return levels.length > 0 ? levels.reduce(higherOf) : own
  return met[0] ?? own
}

/** Values that some sign-in can reach, for discovery. @param best what each factor is worth at its best */
export function reachableAcrs(best: readonly Worth[]): Acr[] {
  return acrs.filter((acr) => holds(acr, best))
}
