FROM node:22-bookworm-slim AS pages
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=pages /src/frontend/dist frontend/dist
RUN CGO_ENABLED=0 go build -trimpath -o /jishi ./server && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=program /jishi /jishi
COPY --from=program --chown=nonroot:nonroot /data /data
ENTRYPOINT ["/jishi"]
