import OidcProvider, { type KoaContextWithOIDC } from 'oidc-provider'
import type { Page, State } from '#src/http/context.ts'
import { ticketHash } from '#src/kernel/ids.ts'

interface Interaction {
  browser?: string
  save(ttl: number): Promise<string>
}

interface Interactions {
  IN_PAYLOAD: readonly string[]
  prototype: Interaction
  find(id: string): Promise<Interaction | undefined>
}

const ofBrowser = (page: Page) => ticketHash(page.browser())

/** Whether an interaction was begun in the browser of this request. */
export function isOfBrowser(interaction: object, page: Page): boolean {
  const { browser } = interaction as Interaction
  return browser === undefined || browser === ofBrowser(page)
}

/**
 * Keeps an interaction to the browser that began it. Its own cookies have a path, so a neighbouring host can plant those of a sign-in that
 * it has begun itself (`__Secure-` forbids that to nobody who has https), let a person sign in there, and go on as that person.
 */
export function keepToOneBrowser(provider: OidcProvider): void {
  const interactions = provider.Interaction as unknown as Interactions
  const { save } = interactions.prototype
  const find = interactions.find.bind(interactions)
  Object.defineProperty(interactions, 'IN_PAYLOAD', { value: [...interactions.IN_PAYLOAD, 'browser'] })
  interactions.prototype.save = function saved(ttl) {
    const page = currentPage()
    if (page) this.browser ??= ofBrowser(page)
    return save.call(this, ttl)
  }
  interactions.find = async (id) => {
    const interaction = await find(id)
    const page = currentPage()
    return interaction && page && !isOfBrowser(interaction, page) ? undefined : interaction
  }
}

/** Of the request that the provider is answering; our own routes look for themselves. */
function currentPage(): Page | undefined {
  const ctx = OidcProvider.ctx as KoaContextWithOIDC | undefined
  return (ctx?.state as State | undefined)?.page
}
