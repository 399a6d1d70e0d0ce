import { systemOf } from '#src/kernel/user-agent.ts'

const LONGEST_PRODUCT = 40

/**
 * A device in a word or two that its owner knows it by; product names, which no language translates.
 * @returns undefined when it says nothing of itself
 */
export function deviceName(userAgent: string): string | undefined {
  return systemOf(userAgent) ?? /^[\w.-]+/.exec(userAgent)?.[0].slice(0, LONGEST_PRODUCT)
}
