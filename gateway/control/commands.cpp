#include "gateway/control/commands.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "crm/base/text.hpp"
#include "crm/staff.hpp"
#include "crm/store/backend.hpp"
#include "crm/store/backup.hpp"
#include "gateway/members.hpp"
#include "gateway/passwords.hpp"
#include "gateway/rights.hpp"
#include "gateway/wire/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <map>

namespace gateway::control {

namespace {

using answer = boost::asio::awaitable<std::string>;

crm::context acting(const workplace& at)
{
    return {
        .who =
            {.kind = crm::actor_kind::system, .id = 0, .by = crm::via::command_line, .address = {}},
        .now = at.time.now(),
        .ids = at.ids.reserve(64),
    };
}

std::string link_text(const workplace& at, const std::string& token, crm::instant expires)
{
    wire::json_text text;
    text.open_object()
        .member("url", at.origin + "/link/" + token)
        .member("expires", crm::to_rfc3339(expires))
        .close_object();
    return text.take();
}

std::string email_of(const boost::json::object& asked)
{
    const auto email = crm::ascii_lower(crm::trim(text_of(asked, "email")));
    if (email.find('@') == std::string::npos)
        throw crm::problem{
            crm::errc::invalid, "Give the e-mail address, such as ana@example.com.", "email"
        };
    return email;
}

/// The roles a word stands for; an owner may also read what customers write.
std::vector<crm::grant> grants_of(const std::string& word)
{
    if (word == "owner")
        return {{crm::role::admin, {}, {}}, {crm::role::supervisor, {}, {}}};
    return {{crm::from_word<crm::role>(word), {}, {}}};
}

answer invite(workplace at, boost::json::object asked, crm::link_kind kind)
{
    const auto token = crm::random_token(256);
    const auto role =
        maybe_text(asked, "role").value_or(kind == crm::link_kind::setup ? "owner" : "agent");
    const auto job = [by = acting(at),
                      hash = crm::token_hash(token),
                      email = email_of(asked),
                      name = crm::clean_line(text_of(asked, "name"), 120),
                      roles = grants_of(role),
                      limits = at.limits,
                      kind](crm::transaction& tx) {
        auto now = by;
        return crm::links::invite(tx, now, hash, email, name, roles, limits, kind).expires;
    };
    const auto expires = co_await at.store.write(job);
    co_return link_text(at, token, expires);
}

/// An agent who can log in at once; for automation. The password is hashed here, off any server's
/// io thread when the server is stopped, and only ever by whoever may read the control socket when
/// it runs.
answer add_user(workplace at, boost::json::object asked)
{
    const auto password = text_of(asked, "password");
    if (password.empty())
        co_return co_await invite(at, asked, crm::link_kind::invite);
    crm::agent wanted;
    wanted.email = email_of(asked);
    wanted.name = crm::clean_line(maybe_text(asked, "name").value_or(wanted.email), 120);
    wanted.roles = grants_of(maybe_text(asked, "role").value_or("agent"));
    gateway::check_password(password, wanted.email, wanted.name);
    const auto hash = hash_password_now(password);
    const auto job = [by = acting(at), wanted, hash](crm::transaction& tx) {
        auto now = by;
        const auto made = crm::staff::create_agent(tx, now, wanted);
        crm::staff::set_password(tx, now, made.id, hash);
        return made;
    };
    const auto made = co_await at.store.write(job);
    wire::json_text text;
    text.open_object().member("id", made.id).member("email", made.email).close_object();
    co_return text.take();
}

answer list_users(workplace at, boost::json::object)
{
    const auto job = [](crm::db::connection& on) { return crm::staff::agents(on); };
    const auto all = co_await at.store.read(job);
    wire::json_text text;
    text.open_object().key("users").open_list();
    for (const auto& each : all) {
        text.open_object()
            .member("id", each.id)
            .member("email", each.email)
            .member("name", each.name)
            .member("active", each.active);
        wire::grants(text.key("roles"), each.roles);
        text.close_object();
    }
    text.close_list().close_object();
    co_return text.take();
}

crm::agent_id require_user(crm::db::connection& on, const std::string& email)
{
    const auto found = crm::staff::find_agent(on, email);
    if (!found)
        throw crm::problem{crm::errc::not_found, "Nobody here has the address " + email + "."};
    return found->id;
}

answer reset_user(workplace at, boost::json::object asked)
{
    const auto token = crm::random_token(256);
    const auto job = [by = acting(at),
                      hash = crm::token_hash(token),
                      email = email_of(asked),
                      limits = at.limits](crm::transaction& tx) {
        auto now = by;
        return crm::links::reset(tx, now, hash, require_user(tx.db(), email), limits).expires;
    };
    const auto expires = co_await at.store.write(job);
    co_return link_text(at, token, expires);
}

answer deactivate_user(workplace at, boost::json::object asked)
{
    const auto job = [by = acting(at), email = email_of(asked)](crm::transaction& tx) {
        auto now = by;
        crm::staff::agent_change off;
        off.active = false;
        crm::staff::change_agent(tx, now, require_user(tx.db(), email), off);
    };
    co_await at.store.write(job);
    co_return std::string{"{\"done\":true}"};
}

answer create_token(workplace at, boost::json::object asked)
{
    std::vector<std::string> scopes;
    if (const auto* given = asked.if_contains("scopes"); given && given->is_array())
        for (const auto& each : given->get_array())
            scopes.emplace_back(each.get_string());
    for (const auto& each : scopes)
        if (!permission_from(each))
            throw crm::problem{crm::errc::invalid, "There is no scope \"" + each + "\".", "scopes"};
    if (scopes.empty())
        throw crm::problem{
            crm::errc::invalid, "Name at least one scope, such as orders:write.", "scopes"
        };
    const auto secret = "parley_" + crm::random_token(256);
    const auto job = [by = acting(at),
                      secret,
                      name = crm::clean_line(text_of(asked, "name"), 80),
                      scopes](crm::transaction& tx) {
        auto now = by;
        return crm::api_tokens::create(tx, now, secret, name, scopes, crm::instant{});
    };
    const auto made = co_await at.store.write(job);
    wire::json_text text;
    text.open_object().member("id", made.id).member("token", secret).close_object();
    co_return text.take();
}

answer list_tokens(workplace at, boost::json::object)
{
    const auto job = [](crm::db::connection& on) { return crm::api_tokens::all(on); };
    const auto all = co_await at.store.read(job);
    wire::json_text text;
    text.open_object().key("tokens").open_list();
    for (const auto& each : all)
        wire::api_token(text, each);
    text.close_list().close_object();
    co_return text.take();
}

answer revoke_token(workplace at, boost::json::object asked)
{
    const auto job = [by = acting(at),
                      which = id_of<crm::token_id>(asked, "id")](crm::transaction& tx) {
        auto now = by;
        crm::api_tokens::revoke(tx, now, which);
    };
    co_await at.store.write(job);
    co_return std::string{"{\"done\":true}"};
}

answer setup(workplace at, boost::json::object asked)
{
    co_return co_await invite(std::move(at), std::move(asked), crm::link_kind::setup);
}

boost::asio::awaitable<crm::backup_report>
copy_all(std::string database, std::filesystem::path blobs, std::string to)
{
    co_return crm::make_backup(database, blobs, to);
}

/// A copy of database and files as of one moment, beside the running server. SQLite only: MySQL has
/// its own.
answer backup(workplace at, boost::json::object asked)
{
    const auto database = crm::db::sqlite_path(at.store_url);
    if (!database)
        throw crm::problem{
            crm::errc::unsupported,
            "This installation is on MySQL: back it up with mysqldump --single-transaction, and "
            "copy "
            "the blobs directory after it."
        };
    const auto to = text_of(asked, "to");
    if (to.empty() || !std::filesystem::path{to}.is_absolute())
        throw crm::problem{
            crm::errc::invalid, "Give the directory to write to as an absolute path.", "to"
        };
    // Copying takes long: it happens on a thread of its own, and the server goes on.
    const auto blobs = std::filesystem::path{at.data} / "blobs";
    boost::asio::thread_pool worker{1};
    const auto made = co_await boost::asio::co_spawn(
        worker, copy_all(*database, blobs, to), boost::asio::use_awaitable
    );
    wire::json_text text;
    text.open_object().member("to", to);
    text.key("position").digits(made.position);
    text.member("database_bytes", made.database_bytes)
        .member("files", made.blobs)
        .member("file_bytes", made.blob_bytes)
        .close_object();
    co_return text.take();
}

} // namespace

answer run(workplace at, boost::json::object asked)
{
    static const std::map<std::string_view, answer (*)(workplace, boost::json::object)> known{
        {"backup", backup},
        {"setup", setup},
        {"user.add", add_user},
        {"user.list", list_users},
        {"user.reset", reset_user},
        {"user.deactivate", deactivate_user},
        {"token.create", create_token},
        {"token.list", list_tokens},
        {"token.revoke", revoke_token},
    };
    const auto wanted = text_of(asked, "do");
    const auto found = known.find(wanted);
    if (found == known.end())
        throw crm::problem{crm::errc::invalid, "There is no command \"" + wanted + "\".", "do"};
    co_return co_await found->second(std::move(at), std::move(asked));
}

} // namespace gateway::control
