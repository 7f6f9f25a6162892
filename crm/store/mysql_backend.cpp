// MySQL's part of the store: who may write as a node, and whether the server was restarted.
#include "crm/store/backend.hpp"
#include "crm/store/mysql.hpp"

#include "crm/base/problem.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cstdlib>
#include <fmt/format.h>

namespace crm::db {

namespace {

constexpr std::string_view take_lock = "SELECT GET_LOCK(?, ?)";
constexpr std::string_view holder_of_lock = "SELECT COALESCE(IS_USED_LOCK(?), 0)";
constexpr std::string_view select_own_id = "SELECT CONNECTION_ID(), UNIX_TIMESTAMP()";
constexpr std::string_view select_uptime = "SHOW GLOBAL STATUS LIKE 'Uptime'";

constexpr int lock_patience_s = 5;
constexpr std::int64_t start_tolerance_s = 2; // both clocks count whole seconds

class mysql_backend final : public backend
{
public:
    mysql_backend(mysql_address address, int node)
        : address_{std::move(address)}, lock_{fmt::format("parley.{}.{}", address_.database, node)}
    {
        if (lock_.size() > 64)
            lock_.resize(64); // the longest name of a user lock
    }

    std::unique_ptr<connection> open_writer() override;
    std::unique_ptr<connection> open_reader() override
    {
        return open_mysql(address_, session::reader);
    }
    [[nodiscard]] dialect speaks() const override { return dialect::mysql; }
    bool tidy(connection&, bool) override { return false; }
    [[nodiscard]] std::int64_t wal_bytes() const override { return 0; }
    [[nodiscard]] std::string run_of_server(connection& on) override;
    void thread_begins() override { mysql_thread_begins(); }
    void thread_ends() override { mysql_thread_ends(); }

private:
    bool locked(connection& on, int wait_s) const;

    mysql_address address_;
    std::string lock_;
    // Of the connection opened last; one writer at a time, so no other thread reads them.
    std::int64_t own_id_ = 0;
    std::int64_t newest_id_ = 0;
    std::int64_t started_s_ = 0;
    std::int64_t runs_ = 0;
};

bool mysql_backend::locked(connection& on, int wait_s) const
{
    rows answer = on.query(take_lock, {lock_, wait_s});
    return answer.next() && answer.integer(0) == 1;
}

/// Only one connection writes as this node. After a lost connection the server may still hold the
/// old one, with its transaction: it is ended here, so that its fate is settled before we look.
std::unique_ptr<connection> mysql_backend::open_writer()
{
    std::unique_ptr<connection> made = open_mysql(address_, session::writer);
    if (!locked(*made, 0)) {
        std::int64_t holder = 0;
        {
            rows answer = made->query(holder_of_lock, {lock_});
            holder = answer.next() ? answer.integer(0) : 0;
        }
        if (holder != 0 && holder == own_id_) {
            try {
                made->run_once(fmt::format("KILL CONNECTION {}", holder));
            } catch (const failure& failed) {
                constexpr int no_such_thread = 1094;
                if (failed.native_code() != no_such_thread)
                    throw;
            }
        }
        if (!locked(*made, lock_patience_s))
            throw problem{
                errc::unavailable,
                "another process writes to this database with this node's number; stop it, or give "
                "this one its own store.node"
            };
    }
    {
        rows answer = made->query(select_own_id);
        answer.next();
        own_id_ = answer.integer(0);
    }
    made->rollback();
    return made;
}

/// A number that grows with each restart we notice: the server began at another time, or its
/// connection numbers began anew.
std::string mysql_backend::run_of_server(connection& on)
{
    std::int64_t now_s = 0;
    std::int64_t id = 0;
    {
        rows answer = on.query(select_own_id);
        answer.next();
        id = answer.integer(0);
        now_s = answer.integer(1);
    }
    std::int64_t uptime_s = 0;
    {
        rows answer = on.query(select_uptime);
        answer.next();
        uptime_s = answer.integer(1);
    }
    on.rollback();
    const std::int64_t started = now_s - uptime_s;
    const bool other_start = std::abs(started - started_s_) > start_tolerance_s;
    if (other_start || id < newest_id_) {
        started_s_ = started;
        ++runs_;
    }
    newest_id_ = id;
    return std::to_string(runs_);
}

} // namespace

mysql_address read_mysql_url(const std::string& url)
{
    const auto parsed = boost::urls::parse_uri(url);
    const auto refuse = [] {
        return problem{
            errc::invalid,
            "store.url must be mysql://user:password@host:port/name or "
            "mysql://user:password@localhost/name?socket=PATH; with tls=required it is encrypted, "
            "with ca=FILE the server's certificate is checked, too",
            "store.url"
        };
    };
    if (!parsed)
        throw refuse();
    const boost::urls::url_view& view = *parsed;
    mysql_address read;
    read.user = view.user();
    read.password = view.password();
    const std::string path = view.path();
    read.database = path.empty() ? path : path.substr(1);
    const auto socket = view.params().find("socket");
    if (socket != view.params().end())
        read.host = "unix://" + std::string{(*socket).value};
    else
        read.host = fmt::format(
            "tcp://{}:{}",
            std::string{view.host()},
            view.has_port() ? std::string{view.port()} : "3306"
        );
    if (const auto ca = view.params().find("ca"); ca != view.params().end())
        read.authorities = (*ca).value;
    const auto tls = view.params().find("tls");
    if (tls != view.params().end() && (*tls).value != "required")
        throw refuse();
    read.encrypted = tls != view.params().end() || !read.authorities.empty();
    const bool plain_name =
        !read.database.empty() && read.database.find_first_of("/`'\" ") == std::string::npos;
    if (read.user.empty() || !plain_name)
        throw refuse();
    return read;
}

std::unique_ptr<backend> make_mysql_backend(const std::string& url, int node)
{
    return std::make_unique<mysql_backend>(read_mysql_url(url), node);
}

} // namespace crm::db
