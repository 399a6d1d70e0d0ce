import type { PendingRequest, PendingRequests } from '#src/cabinet/requests.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Clients } from '../clients/clients.ts'
import { describe } from '../clients.ts'
import type { Deciding } from './deciding.ts'
import { type CibaRequest, demandOf } from './request.ts'
import type { CibaRequests } from './store.ts'

/** The requests of a signed-in person, for the cabinet. */
export function makePendingRequests(deps: {
  cibaRequests: Pick<CibaRequests, 'waiting' | 'byId'>
  clients: Pick<Clients, 'find'>
  deciding: Deciding
}): PendingRequests {
  const { cibaRequests, clients, deciding } = deps

  async function pending(request: CibaRequest, locale: Locale): Promise<PendingRequest | undefined> {
    const client = await clients.find(request.clientId)
    // Suspended meanwhile.
    if (!client) return undefined
    const { id, bindingMessage, scopes, claims } = request
    const described = { id: client.client_id, ...describe(client, locale) }
    return {
      id,
      client: described,
      bindingMessage,
      demand: demandOf(request),
      scopes,
      claims,
      newData: await deciding.asksNewData(request),
    }
  }

  return {
    async waiting({ oid }, locale) {
      const all = await Promise.all((await cibaRequests.waiting(oid)).map((request) => pending(request, locale)))
      return all.filter((request) => request !== undefined)
    },
    async find({ oid }, id, locale) {
      const request = await cibaRequests.byId(oid, id)
      return request && pending(request, locale)
    },
    async decide({ oid, evidence }, id, decision, place) {
      const request = await cibaRequests.byId(oid, id)
      if (!request) return undefined
      if (decision === 'approved') return deciding.approve(request, evidence, place)
      await deciding.refuse(request, place)
      return decision
    },
  }
}
