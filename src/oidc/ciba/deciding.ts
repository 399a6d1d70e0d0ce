import { errors } from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import { type Consents, covers } from '#src/consents/consents.ts'
import { consentGranted } from '#src/consents/events.ts'
import type { Evidence } from '#src/factors/factor.ts'
import type { Journal } from '#src/journal/journal.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { satisfiesIdentity } from '#src/kernel/levels.ts'
import { amrOf, meets } from '#src/login/assurance.ts'
import { levelRequired } from '#src/login/identity-due.ts'
import type { AwaitedLevels } from '../identity-level/awaited-levels.ts'
import type { Provider } from '../provider.ts'
import { reportedAcr } from '../requirement.ts'
import { cibaApproved, cibaRefused } from './events.ts'
import { type CibaRequest, demandOf } from './request.ts'
import type { CibaRequests } from './store.ts'

/** Where a decision was made, for the journal. */
interface Place {
  readonly address: string
  readonly device: string
}

export interface Deciding {
  /** Whether approving hands over data that the person has not agreed to before. */
  asksNewData(request: CibaRequest): Promise<boolean>
  /**
   * Approving is consenting. All of it travels in the request's unit of work: of two decisions at once the second writes nothing.
   * @param evidence what the person proved; at least what the request asks for
   * @returns `below_level` where the account lacks the identity level: the client is refused
   */
  approve(request: CibaRequest, evidence: readonly Evidence[], place: Place): Promise<'approved' | 'below_level'>
  refuse(request: CibaRequest, place: Place): Promise<void>
}

/** @param current the provider in force */
export function makeDeciding(deps: {
  current: () => Provider
  cibaRequests: Pick<CibaRequests, 'decide'>
  accounts: Pick<Accounts, 'read'>
  consents: Consents
  awaitedLevels: Pick<AwaitedLevels, 'add'>
  journal: Pick<Journal, 'note'>
  clock: Clock
}): Deciding {
  const { current, cibaRequests, accounts, consents, awaitedLevels, journal, clock } = deps

  const agreed = async ({ oid, clientId, scopes, claims }: CibaRequest) => {
    const consent = await consents.find(oid, clientId)
    return covers(consent, { scopes, claims, resources: [] }) ? consent : undefined
  }

  const isPinged = async ({ clientId }: CibaRequest) =>
    (await current().Client.find(clientId))?.backchannelTokenDeliveryMode === 'ping'

  /** A grant of what this request asks for and no more, whatever else the person agreed to before. */
  async function grantOf(
    { oid, clientId, scopes, claims }: CibaRequest,
    expiresAt: Date,
  ): Promise<InstanceType<Provider['Grant']>> {
    const grant = new (current().Grant)({ accountId: String(oid), clientId })
    grant.addOIDCScope(scopes.join(' '))
    if (claims.length > 0) grant.addOIDCClaims([...claims])
    const ttlSeconds = Math.max(1, unixSeconds(expiresAt) - unixSeconds(clock.now()))
    await (grant.save as (ttlSeconds: number) => Promise<string>).call(grant, ttlSeconds)
    return grant
  }

  async function settle(
    request: CibaRequest,
    decision: 'approved' | 'refused',
    result: Parameters<Provider['backchannelResult']>[1],
    proven: Parameters<Provider['backchannelResult']>[2] = {},
  ): Promise<void> {
    await cibaRequests.decide(request, decision, await isPinged(request))
    await current().backchannelResult(request.authReqId, result, proven)
  }

  async function refusedForLevel(request: CibaRequest, place: Place): Promise<boolean> {
    const { oid, clientId, identityLevel: level } = request
    if (level === undefined || satisfiesIdentity((await accounts.read(oid)).identity.level, level)) return false
    await journal.note(cibaRefused({ account: oid, client: clientId, ...place }))
    await awaitedLevels.add({ oid, clientId, level })
    await settle(request, 'refused', new errors.AccessDenied(levelRequired(level)))
    return true
  }

  return {
    asksNewData: async (request) => (await agreed(request)) === undefined,
    async approve(request, evidence, place) {
      const { oid, clientId, scopes, claims } = request
      if (!meets(demandOf(request), evidence)) throw new Error('a request was approved on less than it asks for')
      if (await refusedForLevel(request, place)) return 'below_level'
      const before = await agreed(request)
      const { expiresAt } = before ?? (await consents.grant({ oid, clientId, scopes, claims }))
      const common = { account: oid, client: clientId }
      if (!before)
        await journal.note(
          consentGranted({ ...common, scopes: scopes.join(' '), claims: claims.join(' '), resources: '', details: '' }),
        )
      const acr = reportedAcr(request.asked, evidence)
      await journal.note(cibaApproved({ ...common, acr, ...place }))
      const authTime = unixSeconds(new Date(Math.max(...evidence.map(({ at }) => at.getTime()))))
      await settle(request, 'approved', await grantOf(request, expiresAt), { acr, amr: amrOf(evidence), authTime })
      return 'approved'
    },
    async refuse(request, place) {
      await journal.note(cibaRefused({ account: request.oid, client: request.clientId, ...place }))
      await settle(request, 'refused', new errors.AccessDenied('the person refused the request'))
    },
  }
}
