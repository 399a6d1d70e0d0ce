import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Middleware } from 'koa'
import { type Brand, brandCss, faviconSvg } from './brand.ts'

export interface Assets {
  /** The address of a file for the pages, `/assets/<hash of all files>/<name>`. @throws Error if there is no such file */
  href(name: string): string
  readonly middleware: Middleware
}

const GOVUK = new URL('../../node_modules/govuk-frontend/dist/govuk/', import.meta.url)
const WEBAUTHN = new URL('../../node_modules/@simplewebauthn/browser/dist/bundle/', import.meta.url)
const OURS = new URL('../../views/assets/', import.meta.url)
const SYSTEM_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif'
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/**
 * Everything the pages load besides themselves. All files are read at start and found by name in a Map, so no request
 * reaches the file system. The hash covers the whole set: a stylesheet and a script never come from two releases.
 */
export function makeAssets(brand: Brand): Assets {
  const files = new Map<string, Buffer>(
    Object.entries({
      'govuk-frontend.min.css': govukCss(),
      'propusk.css': readFileSync(new URL('propusk.css', OURS)),
      'brand.css': brandCss(brand),
      'govuk-frontend.min.js': readFileSync(new URL('govuk-frontend.min.js', GOVUK)),
      'propusk.js': readFileSync(new URL('propusk.js', OURS)),
      'address.js': readFileSync(new URL('address.js', OURS)),
      'idle.js': readFileSync(new URL('idle.js', OURS)),
      'simplewebauthn.min.js': readFileSync(new URL('index.umd.min.js', WEBAUTHN)),
      'proof.js': readFileSync(new URL('proof.js', OURS)),
      'webauthn.js': readFileSync(new URL('webauthn.js', OURS)),
      'mark.svg': brand.markSvg,
      'favicon.svg': faviconSvg(brand),
    }).map(([name, content]) => [name, Buffer.from(content)]),
  )
  const digest = createHash('sha256')
  for (const [name, content] of files) digest.update(`${name}\0${content.length}\0`).update(content)
  const hash = digest.digest('base64url').slice(0, 16)

  return {
    href(name) {
      if (!files.has(name)) throw new Error(`no asset ${name}`)
      return `/assets/${hash}/${name}`
    },
    middleware: async (ctx, next) => {
      const [, asked, name] = /^\/assets\/([\w-]{1,32})\/([\w.-]{1,64})$/.exec(ctx.path) ?? []
      const content = name === undefined ? undefined : files.get(name)
      if (name === undefined || content === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next()
      ctx.type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
      // Another release's address still gets the file (a page may be older than the process), but nobody may keep it.
      ctx.set('Cache-Control', asked === hash ? 'public, max-age=31536000, immutable' : 'no-cache')
      ctx.body = content
    },
  }
}

/** govuk-frontend's stylesheet without its typeface, which is licensed for gov.uk only. */
function govukCss(): string {
  return readFileSync(new URL('govuk-frontend.min.css', GOVUK), 'utf8')
    .replace(/@font-face\s*\{[^}]*\}/g, '')
    .replace(/GDS Transport,\s*arial,\s*sans-serif/gi, SYSTEM_FONTS)
    .replace(/url\(\/assets\/images\/[^)]*\)/g, 'none')
    .replace(/\/\*# sourceMappingURL=.*?\*\//g, '')
}
