# One image for every app: the command chooses which (default: query).
#   docker build -t annals .
#   docker run annals dist/apps/ingest/src/main.js

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY nest-cli.json tsconfig.base.json ./
COPY apps apps
COPY libs libs
COPY test/bench test/bench
RUN npm run build \
 && rm -rf dist/test dist/libs/testing \
 && find dist \( -name '*.spec.js' -o -name '*.spec.js.map' \) -delete

FROM node:24-slim AS production-dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
# package.json holds the import map "#libs/*"
COPY package.json ./
COPY --from=production-dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
# workers answer on HEALTH_PORT, the webhook on WEBHOOK_PORT, query on PORT
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT || process.env.WEBHOOK_PORT || process.env.PORT || 3000}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node"]
CMD ["--enable-source-maps", "dist/apps/query/src/main.js"]
