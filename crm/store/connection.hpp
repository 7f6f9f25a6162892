// One database connection behind one small seam, and the rows it returns. A connection belongs to
// one thread at a time. SQL is the subset shared by SQLite 3.40 and MariaDB 10.11 / MySQL 8, with
// `?` for every value (docs/architecture.md, "One SQL").
#pragma once

#include "crm/base/ids.hpp"
#include "crm/base/time.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

namespace crm::db {

enum class dialect
{
    sqlite,
    mysql
};

/// One statement parameter. Text and bytes are borrowed until the call returns.
class value
{
public:
    struct bytes_view
    {
        std::string_view data;
    };
    using variant =
        std::variant<std::nullptr_t, std::int64_t, double, std::string_view, bytes_view>;

    value(std::nullptr_t) : held_{nullptr} {}
    /// Whole numbers and flags; a number over 2^63 - 1 is a programmer's error.
    template <std::integral Number>
    value(Number number) : held_{static_cast<std::int64_t>(number)}
    {
    }
    /// Enums, strong ids among them, by their number.
    template <class Enum>
        requires std::is_enum_v<Enum>
    value(Enum number) : held_{static_cast<std::int64_t>(number)}
    {
    }
    value(double number) : held_{number} {}
    value(std::string_view text) : held_{text} {}
    value(const std::string& text) : held_{std::string_view{text}} {}
    value(const char* text) : held_{std::string_view{text}} {}
    value(bytes_view bytes) : held_{bytes} {}
    value(instant at) : held_{at.us} {}
    template <class T>
    value(const std::optional<T>& maybe) : held_{nullptr}
    {
        if (maybe)
            held_ = value{*maybe}.held_;
    }

    [[nodiscard]] const variant& held() const { return held_; }

private:
    variant held_;
};

/// A result being read, front to back. Columns count from 0. Text is valid until the next `next()`.
class rows
{
public:
    /// What a backend implements.
    class cursor
    {
    public:
        virtual ~cursor() = default;
        virtual bool next() = 0;
        [[nodiscard]] virtual bool is_null(int column) const = 0;
        [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
        [[nodiscard]] virtual double real(int column) const = 0;
        [[nodiscard]] virtual std::string_view text(int column) const = 0;
    };

    explicit rows(std::unique_ptr<cursor> source) : source_{std::move(source)} {}

    /// Steps to the next row; false after the last.
    bool next() { return source_->next(); }
    [[nodiscard]] bool is_null(int column) const { return source_->is_null(column); }
    [[nodiscard]] std::int64_t integer(int column) const { return source_->integer(column); }
    [[nodiscard]] double real(int column) const { return source_->real(column); }
    /// Text or bytes; empty for NULL.
    [[nodiscard]] std::string_view text(int column) const { return source_->text(column); }
    [[nodiscard]] std::string string(int column) const { return std::string{text(column)}; }
    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] instant time(int column) const { return {integer(column)}; }
    [[nodiscard]] std::optional<std::string> maybe_string(int column) const
    {
        if (is_null(column))
            return std::nullopt;
        return string(column);
    }
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const
    {
        if (is_null(column))
            return std::nullopt;
        return integer(column);
    }
    /// An enum stored by its number.
    template <class Enum>
        requires std::is_enum_v<Enum>
    [[nodiscard]] Enum as(int column) const
    {
        return static_cast<Enum>(integer(column));
    }
    template <strong_id Id>
    [[nodiscard]] Id id(int column) const
    {
        return static_cast<Id>(integer(column));
    }
    template <strong_id Id>
    [[nodiscard]] std::optional<Id> maybe_id(int column) const
    {
        if (is_null(column))
            return std::nullopt;
        return id<Id>(column);
    }

private:
    std::unique_ptr<cursor> source_;
};

/// A statement failed. `duplicate` is a broken UNIQUE rule; `lost` a dead connection; `contended` a
/// deadlock or lock wait; `full` no space or read-only; `oversize` a value over the server's
/// packet.
class failure : public std::runtime_error
{
public:
    enum class kind
    {
        duplicate,
        lost,
        contended,
        full,
        oversize,
        corrupt,
        overtime,
        other
    };
    failure(kind what, const std::string& text, int native_code = 0)
        : std::runtime_error{text}, kind_{what}, native_code_{native_code}
    {
    }
    [[nodiscard]] kind what_kind() const { return kind_; }
    [[nodiscard]] int native_code() const { return native_code_; }

private:
    kind kind_;
    int native_code_;
};

/// One connection. Statements are prepared once and kept by their text, so SQL must be a constant.
class connection
{
public:
    virtual ~connection() = default;

    /// Runs a SELECT. Throws failure.
    rows query(std::string_view sql, std::initializer_list<value> args = {})
    {
        return query_span(sql, {args.begin(), args.size()});
    }
    /// Runs anything else; returns the number of rows matched (not only changed). Throws failure.
    std::int64_t exec(std::string_view sql, std::initializer_list<value> args = {})
    {
        return exec_span(sql, {args.begin(), args.size()});
    }

    /// The same with the values in a span, for statements of many rows.
    virtual rows query_span(std::string_view sql, std::span<const value> args) = 0;
    virtual std::int64_t exec_span(std::string_view sql, std::span<const value> args) = 0;
    /// Runs a statement that is not kept prepared: migrations and pragmas.
    virtual void run_once(std::string_view sql) = 0;
    /// Opens a transaction that will write; waits for no other writer of the same process.
    virtual void begin_write() = 0;
    /// Opens a transaction that sees one moment of the database.
    virtual void begin_read() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
    [[nodiscard]] virtual dialect speaks() const = 0;
};

} // namespace crm::db
