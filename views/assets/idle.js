// Warns two minutes before a page of the cabinet asks to sign in again, and hides it for good when that time has come.
const WARN_MS = 120_000
const TICK_MS = 1_000

/** @param {HTMLDialogElement} dialog */
export function watchIdleTime(dialog) {
  const form = dialog.querySelector('form')
  const [title, text, button] = ['h2', 'p', 'button'].map((name) => dialog.querySelector(name))
  const { overTitle, overText, overKept, overButton, lastText, lastButton } = dialog.dataset
  const first = { title: title.textContent, text: text.dataset.idleUntil, button: button.textContent }
  let closesAt = Date.now() + Number(dialog.dataset.idleSeconds) * 1000
  /** open, warned, last (nothing prolongs the session any more) or over */
  let state = 'open'

  function say(heading, sentence, action) {
    title.textContent = heading
    text.textContent = sentence
    button.textContent = action
  }

  // A form that came back with errors holds what was typed before.
  const cameBack = document.querySelector('.govuk-error-summary') !== null

  /** The form in which something was typed: it would be lost by loading the page again. */
  const typedForm = () =>
    [...document.querySelectorAll('main input:not([type=hidden]), main textarea, main select')].find((field) => {
      if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked
      if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected)
      return field.value !== (cameBack ? '' : field.defaultValue)
    })?.form

  function warn() {
    state = 'warned'
    if (!dialog.open) dialog.showModal()
  }

  function close() {
    state = 'over'
    // Also for whoever comes back to this page later: browsers keep pages that were left as they were.
    document.documentElement.classList.add('app-over')
    say(overTitle, typedForm() ? `${overText} ${overKept}` : overText, overButton)
    if (!dialog.open) dialog.showModal()
    // Without what was typed there is nothing to lose: the sign-in, which says the same, takes the place of what stood here.
    if (!typedForm()) openAnew()
  }

  /** By GET, whatever the page was the answer to. */
  const openAnew = () => location.replace(location.pathname + location.search)

  // Looked at often and not waited for in one go: a machine that slept wakes up later than its timers.
  function look() {
    const left = closesAt - Date.now()
    if (state !== 'over' && left <= 0) close()
    else if (state === 'open' && left <= WARN_MS) warn()
  }

  function goOn({ seconds, until }) {
    closesAt = Date.now() + seconds * 1000
    for (const line of document.querySelectorAll('[data-idle-until]'))
      line.textContent = line.dataset.idleUntil.replace('{time}', until)
    document.documentElement.classList.remove('app-over')
    // The session itself is about to end, which nothing prolongs.
    const last = seconds * 1000 <= WARN_MS
    state = last ? 'last' : 'open'
    say(first.title, last ? lastText : first.text.replace('{time}', until), last ? lastButton : first.button)
    if (!last) dialog.close()
  }

  /** The server refuses it, as the time is over, keeps what was typed and asks to sign in; then it stands there again. */
  function signIn() {
    const kept = typedForm()
    if (kept) HTMLFormElement.prototype.submit.call(kept)
    else openAnew()
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    // Whoever has been told the last word only wants the page back.
    if (state === 'last') return dialog.close()
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      redirect: 'manual',
    }).catch(() => undefined)
    // Another window of this browser may have gone on meanwhile: then nothing is over, and nothing may be sent in the person's name.
    if (answer?.ok) return goOn(await answer.json())
    if (state === 'over') return signIn()
    close()
  })
  // The Escape key closes dialogs; behind this one nothing is left to see.
  dialog.addEventListener('close', () => {
    if (state === 'over') dialog.showModal()
  })
  setInterval(look, TICK_MS)
  document.addEventListener('visibilitychange', look)
  window.addEventListener('pageshow', look)
}
