// Asks the browser for a passkey or a hardware key, and sends what it answers by the form of the page. The page says what is asked for in
// <div data-webauthn="open|prove|enrol">: in data-options, or (open) at the address of its form, where each answer needs a new challenge.
import './simplewebauthn.min.js'

const { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill, startAuthentication, startRegistration } =
  globalThis.SimpleWebAuthnBrowser

const part = document.querySelector('[data-webauthn]')
const form = part?.querySelector('form')
const purpose = part?.dataset.webauthn

/** Shows what went wrong in the words that the page brings along: those for the browser's exception, else those for any. */
function tell(fault) {
  const lines = [...part.querySelectorAll('[data-told]')]
  const told = lines.find((line) => line.dataset.told === fault) ?? lines.find((line) => line.dataset.told === '')
  for (const line of lines) line.hidden = fault === undefined || line !== told
}

function send(credential) {
  form.querySelector('input[name=credential]').value = JSON.stringify(credential)
  form.submit()
}

async function options() {
  if (part.dataset.options) return JSON.parse(part.dataset.options)
  const response = await fetch(form.action, { headers: { Accept: 'application/json' } })
  if (!response.ok) throw new Error(`no challenge: ${response.status}`)
  return response.json()
}

async function ask() {
  const optionsJSON = await options()
  return purpose === 'enrol' ? startRegistration({ optionsJSON }) : startAuthentication({ optionsJSON })
}

/** Lets the browser offer its passkeys in the field of the identifier, quietly: whoever does not use it shall not hear of it. */
async function offer() {
  if (!(await browserSupportsWebAuthnAutofill())) return
  const optionsJSON = await options()
  // Before the challenge is over comes the next one; it ends the former offer.
  const renewal = setTimeout(offerQuietly, optionsJSON.timeout * 0.9)
  try {
    send(await startAuthentication({ optionsJSON, useBrowserAutofill: true }))
  } finally {
    clearTimeout(renewal)
  }
}

const offerQuietly = () => offer().catch(() => {})

async function onSubmit(event) {
  event.preventDefault()
  if (!form.reportValidity()) return
  const button = form.querySelector('button')
  tell(undefined)
  button.disabled = true
  try {
    send(await ask())
  } catch (fault) {
    tell(fault.name)
    if (purpose === 'open') offerQuietly()
  } finally {
    button.disabled = false
  }
}

if (part && browserSupportsWebAuthn()) {
  part.hidden = false
  form.addEventListener('submit', onSubmit)
  if (purpose === 'open') offerQuietly()
} else if (part && purpose !== 'open') {
  tell('NotSupportedError')
}
