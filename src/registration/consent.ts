/** Version of the text `registration.consent_*`, kept with each consent; a change of the text is a new version. */
export const CONSENT_VERSION = '2026-11-22'
