// The OpenAPI 3.1 document, made from the table of endpoints and the catalogue of shapes. Any
// thread.
#pragma once

#include <string>

namespace gateway::api {

/// The document as indented JSON, the same bytes on every call: what /api/v1/openapi.json serves
/// and what web/openapi.json holds.
const std::string& openapi_document();

} // namespace gateway::api
