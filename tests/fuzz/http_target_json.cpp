// The first line of defence of every request: target, query, percent escapes, the JSON body and its
// shape.
#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "gateway/api/shape.hpp"
#include "gateway/net/http.hpp"
#include "gateway/rest/dispatch.hpp"

#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>

namespace {

/// A decoded path stays below the root, whatever came in.
void check_target(std::string_view target)
{
    std::string path;
    std::string query;
    if (!gateway::net::read_target(target, path, query))
        return;
    const bool climbs = path.find("/../") != std::string::npos || path.ends_with("/..");
    if (!path.starts_with('/') || climbs || path.find('\0') != std::string::npos)
        std::abort();
    gateway::net::query_value(query, "cursor");
    gateway::rest::match("GET", path);
    gateway::rest::match("POST", path);
}

void check_body(std::string_view text)
{
    try {
        const auto body = crm::json::parse(text);
        for (const char* shape :
             {"log_in", "new_reply", "new_order", "change_inbox", "new_customer"})
            try {
                gateway::api::catalogue::all().check(shape, body);
            } catch (const crm::problem&) {
                continue;
            }
    } catch (const crm::problem&) {
        return;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto line = std::min(text.find('\n'), text.size());
    check_target(text.substr(0, line));
    check_body(line < text.size() ? text.substr(line + 1) : text);
    return 0;
}
