import { claimModules } from '../oidcc/claims.ts'

claimModules('query')
