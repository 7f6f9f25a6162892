#include "gateway/headers.hpp"

namespace gateway {

namespace {

void add(net::response& to, std::string_view name, std::string_view value)
{
    for (const auto& each : to.headers)
        if (each.name == name)
            return;
    to.set(name, std::string{value});
}

} // namespace

std::string_view console_policy()
{
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
           "font-src 'self'; "
           "connect-src 'self'; frame-src 'self'; media-src 'self' blob:; manifest-src 'self'; "
           "base-uri 'none'; "
           "form-action 'self'; frame-ancestors 'none'; object-src 'none'";
}

std::string panel_policy(const std::vector<std::string>& framed_by)
{
    std::string made =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self' blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; object-src 'none'; frame-ancestors";
    for (const auto& each : framed_by)
        made += " " + each;
    if (framed_by.empty())
        made += " 'none'";
    return made;
}

std::string shop_policy(std::string_view console)
{
    const std::string from{console};
    return "default-src 'none'; script-src 'self' " + from +
           "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
           "font-src 'self'; connect-src 'self' " +
           from + "; frame-src " + from +
           "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
}

std::string_view sandbox_policy()
{
    return "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
}

void complete_headers(net::response& answer, const net::request& asked)
{
    add(answer, "x-content-type-options", "nosniff");
    add(answer, "referrer-policy", "no-referrer");
    add(answer, "permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    );
    add(answer, "cross-origin-opener-policy", "same-origin");
    add(answer, "cross-origin-resource-policy", "same-origin");
    add(answer,
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
    add(answer, "x-request-id", asked.id);
    if (asked.secure)
        add(answer, "strict-transport-security", "max-age=31536000; includeSubDomains");
}

} // namespace gateway
