import { claimModules } from '../oidcc/claims.ts'

claimModules('form_post')
