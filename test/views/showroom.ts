import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { checkHtml, noSidewaysScroll, type TestBrowser } from '../browser.ts'
import type { Specimen } from './specimen.ts'

/** Windows in which every page is looked at, in CSS pixels. */
const widths = [320, 1100] as const
const HEIGHT = 900

const require = createRequire(import.meta.url)
/** The very axe of @axe-core/playwright. Its builder sends half a megabyte of it twice per page, a load script costs nothing. */
const axe = readFileSync(createRequire(require.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string }[]
}

declare global {
  interface Window {
    axe: { run(options: object): Promise<{ violations: Violation[] }> }
  }
}

/** Shows specimens one after the other, under their own addresses, so that stylesheets and scripts load, and looks at them. */
class Showroom {
  readonly page: Page
  /** What the browser itself complained of since the last specimen: violations of the policy, errors of scripts. */
  readonly #complaints: string[] = []
  #shown: Specimen | undefined

  private constructor(page: Page) {
    this.page = page
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.#complaints.push(error.message))
  }

  /** @param origin where the assets of specimens come from */
  static async open(browser: TestBrowser, origin: string): Promise<Showroom> {
    const page = await browser.newPage({ javaScript: true, width: widths[0], locale: 'ru', baseUrl: origin })
    const room = new Showroom(page)
    await page.addInitScript(axe)
    await page.addInitScript(() => {
      // A page that sends itself on stays in view.
      HTMLFormElement.prototype.submit = () => {}
      // The sign-in that a page belongs to is not this browser's: its script must not ask for passkeys in the name of it.
      PublicKeyCredential.isConditionalMediationAvailable = async () => false
    })
    await page.route('**/*', (route) => {
      const shown = room.#shown
      if (shown === undefined || route.request().url() !== shown.address) return route.continue()
      return route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: shown.html,
        ...(shown.policy !== undefined && { headers: { 'content-security-policy': shown.policy } }),
      })
    })
    return room
  }

  async show(specimen: Specimen): Promise<void> {
    this.#shown = specimen
    this.#complaints.length = 0
    await this.page.goto(specimen.address)
  }

  /** @returns one line for each fault of a page in any window */
  async faults(specimen: Specimen): Promise<string[]> {
    const { html, locale, view, state } = specimen
    const faults: string[] = []
    await this.show(specimen)
    await checkHtml(html).catch((fault: { actual: string[] }) => faults.push(...fault.actual))
    if (!html.includes(`<html lang="${locale}"`)) faults.push(`is not marked as ${locale}`)
    for (const width of widths) {
      await this.page.setViewportSize({ width, height: HEIGHT })
      await noSidewaysScroll(this.page).catch((fault: Error) => faults.push(fault.message))
      // Which rules are checked is axe's default; this only leaves out reports on what passed.
      const { violations } = await this.page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }))
      for (const { id, help, nodes } of violations)
        for (const node of nodes) faults.push(`${id} at ${width} px: ${help}: ${node.html}`)
    }
    return [...faults, ...this.#complaints].map((fault) => `${view} (${locale}, ${state}): ${fault}`)
  }

  async close(): Promise<void> {
    await this.page.context().close()
  }
}

/** Looks at many specimens, two at a time. @returns the faults of all */
export async function faultsOf(
  specimens: readonly Specimen[],
  browser: TestBrowser,
  origin: string,
): Promise<string[]> {
  const left = [...specimens]
  const work = async () => {
    const room = await Showroom.open(browser, origin)
    const faults: string[] = []
    for (let next = left.shift(); next; next = left.shift()) faults.push(...(await room.faults(next)))
    await room.close()
    return faults
  }
  return (await Promise.all([work(), work()])).flat()
}
