import { afterAll, vi } from 'vitest'

// The next file in this process starts at the real time, even if the world of this one could not be stopped.
afterAll(() => void vi.useRealTimers())
