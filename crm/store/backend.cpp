#include "crm/store/backend.hpp"

#include "crm/base/problem.hpp"

namespace crm::db {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::string_view mysql_scheme = "mysql://";

} // namespace

std::optional<std::filesystem::path> sqlite_path(std::string_view url)
{
    if (!url.starts_with(sqlite_scheme) || url.size() == sqlite_scheme.size())
        return std::nullopt;
    return std::filesystem::path{url.substr(sqlite_scheme.size())};
}

std::unique_ptr<backend> make_backend(const std::string& url, int node)
{
    if (const auto file = sqlite_path(url))
        return make_sqlite_backend(*file);
    if (url.starts_with(mysql_scheme))
        return make_mysql_backend(url, node);
    throw problem{
        errc::invalid,
        "store.url must be sqlite:PATH or mysql://user:password@host:port/name",
        "store.url"
    };
}

} // namespace crm::db
