import supertest from 'supertest'

/** What a browser shows after following redirects, read without a DOM. */
export interface Shown {
  readonly status: number
  /** Address on the issuer's origin, or the whole URL when the browser was sent elsewhere. */
  readonly url: string
  readonly html: string
  readonly title: string
  /** Texts beside the fields. */
  readonly errors: readonly string[]
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

const MAX_HOPS = 10

/**
 * A browser without scripts: cookies, forms as the page wrote them, redirects followed as long as they stay on the issuer's origin. A
 * redirect elsewhere is where a relying party takes over.
 */
export class Browser {
  readonly #origin: string
  readonly #agent: ReturnType<typeof supertest.agent>
  #headers: Readonly<Record<string, string>>
  #page: Shown | undefined

  /** @param options `address`: where it seems to be, to a world that trusts its peer as a proxy */
  constructor(options: { origin: string; listens: string; locale?: string; userAgent?: string; address?: string }) {
    this.#origin = options.origin
    this.#agent = supertest.agent(options.listens)
    this.#headers = {
      Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      'Accept-Language': options.locale ?? 'ru',
      'User-Agent': options.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64) Test/1.0',
      ...(options.address !== undefined && { 'X-Forwarded-For': options.address }),
    }
  }

  get page(): Shown {
    if (!this.#page) throw new Error('the browser has not opened anything')
    return this.#page
  }

  /** It is in another place from now on. */
  moveTo(address: string): void {
    this.#headers = { ...this.#headers, 'X-Forwarded-For': address }
  }

  /** @param headers beside the usual ones, such as what the browser says of the page that the link stood on */
  open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return this.#follow('GET', url, undefined, headers)
  }

  /** Sends the form whose action ends with `action` (the first form unless given), hidden fields included. */
  submit(fields: Readonly<Record<string, string>>, action?: string): Promise<Shown> {
    const form = this.form(action)
    return this.#follow('POST', form.action, new URLSearchParams({ ...form.hidden, ...fields }).toString())
  }

  /** Sends any body to any address of the issuer, as a forged page or a script would. */
  post(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return this.#follow('POST', url, body, headers)
  }

  form(action?: string): { action: string; hidden: Record<string, string> } {
    const forms = [...this.page.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes, inner]) => ({
      action: attribute(attributes ?? '', 'action') ?? '',
      hidden: hiddenFields(inner ?? ''),
    }))
    const found = forms.find((form) => action === undefined || form.action.endsWith(action))
    if (!found)
      throw new Error(
        `no form ${action ?? ''} on "${this.page.title}" (${forms.map((form) => form.action).join(', ')})`,
      )
    return found
  }

  /** Parameters of the redirect that left the issuer. */
  get callback(): URLSearchParams {
    if (this.page.url.startsWith(this.#origin)) throw new Error(`still at the provider: "${this.page.title}"`)
    return new URL(this.page.url).searchParams
  }

  cookies(path = '/'): string[] {
    return this.#agent.jar.getCookies({ path, domain: 'localhost', secure: false, script: false }).map(String)
  }

  async #follow(method: 'GET' | 'POST', target: string, body?: string, headers: Readonly<Record<string, string>> = {}) {
    let url = new URL(target, this.#page?.url ?? this.#origin)
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      const path = url.pathname + url.search
      const request = method === 'POST' && hop === 0 ? this.#agent.post(path).send(body) : this.#agent.get(path)
      if (method === 'POST' && hop === 0)
        request.type('form').set('Origin', this.#origin).set('Sec-Fetch-Site', 'same-origin')
      const response = await request
        .set({ ...this.#headers, ...(hop === 0 && headers) })
        .redirects(0)
        .ok(() => true)
      const location = response.headers.location as string | undefined
      if (response.status < 300 || response.status >= 400 || location === undefined) {
        return this.#show(response.status, url.href, response.text ?? '', response.headers)
      }
      url = new URL(location, url)
      if (url.origin !== this.#origin) return this.#show(response.status, url.href, '', response.headers)
    }
    throw new Error(`more than ${MAX_HOPS} redirects`)
  }

  #show(status: number, url: string, html: string, headers: Shown['headers']): Shown {
    const title = text(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? '')
    const errors = [...html.matchAll(/govuk-error-message">([\s\S]*?)<\/p>/g)].map(([, inner]) =>
      text(inner ?? '').replace(/^(Ошибка|Error): /, ''),
    )
    this.#page = { status, url, html, title, errors, headers }
    return this.#page
  }
}

function text(html: string): string {
  return unescaped(html.replace(/<[^>]*>/g, ''))
    .replace(/\s+/g, ' ')
    .trim()
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : unescaped(value)
}

function hiddenFields(html: string): Record<string, string> {
  const inputs = [...html.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]) => tag)
  return Object.fromEntries(inputs.map((tag) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '']))
}

function unescaped(html: string): string {
  return html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#92;', '\\')
    .replaceAll('&#96;', '`')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
