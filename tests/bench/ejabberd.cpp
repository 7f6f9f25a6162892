// The same workload against ejabberd with its message archive (mod_mam) in
// MariaDB, over WebSocket (RFC 7395), and against ours on MariaDB: customers
// write to one agent, every message is stored before it is delivered. What
// counts is the CPU time of server and database together. ejabberd comes from
// the distribution's packages and runs in a temporary directory; where it is
// not installed the comparison is skipped.
#include "tests/support/load_options.hpp"
#include "tests/support/load_relay.hpp"
#include "tests/support/load_report.hpp"
#include "tests/support/load_server.hpp"
#include "tests/support/mariadb.hpp"

#include "crm/base/random.hpp"

#include <fmt/format.h>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct options
{
    fs::path binary;
    fs::path results;
    int senders = 32;
    int seconds = 5;
};

constexpr std::string_view schema_file = "/usr/share/ejabberd/sql/mysql.sql";

/// What ejabberd is to do: one WebSocket listener, plain passwords (hashing is
/// not what is measured), every message archived in SQL.
std::string settings_of(std::uint16_t port, std::uint16_t database)
{
    return fmt::format(
        R"(hosts: ["localhost"]
loglevel: warning
listen:
  - port: {}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /ws: ejabberd_http_ws
      /api: mod_http_api
auth_method: [internal]
auth_password_format: plain
disable_sasl_mechanisms: [scram-sha-1, scram-sha-256, scram-sha-512, digest-md5, x-oauth2]
sql_type: mysql
sql_server: "127.0.0.1"
sql_port: {}
sql_database: ejabberd
sql_username: ejabberd
sql_password: ejabberd
api_permissions:
  all:
    who: [{{ip: 127.0.0.1/8}}]
    what: ["*"]
modules:
  mod_http_api: {{}}
  mod_roster: {{}}
  mod_mam:
    default: always
    db_type: sql
)",
        port,
        database
    );
}

class ejabberd
{
public:
    explicit ejabberd(crm::test::mariadb& base) : where_{load::free_port(), "localhost"}
    {
        const fs::path home = place_.path();
        fs::create_directories(home / "spool");
        fs::create_directories(home / "logs");
        load::write_text(home / "ejabberd.yml", settings_of(where_.port, base.port()));
        make_database(base);
        load::launch what;
        what.argv = {
            "erl",
            "+K",
            "true",
            "+P",
            "250000",
            "-noinput",
            "-mnesia",
            "dir",
            "\"" + (home / "spool").string() + "\"",
            "-s",
            "ejabberd"
        };
        what.environment = {
            "HOME=" + home.string(),
            "EJABBERD_CONFIG_PATH=" + (home / "ejabberd.yml").string(),
            "EJABBERD_LOG_PATH=" + (home / "logs" / "ejabberd.log").string(),
            "ERL_LIBS=/usr/lib/x86_64-linux-gnu",
            "ERL_CRASH_DUMP=" + (home / "crash").string(),
        };
        what.output = home / "output";
        running_ = load::process{what};
        wait_until_it_answers();
    }

    static bool is_installed()
    {
        return fs::exists(schema_file) && fs::exists("/usr/bin/erl") && !archive_driver().empty();
    }

    /// A new account's socket, logged in up to its presence.
    load::party account(const std::string& name)
    {
        const load::answer made = load::call(
            where_,
            "POST",
            "/api/register",
            {{"Content-Type", "application/json"}},
            R"({"user":")" + name + R"(","host":"localhost","password":"secret"})",
            30s
        );
        if (made.status != 200)
            throw std::runtime_error{"ejabberd refused an account: " + made.body};
        const std::string open =
            R"(<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="localhost" version="1.0"/>)";
        std::string plain =
            crm::to_base64url(std::string{'\0'} + name + std::string{'\0'} + "secret");
        // Names of letters and digits give the same text in both alphabets of
        // base64, but for the end.
        plain.append((4 - plain.size() % 4) % 4, '=');
        load::party who{"/ws", {{"Sec-WebSocket-Protocol", "xmpp"}}, open, {}};
        who.steps = {
            {"mechanisms",
             R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">)" + plain +
                 "</auth>"},
            {"<success", open},
            {"xmpp-bind",
             R"(<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>)"
            },
            {"<jid>", R"(<presence xmlns="jabber:client"/>)"},
        };
        return who;
    }

    static load::dialect words()
    {
        load::dialect made;
        made.welcome = "<presence";
        made.acknowledged = ""; // the archive is written before delivery; a sender hears nothing
        made.delivered = "id='";
        made.refused = "type='error'";
        made.before_name =
            R"(<message xmlns="jabber:client" to="agent@localhost" type="chat" id=")";
        made.before_text = R"("><body>)";
        made.after_text = "</body></message>";
        return made;
    }

    [[nodiscard]] load::endpoint where() const { return where_; }
    [[nodiscard]] pid_t pid() const { return running_.pid(); }

