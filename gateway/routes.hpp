// The REST surface: one line per endpoint. The OpenAPI document is made from this table, requests
// are matched, permitted and checked by it, and tests hold real answers to it.
#pragma once

#include "gateway/rest/handlers.hpp"

#include <span>
#include <string_view>

namespace gateway {

enum class verb
{
    get,
    post,
    put,
    patch,
    remove
};

/// One endpoint under /api/v1.
struct operation
{
    verb method;
    std::string_view path; // "/conversations/{id}"
    std::string_view
        permission; // "anyone", "session" (cookie only), or a permission of gateway/rights.hpp
    std::string_view query;  // notation of gateway/api/shape.hpp; empty = none
    std::string_view body;   // a shape, "bytes", or empty
    std::string_view answer; // a shape, "page SHAPE", "created SHAPE", "bytes", or empty (204)
    std::string_view summary;
    rest::answer (*run)(rest::call&);
};

/// Every endpoint, in the order of docs/api.md.
std::span<const operation> operations();

/// True for the POSTs that an Idempotency-Key makes safe to repeat: all but those that nobody known
/// asks, that carry a password, whose fingerprint is not to be stored, and those that do no harm
/// twice: files not attached to anything, reports of faults.
bool takes_key(const operation& what);

} // namespace gateway
