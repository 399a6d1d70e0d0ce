import type { ru } from './messages.ru.ts'

export const en: Record<keyof typeof ru, string> = {
  'oidc.error_title': 'The service sent a wrong request',
  'oidc.expired_title': 'The sign-in was not finished',
  'oidc.explanation_title': 'What was checked (shown in the sandbox only)',
  'oidc.explanation_error': 'OAuth error',
  'oidc.explanation_description': 'Description',
  'oidc.explanation_detail': 'Details',
  'oidc.explanation_sent': 'redirect_uri sent',
  'oidc.explanation_registered': 'On record for the service',
  'oidc.invalid_request':
    'The service that you came from sent a request that we cannot carry out. Please tell its support.',
  'oidc.invalid_client':
    'The service that you came from is not registered here. Check its address and tell its support.',
  'oidc.invalid_redirect_uri':
    'The service asks us to send you to an address that is not on record for it. We have not done so. Please tell its support.',
  'oidc.session_not_found':
    'The time for signing in has run out, or it was finished in another tab. Go back to the service and start again.',
  'oidc.server_error': 'We know of the fault already. Try again in a few minutes.',
  'oidc.sign_in_refused': 'The sign-in did not succeed, so this page cannot be opened. Please try again.',
  'oidc.unresolved': 'The sign-in could not be finished. Go back to the service and try again.',
  'oidc.replayed': 'This step has been done already, perhaps in another tab. Go back to the service and start again.',
  'oidc.way_back': 'The sign-in to “{{service}}” is waiting for you.',
  'oidc.way_back_link': 'Go on with the sign-in',
  'oidc.logout_title': 'Sign out of your account?',
  'oidc.logout_text':
    'You will be signed out here and of all services that you signed in to with this account on this device.',
  'oidc.logout_all': 'Sign out',
  'oidc.logout_service': 'Sign out of “{{service}}” only',
  'oidc.signed_out_title': 'You are signed out',
  'oidc.signed_out_text': 'To sign in again, open the service that you need.',
  'oidc.signed_out_service': 'You are signed out of “{{service}}” but still signed in to your account on this device.',
  'oidc.continue_title': 'One moment',
  'oidc.continue_text': 'The page changes by itself. If it does not, press “Continue”.',
  'oidc.continue_service': 'You are on your way back to “{{service}}”. If nothing happens, press “Continue”.',
  'oidc.detail_yes': 'yes',
  'oidc.detail_no': 'no',
  'oidc.detail_locations': 'Where it counts',
  'oidc.continue': 'Continue',
}
