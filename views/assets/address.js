// Fills the list of suggestions of an address field from the directory while somebody types; the browser itself shows it.
const PAUSE_MS = 300
const SHORTEST = 3

const field = document.querySelector('input[data-suggestions]')
if (field) suggestTo(field)

/** @param {HTMLInputElement} field */
function suggestTo(field) {
  const [postcode, csrf] = ['postcode', 'csrf'].map((name) => field.form.elements.namedItem(name))
  /** The postcode of each suggested address. @type {Map<string, string>} */
  let known = new Map()
  let waiting = 0
  let asked = ''

  async function ask() {
    const text = field.value.trim()
    if (text.length < SHORTEST || text === asked) return
    asked = text
    const body = new URLSearchParams({ text, csrf: csrf.value })
    const answer = await fetch(field.dataset.suggestions, { method: 'POST', body }).catch(() => undefined)
    // Without an answer the address is typed as it is; an older answer is of no use any more.
    if (!answer?.ok || asked !== text) return
    const { suggestions } = await answer.json()
    known = new Map(suggestions.map((one) => [one.text, one.postcode ?? '']))
    field.list.replaceChildren(
      ...[...known.keys()].map((line) => Object.assign(document.createElement('option'), { value: line })),
    )
  }

  field.addEventListener('input', () => {
    clearTimeout(waiting)
    const chosen = known.get(field.value)
    if (chosen === undefined) waiting = setTimeout(ask, PAUSE_MS)
    else if (postcode.value === '') postcode.value = chosen
  })
}
