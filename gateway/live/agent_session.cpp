#include "gateway/live/agent_session.hpp"

#include "crm/audit.hpp"
#include "crm/base/hash.hpp"
#include "crm/base/spawn.hpp"
#include "crm/request.hpp"
#include "crm/timeline_pages.hpp"
#include "gateway/directory.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/live/outlook.hpp"
#include "gateway/live/replay.hpp"
#include "gateway/members.hpp"
#include "gateway/sign_in.hpp"
#include "routing/switchboard.hpp"

namespace gateway::live {

agent_session::agent_session(house& in, std::string address, std::string session_hash)
    : session{in, std::move(address)}, session_hash_{std::move(session_hash)}
{
}

double agent_session::frames_allowed() const
{
    return static_cast<double>(in_.config.rates.agent_frames);
}

void agent_session::left()
{
    if (counted_)
        in_.news.remove(*this);
    counted_ = false;
}

namespace {

bool same_sight(const crm::audience& one, const crm::audience& other)
{
    return one.everything == other.everything && one.inboxes == other.inboxes &&
           one.teams == other.teams;
}

} // namespace

bool same_rights(const viewer& one, const viewer& other)
{
    return one.may == other.may && one.may_everywhere == other.may_everywhere &&
           same_sight(one.sees, other.sees) && same_sight(one.supervises, other.supervises);
}

void agent_session::check()
{
    auto look = [](std::shared_ptr<agent_session> self) -> task<void> {
        const auto known = co_await self->in_.doors.find_session(self->in_, self->session_hash_);
        if (!known)
            self->close(net::close_code::session_ended, "the session has ended: log in again");
        else if (!same_rights(known->who, self->who_))
            self->close(net::close_code::epoch_changed, "your rights have changed: load again");
    };
    crm::spawn(
        in_.io.get_executor(),
        "session.check",
        look(std::static_pointer_cast<agent_session>(shared_from_this()))
    );
}

void agent_session::show_load()
{
    const auto now = in_.outlook.load_of(who_.agent);
    wire::json_text text;
    text.open_object()
        .member("op", "live")
        .member("what", "load")
        .member("used", now.used)
        .member("units", now.units)
        .close_object();
    if (last_load_ == text.text())
        return;
    last_load_ = text.take();
    send_live(std::make_shared<const std::string>(last_load_));
}

task<void> agent_session::greet(client_frame hello)
{
    if (integer_of(hello.members, "v") != 1)
        throw crm::problem{crm::errc::invalid, "this server speaks version 1"};
    const auto known = co_await in_.doors.find_session(in_, session_hash_);
    const bool csrf_right =
        known && crm::same_secret(known->session.csrf, text_of(hello.members, "csrf"));
    if (!csrf_right)
        throw crm::problem{crm::errc::unauthenticated, "log in again"};
    if (!is_open())
        co_return;
    who_ = known->who;
    me_ = known->agent;
    client_ = text_of(hello.members, "client");
    in_.news.replace(who_.agent, client_);
    in_.news.add(*this); // before reading: what happens from now on is held back, not lost
    counted_ = true;

    std::optional<std::int64_t> from;
    const auto at = text_of(hello.members, "at");
    const bool is_number =
        !at.empty() && at.size() <= 18 && at.find_first_not_of("0123456789") == std::string::npos;
    if (is_number && text_of(hello.members, "epoch") == in_.store.epoch())
        from = std::stoll(at);
    const auto read = co_await read_greeting(from);
    if (!is_open())
        co_return;
    const auto here = read.replay ? *from : read.as_of;
    send_welcome(read, here);
    ++(read.replay ? in_.news.counts().resumed : in_.news.counts().snapshots);
    start_at(here, read.missed, read.as_of);
    show_load();
}

task<agent_greeting> agent_session::read_greeting(std::optional<std::int64_t> from)
{
    const auto job = [who = who_,
                      names = in_.people.names(),
                      from,
                      now = in_.time.now(),
                      most = replay_limits{in_.config}](crm::db::connection& on) {
        agent_greeting made;
        made.as_of = crm::audit::last_position(on);
        // As of that moment, like the rest: what the session's cache knows may be older.
        if (const auto me = crm::staff::find_agent(on, who.agent))
            made.presence = me->presence;
        if (from) {
            auto missed = missed_by_agent(on, who, *names, {*from, made.as_of, most}, now);
            made.replay = missed.has_value();
            if (missed)
                made.missed = std::move(*missed);
        }
        for (const auto& each : crm::requests::of_agent(on, who.agent))
            if (each.state == crm::request_state::offered)
                made.offers.push_back(wire::read_offer(on, each));
        return made;
    };
    co_return co_await in_.store.read(job, crm::read_length::extended);
}

void agent_session::send_welcome(const agent_greeting& read, std::int64_t here)
{
    wire::json_text text;
    text.open_object().member("op", "welcome").member("v", 1).member("epoch", in_.store.epoch());
    text.key("as_of").digits(here);
    text.member("resume", read.replay ? "replay" : "snapshot")
        .member("server_time", in_.time.now())
        .member("app", PARLEY_VERSION);
    wire::me(text.key("me"), me_, who_.may.words());
    text.key("limits")
        .open_object()
        .member("text", 20'000)
        .member("attachment_bytes", in_.config.attachments.bytes)
        .member("attachments", 10)
        .close_object();
    text.key("offers").open_list();
    for (const auto& each : read.offers) {
        in_.news.remember_offer(each.request.id, who_.agent);
        wire::offer(text, each, in_.time.now(), read.as_of);
    }
    const auto load = in_.outlook.load_of(who_.agent);
    text.close_list()
        .member("presence", crm::word(read.presence))
        .key("load")
        .open_object()
        .member("used", load.used)
        .member("units", load.units)
        .close_object()
        .close_object();
    send_text(text.take());
}

task<std::string> agent_session::error_members(const client_frame& what, const crm::problem& why)
{
    if (why.code() != crm::errc::stale_reply)
        co_return std::string{};
    const auto where = id_of<crm::conversation_id>(what.members, "conversation");
    const auto job = [where,
                      base = integer_of(what.members, "base"),
                      names = in_.people.names()](crm::db::connection& on) {
        constexpr int most = 50;
        wire::json_text text;
        text.open_object().key("entries").open_list();
        for (const auto& each : crm::timeline::after(on, where, base, most).entries)
            wire::entry(text, each, *names);
        text.close_list();
        wire::conversation(
            text.key("conversation"),
            crm::conversations::need(on, where),
            crm::audit::last_position(on)
        );
        auto made = text.take();
        made[0] = ','; // goes on within an object
        return made;
    };
    co_return co_await in_.store.read(job);
}

} // namespace gateway::live
