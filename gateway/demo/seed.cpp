#include "gateway/demo/seed.hpp"

#include "crm/base/log.hpp"
#include "crm/base/random.hpp"
#include "crm/conversation_list.hpp"
#include "crm/demo/demo.hpp"
#include "crm/inbox.hpp"
#include "crm/session.hpp"
#include "gateway/passwords.hpp"
#include "gateway/rights.hpp"
#include "gateway/wire/json_text.hpp"
#include "routing/verbs.hpp"

#include <fstream>

namespace gateway {

namespace {

constexpr int ids_for_a_step = 128;

/// Four words and a number are easy to type from a terminal; 44 bits.
std::string spoken_password()
{
    static constexpr std::string_view words[]{
        "moss",  "river", "pine",  "cloud", "stone", "fern",  "tide",  "amber",
        "birch", "cedar", "comet", "coral", "delta", "ember", "flint", "grove",
        "haven", "heron", "ivory", "jade",  "lark",  "linen", "maple", "mist",
        "north", "ocean", "olive", "pearl", "quill", "raven", "sage",  "silk",
    };
    std::string made;
    for (int i = 0; i < 7; ++i) {
        const auto pick = static_cast<std::size_t>(crm::random_number()) % std::size(words);
        made += std::string{words[pick]} + "-";
    }
    return made + std::to_string(crm::random_number() % 900 + 100);
}

struct known_login
{
    std::string role;
    std::string email;
    std::string password;
};

void write_notes(
    const std::filesystem::path& file, const std::string& token, const std::vector<known_login>& all
)
{
    wire::json_text text;
    text.open_object().member("token", token).key("logins").open_list();
    for (const auto& each : all)
        text.open_object()
            .member("role", each.role)
            .member("email", each.email)
            .member("password", each.password)
            .close_object();
    text.close_list().close_object();
    const auto aside = file.string() + ".new";
    {
        std::ofstream out{aside};
        std::filesystem::permissions(
            aside, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write
        );
        out << text.text() << '\n';
    }
    std::filesystem::rename(aside, file);
}

/// Who has waited for an answer since the story's last hours stands in line since then, so that
/// whoever comes to work is offered the first of them. The newest chat of each agent who has one is
/// that agent's work.
void line_up(crm::transaction& tx, const crm::context& by)
{
    const routing::terms measure{std::make_shared<const routing::policy>(), {}};
    const auto open_in = [&tx](const crm::audience& who, crm::view view) {
        crm::list_query wanted;
        wanted.view = view;
        wanted.status = crm::conversation_status::open;
        return crm::conversations::list(tx.db(), who, wanted).items;
    };
    crm::context now = by;
    for (const auto& each : open_in({.everything = true}, crm::view::unassigned)) {
        if (crm::raw(each.request) != 0)
            continue;
        now.now = each.waiting_since.is_set() ? each.waiting_since : each.last_activity;
        routing::verbs::enqueue(tx, now, each, {}, measure);
    }
    now.now = by.now;
    for (const auto& agent : crm::staff::agents(tx.db()))
        for (const auto& each : open_in({.agent = agent.id}, crm::view::mine))
            if (each.channel == crm::channel::web) {
                routing::verbs::claim(tx, now, each, agent.id, measure);
                break;
            }
}

task<void> tell_story(house& in)
{
    const crm::demo::story_size size;
    const auto told =
        std::make_shared<const crm::demo::story>(crm::demo::tell(size, in.time.now()));
    crm::demo::progress state;
    while (!state.finished) {
        const auto by = in.acting({.by = crm::via::import}, ids_for_a_step);
        const auto job = [told, state, by](crm::transaction& tx) {
            return crm::demo::step(tx, by, *told, state);
        };
        state = co_await in.store.write(job);
    }
    const auto by = in.acting({.by = crm::via::import}, ids_for_a_step);
    co_await in.store.write([by](crm::transaction& tx) { line_up(tx, by); });
    // The shop's back end signs who its customers are (gateway/demo/shop.cpp).
    const auto secret = crm::random_token(256);
    const auto job = [by = in.acting({.by = crm::via::import}, 4), secret](crm::transaction& tx) {
        auto now = by;
        const auto shop = crm::inboxes::find(tx.db(), "web");
        crm::inboxes::add_secret(tx, now, shop.value().id, "shop", secret);
    };
    co_await in.store.write(job);
}

} // namespace

task<void> seed_demo(house& in, std::filesystem::path directory)
{
    const auto notes = directory / "demo.json";
    const auto look = [](crm::db::connection& on) { return crm::demo::is_furnished(on); };
    const bool furnished = co_await in.store.read(look);
    if (furnished && std::filesystem::exists(notes))
        co_return;
    if (!furnished)
        co_await tell_story(in);
    const auto who =
        co_await in.store.read([](crm::db::connection& on) { return crm::demo::logins(on); });
    // One random password for everybody here: hashing twelve takes longer than all the rest.
    const auto password = spoken_password();
    const auto hash = co_await in.passwords.hash(password);
    std::vector<known_login> all;
    for (const auto& each : who) {
        all.push_back({each.role, each.email, password});
        const auto job = [by = in.acting({.by = crm::via::import}, 2),
                          which = each.agent,
                          hash](crm::transaction& tx) {
            auto now = by;
            crm::staff::set_password(tx, now, which, hash);
        };
        co_await in.store.write(job);
    }
    const auto token = "parley_" + crm::random_token(256);
    std::vector<std::string> scopes;
    for (const auto each : every_permission().words())
        scopes.emplace_back(each);
    const auto job =
        [by = in.acting({.by = crm::via::import}, 2), token, scopes](crm::transaction& tx) {
            auto now = by;
            crm::api_tokens::create(tx, now, token, "demo", scopes, crm::instant{});
        };
    co_await in.store.write(job);
    write_notes(notes, token, all);
    crm::logging::info("demo.seeded", {{"logins", static_cast<std::int64_t>(all.size())}});
}

} // namespace gateway
