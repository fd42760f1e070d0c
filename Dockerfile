# How to run this image is in docs/container.md. There is nothing to compile: the first stage only
# installs what Belay needs at run time.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN ["npm", "ci", "--omit=dev"]

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE NOTICE ./
COPY bundles ./bundles
COPY rego ./rego
COPY src ./src
RUN ["install", "--directory", "--owner=node", "--group=node", "--mode=0700", "/data"]
VOLUME ["/data"]

# The user `node` of the base image, as a number: Kubernetes cannot check a name for `runAsNonRoot`.
USER 1000:1000
EXPOSE 8282
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:8282/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/belay.js", "serve", "--host", "0.0.0.0", "--port", "8282", "--data-dir", "/data"]
