import { Browser, type Shown } from '../browser-http.ts'
import type { Citizen, World } from '../world.ts'

const MAX_CROSSINGS = 10

/** One person's browser that follows redirects between the provider and relying parties, wherever they lead. */
export class Traveller {
  readonly #world: World
  readonly #browsers = new Map<string, Browser>()
  #page: Shown | undefined

  constructor(world: World) {
    this.#world = world
  }

  /** The page of whichever party the person has come to. */
  get page(): Shown {
    if (!this.#page) throw new Error('the traveller has not gone anywhere')
    return this.#page
  }

  /** The text of the page as JSON. */
  json<T>(): T {
    return JSON.parse(this.page.html) as T
  }

  open(url: string): Promise<Shown> {
    return this.#follow(this.at(new URL(url).origin).open(url), url)
  }

  /** Sends a form of the page; one whose action lies elsewhere (`response_mode=form_post`) goes there. */
  submit(fields: Readonly<Record<string, string>>, action?: string): Promise<Shown> {
    const here = this.at(new URL(this.page.url).origin)
    const form = here.form(action)
    const target = new URL(form.action, this.page.url)
    if (target.origin === new URL(this.page.url).origin) return this.#follow(here.submit(fields, action), target.href)
    const body = new URLSearchParams({ ...form.hidden, ...fields }).toString()
    const headers = { Origin: new URL(this.page.url).origin, 'Sec-Fetch-Site': 'cross-site' }
    return this.#follow(this.at(target.origin).post(target.href, body, headers), target.href)
  }

  /** Answers the pages of a sign-in that come, up to the one that is none of ours. */
  async signIn(citizen: Citizen): Promise<Shown> {
    const before = this.#world.sentTo(citizen.phone)
    if (this.page.html.includes('/identify'))
      await this.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    if (this.page.html.includes('/factor/code'))
      await this.submit({ code: await this.#world.code(citizen.phone, before) }, '/factor/code')
    if (this.page.html.includes('/consent')) await this.submit({ decision: 'allow' }, '/consent')
    return this.page
  }

  /** The browser's side towards one origin, with the cookies of that origin. */
  at(origin: string): Browser {
    const known = this.#browsers.get(origin)
    if (known) return known
    const browser = origin === this.#world.origin ? this.#world.browser() : new Browser({ origin, listens: origin })
    this.#browsers.set(origin, browser)
    return browser
  }

  async #follow(going: Promise<Shown>, url: string): Promise<Shown> {
    let origin = new URL(url).origin
    let shown = await going
    for (let crossing = 0; new URL(shown.url).origin !== origin; crossing++) {
      if (crossing === MAX_CROSSINGS) throw new Error(`to and fro between ${origin} and ${shown.url}`)
      // Nobody answers at a reserved name: the person has reached the end of the way.
      if (new URL(shown.url).hostname.endsWith('.example')) break
      origin = new URL(shown.url).origin
      shown = await this.at(origin).open(shown.url)
    }
    this.#page = shown
    return shown
  }
}
