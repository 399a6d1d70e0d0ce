import type { CodeBudgets } from '#src/factors/code/budgets.ts'

/** As an installation has them that sets nothing, but for what a test is about. */
export const codeBudgets: CodeBudgets = {
  resendSeconds: 60,
  perContactPerDay: 10,
  perAccountPerDay: 40,
  perNetworkPerHour: 300,
  perPrefixPerHour: 3000,
  perHour: 20_000,
}
