#include "gateway/static_files.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/log.hpp"

#include <fstream>
#include <sstream>

namespace gateway {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest = 8 * 1024 * 1024;
constexpr std::size_t most_files = 5'000;

std::string media_type_of(const fs::path& path)
{
    static const std::map<std::string, std::string, std::less<>> known{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
        {".mp3", "audio/mpeg"},
        {".ogg", "audio/ogg"},
        {".wav", "audio/wav"},
    };
    const auto found = known.find(path.extension().string());
    return found == known.end() ? "application/octet-stream" : found->second;
}

std::string content_of(const fs::path& path)
{
    std::ifstream in{path, std::ios::binary};
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

/// Built files carry their hash: "assets/index-Bx81aQ2c.js".
bool has_hash(const std::string& path)
{
    if (path.find("/assets/") == std::string::npos)
        return false;
    const auto dot = path.rfind('.');
    const auto dash = path.rfind('-', dot);
    return dash != std::string::npos && dot != std::string::npos && dot - dash - 1 >= 8;
}

} // namespace

static_files::static_files(const fs::path& root)
{
    std::error_code failed;
    if (root.empty() || !fs::is_directory(root, failed))
        return;
    for (const auto& each : fs::recursive_directory_iterator{root, failed}) {
        if (!each.is_regular_file(failed) || each.file_size(failed) > largest ||
            files_.size() >= most_files)
            continue;
        const auto path = fs::relative(each.path(), root, failed).generic_string();
        if (path.ends_with(".gz") || path.ends_with(".br") || path.ends_with(".map"))
            continue;
        file made;
        made.bytes = std::make_shared<const std::string>(content_of(each.path()));
        made.media_type = media_type_of(each.path());
        made.etag = "\"" + crm::to_hex(crm::sha256(*made.bytes)).substr(0, 24) + "\"";
        made.immutable = has_hash(path);
        const auto zipped = each.path().string() + ".gz";
        if (fs::is_regular_file(zipped, failed))
            made.gzip = std::make_shared<const std::string>(content_of(zipped));
        files_.emplace(path, std::move(made));
    }
}

std::optional<net::response>
static_files::find(const std::string& path, const net::request& asked) const
{
    const auto found = files_.find(path);
    if (found == files_.end())
        return std::nullopt;
    const auto& held = found->second;
    net::response made;
    made.set("content-type", held.media_type);
    made.set("etag", held.etag);
    made.set("vary", "accept-encoding");
    made.set("cache-control", held.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (asked.header("if-none-match") == held.etag) {
        made.status = 304;
        return made;
    }
    const bool zipped =
        held.gzip && asked.header("accept-encoding").find("gzip") != std::string_view::npos;
    made.shared = zipped ? held.gzip : held.bytes;
    if (zipped)
        made.set("content-encoding", "gzip");
    return made;
}

fs::path find_web(const std::string& wanted)
{
    if (!wanted.empty())
        return wanted;
    std::error_code failed;
    const auto self = fs::read_symlink("/proc/self/exe", failed);
    // A build tree has the program in build/<preset>/ and the pages in web/dist/.
    const auto from_build = self.parent_path().parent_path().parent_path() / "web" / "dist";
    if (!failed && fs::is_directory(from_build, failed))
        return from_build;
    return "/usr/share/parley/web";
}

} // namespace gateway
