#include "routing/replay.hpp"

#include "crm/store/log_reader.hpp"
#include "routing/feeder.hpp"

namespace routing {

std::vector<decision> replay(crm::db::connection& on, const policy& rules, std::int64_t until)
{
    constexpr int at_once = 1'000;
    feeder again{rules};
    std::vector<decision> decided;
    std::int64_t after = crm::read_log_bounds(on).floor;
    for (;;) {
        const auto page = crm::read_log(on, after, at_once);
        const facts known = look_up(on, wanted_by(page));
        for (const crm::log_entry& one : page) {
            after = one.position;
            if (one.position > until)
                return decided;
            if (concerns_routing(one))
                again.feed(one, known, decided);
        }
        if (page.size() < static_cast<std::size_t>(at_once))
            return decided;
    }
}

} // namespace routing
