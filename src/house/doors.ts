import compose from 'koa-compose'
import { changeRoutes } from '#src/accounts/change-routes.ts'
import { contactRoutes } from '#src/accounts/routes.ts'
import { codeRoutes } from '#src/cabinet/code-routes.ts'
import { contactLevels } from '#src/cabinet/contact-levels.ts'
import { contactChangeRoutes } from '#src/cabinet/contact-routes.ts'
import { knownDeviceRoutes } from '#src/cabinet/device-routes.ts'
import { identityRoutes } from '#src/cabinet/identity/routes.ts'
import { journalRoutes } from '#src/cabinet/journal-routes.ts'
import { makeKeptForms } from '#src/cabinet/kept-forms.ts'
import { leavingRoutes } from '#src/cabinet/leaving/routes.ts'
import { notMeRoutes } from '#src/cabinet/not-me-routes.ts'
import { passwordRoutes } from '#src/cabinet/password-routes.ts'
import { cabinetRoutes } from '#src/cabinet/routes.ts'
import { securityRoutes } from '#src/cabinet/security-routes.ts'
import { sessionRoutes } from '#src/cabinet/session-routes.ts'
import { makeRememberLanguage } from '#src/cabinet/settings-routes.ts'
import { relatedOriginRoutes } from '#src/factors/webauthn/routes.ts'
import { makeApp } from '#src/http/app.ts'
import type { Ctx } from '#src/http/context.ts'
import { makeCookieSigner } from '#src/http/cookie-signer.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { Secret } from '#src/kernel/secret.ts'
import { changeDemands, enrolledWorths } from '#src/login/assurance.ts'
import { loginRoutes } from '#src/login/routes.ts'
import { continuePage } from '#src/oidc/continue-page.ts'
import { deviceRoutes } from '#src/oidc/device/routes.ts'
import { onlyEndpoints } from '#src/oidc/endpoints.ts'
import { entranceRoutes, makeEntrance } from '#src/oidc/first-party.ts'
import { renderOauth } from '#src/oidc/oauth-error.ts'
import { makePageCookies } from '#src/oidc/page-cookies.ts'
import { postToGet } from '#src/oidc/post-to-get.ts'
import { killReplayedGrant } from '#src/oidc/replay.ts'
import { FIRST_PARTY } from '#src/oidc/requirement.ts'
import { makeServiceName } from '#src/oidc/service-names.ts'
import { unitOfWork } from '#src/oidc/unit-of-work.ts'
import { nameOf } from '#src/oidc/verified-claims/verifiers.ts'
import { units } from '#src/store/unit.ts'
import type { Ground } from './ground.ts'
import type { Leaving } from './leaving.ts'
import type { People } from './people.ts'
import type { Proofing } from './proofing.ts'
import type { ProviderParts } from './provider.ts'
import type { SignIn } from './sign-in.ts'