private:
    /// The directory of the Erlang MySQL driver, which is a package of its own.
    static fs::path archive_driver()
    {
        for (const char* root : {"/usr/lib/x86_64-linux-gnu", "/usr/lib/erlang/lib"})
            if (fs::exists(root))
                for (const auto& item : fs::directory_iterator{root})
                    if (item.path().filename().string().starts_with("p1_mysql"))
                        return item.path();
        return {};
    }

    static void make_database(const crm::test::mariadb& base)
    {
        const std::vector<std::string> client{
            "mariadb",
            "--no-defaults",
            "--protocol=tcp",
            "-h127.0.0.1",
            "-P" + std::to_string(base.port()),
            "-uroot"
        };
        auto run = [&](const std::string& sql, const std::string& database) {
            load::launch what{client, {}, {}, {}, 0, 0};
            if (!database.empty())
                what.argv.push_back(database);
            what.argv.insert(what.argv.end(), {"-e", sql});
            load::run_and_read(what, 20s);
        };
        run("CREATE DATABASE ejabberd CHARACTER SET utf8mb4;"
            "CREATE USER 'ejabberd'@'%' IDENTIFIED BY 'ejabberd';"
            "CREATE USER 'ejabberd'@'localhost' IDENTIFIED BY 'ejabberd';"
            "GRANT ALL ON ejabberd.* TO 'ejabberd'@'%'; GRANT ALL ON ejabberd.* TO "
            "'ejabberd'@'localhost'",
            "");
        run("source " + std::string{schema_file}, "ejabberd");
    }

    void wait_until_it_answers()
    {
        const auto deadline = std::chrono::steady_clock::now() + 30s;
        for (;;) {
            try {
                load::call(
                    where_, "POST", "/api/status", {{"Content-Type", "application/json"}}, "{}", 2s
                );
                return;
            } catch (const std::exception&) {
                if (!running_.is_running() || std::chrono::steady_clock::now() > deadline)
                    throw std::runtime_error{
                        "ejabberd did not start: " + load::tail_of(place_.path() / "output", 2000)
                    };
                std::this_thread::sleep_for(50ms);
            }
        }
    }

    load::temp_dir place_{"parley-ejabberd"};
    load::process running_;
    load::endpoint where_;
};

double cpu_per_1000(const load::relay_result& got)
{
    return got.delivered == 0 ? 0 : got.cpu_s * 1000 / static_cast<double>(got.delivered);
}

load::relay_result
run(const std::vector<pid_t>& pids,
    const load::endpoint& where,
    const load::party& agent,
    const std::vector<load::party>& customers,
    const load::dialect& words,
    const options& how)
{
    boost::asio::io_context io{1};
    load::relay_load work{io, pids, words};
    work.connect(where, agent, customers);
    return work.closed(1s, std::chrono::seconds{how.seconds});
}

int measure(const options& how)
{
    load::report into{how.results};
    if (!crm::test::mariadb::is_installed()) {
        into.skip(
            "relay on MariaDB: CPU for 1,000 messages with its database", "MariaDB is not installed"
        );
        return 0;
    }
    crm::test::mariadb base;
    load::server ours{{how.binary, base.fresh_database(), 1, {}, {}}};
    ours.start();
    const auto got =
        run({ours.pid(), base.pid()},
            ours.where(),
            ours.agent_party(ours.log_in_agent(0)),
            std::vector<load::party>(static_cast<std::size_t>(how.senders), ours.visitor_party()),
            {},
            how);
    ours.stop();
    const std::string name = "relay on MariaDB: CPU for 1,000 messages with its database";
    const std::string speed =
        fmt::format("relay on MariaDB: messages a second, {} sockets", how.senders);
    if (!ejabberd::is_installed()) {
        into.add({name, cpu_per_1000(got), "s", "", 0, 0, 0, false});
        into.add({speed, got.per_second, "/s", "", 0, 0, 0, true});
        into.skip(
            "the same by ejabberd with mod_mam",
            "packages ejabberd and erlang-p1-mysql are not installed"
        );
        return 0;
    }
    ejabberd other{base};
    const load::party agent = other.account("agent");
    std::vector<load::party> customers;
    for (int i = 0; i < how.senders; ++i)
        customers.push_back(other.account("customer" + std::to_string(i)));
    const std::vector<pid_t> pids{other.pid(), base.pid()};
    const auto theirs = run(pids, other.where(), agent, customers, ejabberd::words(), how);
    load::figure cost = load::compared(
        name, cpu_per_1000(got), "s", "ejabberd with mod_mam", cpu_per_1000(theirs), 1.0 / 20
    );
    into.add(cost);
    into.add(
        load::compared(speed, got.per_second, "/s", "ejabberd with mod_mam", theirs.per_second, 0)
    );
    return cost.holds() ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"the relay on MariaDB, ours and ejabberd's"};
    options how;
    how.binary = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "parley";
    how.results = "build/bench/results.json";
    app.add("--binary", how.binary, "the server");
    app.add("--results", how.results, "file that gathers the figures");
    app.add("--senders", how.senders, "customers that write");
    app.add("--seconds", how.seconds, "length of each measurement");
    return app.run(argc, argv, "ejabberd", [&] { return measure(how); });
}
