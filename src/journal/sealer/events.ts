import { defineEvent } from '../journal.ts'

/** The roots of the journal are signed by a new key from now on. */
export const sealingKeyReplaced = defineEvent('sealing_key.replaced', { key: 'text', former: 'text' })
