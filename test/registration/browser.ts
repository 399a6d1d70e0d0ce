import type { Server } from 'node:http'
import supertest from 'supertest'

/** Fills in forms without scripts, as the pages have them. */
export class Browser {
  readonly agent
  /** Of the last answer. */
  status = 0
  location = ''
  html = ''

  constructor(server: Server) {
    this.agent = supertest.agent(server)
  }

  async open(path: string): Promise<this> {
    return this.#took(await this.agent.get(path))
  }

  /** Posts a form with the token of this browser, whatever page it shows. */
  async post(path: string, fields: Record<string, string>): Promise<this> {
    if (!this.#csrf()) await this.open('/registration')
    return this.#took(
      await this.agent
        .post(path)
        .type('form')
        .send({ csrf: this.#csrf() ?? '', ...fields }),
    )
  }

  /** Posts, then follows the redirect. */
  async submit(path: string, fields: Record<string, string>): Promise<this> {
    await this.post(path, fields)
    return this.location === '' ? this : this.open(this.location)
  }

  hidden(name: string): string {
    return new RegExp(`name="${name}" value="([^"]*)"`).exec(this.html)?.[1] ?? ''
  }

  #token: string | undefined
  #csrf(): string | undefined {
    this.#token = this.hidden('csrf') || this.#token
    return this.#token
  }

  #took(response: supertest.Response): this {
    this.status = response.status
    this.location = response.headers.location ?? ''
    this.html = response.text
    return this
  }
}