/** The web application: every address that a browser or a client can knock at. */
export function makeDoors(
  ground: Ground,
  people: People,
  proofing: Proofing,
  provider: ProviderParts,
  signIn: SignIn,
  leaving: Leaving,
) {
  const { config, log, texts, clock, issuer, keyring, dataKeys, store, journal, throttle, countryOf, assets, views } =
    ground
  const {
    accounts,
    settings,
    ownerNotices,
    delayedChanges,
    consents,
    notMe,
    contactChanges,
    detachments,
    passwords,
    profiles,
    factors,
    authenticators,
    identityRecords: records,
  } = people
  const { registries, requests, drafts, letters } = proofing
  const { clients, current, ciba, providers, sessions, services, documents } = provider
  const {
    devices,
    passwordChanging,
    incidents,
    contactProposals,
    registration,
    evidence,
    interactions,
    login,
    attempts,
    answering,
    recovery,
    pages,
    wayBack,
  } = signIn
  const changeDemandsOf = async (oid: AccountId) => changeDemands(await enrolledWorths(factors, oid))
  const entrance = makeEntrance({
    current,
    accounts,
    settings,
    keptForms: makeKeptForms({ store, dataKeys, clock }),
    wayBack,
    cookies: makePageCookies({ clock, issuer, sessionCookie: () => current().cookieName('session') }),
    journal,
    clock,
    issuer,
    idleSeconds: config.cabinetIdleSeconds,
    changeDemands: changeDemandsOf,
    secondFactor: config.secondFactor,
  })

  const app = makeApp({
    issuer,
    log,
    views,
    texts,
    assets,
    csrfKey: new Secret(keyring.key('csrf').toString('base64')),
    trustedProxies: config.trustedProxies,
    unitOfWork: unitOfWork(store, (ctx) => killReplayedGrant(providers.current, ctx)),
    ready: () =>
      store.ping().then(
        () => true,
        () => false,
      ),
    documents: documents.answer,
    languageChosen: makeRememberLanguage({ entrance, settings, journal, store }),
    routes(router) {
      loginRoutes(router, {
        login,
        devices,
        factors,
        answering,
        pages,
        interactions,
        evidence,
        authenticators,
        registration,
        wayBack,
      })
      registration.routes(router)
      contactRoutes(router, { detachments })
      recovery.routes(router)
      changeRoutes(router, { delayedChanges })
      deviceRoutes(router)
      ciba.routes(router)
      entranceRoutes(router)
      relatedOriginRoutes(router, config.webauthnRelatedOrigins)
      codeRoutes(router, { entrance, code: factors.code, settings, journal, store })
      contactChangeRoutes(router, {
        entrance,
        proposals: contactProposals,
        changes: contactChanges,
        delayedChanges,
        detachments,
        ownerNotices,
        store,
        clock,
        levels: (oid) => contactLevels(factors, oid),
      })
      passwordRoutes(router, { entrance, changing: passwordChanging, passwords, profiles, clock })
      sessionRoutes(router, { entrance, sessions })
      knownDeviceRoutes(router, { entrance, devices, journal })
      const incidentParts = { incidents, sessions, journal, countryOf, serviceName: makeServiceName(clients) }
      notMeRoutes(router, { ...incidentParts, notMe, attempts, password: factors.password, client: FIRST_PARTY })
      journalRoutes(router, { ...incidentParts, entrance, changeDemands: changeDemandsOf, clock })
      securityRoutes(router, {
        entrance,
        authenticators,
        factors,
        attempts,
        settings,
        delayedChanges,
        ownerNotices,
        sessions,
        journal,
        store,
        client: FIRST_PARTY,
        secondFactor: config.secondFactor,
        translate: texts.translator,
      })
      identityRoutes(router, {
        entrance,
        requests,
        drafts,
        delayedChanges,
        letters,
        registries,
        records,
        ownerNotices,
        sessions,
        journal,
        throttle,
        countryOf,
        serviceName: incidentParts.serviceName,
        foreignDocuments: config.identity.foreignDocuments,
        clock,
      })
      leavingRoutes(router, {
        ...leaving,
        entrance,
        countryOf,
        serviceName: incidentParts.serviceName,
        records,
        settings,
        requests,
        drafts,
        consents,
        sessions,
        devices,
        authenticators,
        delayedChanges,
        services,
        verifierName: (code) => nameOf(code, config.identity.verifierNames),
        ownerNotices,
        journal,
        dataKeys,
        store,
        throttle,
        clock,
        issuer,
      })
      cabinetRoutes(router, {
        entrance,
        settings,
        ownerNotices,
        journal,
        store,
        services,
        sessions,
        requests: ciba.pending,
        consentDays: config.consentDays,
        cabinetIdleSeconds: config.cabinetIdleSeconds,
      })
    },
    provider: onlyEndpoints(compose([postToGet, documents.keep, continuePage, providers.middleware])),
    onInternalError: (_ctx: Ctx) => units.getStore()?.discard(),
    renderOauth,
  })
  app.keys = makeCookieSigner([keyring.key('cookies').toString('base64url')]) as typeof app.keys
  return app
}
