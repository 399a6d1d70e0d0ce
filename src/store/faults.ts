/** Whether PostgreSQL refused a value or a constraint (classes 22 and 23), which a single row of a joined statement can cause. */
export function isDataFault(fault: unknown): boolean {
  return /^2[23]/.test(String((fault as { code?: unknown } | undefined)?.code ?? ''))
}

/** Whether PostgreSQL rolled a statement back although nothing was wrong with it: serialization failure or deadlock (class 40). */
export function isRolledBack(fault: unknown): boolean {
  return /^40/.test(String((fault as { code?: unknown } | undefined)?.code ?? ''))
}
