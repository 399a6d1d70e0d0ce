import type Koa from 'koa'

/**
 * Makes every address that is built from a request (by Koa, the provider, our mails) start with the issuer, whatever `Host`
 * and `X-Forwarded-*` say; cookies are secure if the issuer is.
 */
export function pinOrigin(app: Pick<Koa, 'request'>, issuer: URL): void {
  const constant = (value: unknown): PropertyDescriptor => ({ get: () => value, configurable: true })
  Object.defineProperties(app.request, {
    host: constant(issuer.host),
    hostname: constant(issuer.hostname),
    protocol: constant(issuer.protocol.slice(0, -1)),
    secure: constant(issuer.protocol === 'https:'),
    origin: constant(issuer.origin),
    href: {
      get(this: { originalUrl: string }) {
        // An absolute-form request line brings a host of its own.
        return issuer.origin + this.originalUrl.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?!\/)/, '/')
      },
      configurable: true,
    },
    URL: {
      get(this: { href: string }) {
        return new URL(this.href)
      },
      configurable: true,
    },
  })
}
