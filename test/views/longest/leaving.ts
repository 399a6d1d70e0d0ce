import type { Fixture } from './words.ts'
import { name } from './words.ts'

const moment = '22\u00a0сентября\u00a02026\u00a0г. в\u00a023:59'
const waiting = { id: 'x'.repeat(36), dueAt: moment }

export const leavingFixtures: Readonly<Record<string, readonly Fixture[]>> = {
  'cabinet/leaving/close': [
    {
      model: { path: '/account/close', cause: 'owner', weak: true },
      errors: [{ field: 'understood', code: 'leaving.understood_missing' }],
    },
    { state: 'waiting', model: { path: '/account/withdrawal', cause: 'withdrawal', weak: true, waiting, done: true } },
  ],
  'cabinet/leaving/closed': [{ model: {} }],
  'cabinet/leaving/return': [
    { model: { until: moment, withdrawn: true }, errors: [{ field: 'consent', code: 'leaving.consent_missing' }] },
    { state: 'late', model: { until: moment, isLate: true } },
  ],
  'cabinet/leaving/export': [{ errors: [{ field: 'format', code: 'leaving.format_missing' }] }],
  'cabinet/leaving/export-readable': [
    {
      model: {
        at: moment,
        sections: [
          { title: name, lists: [[{ key: name, value: 'W'.repeat(120) }], [{ key: 'x', value: name }]], isCut: true },
          { title: name, lists: [], isCut: false },
        ],
      },
    },
  ],
}
