import { errors } from 'oidc-provider'
import type { Consents } from '#src/consents/consents.ts'
import { isScope } from '#src/consents/scopes.ts'
import type { Evidence } from '#src/factors/factor.ts'
import type { Ctx } from '#src/http/context.ts'
import { type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { AppError } from '#src/kernel/errors.ts'
import { type AccountId, ticketHash } from '#src/kernel/ids.ts'
import { amrOf, reached } from '#src/login/assurance.ts'
import { readEvidence, storeEvidence } from '#src/login/evidence.ts'
import type { Interaction, Interactions } from '#src/login/interaction.ts'
import { claimsNamed } from './claims.ts'
import { describe, type RelyingParty } from './clients.ts'
import { oidcErrors } from './errors.ts'
import type { AwaitedLevels } from './identity-level/awaited-levels.ts'
import { identityLevelWanted } from './identity-level/demand.ts'
import { freshFrom, onlyIdentityLacks, worthOfSession } from './policy.ts'
import type { Provider } from './provider.ts'
import type { Providers } from './providers.ts'
import { FIRST_PARTY, IDLE_PARAMETER, requirementOf } from './requirement.ts'
import { askedOf } from './resources/asked.ts'
import { demandedBy, type Owned, raised, resourceInForce } from './resources/demands.ts'
import type { ResourceServers } from './resources/store.ts'
import { isOfBrowser } from './same-browser.ts'
import type { LoginResult } from './session.ts'

type ProviderInteraction = Awaited<ReturnType<Provider['interactionDetails']>>

/** The bridge between the pages of the sign-in and the provider's interactions. */
export function makeInteractions(deps: {
  providers: Providers
  consents: Consents
  resourceServers: ResourceServers
  awaitedLevels: Pick<AwaitedLevels, 'add' | 'drop'>
  clock: Clock
}): Interactions {
  const { providers, consents, resourceServers, awaitedLevels } = deps

  async function details(ctx: Ctx): Promise<ProviderInteraction> {
    try {
      const interaction = await providers.current.interactionDetails(ctx.req, ctx.res)
      const { uid } = (ctx as { params?: { uid?: string } }).params ?? {}
      if (interaction.uid === uid && isOfBrowser(interaction, ctx.state.page)) return interaction
    } catch (fault) {
      if (!(fault instanceof errors.SessionNotFound)) throw fault
    }
    throw new AppError(oidcErrors.session_not_found)
  }

  /** @throws AppError when a resource server or its client was suspended meanwhile */
  async function ownedOf(resource: unknown): Promise<Owned[]> {
    const owned = await Promise.all(
      [resource ?? []].flat().map((name) => resourceInForce(providers.current, String(name), resourceServers)),
    )
    return owned.map((one) => {
      if (!one) throw new AppError(oidcErrors.invalid_request)
      return one
    })
  }

  async function sessionOf(interaction: ProviderInteraction): Promise<Interaction['session']> {
    if (!interaction.session?.uid) return undefined
    const session = await providers.current.Session.findByUid(interaction.session.uid)
    if (!session?.accountId) return undefined
    const { evidence } = session as { evidence?: unknown }
    return { oid: Number(session.accountId), ref: ticketHash(session.uid), evidence: readEvidence(evidence) }
  }

  return {
    async current(ctx) {
      const interaction = await details(ctx)
      const { params } = interaction
      const client = (await providers.current.Client.find(String(params.client_id)))?.metadata() as
        | RelyingParty
        | undefined
      if (!client) throw new AppError(oidcErrors.invalid_client)
      if (typeof params.ui_locales === 'string') ctx.state.page.prefer(params.ui_locales)
      const startedAt = new Date(interaction.iat * 1000)
      const owned = await ownedOf(params.resource)
      const demands = raised(
        client,
        owned.flatMap(({ owner }) => owner ?? []),
      )
      const requirement = requirementOf(params, demands, client.client_id)
      const { reasons } = interaction.prompt
      const worth = worthOfSession(reasons, params)
      // The person has just satisfied the rest of it, and is not asked again for having been shown the step.
      const suffices = onlyIdentityLacks(reasons)
      const ours = client.client_id === FIRST_PARTY
      return {
        uid: interaction.uid,
        startedAt,
        expiresAt: new Date(interaction.exp * 1000),
        client: { id: client.client_id, ...describe(client, ctx.state.page.locale) },
        required: requirement.demand,
        wished: requirement.wish,
        freshSince: suffices || params.max_age === undefined ? undefined : freshFrom(startedAt, Number(params.max_age)),
        identityLevel: ours ? undefined : identityLevelWanted(params.claims, demands),
        demandedBy: demandedBy(params, client, owned, ctx.state.page.locale),
        loginHint: typeof params.login_hint === 'string' ? params.login_hint : undefined,
        session: worth === 'gone' ? undefined : await sessionOf(interaction),
        sessionProves: suffices || worth === 'counts',
        scopes: words(params.scope).filter(isScope),
        claims: claimsNamed(params.claims),
        ...(await askedOf(params, resourceServers, ctx.state.page)),
        ours,
        idle: ours ? idleOf(params) : undefined,
        forcesConsent: words(params.prompt).includes('consent') || reasons.includes('native_client_prompt'),
        askedInVain: interaction.lastSubmission?.nothing_missing === true,
      }
    },
    async finish(ctx, interaction, ending) {
      if (ending.kind === 'refused') return resume(ctx, { error: ending.error, error_description: ending.description })
      const { oid, evidence, consented, hasLevel } = ending
      if (hasLevel) await awaitedLevels.drop({ oid, clientId: interaction.client.id })
      if (consented) {
        await consents.grant({
          oid,
          clientId: interaction.client.id,
          scopes: interaction.scopes,
          claims: interaction.claims,
          resources: interaction.resources.map(({ identifier, scopes }) => ({ identifier, scopes })),
        })
      }
      const nothingMissing = evidence.length === 0 && !consented
      if (nothingMissing && interaction.askedInVain) throw new AppError(oidcErrors.unresolved)
      await resume(ctx, {
        ...(nothingMissing && { nothing_missing: true }),
        ...(evidence.length > 0 && { login: loginResult(oid, evidence, deps.clock.now()) }),
        // Where there is nothing to agree to, `prompt=consent` is answered all the same.
        ...((consented || interaction.ours) && { consent: {} }),
      })
    },
    await: ({ client }, awaited) => awaitedLevels.add({ ...awaited, clientId: client.id }),
  }

  /** Not `interactionFinished`: that one ends the response before the unit of work is stored. */
  async function resume(ctx: Ctx, result: Parameters<Provider['interactionResult']>[2]): Promise<void> {
    const returnTo = await providers.current.interactionResult(ctx.req, ctx.res, result, {
      mergeWithLastSubmission: false,
    })
    ctx.status = 303
    ctx.redirect(returnTo)
  }
}

function loginResult(oid: AccountId, evidence: readonly Evidence[], now: Date): LoginResult & Record<string, unknown> {
  return {
    accountId: String(oid),
    acr: reached(evidence) ?? 'aal1',
    amr: amrOf(evidence),
    ts: unixSeconds(latest(evidence)),
    evidence: storeEvidence(evidence),
    finishedAt: now.getTime(),
  }
}

function idleOf({ [IDLE_PARAMETER]: idle }: Record<string, unknown>): Interaction['idle'] {
  return idle === undefined ? undefined : idle === 'kept' ? 'kept' : 'yes'
}

function latest(evidence: readonly { at: Date }[]): Date {
  return new Date(Math.max(...evidence.map((piece) => piece.at.getTime())))
}

function words(value: unknown): string[] {
  return typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : []
}
