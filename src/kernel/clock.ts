/** The only source of "now"; tests travel in time through it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** Unix seconds, as JWTs and OAuth want them. */
export function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}

export function addSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}
