import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { UserManager, UserManagerSettings } from 'oidc-client-ts'
import { type Listening, startListening } from './listening.ts'

declare global {
  interface Window {
    /** What the page's script makes; tests call its methods in the page. */
    manager: UserManager
  }
}

const BUNDLE = fileURLToPath(new URL('../browser/oidc-client-ts.min.js', import.meta.resolve('oidc-client-ts')))

const page = (script: string) =>
  `<!DOCTYPE html><html lang="en"><title>Service</title><script src="/oidc-client-ts.js"></script><script>${script}</script></html>`

/** A service that runs in the browser alone: one page for everything, and one for the frame of silent renewals. */
export interface BrowserService extends Listening {
  /** Uses these settings from the next loaded page on. */
  configure(settings: Pick<UserManagerSettings, 'authority' | 'client_id'> & Partial<UserManagerSettings>): void
}

/** @param host `localhost` is the same site as the provider for a browser, `127.0.0.1` another one */
export async function startBrowserService(host: 'localhost' | '127.0.0.1'): Promise<BrowserService> {
  const bundle = await readFile(BUNDLE)
  const service = await startListening(host)
  return {
    ...service,
    configure(settings) {
      const all: UserManagerSettings = {
        redirect_uri: `${service.origin}/cb`,
        silent_redirect_uri: `${service.origin}/silent`,
        post_logout_redirect_uri: `${service.origin}/bye`,
        scope: 'openid profile email',
        loadUserInfo: true,
        automaticSilentRenew: false,
        ...settings,
      }
      const script = `window.manager = new oidc.UserManager(${JSON.stringify(all)})`
      service.serve((request, response) => {
        const { pathname } = new URL(request.url ?? '/', service.origin)
        const isBundle = pathname === '/oidc-client-ts.js'
        response.setHeader('content-type', isBundle ? 'text/javascript' : 'text/html; charset=utf-8')
        const silent = pathname === '/silent' ? `${script}; manager.signinCallback()` : script
        response.end(isBundle ? bundle : page(silent))
      })
    },
  }
}
