import { AxeBuilder } from '@axe-core/playwright'
import { type ConfigData, HtmlValidate } from 'html-validate'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect, inject } from 'vitest'

export interface PageOptions {
  readonly javaScript: boolean
  /** Width of the window in CSS pixels; 320 is the narrowest that must work. */
  readonly width: number
  /** A telephone: fingers in place of a mouse, and a window only 640 px high. */
  readonly phone?: boolean
  readonly locale: 'ru' | 'en'
  /** Origin that `page.goto('/path')` starts from. */
  readonly baseUrl: string
}

export interface TestBrowser {
  /** A page with cookies of its own, as if on another device; `page.context()` opens further tabs and ends it all. */
  newPage(options: PageOptions): Promise<Page>
  close(): Promise<void>
}

const ACCEPTED_LANGUAGE = { ru: 'ru-RU', en: 'en-GB' }

/** Starts Chromium; one per test file is enough: open it in `beforeAll`, `close` it in `afterAll`. */
export async function openBrowser(): Promise<TestBrowser> {
  const { executablePath, env } = inject('chromium')
  const browser = await chromium.launch({
    executablePath,
    env,
    // Nothing but this machine is there: a page that asks the internet for something must fail.
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'],
  })
  return {
    newPage: (options) => newPage(browser, options),
    close: () => browser.close(),
  }
}

async function newPage(
  browser: Browser,
  { javaScript, width, phone = false, locale, baseUrl }: PageOptions,
): Promise<Page> {
  const context = await browser.newContext({
    javaScriptEnabled: javaScript,
    viewport: { width, height: phone ? 640 : 900 },
    hasTouch: phone,
    isMobile: phone,
    locale: ACCEPTED_LANGUAGE[locale],
    baseURL: baseUrl,
  })
  context.setDefaultTimeout(10_000)
  return context.newPage()
}

/**
 * Runs every default rule of axe over the page as it stands. Axe needs timers, which a page without scripts does not
 * have, so it looks at the same HTML under the same address in a context with scripts; `noscript` is the only loss.
 */
export async function checkAccessibility(page: Page): Promise<void> {
  const [html, address] = [await page.content(), page.url()]
  const context = await page.context().browser()!.newContext({ viewport: page.viewportSize() })
  try {
    const copy = await context.newPage()
    await copy.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }))
    await copy.goto(address)
    const { violations } = await new AxeBuilder({ page: copy }).analyze()
    const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`))
    expect(found, `accessibility of ${address}`).toEqual([])
  } finally {
    await context.close()
  }
}

/** Nothing reaches beyond the right edge of the window. */
export async function noSidewaysScroll(page: Page): Promise<void> {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }))
  expect(content, `width of ${page.url()} in a window of ${window} px`).toBeLessThanOrEqual(window)
}

const htmlRules: ConfigData = {
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // govuk-frontend writes `autocapitalize="none"` on password fields; the HTML standard allows it on every element,
    // and it is what keeps the field right while the password is shown as text. The rule has no list of exceptions.
    'input-attributes': 'off',
    // Tables that are cards on a phone name their roles: WebKit forgets them where `display` is not that of a table.
    'no-redundant-role': 'off',
  },
}

const validator = new HtmlValidate(htmlRules)

/** Checks a whole document, as the server sent it. */
export async function checkHtml(html: string): Promise<void> {
  const { results } = await validator.validateString(html)
  const found = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
  )
  expect(found, 'faults of the HTML').toEqual([])
}
