// Package web is the HTTP interface and the built pages.
//
// An area is one file with a register function: each line names a route and a handler, and a handler binds, calls a
// service and answers. The OpenAPI 3.1 document at /openapi.json is made from the same types. Errors are RFC 9457 problem
// details: a stable type (/problems/<code>), a sentence in the request's language, and the field.
//
// Echo carries it and huma describes it; handlers see neither.
package web
