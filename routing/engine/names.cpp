#include "routing/engine/decisions.hpp"

#include <fmt/format.h>

namespace routing {
namespace {

template <class Enum, std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& names, Enum value)
{
    return names.at(static_cast<std::size_t>(value));
}

std::int64_t number(request_id id)
{
    return static_cast<std::int64_t>(id);
}
std::int64_t number(agent_id id)
{
    return static_cast<std::int64_t>(id);
}

struct writer
{
    std::string operator()(const offer& o) const
    {
        const decision_record& w = o.why;
        return fmt::format(
            "offer request={} agent={} attempt={} expires={} key={} head_start={} full={} score={} "
            "tier={} basis={} "
            "boost={} lane={:016x} ring={} waited={} urgency={} ahead_of={} runner_up={} "
            "occasion={} agent_reason={} "
            "position={} now={} "
            "policy={}",
            number(o.id),
            number(o.to),
            o.attempt,
            o.expires ? fmt::format("{}", *o.expires) : "-",
            w.key,
            w.head_start,
            w.full_head_start,
            w.score,
            name_of(w.rank),
            name_of(w.basis),
            w.boost,
            w.lane,
            w.ring,
            w.waited,
            w.urgency_permille,
            w.ahead_of,
            w.runner_up ? fmt::format("{}", number(*w.runner_up)) : "-",
            name_of(w.why_now),
            name_of(w.why_agent),
            w.position,
            w.now,
            w.policy_version
        );
    }
    std::string operator()(const withdrawn& w) const
    {
        return fmt::format(
            "withdrawn request={} agent={} attempt={} why={}",
            number(w.id),
            number(w.from),
            w.attempt,
            name_of(w.why)
        );
    }
    std::string operator()(const ring_relaxed& r) const
    {
        return fmt::format("ring_relaxed request={} ring={}", number(r.id), r.ring);
    }
    std::string operator()(const held& h) const
    {
        return fmt::format(
            "held request={} agent={} until={}", number(h.id), number(h.waits_for), h.until
        );
    }
    std::string operator()(const rekeyed& r) const
    {
        return fmt::format("rekeyed request={} score={} key={}", number(r.id), r.score, r.key);
    }
    std::string operator()(const overdue& o) const
    {
        return fmt::format("overdue request={} waited={}", number(o.id), o.waited);
    }
    std::string operator()(const auto_away& a) const
    {
        return fmt::format("auto_away agent={} misses={}", number(a.id), a.misses);
    }
};

} // namespace

std::string_view name_of(channel c)
{
    static constexpr std::array<std::string_view, channel_count> names{
        "chat", "messaging", "email", "callback", "voice"
    };
    return pick(names, c);
}

std::string_view name_of(tier t)
{
    static constexpr std::array<std::string_view, 4> names{"small", "regular", "major", "vip"};
    return pick(names, t);
}

std::string_view name_of(score_basis b)
{
    static constexpr std::array<std::string_view, 6> names{
        "model", "prior", "contract", "manual", "neutral", "orders"
    };
    return pick(names, b);
}

std::string_view name_of(presence p)
{
    static constexpr std::array<std::string_view, 4> names{"offline", "away", "busy", "online"};
    return pick(names, p);
}

std::string_view name_of(agent_reason why)
{
    static constexpr std::array<std::string_view, 7> names{
        "directed",
        "preferred",
        "only_one",
        "fewest_skills",
        "lowest_load",
        "longest_idle",
        "lowest_id"
    };
    return pick(names, why);
}

std::string_view name_of(occasion why)
{
    static constexpr std::array<std::string_view, 2> names{"request_waits", "agent_has_room"};
    return pick(names, why);
}

std::string_view name_of(withdrawal why)
{
    static constexpr std::array<std::string_view, 8> names{
        "expired",
        "declined",
        "taken_over",
        "agent_left",
        "abandoned",
        "finished",
        "transferred",
        "lost"
    };
    return pick(names, why);
}

std::string to_text(const decision& what)
{
    return std::visit(writer{}, what);
}

} // namespace routing
