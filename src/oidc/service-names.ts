import type { Locale } from '#src/kernel/locale.ts'
import type { Clients } from './clients/clients.ts'
import { describe } from './clients.ts'
import { FIRST_PARTY } from './requirement.ts'

/** What people know a relying party by. One that is suspended or deleted keeps its name. @returns undefined for our own pages */
export type ServiceName = (clientId: string, locale: Locale) => Promise<string | undefined>

export function makeServiceName(clients: Pick<Clients, 'find' | 'read'>): ServiceName {
  return async (clientId, locale) => {
    if (clientId === FIRST_PARTY) return undefined
    const client = (await clients.find(clientId)) ?? (await clients.read(clientId))?.client
    return client ? describe(client, locale).name : clientId
  }
}
