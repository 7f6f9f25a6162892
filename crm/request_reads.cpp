// Reading requests and decisions.
#include "crm/base/problem.hpp"
#include "crm/request.hpp"
#include "crm/request_rows.hpp"

#include <charconv>

namespace crm::requests {

std::string write_skills(const std::vector<needed_skill>& skills)
{
    std::string text;
    for (const needed_skill& one : skills)
        text += (text.empty() ? "" : " ") + to_string(one.skill) + ":" + std::to_string(one.level) +
                (one.optional ? "?" : "");
    return text;
}

std::vector<needed_skill> read_skills(std::string_view text)
{
    std::vector<needed_skill> skills;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        std::int64_t id = 0;
        int level = 0;
        at = std::from_chars(at, end, id).ptr;
        at = std::from_chars(std::min(at + 1, end), end, level).ptr;
        const bool optional = at < end && *at == '?';
        skills.push_back({.skill = skill_id{id}, .level = level, .optional = optional});
        at = std::min(at + (optional ? 2 : 1), end);
    }
    return skills;
}

namespace {

constexpr std::string_view select_request =
    "SELECT id, conversation_id, inbox_id, customer_id, channel, team_id, skills,"
    " preferred_agent_id, state, enqueued_at, due_at, place_us, head_start_us, congestion_us, "
    "score,"
    " value_snapshot_id, boost, ring, agent_id, offered_at, offer_expires_at, accepted_at, "
    "closed_at,"
    " close_reason, offers, hold_until, sender_id, sender_until FROM requests ";
constexpr std::string_view select_excluded =
    "SELECT agent_id FROM request_exclusions WHERE request_id = ? ORDER BY agent_id";

request read_request(const db::rows& row)
{
    request one;
    one.id = row.id<request_id>(0);
    one.conversation = row.id<conversation_id>(1);
    one.inbox = row.id<inbox_id>(2);
    one.customer = row.id<customer_id>(3);
    one.channel = static_cast<channel>(row.integer(4));
    one.team = row.id<team_id>(5);
    one.skills = read_skills(row.text(6));
    one.preferred = row.id<agent_id>(7);
    one.state = static_cast<request_state>(row.integer(8));
    one.enqueued = row.time(9);
    one.due = row.time(10);
    one.place_us = row.integer(11);
    one.head_start_us = row.integer(12);
    one.congestion_us = row.integer(13);
    one.score = row.real(14);
    one.value = row.id<snapshot_id>(15);
    one.boost = static_cast<int>(row.integer(16));
    one.ring = static_cast<int>(row.integer(17));
    one.agent = row.id<agent_id>(18);
    one.offered = row.time(19);
    one.offer_expires = row.time(20);
    one.accepted = row.time(21);
    one.closed = row.time(22);
    one.close_reason = static_cast<request_reason>(row.integer(23));
    one.offers = static_cast<int>(row.integer(24));
    one.hold_until = row.time(25);
    one.sender = row.id<agent_id>(26);
    one.sender_until = row.time(27);
    return one;
}

std::vector<request>
read_all(db::connection& on, std::string_view sql, std::initializer_list<db::value> args)
{
    std::vector<request> found;
    {
        db::rows row = on.query(sql, args);
        while (row.next())
            found.push_back(read_request(row));
    }
    for (request& one : found) {
        db::rows row = on.query(select_excluded, {one.id});
        while (row.next())
            one.excluded.push_back(row.id<agent_id>(0));
    }
    return found;
}

std::optional<request> first_of(std::vector<request> found)
{
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

} // namespace

std::optional<request> find(db::connection& on, request_id which)
{
    static const std::string sql = std::string{select_request} + "WHERE id = ?";
    return first_of(read_all(on, sql, {which}));
}

std::optional<request> of_conversation(db::connection& on, conversation_id which)
{
    static const std::string sql =
        std::string{select_request} +
        "WHERE conversation_id = ? AND state IN (?, ?, ?) ORDER BY id DESC LIMIT 1";
    return first_of(read_all(
        on, sql, {which, request_state::waiting, request_state::offered, request_state::active}
    ));
}

std::vector<request> open(db::connection& on, request_id after, int limit)
{
    if (limit < 1 || limit > 1'000)
        throw problem{errc::invalid, "limit is 1 to 1,000.", "limit"};
    static const std::string sql =
        std::string{select_request} + "WHERE id > ? AND state IN (?, ?, ?) ORDER BY id LIMIT ?";
    return read_all(
        on,
        sql,
        {after, request_state::waiting, request_state::offered, request_state::active, limit}
    );
}

std::vector<request> of_agent(db::connection& on, agent_id whom)
{
    static const std::string sql =
        std::string{select_request} + "WHERE agent_id = ? AND state IN (?, ?) ORDER BY id";
    return read_all(on, sql, {whom, request_state::offered, request_state::active});
}

constexpr std::string_view select_decisions =
    "SELECT id, request_id, conversation_id, agent_id, runner_up_id, decided_at, consumed_position,"
    " policy_version, epoch, urgency, waited_us, head_start_us, score, ahead_of, outcome, "
    "outcome_at,"
    " reasons FROM decisions WHERE conversation_id = ? ORDER BY id DESC LIMIT ?";

std::vector<decision> decisions(db::connection& on, conversation_id which, int limit)
{
    std::vector<decision> found;
    db::rows row = on.query(select_decisions, {which, limit});
    while (row.next()) {
        decision& one = found.emplace_back();
        one.id = row.integer(0);
        one.request = row.id<request_id>(1);
        one.conversation = row.id<conversation_id>(2);
        one.agent = row.id<agent_id>(3);
        one.runner_up = row.id<request_id>(4);
        one.decided = row.time(5);
        one.consumed = row.integer(6);
        one.policy = row.integer(7);
        one.epoch = row.integer(8);
        one.urgency = row.real(9);
        one.waited_us = row.integer(10);
        one.head_start_us = row.integer(11);
        one.score = row.real(12);
        one.ahead_of = row.integer(13);
        one.outcome = static_cast<request_reason>(row.integer(14));
        one.outcome_at = row.time(15);
        one.reasons = row.string(16);
    }
    return found;
}

} // namespace crm::requests
