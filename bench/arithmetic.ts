/** The middle value, or the mean of the two middle ones. @throws RangeError for no values */
export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/**
 * The value below which `percent` of the values lie, interpolated between neighbours.
 * @param percent 0 to 100
 * @throws RangeError for no values
 */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new RangeError('there is nothing to take a percentile of')
  const sorted = Float64Array.from(values).sort()
  const position = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(position)]!
  const above = sorted[Math.ceil(position)]!
  return below + (above - below) * (position - Math.floor(position))
}

/** The median of the ratios of pairs that were measured side by side, so that a drift of the machine cancels out. */
export function ratioOfPairs(pairs: readonly (readonly [numerator: number, denominator: number])[]): number {
  return median(pairs.map(([numerator, denominator]) => numerator / denominator))
}

/** A copy in random order (Fisher and Yates). */
export function shuffled<T>(list: readonly T[]): T[] {
  const copy = [...list]
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[copy[last], copy[other]] = [copy[other]!, copy[last]!]
  }
  return copy
}

/** To so many significant digits, for tables and files. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toPrecision(digits))
}
