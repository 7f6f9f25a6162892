#include "crm/store/mysql.hpp"

#include "crm/base/problem.hpp"
#include "crm/store/mysql_errors.hpp"

#include <chrono>
#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <fmt/format.h>
#include <mysql_connection.h>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>
#include <vector>

namespace crm::db {

namespace {

constexpr std::int64_t least_packet = 16LL * 1024 * 1024;
constexpr std::size_t packet_margin = 64 * 1024; // names, types and lengths beside the values
constexpr std::size_t kept_statements = 1'000;
constexpr int connect_timeout_s = 5;
constexpr int answer_timeout_s = 60;
// A read transaction ends after this, as on SQLite. The server's own limit is for one statement, so
// it is told again how much is left when a read of several has used some of it.
constexpr std::chrono::milliseconds longest_read{2'000};
constexpr std::chrono::milliseconds worth_telling{200};
// CLIENT_FOUND_ROWS: a statement tells the rows it matched, as SQLite does, not the rows it
// changed.
constexpr const char* matched_rows_option = "CLIENT_FOUND_ROWS";

[[noreturn]] void throw_failure(const sql::SQLException& error)
{
    throw failure{
        kind_of_mysql(error.getErrorCode()),
        fmt::format("MySQL: {} ({})", error.what(), error.getErrorCode()),
        error.getErrorCode()
    };
}

/// Runs a call of the connector, whose exceptions become ours.
template <class Call>
auto guarded(Call call)
{
    try {
        return call();
    } catch (const sql::SQLException& error) {
        throw_failure(error);
    }
}

/// A prepared statement. It knows whether a cursor still reads from it.
struct statement
{
    std::unique_ptr<sql::PreparedStatement> handle;
    // Borrowed by the statement until it has run.
    std::vector<std::unique_ptr<std::istringstream>> streams;
    bool reading = false;
};

class mysql_cursor final : public rows::cursor
{
public:
    mysql_cursor(std::unique_ptr<sql::ResultSet> result, std::shared_ptr<statement> from)
        : result_{std::move(result)}, from_{std::move(from)}
    {
        from_->reading = true;
    }
    mysql_cursor(const mysql_cursor&) = delete;
    mysql_cursor& operator=(const mysql_cursor&) = delete;
    ~mysql_cursor() override { from_->reading = false; }

    bool next() override
    {
        texts_.clear();
        return guarded([&] { return result_->next(); });
    }
    [[nodiscard]] bool is_null(int column) const override
    {
        return guarded([&] { return result_->isNull(index(column)); });
    }
    [[nodiscard]] std::int64_t integer(int column) const override
    {
        return guarded([&] { return result_->getInt64(index(column)); });
    }
    [[nodiscard]] double real(int column) const override
    {
        return guarded([&] { return static_cast<double>(result_->getDouble(index(column))); });
    }
    [[nodiscard]] std::string_view text(int column) const override
    {
        auto found = texts_.find(column);
        if (found == texts_.end()) {
            sql::SQLString value = guarded([&] { return result_->getString(index(column)); });
            found = texts_.emplace(column, value.asStdString()).first;
        }
        return found->second;
    }

private:
    static std::uint32_t index(int column) { return static_cast<std::uint32_t>(column) + 1; }

    std::unique_ptr<sql::ResultSet> result_;
    std::shared_ptr<statement> from_;
    // A map: its texts stay where they are when another column is read.
    mutable std::unordered_map<int, std::string> texts_;
};

struct binder
{
    statement& to;
    unsigned index;

    void operator()(std::nullptr_t) const { to.handle->setNull(index, 0); }
    void operator()(std::int64_t number) const { to.handle->setInt64(index, number); }
    void operator()(double number) const { to.handle->setDouble(index, number); }
    void operator()(std::string_view text) const
    {
        to.handle->setString(index, sql::SQLString{text.data(), text.size()});
    }
    void operator()(const value::bytes_view& bytes) const
    {
        to.streams.push_back(std::make_unique<std::istringstream>(std::string{bytes.data}));
        to.handle->setBlob(index, to.streams.back().get());
    }
};

std::size_t size_of(const value& given)
{
    if (const auto* text = std::get_if<std::string_view>(&given.held()))
        return text->size();
    if (const auto* bytes = std::get_if<value::bytes_view>(&given.held()))
        return bytes->data.size();
    return sizeof(std::int64_t);
}

class mysql_connection final : public connection
{
public:
    mysql_connection(const mysql_address& to, session how);

    rows query_span(std::string_view sql, std::span<const value> args) override;
    std::int64_t exec_span(std::string_view sql, std::span<const value> args) override;
    void run_once(std::string_view sql) override;
    // With autocommit off the first statement begins the transaction: one round trip less.
    void begin_write() override {}
    void begin_read() override { read_began_ = std::chrono::steady_clock::now(); }
    void commit() override
    {
        in_transaction_ = false;
        guarded([&] { plain_->execute("COMMIT"); });
    }
    void rollback() noexcept override;
    [[nodiscard]] dialect speaks() const override { return dialect::mysql; }

private:
    void check_encrypted();
    void set_up(session how);
    std::int64_t ask(const std::string& sql);
    void limit_reading();
    void set_limit(std::chrono::milliseconds longest);
    std::shared_ptr<statement> prepare(std::string_view sql);
    void bind(statement& to, std::span<const value> args);

    std::unique_ptr<sql::Connection> handle_;
    std::unique_ptr<sql::Statement> plain_;
    std::size_t packet_ = 0;
    bool in_transaction_ = false;
    bool is_mariadb_ = false;
    std::optional<std::chrono::steady_clock::time_point> read_began_; // readers only
    std::chrono::milliseconds told_limit_ = longest_read;
    std::unordered_map<std::string, std::shared_ptr<statement>> statements_;
};

sql::Driver& driver()
{
    // Not safe to race for the first time, hence the static.
    static sql::Driver* const made = get_driver_instance();
    return *made;
}

mysql_connection::mysql_connection(const mysql_address& to, session how)
{
    sql::ConnectOptionsMap options;
    options["hostName"] = sql::SQLString{to.host};
    options["userName"] = sql::SQLString{to.user};
    options["password"] = sql::SQLString{to.password};
    options["schema"] = sql::SQLString{to.database};
    options["OPT_CHARSET_NAME"] = sql::SQLString{"utf8mb4"};
    options["OPT_CONNECT_TIMEOUT"] = connect_timeout_s;
    options["OPT_READ_TIMEOUT"] = answer_timeout_s;
    options["OPT_WRITE_TIMEOUT"] = answer_timeout_s;
    options[matched_rows_option] = true;
    if (to.encrypted)
        options["sslEnforce"] = true;
    if (!to.authorities.empty()) {
        options["sslCA"] = sql::SQLString{to.authorities};
        options["sslVerify"] = true;
    }
    guarded([&] {
        handle_.reset(driver().connect(options));
        plain_.reset(handle_->createStatement());
    });
    if (to.encrypted)
        check_encrypted();
    set_up(how);
}

std::int64_t mysql_connection::ask(const std::string& sql)
{
    return guarded([&] {
        const std::unique_ptr<sql::ResultSet> result{plain_->executeQuery(sql)};
        return result->next() ? static_cast<std::int64_t>(result->getInt64(1)) : std::int64_t{0};
    });
}

/// What the client library makes of "enforce" depends on its version; the server knows.
void mysql_connection::check_encrypted()
{
    const std::string cipher = guarded([&] {
        const std::unique_ptr<sql::ResultSet> result{
            plain_->executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
        };
        return result->next() ? std::string{result->getString(2)} : std::string{};
    });
    if (cipher.empty())
        throw problem{
            errc::unavailable,
            "the database server does not encrypt; give it a certificate (ssl_cert, ssl_key), or "
            "take tls and ca out of store.url"
        };
}

void mysql_connection::set_up(session how)
{
    const std::int64_t packet = ask("SELECT @@max_allowed_packet");
    if (packet < least_packet)
        throw problem{
            errc::unavailable,
            fmt::format(
                "the database takes at most {} bytes in one statement; set max_allowed_packet = "
                "16M "
                "(or more) on the server",
                packet
            )
        };
    packet_ = static_cast<std::size_t>(packet);
    run_once("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
    // Short, so that a batch backs off and tries again rather than holding everyone up.
    run_once("SET SESSION innodb_lock_wait_timeout = 5");
    if (how == session::writer) {
        run_once("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    } else {
        run_once("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        run_once("SET SESSION TRANSACTION READ ONLY");
        is_mariadb_ = ask("SELECT VERSION() LIKE '%MariaDB%'") != 0;
        set_limit(longest_read);
    }
    run_once("SET SESSION autocommit = 0");
}

void mysql_connection::set_limit(std::chrono::milliseconds longest)
{
    told_limit_ = longest;
    run_once(
        is_mariadb_ ? fmt::format(
                          "SET SESSION max_statement_time = {}",
                          static_cast<double>(longest.count()) / 1'000
                      )
                    : fmt::format("SET SESSION max_execution_time = {}", longest.count())
    );
}

/// Before each statement of a reader.
void mysql_connection::limit_reading()
{
    if (!read_began_)
        return;
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - *read_began_
    );
    if (spent >= longest_read)
        throw failure{failure::kind::overtime, "MySQL: the read took longer than it may"};
    const auto left = longest_read - spent;
    if (told_limit_ - left > worth_telling)
        set_limit(left);
    else if (spent < worth_telling && told_limit_ != longest_read)
        set_limit(longest_read);
}

std::shared_ptr<statement> mysql_connection::prepare(std::string_view sql)
{
    std::string text{sql};
    const auto found = statements_.find(text);
    if (found != statements_.end() && !found->second->reading)
        return found->second;
    auto made = std::make_shared<statement>();
    guarded([&] { made->handle.reset(handle_->prepareStatement(text)); });
    // The same text while its first cursor is open: a statement of its own, not kept.
    if (found == statements_.end() && statements_.size() < kept_statements)
        statements_.emplace(std::move(text), made);
    return made;
}

void mysql_connection::bind(statement& to, std::span<const value> args)
{
    std::size_t size = packet_margin;
    for (const value& given : args)
        size += size_of(given);
    // The server would cut the connection instead of saying so.
    if (size > packet_)
        throw failure{
            failure::kind::oversize,
            fmt::format("a statement of {} bytes exceeds max_allowed_packet ({})", size, packet_)
        };
    to.streams.clear();
    unsigned index = 0;
    for (const value& given : args)
        std::visit(binder{to, ++index}, given.held());
}

rows mysql_connection::query_span(std::string_view sql, std::span<const value> args)
{
    limit_reading();
    in_transaction_ = true;
    std::shared_ptr<statement> ready = prepare(sql);
    return guarded([&] {
        bind(*ready, args);
        std::unique_ptr<sql::ResultSet> result{ready->handle->executeQuery()};
        return rows{std::make_unique<mysql_cursor>(std::move(result), ready)};
    });
}

std::int64_t mysql_connection::exec_span(std::string_view sql, std::span<const value> args)
{
    in_transaction_ = true;
    const std::shared_ptr<statement> ready = prepare(sql);
    return guarded([&] {
        bind(*ready, args);
        return static_cast<std::int64_t>(ready->handle->executeUpdate());
    });
}

void mysql_connection::run_once(std::string_view sql)
{
    guarded([&] { plain_->execute(sql::SQLString{sql.data(), sql.size()}); });
}

void mysql_connection::rollback() noexcept
{
    if (!std::exchange(in_transaction_, false))
        return;
    try {
        plain_->execute("ROLLBACK");
    } catch (const std::exception&) {
        // A connection on which this fails is dead, and the server rolls back by itself; the next
        // statement finds out.
        in_transaction_ = false;
    }
}

} // namespace

std::unique_ptr<connection> open_mysql(const mysql_address& to, session how)
{
    return std::make_unique<mysql_connection>(to, how);
}

void mysql_thread_begins()
{
    driver().threadInit();
}

void mysql_thread_ends()
{
    driver().threadEnd();
}

} // namespace crm::db
