import { randomBytes } from 'node:crypto'
import type { ShownGlobals } from './context.ts'

type Model = Readonly<Record<string, unknown>>
type Render = (view: string, globals: ShownGlobals, model: Model) => string

/** A page rendered once: text, name of what goes there, text, … */
type Mould = readonly string[]

const KEPT = 200
/** Of pages whose models are larger, too many would differ. */
const LARGEST_MODEL = 4_000

export interface Moulds {
  /**
   * The page of this model, from its mould if there is one already. What the model holds beside its per-request strings must be plain
   * data (as JSON would keep it) and nobody's own: it stays in memory.
   * @param globals of a page without errors and typed values
   */
  cast(view: string, globals: ShownGlobals, model: Model, perRequest: readonly string[], render: Render): string
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
    globals: ShownGlobals,
    common: Model,
    holes: readonly string[],
    render: Render,
  ): Mould {
    const blank: ShownGlobals = {
      ...globals,
      requestId: hole('requestId'),
      csrf: () => hole('csrf'),
      otherLocaleHref: hole('otherLocaleHref'),
    }
    const blanks = Object.fromEntries(holes.map((name) => [name, hole(name)]))
    return render(view, blank, { ...common, ...blanks }).split(mark)
  }

  function filling(name: string, globals: ShownGlobals, model: Model): string {
    if (name === 'csrf') return globals.csrf()
    if (name === 'requestId') return globals.requestId
    if (name === 'otherLocaleHref') return globals.otherLocaleHref
    return model[name] as string
  }

  return {
    cast(view, globals, model, perRequest, render) {
      // One that is missing in this request is no hole: the template may leave out what belongs to it.
      const holes = perRequest.filter((name) => typeof model[name] === 'string')
      const common = Object.fromEntries(Object.entries(model).filter(([name]) => !holes.includes(name)))
      const key = JSON.stringify([view, globals.locale, holes, common])
      if (key.length > LARGEST_MODEL) return render(view, globals, model)
      let mould = moulds.get(key)
      if (!mould) {
        mould = mouldOf(view, globals, common, holes, render)
        if (moulds.size >= KEPT) moulds.delete(moulds.keys().next().value!)
        moulds.set(key, mould)
      }
      const fill = (name: string) => escaped(filling(name, globals, model))
      return mould.map((piece, index) => (index % 2 === 0 ? piece : fill(piece))).join('')
    },
  }
}

/** As nunjucks escapes, so that a cast page does not differ from one rendered whole. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\\': '&#92;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"'\\]/g, (character) => ENTITIES[character]!)
}
