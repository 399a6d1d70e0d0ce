/**
 * What somebody most likely meant: the name that the word becomes by the fewest slips of the finger (a letter wrong, missing, too much, or
 * two swapped), one slip for each three letters at most.
 * @returns undefined when nothing is that near
 */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3))
  const ranked = names
    .filter((name) => Math.abs(name.length - word.length) <= most)
    .map((name) => ({ name, slips: slipsBetween(word, name) }))
    .filter(({ slips }) => slips <= most)
  return ranked.sort((a, b) => a.slips - b.slips)[0]?.name
}

/** The optimal string alignment distance, row by row. */
function slipsBetween(word: string, name: string): number {
  let [before, row] = [[] as number[], Array.from({ length: name.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= word.length; i++) {
    const next = [i]
    for (let j = 1; j <= name.length; j++) {
      const same = word[i - 1] === name[j - 1]
      const swapped = i > 1 && j > 1 && word[i - 1] === name[j - 2] && word[i - 2] === name[j - 1]
      next[j] = Math.min(
        row[j]! + 1,
        next[j - 1]! + 1,
        row[j - 1]! + (same ? 0 : 1),
        swapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY,
      )
    }
    ;[before, row] = [row, next]
  }
  return row[name.length]!
}
