import { requestModules } from '../oidcc/requests.ts'

requestModules('query')
