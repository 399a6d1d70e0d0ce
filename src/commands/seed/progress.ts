const BAR_CHARACTERS = 30
/** Where nobody watches, a line for so much of the whole. */
const LINE_EVERY = 0.05

/**
 * On a terminal one line that is written over, elsewhere a line now and then.
 * @param watched whether it is a terminal
 * @param write takes the text with its control characters
 */
export function makeProgress(total: number, { watched, write }: { watched: boolean; write: (text: string) => void }) {
  const begun = performance.now()
  let said = 0
  return (done: number): void => {
    const share = done / total
    if (!watched && share < said + LINE_EVERY && done < total) return
    said = share
    const seconds = (performance.now() - begun) / 1000
    const rate = done / seconds
    const rest = `${grouped(Math.round(rate))}/s, ${clock((total - done) / rate)} to go`
    const line = `${Math.floor(share * 100)} %  ${grouped(done)} of ${grouped(total)} people, ${rest}`
    write(watched ? `\r\u001b[K${bar(share)} ${line}` : `${line}\n`)
  }
}

function bar(share: number): string {
  const full = Math.round(share * BAR_CHARACTERS)
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CHARACTERS - full)}]`
}

/** `12345678` → `12 345 678`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** `4:05` for minutes and seconds. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
