// Wakes govuk-frontend's components up; their texts come from data attributes in the language of the page.
import { initAll, isSupported } from './govuk-frontend.min.js'
import { watchIdleTime } from './idle.js'

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
if (isSupported()) initAll()

const dialog = document.querySelector('dialog[data-idle-seconds]')
if (dialog) watchIdleTime(dialog)

// A page that only passes something on; without scripts its button does.
document.querySelector('form[data-submit-at-once]')?.submit()
