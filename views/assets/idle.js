// Warns two minutes before a page of the cabinet asks to sign in again, and hides it when that time has come.
const WARN_MS = 120_000
const TICK_MS = 1_000

/** @param {HTMLDialogElement} dialog */
export function watchIdleTime(dialog) {
  const form = dialog.querySelector('form')
  const [title, text, button] = ['h2', 'p', 'button'].map((name) => dialog.querySelector(name))
  const first = { title: title.textContent, button: button.textContent }
  let closesAt = Date.now() + Number(dialog.dataset.idleSeconds) * 1000
  let state = 'open'

  const say = (heading, sentence, action) => {
    title.textContent = heading
    text.textContent = sentence
    button.textContent = action
  }

  /** What was typed would be lost by loading the page again. */
  const typed = () =>
    [...document.querySelectorAll('main input:not([type=hidden]), main textarea, main select')].some((field) => {
      if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked
      if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected)
      return field.value !== field.defaultValue
    })

  function warn() {
    state = 'warned'
    if (!dialog.open) dialog.showModal()
  }

  function close() {
    state = 'over'
    // Without what was typed there is nothing to lose: the sign-in takes the place of what stood here.
    if (!typed()) return location.reload()
    dialog.classList.add('app-dialog--over')
    say(dialog.dataset.overTitle, dialog.dataset.overText, dialog.dataset.overButton)
    if (!dialog.open) dialog.showModal()
  }

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
    // The session itself is about to end, which nothing prolongs.
    if (seconds * 1000 <= WARN_MS) return say(first.title, dialog.dataset.lastText, dialog.dataset.overButton)
    state = 'open'
    dialog.close()
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    // Whoever has been told the last word only wants the page back.
    if (button.textContent === dialog.dataset.overButton) return dialog.close()
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
        redirect: 'manual',
      })
      if (!answer.ok) throw new Error('the session is over')
      goOn(await answer.json())
    } catch {
      close()
    }
  })
  setInterval(look, TICK_MS)
  document.addEventListener('visibilitychange', look)
}
