import { randomBytes } from 'node:crypto'
import { languageHref } from './locale.ts'
import type { PageGlobals } from './views.ts'

type Model = Readonly<Record<string, unknown>>
type Render = (view: string, globals: PageGlobals, model: Model) => string

/** A page rendered once: text, name of what goes there, text, … */
type Mould = readonly string[]

const KEPT = 200
/** Of pages whose models are larger, too many would differ. */
const LARGEST_MODEL = 4_000

export interface Moulds {
  /** The page of this model, from its mould if there is one already. */
  cast(view: string, globals: PageGlobals, model: Model, perRequest: readonly string[], render: Render): string
}

/**
 * Pages rendered once per language and model, with holes for what differs from request to request: a nunjucks render costs about two
 * milliseconds, filling a mould some microseconds.
 */
export function makeMoulds(): Moulds {
  const moulds = new Map<string, Mould>()
  // Letters only, so that escaping leaves it alone, and random, so that no text typed by anybody contains it.
  const mark = `hole${randomBytes(12)
    .toString('hex')
    .replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)}x`
  const hole = (name: string) => `${mark}${name}${mark}`

  function mouldOf(
    view: string,
    globals: PageGlobals,
    model: Model,
    perRequest: readonly string[],
    render: Render,
  ): Mould {
    const holes = Object.fromEntries(perRequest.map((name) => [name, hole(name)]))
    const blank: PageGlobals = {
      ...globals,
      requestId: hole('requestId'),
      csrf: () => hole('csrf'),
      otherLocaleHref: hole('otherLocaleHref'),
    }
    return render(view, blank, { ...model, ...holes }).split(mark)
  }

  function filling(name: string, globals: PageGlobals, model: Model): string {
    if (name === 'csrf') return globals.csrf()
    if (name === 'requestId') return globals.requestId
    if (name === 'otherLocaleHref') return languageHref(globals.locale === 'ru' ? 'en' : 'ru', globals.url)
    return String(model[name])
  }

  return {
    cast(view, globals, model, perRequest, render) {
      const common = Object.fromEntries(Object.entries(model).filter(([name]) => !perRequest.includes(name)))
      const key = JSON.stringify([view, globals.locale, globals.typed, common])
      if (key.length > LARGEST_MODEL) return render(view, globals, model)
      let mould = moulds.get(key)
      if (!mould) {
        mould = mouldOf(view, globals, model, perRequest, render)
        if (moulds.size >= KEPT) moulds.delete(moulds.keys().next().value!)
        moulds.set(key, mould)
      }
      return mould.map((piece, index) => (index % 2 === 0 ? piece : escaped(filling(piece, globals, model)))).join('')
    },
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}
