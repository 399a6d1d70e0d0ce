import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { allTexts } from '#src/all-texts.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import { noSidewaysScroll, type PageOptions, type TestBrowser } from '../browser.ts'

const texts = allTexts(pino({ level: 'silent' }))

/** Somebody in front of a browser: finds things by the words on them, and notes whatever the browser complains of. */
export class Visitor {
  readonly page: Page
  readonly t: Translate
  /** Violations of the policy, errors of scripts and of loading. */
  readonly complaints: string[] = []

  private constructor(page: Page, locale: Locale) {
    this.page = page
    this.t = texts.translator(locale)
    page.on('console', (message) => {
      // Chromium also reports the status of pages; a form that comes back with errors is no fault.
      const refusedPage = /status of 4\d\d/.test(message.text()) && !message.location().url.includes('/assets/')
      if (message.type() === 'error' && !refusedPage) this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(error.message))
  }

  static async arrive(browser: TestBrowser, options: PageOptions): Promise<Visitor> {
    return new Visitor(await browser.newPage(options), options.locale)
  }

  /** Presses the button with the text of this key; a finger on a telephone, a mouse elsewhere. */
  async press(key: string, values?: Readonly<Record<string, string>>): Promise<void> {
    const button = this.page.getByRole('button', { name: this.t(key, values), exact: true })
    await button.click()
  }

  async follow(key: string): Promise<void> {
    await this.page.getByRole('link', { name: this.t(key), exact: true }).click()
  }

  /** Fills fields in by name, then presses the button. */
  async answer(fields: Readonly<Record<string, string>>, key: string): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await this.page.fill(`[name=${name}]`, value)
    await this.press(key)
  }

  /** Waits for the page with this heading; no page may be wider than the window. */
  async sees(key: string, values?: Readonly<Record<string, string>>): Promise<void> {
    await this.page.getByRole('heading', { name: this.t(key, values), level: 1 }).waitFor()
    await noSidewaysScroll(this.page)
  }

  async leave(): Promise<void> {
    await this.page.context().close()
    expect(this.complaints).toEqual([])
  }
}
