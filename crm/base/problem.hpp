// The one exception type of the product. An error that ends the request is thrown as a problem; an
// outcome that the caller acts on is returned. Any thread.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace crm {

/// Stable codes: the same words stand in HTTP problem documents and in socket `err` frames.
enum class errc
{
    invalid,         // 422: the request is understood but not acceptable
    malformed,       // 400: not readable at all
    unauthenticated, // 401
    forbidden,       // 403
    not_found,       // 404
    conflict,        // 409
    stale_reply,     // 409: a colleague answered first
    gone,            // 410: a single-use link was used or is too old
    precondition,    // 412: If-Match does not hold
    too_large,       // 413
    unsupported,     // 415
    rate_limited,    // 429
    busy,            // 503, retryable: a bounded queue is full
    unavailable,     // 503, retryable: the store is down, draining, or read-only
    internal         // 500
};

/// The stable word of a code, "not_found".
std::string_view code_name(errc code);

/// True when the same request may succeed later unchanged.
bool is_retryable(errc code);

/// What ends a request. `what()` tells the user what to do about it; `field` names the member at
/// fault as a path ("orders[2].total"), empty where none is.
class problem : public std::runtime_error
{
public:
    problem(errc code, const std::string& detail, std::string field = {});

    [[nodiscard]] errc code() const { return code_; }
    [[nodiscard]] const std::string& field() const { return field_; }

    /// Sets after how long a retry is worth it; shown as Retry-After / `retry_after_ms`.
    problem& retry_after(std::chrono::milliseconds wait);
    [[nodiscard]] std::chrono::milliseconds retry_after() const { return retry_after_; }

private:
    errc code_;
    std::string field_;
    std::chrono::milliseconds retry_after_{0};
};

} // namespace crm
