# Propusk in production. Settings come from the environment (README.md); the schema from `node src/cli.ts migrate`,
# run once per release before the new version starts.

FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image's own Node runs npm; the process runs under the exact Node of the lockfile, the one that the tests ran under.
RUN npm ci --omit=dev

FROM node:26-bookworm-slim
ENV NODE_ENV=production MODE=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY views views
COPY migrations migrations
COPY src src
# Nothing in the image is writable for the process.
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node_modules/.bin/node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The flags are those of `npm start`: without the bound, garbage that is quickly made under load doubles the memory.
CMD ["node_modules/.bin/node", "--max-semi-space-size=8", "src/main.ts"]
