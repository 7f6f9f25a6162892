// Frames of the realtime protocol as a client may send them: JSON, op, shape, members.
#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "gateway/api/shape.hpp"
#include "gateway/live/positions.hpp"
#include "gateway/members.hpp"
#include "gateway/wire/json_text.hpp"

#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>

namespace {

/// What was held to its shape can be read member by member, and written back as JSON.
void read_members(const boost::json::object& frame)
{
    for (const char* name :
         {"cid", "text", "conversation", "request", "agent", "tag", "seq", "base", "until"}) {
        gateway::maybe_text(frame, name);
        gateway::maybe_integer(frame, name);
        gateway::maybe_flag(frame, name);
    }
    gateway::raw_ids_of(frame, "attachments");
    gateway::wire::json_text text;
    text.open_object()
        .member("cid", gateway::text_of(frame, "cid"))
        .member("text", gateway::text_of(frame, "text"))
        .close_object();
    boost::json::parse(text.text()); // throws when what we write is not JSON
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    try {
        const auto read = crm::json::parse(text);
        if (!read.is_object())
            return 0;
        const auto& frame = read.get_object();
        const gateway::live::position_veil veil{"key"};
        (void)veil.show(gateway::text_of(frame, "at"), static_cast<crm::customer_id>(1));
        const auto& all = gateway::api::catalogue::all();
        for (const auto& [name, shape] : all.shapes()) {
            if (!name.starts_with("frame_"))
                continue;
            try {
                all.check(name, read);
                read_members(frame);
            } catch (const crm::problem&) {
                continue;
            }
        }
    } catch (const crm::problem&) {
        return 0;
    }
    return 0;
}
