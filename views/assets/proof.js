// Does the work that a form has to prove after many wrong passwords: <div data-proof> in it holds the challenge and takes the solution.
// Keys are derived by the browser's own cryptography, off the page's thread, so typing goes on meanwhile.

const part = document.querySelector('[data-proof]')
const form = part.closest('form')
const told = part.querySelector('[role=status]')
const field = (name) => part.querySelector(`input[name=${name}]`)

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const hex = (array) => Array.from(array, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The counter whose key begins as the challenge says (ALTCHA, version 2). */
async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0])
  const view = new DataView(password.buffer, password.length - 4)
  const method = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations: cost }
  for (let counter = 0; ; counter++) {
    view.setUint32(0, counter)
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
    const derivedKey = hex(new Uint8Array(await crypto.subtle.deriveBits(method, key, keyLength * 8)))
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey }
  }
}

async function prove() {
  let submitter
  const hold = (event) => {
    event.preventDefault()
    submitter = event.submitter
  }
  told.textContent = told.dataset.working
  form.addEventListener('submit', hold)
  const { parameters } = JSON.parse(field('challenge').value)
  field('solution').value = JSON.stringify(await solve(parameters))
  form.removeEventListener('submit', hold)
  told.textContent = told.dataset.done
  // Whoever was quicker than the browser need not press the button again.
  if (submitter !== undefined) form.requestSubmit(submitter)
}

// On plain http there is no such cryptography: then the wait that the page speaks of is what is left.
if (globalThis.crypto?.subtle) prove()
