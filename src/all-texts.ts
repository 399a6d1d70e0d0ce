import type { Logger } from 'pino'
import { en as documentsEn } from '#src/accounts/documents/messages.en.ts'
import { ru as documentsRu } from '#src/accounts/documents/messages.ru.ts'
import { en as fieldsEn } from '#src/accounts/fields/messages.en.ts'
import { ru as fieldsRu } from '#src/accounts/fields/messages.ru.ts'
import { en as identityEn } from '#src/accounts/identity/messages.en.ts'
import { ru as identityRu } from '#src/accounts/identity/messages.ru.ts'
import { en as leavingEn } from '#src/accounts/leaving/messages.en.ts'
import { ru as leavingRu } from '#src/accounts/leaving/messages.ru.ts'
import { en as accountsEn } from '#src/accounts/messages.en.ts'
import { ru as accountsRu } from '#src/accounts/messages.ru.ts'
import { en as contactEn } from '#src/cabinet/contact-messages.en.ts'
import { ru as contactRu } from '#src/cabinet/contact-messages.ru.ts'
import { en as identityPagesEn } from '#src/cabinet/identity/messages.en.ts'
import { ru as identityPagesRu } from '#src/cabinet/identity/messages.ru.ts'
import { en as journalEn } from '#src/cabinet/journal-messages.en.ts'
import { ru as journalRu } from '#src/cabinet/journal-messages.ru.ts'
import { en as leavingPagesEn } from '#src/cabinet/leaving/messages.en.ts'
import { ru as leavingPagesRu } from '#src/cabinet/leaving/messages.ru.ts'
import { en as cabinetEn } from '#src/cabinet/messages.en.ts'
import { ru as cabinetRu } from '#src/cabinet/messages.ru.ts'
import { en as passwordPageEn } from '#src/cabinet/password-messages.en.ts'
import { ru as passwordPageRu } from '#src/cabinet/password-messages.ru.ts'
import { en as securityEn } from '#src/cabinet/security-messages.en.ts'
import { ru as securityRu } from '#src/cabinet/security-messages.ru.ts'
import { en as sessionPagesEn } from '#src/cabinet/session-messages.en.ts'
import { ru as sessionPagesRu } from '#src/cabinet/session-messages.ru.ts'
import { en as consentsEn } from '#src/consents/messages.en.ts'
import { ru as consentsRu } from '#src/consents/messages.ru.ts'
import { factorKinds } from '#src/factors/registry.ts'
import { en as httpEn } from '#src/http/messages.en.ts'
import { ru as httpRu } from '#src/http/messages.ru.ts'
import { joinMessages, makeTexts, type Texts } from '#src/http/texts.ts'
import type { Locale } from '#src/kernel/locale.ts'
import { en as loginEn } from '#src/login/messages.en.ts'
import { ru as loginRu } from '#src/login/messages.ru.ts'
import { en as notificationsEn } from '#src/notifications/messages.en.ts'
import { ru as notificationsRu } from '#src/notifications/messages.ru.ts'
import { en as cibaEn } from '#src/oidc/ciba/messages.en.ts'
import { ru as cibaRu } from '#src/oidc/ciba/messages.ru.ts'
import { en as deviceEn } from '#src/oidc/device/messages.en.ts'
import { ru as deviceRu } from '#src/oidc/device/messages.ru.ts'
import { en as oidcEn } from '#src/oidc/messages.en.ts'
import { ru as oidcRu } from '#src/oidc/messages.ru.ts'
import { en as letterEn } from '#src/proofing/letter/messages.en.ts'
import { ru as letterRu } from '#src/proofing/letter/messages.ru.ts'
import { en as proofingEn } from '#src/proofing/messages.en.ts'
import { ru as proofingRu } from '#src/proofing/messages.ru.ts'
import { en as recoveryEn } from '#src/recovery/messages.en.ts'
import { ru as recoveryRu } from '#src/recovery/messages.ru.ts'
import { en as registrationEn } from '#src/registration/messages.en.ts'
import { ru as registrationRu } from '#src/registration/messages.ru.ts'
import { en as sandboxEn } from '#src/sandbox/messages.en.ts'
import { ru as sandboxRu } from '#src/sandbox/messages.ru.ts'
import { en as outboxEn } from '#src/sandbox/outbox-messages.en.ts'
import { ru as outboxRu } from '#src/sandbox/outbox-messages.ru.ts'

const factorTexts = (locale: Locale) => Object.values(factorKinds).map(({ texts }) => texts[locale])

/** The texts of every folder in both languages. */
export function allTexts(log: Logger): Texts {
  return makeTexts(
    {
      ru: joinMessages(
        httpRu,
        notificationsRu,
        accountsRu,
        fieldsRu,
        documentsRu,
        identityRu,
        leavingRu,
        proofingRu,
        letterRu,
        consentsRu,
        ...factorTexts('ru'),
        registrationRu,
        loginRu,
        recoveryRu,
        oidcRu,
        deviceRu,
        cibaRu,
        cabinetRu,
        identityPagesRu,
        journalRu,
        contactRu,
        securityRu,
        sessionPagesRu,
        passwordPageRu,
        leavingPagesRu,
        sandboxRu,
        outboxRu,
      ),
      en: joinMessages(
        httpEn,
        notificationsEn,
        accountsEn,
        fieldsEn,
        documentsEn,
        identityEn,
        leavingEn,
        proofingEn,
        letterEn,
        consentsEn,
        ...factorTexts('en'),
        registrationEn,
        loginEn,
        recoveryEn,
        oidcEn,
        deviceEn,
        cibaEn,
        cabinetEn,
        identityPagesEn,
        journalEn,
        contactEn,
        securityEn,
        sessionPagesEn,
        passwordPageEn,
        leavingPagesEn,
        sandboxEn,
        outboxEn,
      ),
    },
    log,
  )
}
