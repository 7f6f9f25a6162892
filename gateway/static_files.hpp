// The built web pages, read into memory at the start: console, widget, shop. Files with a hash in
// their name are immutable; pages are never stored. Io thread after construction.
#pragma once

#include "gateway/net/http.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace gateway {

class static_files
{
public:
    /// `root` holds console/, widget/ and shop/; empty or missing: there are no pages.
    explicit static_files(const std::filesystem::path& root);

    /// A file by its path below the root, "console/index.html"; nullopt when there is none. Answers
    /// 304 to a matching If-None-Match, and the gzip form where there is one and the client takes
    /// it.
    [[nodiscard]] std::optional<net::response>
    find(const std::string& path, const net::request& asked) const;
    [[nodiscard]] bool has(const std::string& path) const { return files_.contains(path); }
    [[nodiscard]] std::size_t size() const { return files_.size(); }

private:
    struct file
    {
        std::shared_ptr<const std::string> bytes;
        std::shared_ptr<const std::string> gzip;
        std::string media_type;
        std::string etag;
        bool immutable = false;
    };
    std::map<std::string, file, std::less<>> files_;
};

/// Where the built pages are: `wanted`, else beside the program, else where a package puts them.
std::filesystem::path find_web(const std::string& wanted);

} // namespace gateway
