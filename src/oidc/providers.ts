import type { Middleware } from 'koa'
import compose from 'koa-compose'
import type { State } from '#src/http/context.ts'
import { makeProvider, type Provider, type ProviderDeps, type ProviderState } from './provider.ts'

/** The provider in force. It is replaced as a whole when what it was built from has changed, such as the signing keys. */
export interface Providers {
  readonly current: Provider
  /** The provider's endpoints inside our application, so that both share one request, its unit of work and its page. */
  readonly middleware: Middleware<State>
  /**
   * Reads the stored state and builds a new provider if it differs; requests under way finish with the one they began with.
   * @returns whether there is a new one
   */
  renew(): Promise<boolean>
}

/** @param load what providers are built from, as stored now */
export async function makeProviders(deps: ProviderDeps, load: () => Promise<ProviderState>): Promise<Providers> {
  const build = (state: ProviderState) => {
    const provider = makeProvider(deps, state)
    const { middleware } = provider as unknown as { middleware: Middleware[] }
    return { provider, built: fingerprint(state), serve: compose(middleware) as unknown as Middleware<State> }
  }
  let current = build(await load())
  return {
    get current() {
      return current.provider
    },
    middleware: (ctx, next) => current.serve(ctx, next),
    async renew() {
      const state = await load()
      if (fingerprint(state) === current.built) return false
      current = build(state)
      return true
    },
  }
}

/** Tells two states apart without the secrets in them: a key never changes under its `kid`, and their order says which one signs. */
function fingerprint({ signingKeys, ...state }: ProviderState): string {
  return JSON.stringify({ ...state, kids: signingKeys.map(({ kid }) => kid) })
}
