#include "crm/base/problem.hpp"

namespace crm {

std::string_view code_name(errc code)
{
    switch (code) {
    case errc::invalid:
        return "invalid";
    case errc::malformed:
        return "malformed";
    case errc::unauthenticated:
        return "unauthenticated";
    case errc::forbidden:
        return "forbidden";
    case errc::not_found:
        return "not_found";
    case errc::conflict:
        return "conflict";
    case errc::stale_reply:
        return "stale_reply";
    case errc::gone:
        return "gone";
    case errc::precondition:
        return "precondition";
    case errc::too_large:
        return "too_large";
    case errc::unsupported:
        return "unsupported";
    case errc::rate_limited:
        return "rate_limited";
    case errc::busy:
        return "busy";
    case errc::unavailable:
        return "unavailable";
    case errc::internal:
        return "internal";
    }
    return "internal";
}

bool is_retryable(errc code)
{
    return code == errc::busy || code == errc::unavailable || code == errc::rate_limited;
}

problem::problem(errc code, const std::string& detail, std::string field)
    : std::runtime_error{detail}, code_{code}, field_{std::move(field)}
{
}

problem& problem::retry_after(std::chrono::milliseconds wait)
{
    retry_after_ = wait;
    return *this;
}

} // namespace crm
