import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'

/** What a page of ours hands to the browser, as JSON of WebAuthn level 3. */
export type Options = Readonly<Record<string, unknown>>

/** Lets the real browser answer what a page asks a key for, on whatever page it is. @returns what the page would send to us */
export function proven(page: Page, options: Options): Promise<string> {
  return page.evaluate(async (json) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json as never)
    const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
    return JSON.stringify(credential)
  }, options)
}

/** The same for a new key. */
export function made(page: Page, options: Options): Promise<string> {
  return page.evaluate(async (json) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json as never)
    const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
    return JSON.stringify(credential)
  }, options)
}

/** Somebody else's site: an empty page on whatever host of this machine, at a port that is not ours. */
export async function startStrangersSite(): Promise<{ at(host: string): string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!DOCTYPE html><html lang="en"><head><title>Propusk</title></head><body></body></html>')
  })
  await new Promise<void>((done) => server.listen(0, done))
  const { port } = server.address() as AddressInfo
  return {
    at: (host) => `http://${host}:${port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
